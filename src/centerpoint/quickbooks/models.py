"""What Centerpoint knows of one contractor's company file: the connection, the evidence, and mirrors of its lists."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from centerpoint.billing.models import Invoice, Payment
from centerpoint.companies.models import Company, Property
from centerpoint.contractors.models import Contractor, User
from centerpoint.contractors.revisions import Revised
from centerpoint.quickbooks.posting_states import IN_DOUBT, State
from centerpoint.searching import searched
from centerpoint.work.models import Project, ServiceTicket

QUICKBOOKS_ID = 36  # IDTYPE


class CompanyFile(models.Model):
    """A QuickBooks .qbw file we are connected to, and how its Web Connector proves who it is."""

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        PAUSED = "paused", "Paused"
        DEACTIVATED = "deactivated", "Deactivated"

    contractor = models.ForeignKey(Contractor, on_delete=models.CASCADE, related_name="company_files")
    status = models.CharField(max_length=11, choices=Status.choices, default=Status.ACTIVE)
    activated_at = models.DateTimeField()

    # The credential of the .qwc file. The digests are keyed hashes of machine-made passwords; the ciphertext is for
    # showing the password again (webconnector/passwords.py).
    user_name = models.CharField(max_length=60, unique=True)
    password_ciphertext = models.BinaryField()
    password_digest = models.BinaryField(max_length=32)
    previous_password_digest = models.BinaryField(max_length=32, default=b"")
    previous_password_until = models.DateTimeField(null=True, blank=True)
    password_changed_at = models.DateTimeField()

    # Identity in the .qwc file; stored once, never made anew (protocol.md B.3, QBWC1039).
    owner_id = models.CharField(max_length=38)
    file_id = models.CharField(max_length=38, unique=True)
    service_url = models.URLField(max_length=300)

    # What QuickBooks said of itself when it was first heard from; the file we are bound to.
    bound_at = models.DateTimeField(null=True, blank=True)
    company_name = models.CharField(max_length=59, blank=True)
    file_name = models.CharField(max_length=500, blank=True)
    product_name = models.CharField(max_length=255, blank=True)
    major_version = models.CharField(max_length=5, blank=True)
    country = models.CharField(max_length=2, blank=True)
    qbxml_version = models.CharField(max_length=5, blank=True)
    preferences = models.JSONField(default=dict, blank=True)
    last_heard_at = models.DateTimeField(null=True, blank=True)

    # Something about the whole file that stops the work, as a code of cures.py; empty when all is well.
    trouble = models.CharField(max_length=30, blank=True)
    trouble_detail = models.TextField(blank=True)
    trouble_since = models.DateTimeField(null=True, blank=True)

    # Discovery and reading: up to where we have looked (outbox.py, sync/reading.py).
    discovered_to = models.DateTimeField(null=True, blank=True)
    swept_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    read_requested = models.BooleanField(default=True)
    # Companies changed since then have not been compared with QuickBooks' customers (pairing/operations.py).
    suggested_to = models.DateTimeField(null=True, blank=True)

    batch_size = models.PositiveSmallIntegerField(default=10)
    # The last message set whose answer is stored here; the next one tells QuickBooks to forget it (protocol.md C.4).
    settled_set_id = models.CharField(max_length=23, blank=True)
    # False since QuickBooks said that it could not store an answer (9005): a set in doubt must not run a second time.
    answers_are_stored = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contractor"],
                condition=~Q(status="deactivated"),
                name="a_contractor_has_one_connected_company_file",
            )
        ]

    def __str__(self) -> str:
        return self.company_name or f"the company file of {self.contractor}"


class CompaniesGo(models.TextChoices):
    WHEN_CREATED = "when_created", "When created"
    WITH_FIRST_WORK = "with_first_work", "When the first ticket or project is sent"
    NEVER = "never", "Never"


class WorkGoes(models.TextChoices):
    WHEN_CREATED = "when_created", "When created"
    WHEN_SCHEDULED = "when_scheduled", "When scheduled"
    WHEN_INVOICED = "when_invoiced", "When invoiced"
    NEVER = "never", "Never"


class InvoicesGo(models.TextChoices):
    WHEN_ISSUED = "when_issued", "When issued"
    WHEN_APPROVED = "when_approved", "When approved by hand"


class JobPolicy(models.TextChoices):
    PER_TICKET = "per_ticket", "One job per ticket"
    PER_PROPERTY = "per_property", "One job per property"
    NONE = "none", "No job, straight on the customer"


class LineMode(models.TextChoices):
    ONE_LINE = "one_line", "One line"
    BY_KIND = "by_kind", "One line for travel, labor, material and other each"
    EVERY_LINE = "every_line", "Every line"


class TaxMode(models.TextChoices):
    QUICKBOOKS = "quickbooks", "QuickBooks computes the tax"
    EXACT_LINE = "exact_line", "Our exact tax as a line"


class Options(Revised):
    """What the bookkeeper chose in Integration Settings (product.md section 4)."""

    company_file = models.OneToOneField(CompanyFile, on_delete=models.CASCADE, related_name="options")
    # Names as most company files have them; checked against QuickBooks' lists at the first contact.
    service_item_name = models.CharField(max_length=159, blank=True, default="Service")
    service_tax_item_name = models.CharField(max_length=31, blank=True, default="Sales Tax")
    project_item_name = models.CharField(max_length=159, blank=True, default="Project")
    project_tax_item_name = models.CharField(max_length=31, blank=True, default="Sales Tax")
    tax_line_item_name = models.CharField(max_length=159, blank=True, default="Exact sales tax")
    companies_go = models.CharField(
        max_length=15, choices=CompaniesGo.choices, default=CompaniesGo.WITH_FIRST_WORK
    )
    work_goes = models.CharField(max_length=14, choices=WorkGoes.choices, default=WorkGoes.WHEN_CREATED)
    invoices_go = models.CharField(max_length=13, choices=InvoicesGo.choices, default=InvoicesGo.WHEN_ISSUED)
    start_date = models.DateField(null=True, blank=True)
    hold_for_approval = models.BooleanField(default=True)
    job_policy = models.CharField(max_length=12, choices=JobPolicy.choices, default=JobPolicy.PER_TICKET)
    line_mode = models.CharField(max_length=10, choices=LineMode.choices, default=LineMode.EVERY_LINE)
    tax_mode = models.CharField(max_length=10, choices=TaxMode.choices, default=TaxMode.QUICKBOOKS)
    new_companies_in = models.BooleanField(default=False)
    company_changes_in = models.BooleanField(default=True)
    # Seconds between two readings; a log-in sooner after a complete reading finds nothing due.
    read_every = models.PositiveIntegerField(default=5)
    silent_after_hours = models.PositiveSmallIntegerField(default=24)

    class Meta:
        verbose_name_plural = "options"

    def __str__(self) -> str:
        return "Integration Settings"


class RefusedLogIn(models.Model):
    """The latest log-in that failed and was, or was meant to be, one for this company file (webconnector/refused.py)."""

    class Reason(models.TextChoices):
        WRONG_PASSWORD = "wrong_password", "Wrong password"
        UNKNOWN_USER = "unknown_user", "Unknown user name"
        DEACTIVATED = "deactivated", "Switched off"

    company_file = models.OneToOneField(CompanyFile, on_delete=models.CASCADE, related_name="refused_log_in")
    reason = models.CharField(max_length=14, choices=Reason.choices)
    user_name = models.CharField(max_length=60)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.get_reason_display()}: {self.user_name}"


class ConnectorSession(models.Model):
    """One log-in of the Web Connector. Intuit calls its key a ticket; we keep only the ticket's digest."""

    class Status(models.TextChoices):
        OPEN = "open", "Under way"
        FINISHED = "finished", "Finished"
        FAILED = "failed", "Ended with an error"
        FENCED = "fenced", "Cut off by the next log-in"

    company_file = models.ForeignKey(CompanyFile, on_delete=models.CASCADE, related_name="sessions")
    ticket_digest = models.BinaryField(max_length=32, unique=True)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    opened_at = models.DateTimeField()
    heard_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    company_checked = models.BooleanField(default=False)
    # Where each reading stands in this session: iterators live only here (sync/reading.py).
    readings = models.JSONField(default=dict, blank=True)
    objects_sent = models.PositiveIntegerField(default=0)
    objects_read = models.PositiveIntegerField(default=0)
    percent = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["company_file", "-opened_at"], name="session_latest")]
        constraints = [
            models.UniqueConstraint(
                fields=["company_file"], condition=Q(status="open"), name="one_open_session_per_company_file"
            )
        ]


