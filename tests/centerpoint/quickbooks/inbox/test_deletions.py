"""Deletions are told for 90 days; the first time counts, and what they concern is shown."""

from decimal import Decimal

import pytest

from centerpoint.billing import operations as billing
from centerpoint.billing.models import Payment
from centerpoint.quickbooks import inbox, outbox
from centerpoint.quickbooks.models import (
    Counterpart,
    ListEntry,
    Pairing,
    Posting,
    QuickBooksCustomer,
    ReceivedPayment,
    RecordKind,
)
from centerpoint.quickbooks.pairing import operations
from centerpoint.quickbooks.posting_states import State
from qbxml import messages

pytestmark = pytest.mark.django_db
WHEN = "2025-06-30T11:00:00-06:00"


def transaction(txn_type, txn_id):
    return messages.TxnDeletedRet(txn_del_type=txn_type, txn_id=txn_id, time_deleted=WHEN)


def entry(list_type, list_id):
    return messages.ListDeletedRet(list_del_type=list_type, list_id=list_id, time_deleted=WHEN)


def take(books, *rets):
    inbox.take_deleted(books.company_file, rets, now=books.now)


def state(posting):
    posting.refresh_from_db()
    return State(posting.state)


def test_a_deleted_invoice_is_shown_as_deleted_there(books):
    posted = books.posted()

    take(books, transaction("Invoice", posted.quickbooks_id))

    posted.refresh_from_db()
    assert (Posting.objects.get().state, posted.there) == (State.DELETED_THERE, Counterpart.There.DELETED)


def test_an_invoice_whose_change_is_in_doubt_is_asked_about_first(books):
    posted = books.posted(state=State.UNKNOWN)

    take(books, transaction("Invoice", posted.quickbooks_id))

    assert Posting.objects.get().state == State.UNKNOWN


def test_an_invoice_that_is_void_here_is_not_missed_there(books):
    posted = books.posted(state=State.VOIDED)
    billing.void_invoice(invoice=posted.invoice, now=books.now)

    take(books, transaction("Invoice", posted.quickbooks_id))

    assert Posting.objects.get().state == State.VOIDED


def test_a_bounced_payment_opens_its_invoice_again(books):
    posted = books.posted()
    ret = books.payment_ret(books.part(posted, "100.00"), total="100.00")
    inbox.take_payments(books.company_file, [ret], now=books.now)
    Counterpart.objects.update(read_again=False)

    take(books, transaction("ReceivePayment", ret.txn_id))

    posted.refresh_from_db()
    posted.invoice.refresh_from_db()
    payment = Payment.objects.get()
    assert (payment.withdrawn_at, posted.invoice.balance, posted.read_again) == (
        books.now,
        Decimal("100.00"),
        True,
    )
    assert ReceivedPayment.objects.get().is_deleted


def test_a_deleted_credit_opens_its_invoice_again(books):
    posted = books.posted()
    inbox.take_invoices(
        books.company_file,
        [books.invoice_ret(posted, [books.link("-30.00", txn_id="CCCC-1")])],
        now=books.now,
    )

    take(books, transaction("CreditMemo", "CCCC-1"))

    posted.invoice.refresh_from_db()
    assert posted.invoice.balance == Decimal("100.00")


def test_deletions_told_again_change_nothing(books, at_most):
    posted = books.posted()
    ret = books.payment_ret(books.part(posted, "100.00"), total="100.00")
    inbox.take_payments(books.company_file, [ret], now=books.now)
    customer = books.customer("Oak Hills")
    deletions = [
        transaction("ReceivePayment", ret.txn_id),
        transaction("Invoice", posted.quickbooks_id),
        transaction("Bill", "FFFF-1"),
        entry("Customer", customer.list_id),
        entry("PriceLevel", "1-1"),
    ]
    take(books, *deletions)
    models = (Payment, Posting, Counterpart, QuickBooksCustomer, ReceivedPayment)
    before = [list(model.objects.values()) for model in models]

    with at_most(9):
        take(books, *deletions)

    assert [list(model.objects.values()) for model in models] == before


def test_a_company_whose_customer_was_deleted_is_shown_and_its_pairing_kept(books, business):
    company = business.company("Oak Hills")
    pairing = books.paired(company)
    posting = books.posting(company, RecordKind.COMPANY, State.IN_QUICKBOOKS)

    take(books, entry("Customer", pairing.customer.list_id))

    assert (state(posting), Pairing.objects.get().customer.is_deleted) == (State.DELETED_THERE, True)


def test_what_was_for_a_deleted_customer_waits_for_another_pairing(books, business):
    books.choose(hold_for_approval=False, work_goes="never")
    invoice = business.invoice()
    company = invoice.bill_to
    pairing = books.paired(company)
    created = books.posting(company, RecordKind.COMPANY, State.IN_QUICKBOOKS)
    posting = books.posting(invoice, RecordKind.INVOICE, State.READY)

    take(books, entry("Customer", pairing.customer.list_id))
    waiting = state(posting)
    operations.unpair(company_file=books.company_file, company=company, now=books.now)
    operations.pair(
        company_file=books.company_file, company=company, customer=books.customer("Merged"), now=books.now
    )

    assert (waiting, state(posting), state(created)) == (State.NEEDS_PAIRING, State.READY, State.BYPASSED)


def test_a_company_deleted_there_may_be_created_anew(books, business):
    books.choose(hold_for_approval=False)
    company = business.company("Oak Hills")
    pairing = books.paired(company)
    posting = books.posting(company, RecordKind.COMPANY, State.IN_QUICKBOOKS)
    take(books, entry("Customer", pairing.customer.list_id))
    posting.refresh_from_db()

    outbox.recreate(posting=posting, now=books.now)

    assert (state(posting), Pairing.objects.exists()) == (State.READY, False)


def test_a_deleted_job_is_shown_at_its_ticket_and_its_invoice_waits(books, business):
    books.choose(hold_for_approval=False)
    invoice = business.invoice()
    books.paired(invoice.bill_to)
    job = books.posting(invoice.ticket, RecordKind.TICKET, State.IN_QUICKBOOKS)
    Counterpart.objects.create(
        company_file=books.company_file,
        kind=RecordKind.TICKET,
        ticket=invoice.ticket,
        quickbooks_id="8000AAAA-1",
        edit_sequence="1",
        read_at=books.now,
    )
    waiting = books.posting(invoice, RecordKind.INVOICE, State.READY)

    take(books, entry("Customer", "8000AAAA-1"))

    assert (state(job), state(waiting)) == (State.DELETED_THERE, State.WAITING)


def test_a_deleted_entry_leaves_only_its_own_list(books):
    vendor = books.vendor("ABC Supply")
    ListEntry.objects.create(
        company_file=books.company_file,
        kind=ListEntry.Kind.CLASS,
        list_id=vendor.list_id,
        name="North",
        full_name="North",
        read_at=books.now,
    )

    take(books, entry("Vendor", vendor.list_id))

    assert [one.full_name for one in ListEntry.objects.all()] == ["North"]


def test_another_contractors_records_are_left_alone(books, another_books):
    posted = another_books.posted()

    take(books, transaction("Invoice", posted.quickbooks_id))

    posted.refresh_from_db()
    assert posted.there == Counterpart.There.PRESENT
