"""Every screen of Centerpoint, in one place: the accessibility test walks over it, and so do the screenshots."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from centerpoint.billing.models import Invoice, Payment
from centerpoint.billing.operations import receive_payment
from centerpoint.billing.queries import invoices
from centerpoint.companies.models import Company, Property
from centerpoint.contractors.models import Contractor, Role
from centerpoint.contractors.revisions import Revised
from centerpoint.quickbooks import connection, outbox
from centerpoint.quickbooks.evidence import Evidence
from centerpoint.quickbooks.models import ConnectorSession, Exchange, Posting, RecordKind
from centerpoint.quickbooks.posting_states import BEFORE_SENDING, State
from centerpoint.quickbooks.sync.steps import Post, Sent, to_json
from centerpoint.quickbooks.webconnector.qwc import SUPPORT_PATH
from centerpoint.work.models import Project, ServiceTicket

Path = str | Callable[[Contractor], str]


@dataclass(frozen=True, slots=True)
class Screen:
    """`name` becomes the picture's file name. `path` may be looked up in the contractor's records; `role` is who looks,
    None for somebody who has not signed in."""

    name: str
    path: Path
    role: Role | None = Role.BOOKKEEPER

    def path_for(self, contractor: Contractor) -> str:
        return self.path if isinstance(self.path, str) else self.path(contractor)


def of_the_contractor(url_name: str) -> Path:
    """The address of a page that needs nothing but the contractor, by its name in pages/urls.py."""
    return lambda contractor: reverse(url_name, args=[contractor.pk])


def of_the_connection(url_name: str) -> Callable[[Contractor], str]:
    """The address of a page that needs a connected company file; where there is none yet, it is activated."""

    def path(contractor: Contractor) -> str:
        if not contractor.company_files.exists():
            connection.activate(contractor=contractor, url=settings.CENTERPOINT_URL, now=timezone.now())
        return reverse(url_name, args=[contractor.pk])

    return path


def of_a_record(url_name: str, model: type[Revised]) -> Path:
    """The address of a page of one of the contractor's records, by its name in pages/urls.py."""

    def path(contractor: Contractor) -> str:
        record = model._default_manager.filter(contractor=contractor).order_by("pk")[0]
        return reverse(url_name, args=[contractor.pk, record.pk])

    return path


def of_a_ticket_to_bill(contractor: Contractor) -> str:
    ticket = ServiceTicket.objects.filter(contractor=contractor, invoices=None).order_by("pk")[0]
    return reverse("invoice_new_for_ticket", args=[contractor.pk, ticket.pk])


def of_who_owes(contractor: Contractor) -> str:
    invoice = invoices(contractor, only_open=True)[0]
    return f"{reverse('payment_new', args=[contractor.pk])}?company={invoice.bill_to_id}"


def of_a_payment(url_name: str) -> Path:
    """The address of a page of a payment that was entered here; where there is none yet, one is received."""

    def path(contractor: Contractor) -> str:
        entered = Payment.objects.filter(contractor=contractor, received_payment=None, withdrawn_at=None)
        payment = entered.first() or receive_payment(
            company=invoices(contractor, only_open=True)[0].bill_to,
            amount=Decimal("250.00"),
            received_on=timezone.localdate(),
            reference="20417",
            method="Check",
            now=timezone.now(),
        )
        return reverse(url_name, args=[contractor.pk, payment.pk])

    return path


def of_a_posting(url_name: str) -> Path:
    """The address of a page of an invoice on its way to QuickBooks; where there is none yet, what is owed is found."""

    def path(contractor: Contractor) -> str:
        return reverse(url_name, args=[contractor.pk, _a_posting(contractor).pk])

    return path


def of_something_to_fix(contractor: Contractor) -> str:
    """The fix list with at least one refusal."""
    posting = _a_posting(contractor)
    to_fix = Posting.objects.filter(company_file=posting.company_file, state=State.REFUSED)
    if not to_fix.exists():
        facts = {"ours": "8.25", "theirs": "8.26", "taxable": "100.00", "item": "County"}
        outbox.move(
            [posting.pk],
            State(posting.state),
            State.REFUSED,
            now=timezone.now(),
            refusal="tax-differs",
            refusal_facts=facts,
        )
    return reverse("fixes", args=[contractor.pk])