class Exchange(models.Model):
    """One request text and its answer, kept as evidence. The text is what left, to the byte."""

    class Status(models.TextChoices):
        HANDED_OUT = "handed_out", "Handed out"
        ANSWERED = "answered", "Answered"
        UNKNOWN = "unknown", "Answer lost"
        NOT_DONE = "not_done", "QuickBooks could not read it; nothing was done"
        DROPPED = "dropped", "A question whose answer is no longer wanted"
        NEEDS_A_PERSON = "needs_a_person", "Cannot be settled without a person"

    company_file = models.ForeignKey(CompanyFile, on_delete=models.CASCADE, related_name="exchanges")
    session = models.ForeignKey(ConnectorSession, on_delete=models.CASCADE, related_name="exchanges")
    # At most 23 characters, unguessable; the newMessageSetID of a message that writes, and the stem of its request ids.
    key = models.CharField(max_length=23, unique=True)
    writes = models.BooleanField()
    # What the exchange is for, so that its answer can be applied by any process: a step of sync/steps.py as JSON.
    step = models.JSONField()
    status = models.CharField(max_length=14, choices=Status.choices, default=Status.HANDED_OUT)
    handed_out_at = models.DateTimeField()
    handed_out_times = models.PositiveSmallIntegerField(default=1)
    answered_at = models.DateTimeField(null=True, blank=True)
    percent = models.SmallIntegerField(default=0)
    request = models.BinaryField()  # zlib of the UTF-8 text
    answer = models.BinaryField(default=b"")  # zlib of the UTF-8 text as it came
    hresult = models.CharField(max_length=12, blank=True)
    message = models.TextField(blank=True)
    # Where its answer took which postings: ids by state and kind. Later answers may have taken them further. Empty when
    # the answer told of none.
    outcomes = models.JSONField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["company_file", "status"], name="exchange_by_status")]
        constraints = [
            models.UniqueConstraint(
                fields=["company_file"],
                condition=Q(writes=True, status__in=["handed_out", "unknown"]),
                name="one_set_of_writes_in_flight_per_company_file",
            )
        ]


