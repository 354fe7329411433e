from django.db import models
from django.db.models import Q

from centerpoint.companies.models import Company, Property
from centerpoint.contractors.models import Contractor
from centerpoint.contractors.revisions import Revised
from centerpoint.searching import searched
from centerpoint.work.models import Project, ServiceTicket


class TaxCode(models.Model):
    """A tax the contractor charges, in percent."""

    contractor = models.ForeignKey(Contractor, on_delete=models.CASCADE, related_name="tax_codes")
    title = models.CharField(max_length=100)
    code = models.CharField(max_length=20)
    percent = models.DecimalField(max_digits=7, decimal_places=4)
    is_active = models.BooleanField(default=True)
    properties = models.ManyToManyField(Property, blank=True, related_name="tax_codes")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contractor", "code"], name="one_tax_code_per_contractor_and_code"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.percent.normalize():f} %"


class InvoiceKind(models.TextChoices):
    SERVICE = "service", "Service invoice"
    PROJECT = "project", "Project invoice"


class InvoiceStatus(models.TextChoices):
    DRAFT = "draft", "Draft"
    ISSUED = "issued", "Issued"
    VOID = "void", "Void"


@searched("number", "purchase_order")
class Invoice(Revised):
    """A bill for one service ticket or project. Amounts are stored as they were rounded once, in billing/money.py.

    Service invoices carry their ticket's number; project invoices are numbered `<project>-<n>`.
    `total = subtotal + tax`; `balance = total - paid`, or `-paid` once it is void. Discounts and credits count as paid.
    """

    contractor = models.ForeignKey(Contractor, on_delete=models.CASCADE, related_name="invoices")
    kind = models.CharField(max_length=7, choices=InvoiceKind.choices)
    number = models.CharField(max_length=30)
    ticket = models.ForeignKey(
        ServiceTicket, on_delete=models.PROTECT, null=True, blank=True, related_name="invoices"
    )
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, null=True, blank=True, related_name="invoices"
    )
    bill_to = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="invoices")
    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="invoices")
    status = models.CharField(max_length=6, choices=InvoiceStatus.choices, default=InvoiceStatus.DRAFT)
    issued_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    purchase_order = models.CharField(max_length=50, blank=True)
    terms = models.CharField(max_length=31, blank=True)
    note = models.TextField(blank=True)
    is_final = models.BooleanField(default=False)
    percent_of_contract = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    previously_invoiced = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    subtotal = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    tax = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    total = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    paid = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    balance = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["contractor", "changed_at"], name="invoice_changed"),
            # With all that a list filters by and adds up.
            models.Index(
                fields=[
                    *("contractor", "status", "issued_on", "due_on", "kind"),
                    *("subtotal", "tax", "total", "paid", "balance"),
                ],
                name="invoice_by_date",
            ),
            # What is billed of contracts.
            models.Index(
                fields=["project", "status", "subtotal"],
                condition=models.Q(project__isnull=False),
                name="invoice_of_project",
            ),
            models.Index(fields=["contractor", "-issued_on", "-id"], name="invoice_latest"),
            # What companies owe is added up from the index alone.
            models.Index(fields=["contractor", "bill_to", "status", "balance"], name="invoice_owed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["contractor", "number"], name="one_invoice_per_number_and_contractor"
            ),
            models.CheckConstraint(
                condition=Q(kind=InvoiceKind.SERVICE, ticket__isnull=False, project__isnull=True)
                | Q(kind=InvoiceKind.PROJECT, project__isnull=False, ticket__isnull=True),
                name="an_invoice_bills_one_ticket_or_one_project",
            ),
            models.CheckConstraint(
                condition=Q(status=InvoiceStatus.DRAFT) | Q(issued_on__isnull=False),
                name="an_issued_invoice_has_a_date",
            ),
        ]

    def __str__(self) -> str:
        return f"Invoice {self.number}"


class LineKind(models.TextChoices):
    TRAVEL = "travel", "Travel"
    LABOR = "labor", "Labor"
    MATERIAL = "material", "Material"
    OTHER = "other", "Other"


class InvoiceLine(models.Model):
    """One line. `amount` is quantity times unit price rounded to the cent; a hidden line still counts."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=LineKind.choices, default=LineKind.OTHER)
    description = models.TextField(blank=True)
    quantity = models.DecimalField(max_digits=12, decimal_places=4, default=1)
    unit = models.CharField(max_length=20, blank=True)
    unit_price = models.DecimalField(max_digits=14, decimal_places=4)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    taxable = models.BooleanField(default=True)
    visible = models.BooleanField(default=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "position"], name="one_line_per_invoice_and_position")
        ]

    def __str__(self) -> str:
        return self.description


class InvoiceTax(models.Model):
    """A tax code as it was when the invoice was written, with the tax it gave. Each is rounded by itself."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="taxes")
    tax_code = models.ForeignKey(TaxCode, on_delete=models.PROTECT, related_name="invoice_taxes")
    percent = models.DecimalField(max_digits=7, decimal_places=4)
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        verbose_name_plural = "invoice taxes"
        constraints = [
            models.UniqueConstraint(fields=["invoice", "tax_code"], name="a_tax_code_counts_once_per_invoice")
        ]


class Payment(models.Model):
    """Money, or a credit, received from a company. `unapplied = amount - the parts' amounts`."""

    class Kind(models.TextChoices):
        PAYMENT = "payment", "Payment"
        CREDIT = "credit", "Credit"

    contractor = models.ForeignKey(Contractor, on_delete=models.CASCADE, related_name="payments")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="payments")
    kind = models.CharField(max_length=7, choices=Kind.choices, default=Kind.PAYMENT)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    unapplied = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    method = models.CharField(max_length=50, blank=True)
    received_on = models.DateField()
    reference = models.CharField(max_length=50, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            # In the list's order, with what it counts, adds up and sorts by.
            models.Index(
                fields=["contractor", "received_on", "id", "withdrawn_at", "company", "amount", "unapplied"],
                name="payment_by_date",
            ),
            models.Index(fields=["contractor", "company", "withdrawn_at"], name="payment_by_company"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.reference} of {self.received_on:%Y-%m-%d}"


class PaymentPart(models.Model):
    """The part of a payment that pays one invoice, with the discount given on it."""

    payment = models.ForeignKey(Payment, on_delete=models.CASCADE, related_name="parts")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="payment_parts")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    discount = models.DecimalField(max_digits=14, decimal_places=2, default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payment", "invoice"], name="a_payment_pays_an_invoice_once")
        ]