def _a_posting(contractor: Contractor) -> Posting:
    if not contractor.company_files.exists():
        connection.activate(contractor=contractor, url=settings.CENTERPOINT_URL, now=timezone.now())
    company_file = connection.connected(contractor)
    found = Posting.objects.filter(
        company_file=company_file, kind=RecordKind.INVOICE, state__in=sorted(BEFORE_SENDING)
    ).order_by("pk")
    if not found.exists():
        outbox.discover(company_file, now=timezone.now())
    return found[0]


def of_a_message(url_name: str, whose: Callable[[Posting, Exchange], int]) -> Path:
    """The address of a page of an invoice that was sent; where there is none yet, it is as if one was lost and refused."""

    def path(contractor: Contractor) -> str:
        sent = Posting.objects.filter(
            company_file__contractor=contractor, kind=RecordKind.INVOICE, exchange__isnull=False
        ).order_by("-exchange__handed_out_times", "-attempts", "-pk")
        if not sent.exists():
            _pretend_that_it_was_sent(_a_posting(contractor))
        posting = sent[0]
        assert posting.exchange is not None, "only those that were sent are looked through"
        return reverse(url_name, args=[contractor.pk, whose(posting, posting.exchange)])

    return path


def _pretend_that_it_was_sent(posting: Posting) -> None:
    now = timezone.now()
    session = ConnectorSession.objects.create(
        company_file=posting.company_file,
        ticket_digest=b"1" * 32,
        opened_at=now,
        heard_at=now,
        ended_at=now,
        status=ConnectorSession.Status.FINISHED,
    )
    request = '<InvoiceAddRq requestID="screen-0"><InvoiceAdd><RefNumber>1001</RefNumber></InvoiceAdd></InvoiceAddRq>'
    answer = '<InvoiceAddRs requestID="screen-0" statusCode="3180" statusMessage="The posting account is invalid."/>'
    posting.exchange = Exchange.objects.create(
        company_file=posting.company_file,
        session=session,
        key="screen",
        writes=True,
        step=to_json(Post(sent=(Sent(posting=posting.pk, action="add", content={}),))),
        status=Exchange.Status.ANSWERED,
        handed_out_at=now,
        handed_out_times=2,
        answered_at=now,
        request=Evidence.of(f"<QBXML><QBXMLMsgsRq>{request}</QBXMLMsgsRq></QBXML>").packed,
        answer=Evidence.of(f"<QBXML><QBXMLMsgsRs>{answer}</QBXMLMsgsRs></QBXML>").packed,
        outcomes={State.REFUSED: {RecordKind.INVOICE: [posting.pk]}},
    )
    posting.save(update_fields=["exchange"])


def of_a_tax_code(contractor: Contractor) -> str:
    tax_code = contractor.tax_codes.first()
    assert tax_code is not None, "a contractor begins with one"
    return reverse("tax_code", args=[contractor.pk, tax_code.pk])


def of_a_member(contractor: Contractor) -> str:
    return reverse("user_remove", args=[contractor.pk, contractor.memberships.order_by("pk")[0].pk])