class ListEntry(models.Model):
    """Mirror of one entry of a small QuickBooks list, or of a name that could clash with a customer's."""

    class Kind(models.TextChoices):
        SERVICE_ITEM = "service_item", "Service"
        NON_INVENTORY_ITEM = "non_inventory_item", "Non-inventory part"
        OTHER_CHARGE_ITEM = "other_charge_item", "Other charge"
        OTHER_ITEM = "other_item", "Other item"
        SALES_TAX_ITEM = "sales_tax_item", "Sales tax item"
        SALES_TAX_GROUP = "sales_tax_group", "Sales tax group"
        SALES_TAX_CODE = "sales_tax_code", "Sales tax code"
        TERMS = "terms", "Terms"
        CLASS = "class", "Class"
        ACCOUNT = "account", "Account"
        VENDOR = "vendor", "Vendor"
        EMPLOYEE = "employee", "Employee"
        OTHER_NAME = "other_name", "Other name"

    company_file = models.ForeignKey(CompanyFile, on_delete=models.CASCADE, related_name="list_entries")
    kind = models.CharField(max_length=18, choices=Kind.choices)
    list_id = models.CharField(max_length=QUICKBOOKS_ID)
    name = models.CharField(max_length=159)
    full_name = models.CharField(max_length=159)
    is_active = models.BooleanField(default=True)
    # sales_tax_item: percent. sales_tax_group: the members' list ids in `facts["members"]`.
    # sales_tax_code: facts["taxable"]. terms: facts["due_days"]. item: facts["type"], facts["tax_code"].
    percent = models.DecimalField(max_digits=9, decimal_places=5, null=True, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    read_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "list entries"
        indexes = [models.Index(F("company_file"), Lower("full_name"), name="list_entry_by_name")]
        constraints = [
            models.UniqueConstraint(
                fields=["company_file", "kind", "list_id"], name="one_mirror_per_list_entry"
            )
        ]

    def __str__(self) -> str:
        return self.full_name


class QuickBooksCustomer(models.Model):
    """Mirror of a customer or job in the company file. `sublevel` 0 is a customer, more is a job."""

    company_file = models.ForeignKey(CompanyFile, on_delete=models.CASCADE, related_name="customers")
    list_id = models.CharField(max_length=QUICKBOOKS_ID)
    parent_list_id = models.CharField(max_length=QUICKBOOKS_ID, blank=True)
    sublevel = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=41)
    full_name = models.CharField(max_length=209)
    is_active = models.BooleanField(default=True)
    company_name = models.CharField(max_length=41, blank=True)
    contact = models.CharField(max_length=100, blank=True)
    street = models.CharField(max_length=255, blank=True)  # Addr lines joined by a line feed
    city = models.CharField(max_length=31, blank=True)
    state = models.CharField(max_length=21, blank=True)
    postal_code = models.CharField(max_length=13, blank=True)
    country = models.CharField(max_length=31, blank=True)
    phone = models.CharField(max_length=21, blank=True)
    email = models.CharField(max_length=1023, blank=True)
    account_number = models.CharField(max_length=99, blank=True)
    balance = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    total_balance = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    edit_sequence = models.CharField(max_length=16)
    time_modified = models.CharField(max_length=25)  # as QuickBooks prints it; compared as text only
    external_guid = models.CharField(max_length=38, blank=True)
    is_deleted = models.BooleanField(default=False)
    # Its content changed there and nothing was made of it here yet (inbox/customers.py).
    is_news = models.BooleanField(default=False)
    read_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(F("company_file"), Lower("full_name"), name="customer_by_full_name"),
            models.Index(fields=["company_file"], condition=Q(is_news=True), name="customer_news"),
            models.Index(fields=["company_file", "parent_list_id"], name="customer_by_parent"),
            # Paging, searching and sorting the customers that are nobody here reads no customer. The company file is not
            # first: SQLite would look names up in this one, too, by reading all of it.
            models.Index(
                fields=[
                    *("sublevel", "company_file", "full_name", "id", "is_active", "is_deleted"),
                    *("company_name", "city"),
                ],
                name="customer_listed",
            ),
            # To count those that are paired, or not: PostgreSQL would go through the table.
            models.Index(
                fields=["company_file", "id"],
                condition=Q(sublevel=0, is_active=True, is_deleted=False),
                name="customer_living",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["company_file", "list_id"], name="one_mirror_per_quickbooks_customer"
            )
        ]

    def __str__(self) -> str:
        return self.full_name


