from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone


class Contractor(models.Model):
    """The business that uses Centerpoint. Every other record belongs to exactly one."""

    name = models.CharField(max_length=255)
    street = models.CharField(max_length=255, blank=True)
    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=50, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=50, blank=True)
    phone = models.CharField(max_length=50, blank=True)
    email = models.EmailField(blank=True)
    time_zone = models.CharField(max_length=64, default="America/New_York")
    tax_percent = models.DecimalField(max_digits=7, decimal_places=4, default=0)
    payment_terms = models.CharField(max_length=31, default="Net 30")
    payment_days = models.PositiveSmallIntegerField(default=30)
    invoice_note = models.TextField(blank=True)
    next_ticket_number = models.PositiveIntegerField(default=1001)
    next_project_number = models.PositiveIntegerField(default=101)
    is_practice = models.BooleanField(default=False)
    # Whose people rehearse here, with sample data and an emulated QuickBooks (practice/).
    practice_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="practices"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name"], name="a_contractors_name_is_his_own"),
            models.UniqueConstraint(
                fields=["practice_of"], name="a_contractor_has_one_practice_company_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(practice_of__isnull=True) | models.Q(is_practice=True),
                name="only_a_practice_company_belongs_to_a_contractor",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        if not email:
            raise ValueError("a user signs in with an e-mail address")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in, by e-mail address."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=255, blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.email


class Role(models.TextChoices):
    OWNER = "owner", "Owner"
    BOOKKEEPER = "bookkeeper", "Bookkeeper"
    TECHNICIAN = "technician", "Technician"


class Membership(models.Model):
    """What a user may do at one contractor."""

    contractor = models.ForeignKey(Contractor, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contractor", "user"], name="one_role_per_user_and_contractor")
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.role} at {self.contractor}"


class Change(models.Model):
    """One thing somebody did to a record (history.py). It outlives the record it tells of."""

    contractor = models.ForeignKey(Contractor, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="changes")
    through = models.CharField(max_length=50, blank=True)
    kind = models.CharField(max_length=50)
    record = models.PositiveBigIntegerField()
    title = models.CharField(max_length=200)
    did = models.CharField(max_length=100)
    # [label, old, new], as a person reads them.
    differences = models.JSONField(default=list)

    class Meta:
        indexes = [
            models.Index(fields=["contractor", "kind", "record", "-at"], name="changes_of_a_record"),
            models.Index(fields=["contractor", "-at"], name="changes_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.did}: {self.title}"

    @property
    def who(self) -> str:
        return str(self.by) if self.by else self.through or "Centerpoint"