SCREENS = (
    Screen("support", SUPPORT_PATH, role=None),
    Screen("sign-in", "/accounts/login/", role=None),
    Screen("forgotten-password", "/accounts/password/reset/", role=None),
    Screen("second-factor", "/accounts/2fa/"),
    Screen("password", "/accounts/password/change/"),
    Screen("home", of_the_contractor("home")),
    Screen("companies", of_the_contractor("companies")),
    Screen("company-new", of_the_contractor("company_new")),
    Screen("company", of_a_record("company", Company)),
    Screen("company-edit", of_a_record("company_edit", Company)),
    Screen("company-properties", of_a_record("company_properties", Company)),
    Screen("company-work", of_a_record("company_work", Company)),
    Screen("company-invoices", of_a_record("company_invoices", Company)),
    Screen("company-payments", of_a_record("company_payments", Company)),
    Screen("company-history", of_a_record("company_history", Company)),
    Screen("contact-new", of_a_record("contact_new", Company)),
    Screen("properties", of_the_contractor("properties")),
    Screen("property-new", of_the_contractor("property_new")),
    Screen("property", of_a_record("property", Property)),
    Screen("property-edit", of_a_record("property_edit", Property)),
    Screen("property-work", of_a_record("property_work", Property)),
    Screen("tickets", of_the_contractor("tickets")),
    Screen("ticket-new", of_the_contractor("ticket_new")),
    Screen("ticket", of_a_record("ticket", ServiceTicket)),
    Screen("ticket-edit", of_a_record("ticket_edit", ServiceTicket)),
    Screen("ticket-bill-to", of_a_record("ticket_bill_to", ServiceTicket)),
    Screen("projects", of_the_contractor("projects")),
    Screen("project-new", of_the_contractor("project_new")),
    Screen("project", of_a_record("project", Project)),
    Screen("project-edit", of_a_record("project_edit", Project)),
    Screen("project-bill-to", of_a_record("project_bill_to", Project)),
    Screen("invoices", of_the_contractor("invoices")),
    Screen("invoice-new-for-ticket", of_a_ticket_to_bill),
    Screen("invoice-new-for-project", of_a_record("invoice_new_for_project", Project)),
    Screen("invoice", of_a_record("invoice", Invoice)),
    Screen("invoice-as-read", of_a_record("invoice", Invoice), role=Role.TECHNICIAN),
    Screen("invoice-payments", of_a_record("invoice_payments", Invoice)),
    Screen("invoice-history", of_a_record("invoice_history", Invoice)),
    Screen("invoice-print", of_a_record("invoice_print", Invoice)),
    Screen("invoice-void", of_a_record("invoice_void", Invoice)),
    Screen("payments", of_the_contractor("payments")),
    Screen("payment-who-pays", of_the_contractor("payment_new")),
    Screen("payment-new", of_who_owes),
    Screen("payment", of_a_payment("payment")),
    Screen("payment-quickbooks", of_a_payment("payment_quickbooks")),
    Screen("payment-edit", of_a_payment("payment_edit")),
    Screen("payment-withdraw", of_a_payment("payment_withdraw")),
    Screen("search", lambda contractor: f"{reverse('search', args=[contractor.pk])}?search=oak"),
    Screen("account", of_the_contractor("account")),
    Screen("history", of_the_contractor("history")),
    Screen("settings", of_the_contractor("settings"), role=Role.OWNER),
    Screen("settings-invoices", of_the_contractor("settings_invoices"), role=Role.OWNER),
    Screen("settings-stages", of_the_contractor("settings_stages"), role=Role.OWNER),
    Screen("tax-codes", of_the_contractor("tax_codes")),
    Screen("tax-code", of_a_tax_code),
    Screen("user-remove", of_a_member, role=Role.OWNER),
    Screen("integrations", of_the_contractor("integrations")),
    Screen("integrations-active", of_the_connection("integrations")),
    Screen("integration-settings", of_the_connection("integration_settings")),
    Screen("connect", of_the_connection("connect")),
    Screen("qwc-password", of_the_connection("qwc_password")),
    Screen("deactivate", of_the_connection("integration_deactivate")),
    Screen("pairing", of_the_connection("pairing")),
    Screen("conflicts", of_the_connection("conflicts")),
    Screen("outbox", of_the_connection("outbox")),
    Screen("outbox-posting", of_a_posting("posting")),
    Screen("dry-run", lambda contractor: f"{of_the_connection('dry_run')(contractor)}?held=1"),
    Screen("messages-of-a-record", of_a_message("posting_texts", lambda posting, exchange: posting.pk)),
    Screen("run", of_a_message("run", lambda posting, exchange: exchange.session_id)),
    Screen("message", of_a_message("exchange", lambda posting, exchange: exchange.pk)),
    Screen("fix-list", of_something_to_fix),
    Screen("exact-tax", of_the_connection("fixes_exact_tax")),
    Screen("payments-received", of_the_connection("payments_received")),
    Screen("runs", of_the_connection("runs")),
    Screen("company-quickbooks", of_a_record("company_quickbooks", Company)),
    Screen("property-quickbooks", of_a_record("property_quickbooks", Property)),
    Screen("ticket-quickbooks", of_a_record("ticket_quickbooks", ServiceTicket)),
    Screen("project-quickbooks", of_a_record("project_quickbooks", Project)),
    Screen("invoice-quickbooks", of_a_record("invoice_quickbooks", Invoice)),
    Screen("practice", of_the_contractor("practice")),
    Screen("notices", of_the_contractor("notices")),
    Screen("users", of_the_contractor("users"), role=Role.OWNER),
)