class Pairing(models.Model):
    """This company IS that QuickBooks customer."""

    class How(models.TextChoices):
        BY_HAND = "by_hand", "Paired by hand"
        CERTAIN = "certain", "Accepted as certain"
        CREATED_THERE = "created_there", "Created in QuickBooks"
        BROUGHT_IN = "brought_in", "Brought in from QuickBooks"

    company_file = models.ForeignKey(CompanyFile, on_delete=models.CASCADE, related_name="pairings")
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="pairings")
    customer = models.ForeignKey(QuickBooksCustomer, on_delete=models.PROTECT, related_name="pairings")
    how = models.CharField(max_length=13, choices=How.choices)
    paired_at = models.DateTimeField()
    paired_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True)
    # The values of the fields both sides own, when they were last equal (mapping/customers.py names them).
    agreed = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company_file", "company"], name="a_company_is_one_customer"),
            models.UniqueConstraint(fields=["customer"], name="a_customer_is_one_company"),
        ]

    def __str__(self) -> str:
        return f"{self.company} is {self.customer}"


class Suggestion(models.Model):
    """A customer that may be this company, or a name that stands in its way; made by pairing/suggest.py."""

    class Verdict(models.TextChoices):
        CERTAIN = "certain", "Certain"
        LIKELY = "likely", "Likely"
        NAME_CLASH = "name_clash", "Name clash"

    company_file = models.ForeignKey(CompanyFile, on_delete=models.CASCADE, related_name="suggestions")
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="suggestions")
    customer = models.ForeignKey(QuickBooksCustomer, on_delete=models.CASCADE, null=True, blank=True)
    clash = models.ForeignKey(ListEntry, on_delete=models.CASCADE, null=True, blank=True)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    score = models.PositiveSmallIntegerField()  # 0 to 100
    reasons = models.JSONField(default=list)  # sentences
    # The bookkeeper looked at this pair and said no: it is never suggested again.
    not_the_same = models.BooleanField(default=False)

    class Meta:
        indexes = [
            # All that whether a company has one open is asked by: else SQLite goes through the next index, which holds that too.
            models.Index(fields=["company_file", "company", "not_the_same"], name="suggestion_of_company"),
            models.Index(
                fields=["company_file", "verdict", "not_the_same", "company"], name="suggestion_by_verdict"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "customer"], name="one_suggestion_per_company_and_customer"
            )
        ]


