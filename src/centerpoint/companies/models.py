from django.db import models

from centerpoint.contractors.models import Contractor
from centerpoint.contractors.revisions import Revised
from centerpoint.searching import searched


@searched("name", "external_identifier", "email", "phone", "billing_city")
class Company(Revised):
    """Who the contractor bills."""

    contractor = models.ForeignKey(Contractor, on_delete=models.CASCADE, related_name="companies")
    name = models.CharField(max_length=255)
    external_identifier = models.CharField(max_length=100, blank=True)
    type = models.CharField(max_length=50, blank=True)
    billing_street = models.CharField(max_length=255, blank=True)
    billing_street2 = models.CharField(max_length=255, blank=True)
    billing_city = models.CharField(max_length=100, blank=True)
    billing_state = models.CharField(max_length=50, blank=True)
    billing_postal_code = models.CharField(max_length=20, blank=True)
    billing_country = models.CharField(max_length=50, blank=True)
    phone = models.CharField(max_length=50, blank=True)
    email = models.CharField(max_length=254, blank=True)
    website = models.CharField(max_length=255, blank=True)
    tax_exempt = models.BooleanField(default=False)
    tax_exempt_reason = models.CharField(max_length=255, blank=True)
    credit_hold = models.BooleanField(default=False)
    needs_purchase_order = models.BooleanField(default=False)
    billing_instructions = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "companies"
        indexes = [
            models.Index(fields=["contractor", "changed_at"], name="company_changed"),
            # Counting and paging the active ones by name never reads the rows.
            models.Index(fields=["contractor", "name", "id", "is_active"], name="company_in_order"),
            # The few, without going through the many. SQLite wants to find the condition's column in it, too.
            models.Index(
                fields=["contractor", "is_active"],
                condition=models.Q(is_active=False),
                name="company_inactive",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["contractor", "external_identifier"],
                condition=~models.Q(external_identifier=""),
                name="an_external_identifier_names_one_company",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """A person at a company."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=255)
    position = models.CharField(max_length=100, blank=True)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=50, blank=True)
    mobile = models.CharField(max_length=50, blank=True)
    is_billing_contact = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.name


@searched("name", "street", "city")
class Property(Revised):
    """A roof or building that work is done on. It belongs to one company; the bill may go to another."""

    contractor = models.ForeignKey(Contractor, on_delete=models.CASCADE, related_name="properties")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="properties")
    name = models.CharField(max_length=255)
    street = models.CharField(max_length=255, blank=True)
    street2 = models.CharField(max_length=255, blank=True)
    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=50, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=50, blank=True)
    building_number = models.CharField(max_length=50, blank=True)
    tax_exempt = models.BooleanField(default=False)
    billing_instructions = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "properties"
        indexes = [
            models.Index(fields=["contractor", "changed_at"], name="property_changed"),
            models.Index(
                fields=["contractor", "name", "id", "is_active", "company"], name="property_in_order"
            ),
            # All that a search looks at, without the rows.
            models.Index(
                fields=["contractor", "name", "street", "city", "company"], name="property_searched"
            ),
        ]

    def __str__(self) -> str:
        return self.name
