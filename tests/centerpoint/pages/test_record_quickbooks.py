"""The QuickBooks tab of a record."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest

from centerpoint.billing import operations as billing
from centerpoint.billing.models import Payment
from centerpoint.contractors.history import acting
from centerpoint.quickbooks import connection, inbox
from centerpoint.quickbooks.evidence import Evidence
from centerpoint.quickbooks.models import (
    SENDING_RANK,
    CompanyFile,
    ConnectorSession,
    Counterpart,
    Exchange,
    Posting,
    RecordKind,
)
from centerpoint.quickbooks.posting_states import State
from centerpoint.quickbooks.sync.steps import Post, Read, Sent, to_json
from qbxml import messages

ASKED = (
    '<QBXML><QBXMLMsgsRq><InvoiceAddRq requestID="k-0"><A>other</A></InvoiceAddRq>'
    '<InvoiceAddRq requestID="k-1"><A>own</A></InvoiceAddRq></QBXMLMsgsRq></QBXML>'
)
ANSWERED = '<QBXML><QBXMLMsgsRs><InvoiceAddRs requestID="k-1" statusCode="3180"/></QBXMLMsgsRs></QBXML>'


@pytest.fixture
def company_file(business: Any, now: dt.datetime) -> CompanyFile:
    return connection.activate(
        contractor=business.contractor, url="http://localhost:8000", now=now
    ).company_file


@pytest.fixture
def refused(business: Any, company_file: CompanyFile, now: dt.datetime) -> Posting:
    """An invoice that went out as the second of its message."""
    invoice = business.invoice()
    posting = Posting.objects.create(
        company_file=company_file,
        kind=RecordKind.INVOICE,
        invoice=invoice,
        revision=invoice.revision,
        rank=SENDING_RANK[RecordKind.INVOICE],
        bill_to=invoice.bill_to,
        state=State.REFUSED,
        state_since=now,
        refusal="3180",
        refusal_text="The posting account is invalid.",
        mark=f"{{{uuid.uuid4()}}}",
        created_at=now,
    )
    session = ConnectorSession.objects.create(
        company_file=company_file, ticket_digest=b"1" * 32, opened_at=now, heard_at=now
    )
    sent = tuple(Sent(posting=pk, action="add", content={}) for pk in (0, posting.pk))
    posting.exchange = Exchange.objects.create(
        company_file=company_file,
        session=session,
        key="k",
        writes=True,
        step=to_json(Post(sent=sent)),
        status=Exchange.Status.ANSWERED,
        handed_out_at=now,
        request=Evidence.of(ASKED).packed,
        answer=Evidence.of(ANSWERED).packed,
    )
    posting.save()
    return posting


NOTHING = "Nothing of this goes to QuickBooks so far."


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("companies", NOTHING),
        ("properties", "A property is nothing of its own in QuickBooks"),
        ("tickets", NOTHING),
        ("projects", NOTHING),
        ("invoices", "The next run of the Web Connector takes it up."),
    ],
)
def test_every_record_tells_where_it_stands(
    technician: Any, business: Any, company_file: CompanyFile, kind: str, said: str
) -> None:
    record = {
        "companies": business.company,
        "properties": lambda: business.ticket().property,
        "tickets": business.ticket,
        "projects": business.project,
        "invoices": business.invoice,
    }[kind]()

    page = technician.open(f"{kind}/{record.pk}/quickbooks/").content.decode()

    assert said in page
    assert "Nothing was sent for this record." in page


def test_without_an_integration_the_tab_says_so(bookkeeper: Any, business: Any) -> None:
    page = bookkeeper.open(f"invoices/{business.invoice().pk}/quickbooks/").content.decode()

    assert "QuickBooks is not connected." in page


def test_a_refused_invoice_shows_its_cure_and_the_button(bookkeeper: Any, refused: Posting) -> None:
    page = bookkeeper.open(f"invoices/{refused.invoice_id}/quickbooks/").content.decode()

    assert "QuickBooks says: The posting account is invalid." in page
    assert 'value="retry"' in page


def test_only_the_records_own_request_and_answer_are_shown(bookkeeper: Any, refused: Posting) -> None:
    [attempt] = bookkeeper.open(f"quickbooks/outbox/{refused.pk}/texts/").context["attempts"]

    texts = attempt.texts
    assert texts.request == '<InvoiceAddRq requestID="k-1">\n  <A>own</A>\n</InvoiceAddRq>'
    assert texts.answer == '<InvoiceAddRs requestID="k-1" statusCode="3180"/>'


def test_what_quickbooks_calls_it_is_shown(
    bookkeeper: Any, business: Any, company_file: CompanyFile, now: dt.datetime
) -> None:
    invoice = business.invoice()
    Counterpart.objects.create(
        company_file=company_file,
        kind=RecordKind.INVOICE,
        invoice=invoice,
        quickbooks_id="2B-17",
        name="1001",
        linked_by_hand=True,
        read_at=now,
    )

    page = bookkeeper.open(f"invoices/{invoice.pk}/quickbooks/").content.decode()

    assert "2B-17" in page
    assert "by hand" in page


def test_the_record_of_another_contractor_has_no_tab_here(
    bookkeeper: Any, another_business: Any, company_file: CompanyFile
) -> None:
    assert bookkeeper.open(f"invoices/{another_business.invoice().pk}/quickbooks/").status_code == 404


@pytest.mark.parametrize("path", ["invoices/", "tickets/"])
def test_the_lists_show_where_each_stands_once_quickbooks_is_connected(
    technician: Any, business: Any, now: dt.datetime, path: str
) -> None:
    invoice = business.invoice()
    without = technician.open(path)
    company_file = connection.activate(
        contractor=business.contractor, url="http://localhost:8000", now=now
    ).company_file
    for kind, record in ((RecordKind.INVOICE, invoice), (RecordKind.TICKET, invoice.ticket)):
        Posting.objects.create(
            company_file=company_file,
            kind=kind,
            revision=record.revision,
            rank=SENDING_RANK[kind],
            bill_to=invoice.bill_to,
            state=State.NEEDS_PAIRING,
            state_since=now,
            mark=f"{{{uuid.uuid4()}}}",
            created_at=now,
            **{str(kind): record},
        )

    page = technician.open(path).content.decode()

    assert without.context["standings"] is None
    assert "Needs pairing" not in without.content.decode()
    assert '<span class="state state-attention">Needs pairing</span>' in page


def test_the_standings_of_a_list_cost_the_same_for_many(
    technician: Any, business: Any, company_file: CompanyFile, django_assert_max_num_queries: Any
) -> None:
    for _ in range(15):
        business.invoice()

    with django_assert_max_num_queries(18):
        technician.open("invoices/")


def test_a_property_lists_the_jobs_and_invoices_of_its_work_and_no_others(
    business: Any,
    company_file: CompanyFile,
    technician: Any,
    now: dt.datetime,
    django_assert_max_num_queries: Any,
) -> None:
    place = business.ticket().property
    elsewhere = business.ticket()
    tickets = [business.ticket(property=place) for _ in range(21)]
    invoice = business.invoice(tickets[20])
    for kind, record in [(RecordKind.TICKET, ticket) for ticket in (*tickets, elsewhere)] + [
        (RecordKind.INVOICE, invoice)
    ]:
        Counterpart.objects.create(
            company_file=company_file,
            kind=kind,
            quickbooks_id=f"80-{record.pk}",
            name=f"Oak Hills:{record.number}",
            read_at=now,
            **{str(kind): record},
        )

    with django_assert_max_num_queries(32):
        answer = technician.open(f"properties/{place.pk}/quickbooks/")

    work = answer.context["work"]
    assert [one.record for one in work] == [*tickets[:0:-1], invoice]
    assert work[0].standing.quickbooks_name == f"Oak Hills:{tickets[20].number}"
    assert work[0].standing.state == State.IN_QUICKBOOKS
    assert f"{technician.base}invoices/{invoice.pk}/quickbooks/" in answer.content.decode()


def test_a_property_of_another_contractor_has_no_tab_here(
    bookkeeper: Any, another_business: Any, company_file: CompanyFile
) -> None:
    assert bookkeeper.open(f"properties/{another_business.property().pk}/quickbooks/").status_code == 404


@pytest.fixture
def from_quickbooks(business: Any, company_file: CompanyFile, now: dt.datetime) -> Payment:
    """A payment of $100 and $30 elsewhere, with the answer that brought it."""
    Counterpart.objects.create(
        company_file=company_file,
        kind=RecordKind.INVOICE,
        invoice=business.invoice(amount="100.00"),
        quickbooks_id="I-1",
        read_at=now,
    )
    session = ConnectorSession.objects.create(
        company_file=company_file, ticket_digest=b"1" * 32, opened_at=now, heard_at=now
    )
    answered_at = now + dt.timedelta(seconds=3)
    parts = "".join(
        f"<ReceivePaymentRet><TxnID>{txn_id}</TxnID></ReceivePaymentRet>" for txn_id in ("P-1", "P-2")
    )
    Exchange.objects.create(
        company_file=company_file,
        session=session,
        key="k",
        writes=False,
        step=to_json(Read(readings=("payments",))),
        status=Exchange.Status.ANSWERED,
        handed_out_at=now,
        answered_at=answered_at,
        request=Evidence.of(
            '<QBXML><QBXMLMsgsRq><ReceivePaymentQueryRq requestID="k-0"/></QBXMLMsgsRq></QBXML>'
        ).packed,
        answer=Evidence.of(
            f'<QBXML><QBXMLMsgsRs><ReceivePaymentQueryRs requestID="k-0">{parts}</ReceivePaymentQueryRs>'
            "</QBXMLMsgsRs></QBXML>"
        ).packed,
    )
    ret = messages.ReceivePaymentRet(
        txn_id="P-1",
        time_modified="2025-06-30T10:00:00-06:00",
        edit_sequence="1751292000",
        customer_ref=messages.Ref(list_id="80000001-1", full_name="Oak Hills"),
        txn_date=now.date(),
        total_amount=Decimal("130.00"),
        applied_to_txn_ret=tuple(
            messages.AppliedToTxnRet(
                txn_id=txn_id, txn_type="Invoice", ref_number="S-9", amount=Decimal(amount)
            )
            for txn_id, amount in (("I-1", "100.00"), ("X-1", "30.00"))
        ),
    )
    with acting(through="QuickBooks"):
        inbox.take_payments(company_file, [ret], now=answered_at)
    return Payment.objects.get()


def test_a_payment_shows_what_quickbooks_holds_of_it_and_the_run_that_brought_it(
    technician: Any, from_quickbooks: Payment, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(25):
        answer = technician.open(f"payments/{from_quickbooks.pk}/quickbooks/")
    page = answer.content.decode()

    session = ConnectorSession.objects.get()
    assert f"{technician.base}quickbooks/runs/{session.pk}/" in page
    assert [paid.name for paid in answer.context["paid"]] == [
        f"Invoice {_only_part(from_quickbooks)}",
        "Invoice S-9",
    ]
    assert "<code>P-1</code>" in page
    assert "Request and answer" not in page  # a technician reads no messages


def _only_part(payment: Payment) -> str:
    return payment.parts.get().invoice.number


def test_only_what_the_answer_said_of_the_payment_is_shown(bookkeeper: Any, from_quickbooks: Payment) -> None:
    exchange = Exchange.objects.get()

    answer = bookkeeper.open(f"payments/{from_quickbooks.pk}/quickbooks/{exchange.pk}/")

    texts = answer.context["texts"]
    assert texts.request == '<ReceivePaymentQueryRq requestID="k-0"/>'
    assert texts.answer == "<ReceivePaymentRet>\n  <TxnID>P-1</TxnID>\n</ReceivePaymentRet>"


def test_a_payment_entered_here_says_why_it_stays(
    bookkeeper: Any, business: Any, now: dt.datetime, today: dt.date
) -> None:
    payment = billing.receive_payment(
        company=business.company(), amount=Decimal("70.00"), received_on=today, parts=[], now=now
    )
    path = f"payments/{payment.pk}/quickbooks/"
    assert "QuickBooks is not connected." in bookkeeper.open(path).content.decode()
    connection.activate(contractor=business.contractor, url="http://localhost:8000", now=now)

    page = bookkeeper.open(path).content.decode()

    assert "payments come from QuickBooks, and none is sent there" in page
    assert "What QuickBooks told" not in page