class RecordKind(models.TextChoices):
    """What is posted. The order is the order of sending: a child follows its parent."""

    COMPANY = "company", "Company"
    PROPERTY = "property", "Property"
    TICKET = "ticket", "Service ticket"
    PROJECT = "project", "Project"
    INVOICE = "invoice", "Invoice"


SENDING_RANK = {
    RecordKind.COMPANY: 0,
    RecordKind.PROPERTY: 1,
    RecordKind.TICKET: 1,
    RecordKind.PROJECT: 1,
    RecordKind.INVOICE: 2,
}


def _exactly_one_record(*fields: str) -> Q:
    condition = Q()
    for chosen in fields:
        condition |= Q(**{f"{field}__isnull": field != chosen for field in fields})
    return condition


RECORD_FIELDS = ("company", "property", "ticket", "project", "invoice")


class Posting(models.Model):
    """One revision of one record on its way into the company file. Its state is written by outbox.move alone."""

    class Action(models.TextChoices):
        ADD = "add", "Add"
        MODIFY = "modify", "Change"
        VOID = "void", "Void"

    company_file = models.ForeignKey(CompanyFile, on_delete=models.CASCADE, related_name="postings")
    kind = models.CharField(max_length=8, choices=RecordKind.choices)
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, null=True, blank=True, related_name="postings"
    )
    property = models.ForeignKey(
        Property, on_delete=models.PROTECT, null=True, blank=True, related_name="postings"
    )
    ticket = models.ForeignKey(
        ServiceTicket, on_delete=models.PROTECT, null=True, blank=True, related_name="postings"
    )
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, null=True, blank=True, related_name="postings"
    )
    invoice = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, null=True, blank=True, related_name="postings"
    )
    revision = models.PositiveIntegerField()
    rank = models.PositiveSmallIntegerField()
    # Whose customer it goes to: pairing this company sets its waiting postings free.
    bill_to = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="postings_billed")

    state = models.CharField(max_length=13, choices=State.choices)
    state_since = models.DateTimeField()
    action = models.CharField(max_length=6, choices=Action.choices, default=Action.ADD)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    try_after = models.DateTimeField(null=True, blank=True)
    # A set QuickBooks could not parse is halved: this posting may travel with at most so many others.
    batch_limit = models.PositiveSmallIntegerField(default=100)

    exchange = models.ForeignKey(
        Exchange, on_delete=models.SET_NULL, null=True, blank=True, related_name="postings"
    )
    # Our own mark on the object: an ExternalGUID, the second net under the message set id.
    mark = models.CharField(max_length=38)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)

    # Why it was refused: a status code of QuickBooks or a word of cures.py, its own words, and our facts about it.
    refusal = models.CharField(max_length=30, blank=True)
    refusal_text = models.TextField(blank=True)
    refusal_facts = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            # Not of open postings alone: SQLite takes a partial index for no condition on states that are parameters,
            # and a poll would read every posting there ever was.
            # Whom, what kind, how much and why not, so that counting what waits or is to fix reads no posting.
            models.Index(
                fields=["company_file", "state", "rank", "id", "bill_to", "kind", "amount", "refusal"],
                name="posting_queue_counted",
            ),
            models.Index(fields=["company_file", "bill_to", "state", "id"], name="posting_by_bill_to"),
            # The fix list, page by page.
            models.Index(
                fields=["company_file", "state_since", "id"],
                condition=Q(state__in=[State.REFUSED, State.DELETED_THERE]),
                name="posting_to_fix",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=_exactly_one_record(*RECORD_FIELDS), name="a_posting_stands_for_exactly_one_record"
            ),
            *(
                models.UniqueConstraint(
                    fields=["company_file", field, "revision"],
                    condition=Q(**{f"{field}__isnull": False}),
                    name=f"one_posting_per_{field}_and_revision",
                )
                for field in RECORD_FIELDS
            ),
            *(
                models.UniqueConstraint(
                    fields=["company_file", field],
                    condition=Q(**{f"{field}__isnull": False}, state__in=sorted(IN_DOUBT)),
                    name=f"one_revision_of_a_{field}_in_doubt",
                )
                for field in RECORD_FIELDS
            ),
        ]


