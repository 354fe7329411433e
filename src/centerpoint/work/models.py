from django.db import models

from centerpoint.companies.models import Company, Property
from centerpoint.contractors.models import Contractor
from centerpoint.contractors.revisions import Revised
from centerpoint.searching import searched


class Stage(models.TextChoices):
    """The life of a service ticket, in this order. INVOICED is set by issuing its invoice."""

    NEW = "new", "New"
    ACCEPTED = "accepted", "Accepted"
    SCHEDULED = "scheduled", "Scheduled"
    EN_ROUTE = "en_route", "En route"
    IN_PROGRESS = "in_progress", "In progress"
    COMPLETED = "completed", "Completed"
    AUTHORIZED = "authorized", "Authorized"
    INVOICED = "invoiced", "Invoiced"
    CLOSED = "closed", "Closed"


@searched("number", "description", "purchase_order")
class ServiceTicket(Revised):
    """One call to a property. The company that pays may differ from the property's own."""

    contractor = models.ForeignKey(Contractor, on_delete=models.CASCADE, related_name="service_tickets")
    number = models.CharField(max_length=20)
    description = models.TextField(blank=True)
    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="service_tickets")
    bill_to = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="service_tickets")
    service_type = models.CharField(max_length=50, blank=True)
    purchase_order = models.CharField(max_length=50, blank=True)
    labor_rate = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    not_to_exceed = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    job_number = models.CharField(max_length=50, blank=True)
    notes = models.TextField(blank=True)
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.NEW)
    opened_on = models.DateField()
    scheduled_for = models.DateField(null=True, blank=True)
    completed_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["contractor", "changed_at"], name="ticket_changed"),
            models.Index(fields=["contractor", "-opened_on", "-id"], name="ticket_latest"),
            # To sort by the company's name: the companies are read one after the other.
            models.Index(fields=["contractor", "bill_to"], name="ticket_by_bill_to"),
            models.Index(fields=["contractor", "stage"], name="ticket_by_stage"),
            models.Index(fields=["contractor", "service_type"], name="ticket_by_type"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["contractor", "number"], name="one_ticket_per_number_and_contractor"
            )
        ]

    def __str__(self) -> str:
        return f"Service ticket {self.number}"


class ProjectStage(models.Model):
    """The contractor's own list of project stages, each with the job status QuickBooks shows for it."""

    class Progress(models.TextChoices):
        PENDING = "pending", "Not awarded yet"
        AWARDED = "awarded", "Awarded"
        UNDER_WAY = "under_way", "Under way"
        CLOSED = "closed", "Closed"
        LOST = "lost", "Not awarded"

    contractor = models.ForeignKey(Contractor, on_delete=models.CASCADE, related_name="project_stages")
    name = models.CharField(max_length=50)
    position = models.PositiveSmallIntegerField()
    progress = models.CharField(max_length=10, choices=Progress.choices)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["contractor", "name"], name="one_project_stage_per_name_and_contractor"
            )
        ]

    def __str__(self) -> str:
        return self.name


@searched("number", "name")
class Project(Revised):
    """A contract for larger work, billed by deposit, by percent of the contract and finally."""

    contractor = models.ForeignKey(Contractor, on_delete=models.CASCADE, related_name="projects")
    number = models.CharField(max_length=20)
    name = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="projects")
    bill_to = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="projects")
    project_manager = models.CharField(max_length=255, blank=True)
    purchase_order = models.CharField(max_length=50, blank=True)
    original_contract_amount = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    contract_amount = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    stage = models.ForeignKey(ProjectStage, on_delete=models.PROTECT, related_name="projects")
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    finished_on = models.DateField(null=True, blank=True)
    opened_on = models.DateField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["contractor", "changed_at"], name="project_changed"),
            models.Index(fields=["contractor", "-opened_on", "-id"], name="project_latest"),
            models.Index(fields=["contractor", "bill_to", "contract_amount"], name="project_by_bill_to"),
            # All that a search looks at, without the rows.
            models.Index(fields=["contractor", "number", "name", "bill_to"], name="project_searched"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["contractor", "number"], name="one_project_per_number_and_contractor"
            )
        ]

    def __str__(self) -> str:
        return f"Project {self.number} {self.name}"


class ChangeOrder(models.Model):
    """What was agreed after the contract; adds to the contract amount (may be negative)."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="change_orders")
    number = models.PositiveSmallIntegerField()
    description = models.CharField(max_length=255)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    agreed_on = models.DateField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "number"], name="one_change_order_per_number_and_project"
            )
        ]

    def __str__(self) -> str:
        return f"Change order {self.number}"