class Counterpart(models.Model):
    """The job or invoice in the company file that stands for one of our records."""

    class There(models.TextChoices):
        PRESENT = "present", "Present"
        VOIDED = "voided", "Voided"
        DELETED = "deleted", "Deleted"

    company_file = models.ForeignKey(CompanyFile, on_delete=models.CASCADE, related_name="counterparts")
    kind = models.CharField(max_length=8, choices=RecordKind.choices)
    property = models.ForeignKey(Property, on_delete=models.PROTECT, null=True, blank=True)
    ticket = models.ForeignKey(ServiceTicket, on_delete=models.PROTECT, null=True, blank=True)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, blank=True)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, null=True, blank=True)
    quickbooks_id = models.CharField(max_length=QUICKBOOKS_ID)  # ListID of a job, TxnID of an invoice
    edit_sequence = models.CharField(max_length=16)
    name = models.CharField(max_length=209, blank=True)  # FullName of a job, RefNumber of an invoice
    mark = models.CharField(max_length=38, blank=True)
    there = models.CharField(max_length=7, choices=There.choices, default=There.PRESENT)
    linked_by_hand = models.BooleanField(default=False)
    # The message content we last agreed on, field by field (mapping/): the base of every later comparison.
    agreed = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    line_ids = models.JSONField(default=list, blank=True)
    total = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    balance = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    # An invoice that money touched is read again, with its links.
    read_again = models.BooleanField(default=False)
    read_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["company_file"], condition=Q(read_again=True), name="counterpart_to_read_again"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=_exactly_one_record(*RECORD_FIELDS[1:]),
                name="a_counterpart_stands_for_exactly_one_record",
            ),
            models.UniqueConstraint(
                fields=["company_file", "kind", "quickbooks_id"], name="one_counterpart_per_object"
            ),
            *(
                models.UniqueConstraint(
                    fields=["company_file", field],
                    condition=Q(**{f"{field}__isnull": False}),
                    name=f"one_counterpart_per_{field}",
                )
                for field in RECORD_FIELDS[1:]
            ),
        ]


@searched("customer_full_name", "reference")
class ReceivedPayment(models.Model):
    """Mirror of a payment or credit in the company file; `payment` is what it became here, once it pays our invoices.

    One that is only known from the links of an invoice has no edit sequence, and its total is what the links name.
    """

    class Kind(models.TextChoices):
        PAYMENT = "payment", "Payment"
        CREDIT = "credit", "Credit memo"
        OTHER = (
            "other",
            "Other credit",
        )  # a journal entry, a check: whatever else lowered an invoice's balance

    company_file = models.ForeignKey(CompanyFile, on_delete=models.CASCADE, related_name="received_payments")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    txn_id = models.CharField(max_length=QUICKBOOKS_ID)
    edit_sequence = models.CharField(max_length=16, blank=True)
    time_modified = models.CharField(max_length=25, blank=True)
    customer_list_id = models.CharField(max_length=QUICKBOOKS_ID, blank=True)
    customer_full_name = models.CharField(max_length=209, blank=True)
    received_on = models.DateField()
    reference = models.CharField(max_length=20, blank=True)
    method = models.CharField(max_length=31, blank=True)
    total = models.DecimalField(max_digits=14, decimal_places=2)
    unapplied = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    memo = models.TextField(blank=True)
    is_deleted = models.BooleanField(default=False)
    payment = models.OneToOneField(
        Payment, on_delete=models.SET_NULL, null=True, blank=True, related_name="received_payment"
    )
    read_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["company_file", "received_on"], name="received_payment_by_date")]
        constraints = [
            models.UniqueConstraint(fields=["company_file", "txn_id"], name="one_mirror_per_payment")
        ]


@searched("ref_number")
class ReceivedPart(models.Model):
    """The part of a received payment applied to one transaction, known to us or not."""

    received_payment = models.ForeignKey(ReceivedPayment, on_delete=models.CASCADE, related_name="parts")
    txn_id = models.CharField(max_length=QUICKBOOKS_ID, db_index=True)
    txn_type = models.CharField(max_length=30)
    ref_number = models.CharField(max_length=20, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    discount = models.DecimalField(max_digits=14, decimal_places=2, default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["received_payment", "txn_id"], name="a_payment_has_one_part_per_transaction"
            )
        ]


class ReadMark(models.Model):
    """Up to where one kind of record has been read, in QuickBooks' own clock and notation."""

    company_file = models.ForeignKey(CompanyFile, on_delete=models.CASCADE, related_name="read_marks")
    reading = models.CharField(max_length=20)
    modified_to = models.CharField(max_length=25, blank=True)
    completed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company_file", "reading"], name="one_mark_per_reading")
        ]


class Conflict(models.Model):
    """A field that both sides changed since they last agreed. Nothing is overwritten until somebody chooses."""

    class Choice(models.TextChoices):
        OPEN = "open", "Open"
        OURS = "ours", "Centerpoint's value"
        THEIRS = "theirs", "QuickBooks' value"

    company_file = models.ForeignKey(CompanyFile, on_delete=models.CASCADE, related_name="conflicts")
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="conflicts")
    field = models.CharField(max_length=40)
    ours = models.TextField(blank=True)
    theirs = models.TextField(blank=True)
    agreed = models.TextField(blank=True)
    choice = models.CharField(max_length=6, choices=Choice.choices, default=Choice.OPEN)
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["company_file", "choice"], name="conflict_by_choice")]
        constraints = [
            models.UniqueConstraint(
                fields=["company_file", "company", "field"],
                condition=Q(choice="open"),
                name="one_open_conflict_per_company_and_field",
            )
        ]

    @property
    def label(self) -> str:
        """The field as a person calls it."""
        field = Company._meta.get_field(self.field)
        assert isinstance(field, models.Field), "a conflict is about a field of the company itself"
        return str(field.verbose_name).capitalize()

    def __str__(self) -> str:
        return f"{self.company}: {self.label.lower()}"


class NoticeKind(models.TextChoices):
    SILENT = "silent", "QuickBooks is silent"
    UNPAIRED = "unpaired", "Companies wait to be paired"
    REFUSED = "refused", "QuickBooks refused something"


class NoticeChoice(models.Model):
    """That somebody wants a kind of e-mail about a contractor, or does not; who never chose has his role's (notices/)."""

    contractor = models.ForeignKey(Contractor, on_delete=models.CASCADE, related_name="notice_choices")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notice_choices")
    kind = models.CharField(max_length=8, choices=NoticeKind.choices)
    is_wanted = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contractor", "user", "kind"], name="one_choice_per_kind_of_notice"
            )
        ]


class Notice(models.Model):
    """The last e-mail of a kind to somebody. `told` are keys of what he knows and still is so (notices/due.py)."""

    contractor = models.ForeignKey(Contractor, on_delete=models.CASCADE, related_name="notices")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=8, choices=NoticeKind.choices)
    sent_at = models.DateTimeField(null=True, blank=True)
    told = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contractor", "user", "kind"], name="one_last_notice_per_user_and_kind"
            )
        ]
