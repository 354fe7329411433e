"""What the dry run shows is what is then sent."""

import re
from decimal import Decimal

import pytest
from lxml import etree

from centerpoint.billing import operations as billing
from centerpoint.companies import operations as companies
from centerpoint.quickbooks import outbox
from centerpoint.quickbooks.models import (
    Conflict,
    Counterpart,
    Options,
    Pairing,
    Posting,
    QuickBooksCustomer,
    RecordKind,
)
from centerpoint.quickbooks.posting_states import State
from centerpoint.quickbooks.sync.dry_run import DryInvoice, DryLine, dry_run, dry_run_of

_WRITES = re.compile(r"(Add|Mod|TxnVoid)Rq$")


def _sent(story):
    """Every request that wrote, in order."""
    requests = [
        element
        for text in story.wire.requests
        for element in etree.fromstring(text.encode()).iter()
        if isinstance(element.tag, str) and _WRITES.search(element.tag)
    ]
    there = {customer["ListID"]: customer["FullName"] for customer in story.books.customers}
    return [_without_ids(element, there) for element in requests]


def _without_ids(element, names):
    """Request ids, marks and what QuickBooks makes new with every record are another each time."""
    element.attrib.pop("requestID", None)
    for child in element.iter("ExternalGUID"):
        child.text = "mark"
    for list_id in element.iter("ListID"):
        list_id.text = names.get(list_id.text or "", list_id.text)
    etree.indent(element)
    return etree.tostring(element, encoding="unicode", with_tail=False).strip()


def _foreseen(story, **asked):
    found = dry_run(story.company_file, now=story.clock(), **asked)
    names = dict(QuickBooksCustomer.objects.values_list("list_id", "full_name"))
    names |= {f"new-{record.posting_id}": record.name_there for record in found.records}
    return [_without_ids(etree.fromstring(record.request), names) for record in found.records]


def test_what_is_sent_equals_the_dry_run(story):
    story.update()  # QuickBooks has shown its lists
    story.wire.requests.clear()
    paired = story.company("Harbor View Condominiums")
    story.invoice(company=paired, amount="480.00")
    story.invoice(company=story.company("Cedar Row Homes"), amount="120.50")
    story.project_invoice(company=paired)

    foreseen = _foreseen(story)
    story.update()

    assert len(foreseen) == 8  # two companies, two tickets, one project, three invoices
    assert _sent(story) == foreseen


def test_changes_and_voids_are_foreseen_as_they_are_sent(story):
    changed, void = story.invoice(), story.invoice(company=story.company("Cedar Row Homes"))
    story.update()
    story.wire.requests.clear()
    billing.change_issued_invoice(
        invoice=changed,
        lines=[billing.Line(description="Repair", unit_price=Decimal("500.00"), quantity=Decimal(1))],
        now=story.clock(),
    )
    billing.void_invoice(invoice=void, now=story.clock())

    foreseen = _foreseen(story)
    story.update()

    assert [text.split(maxsplit=1)[0].strip("<>") for text in foreseen] == ["InvoiceModRq", "TxnVoidRq"]
    assert _sent(story) == foreseen


def test_with_what_is_held_it_shows_what_an_approval_would_send(story):
    story.update()
    story.wire.requests.clear()
    story.options(hold_for_approval=True)
    story.invoice()

    assert dry_run(story.company_file, now=story.clock()).records == ()
    foreseen = _foreseen(story, including_held=True)
    outbox.discover(story.company_file, now=story.clock())
    story.approve()
    story.update()

    assert len(foreseen) == 3
    assert _sent(story) == foreseen


def test_an_invoice_is_shown_as_quickbooks_will_hold_it_beside_ours(story):
    story.update()
    invoice = story.invoice(amount="480.00")

    found = dry_run(story.company_file, now=story.clock())

    record = found.records[-1]
    assert record.ours == DryInvoice(
        number=invoice.number,
        customer="Harbor View Condominiums",
        lines=(DryLine(item="", description="Repair", amount=Decimal("480.00")),),
        tax_item="",
        tax=Decimal("0.00"),
        total=Decimal("480.00"),
    )
    assert record.theirs is not None
    assert (
        record.theirs.customer == f"Harbor View Condominiums:{invoice.number} Harbor View Condominiums roof"
    )
    assert [line.amount for line in record.theirs.lines] == [Decimal("480.00")]
    assert (record.theirs.tax, record.theirs.total) == (Decimal("0.00"), Decimal("480.00"))
    assert (dict(found.by_kind), found.amount) == (
        {RecordKind.COMPANY: 1, RecordKind.TICKET: 1, RecordKind.INVOICE: 1},
        Decimal("480.00"),
    )


def test_what_would_be_refused_says_why_and_nothing_is_kept(story):
    story.update()
    Options.objects.update(service_item_name="No such item")  # removed in QuickBooks since it was chosen
    story.invoice()

    found = dry_run(story.company_file, now=story.clock())

    refused = found.records[-1]
    assert (refused.code, refused.request, found.refused) == ("item-missing", "", 1)
    assert refused.refusal is not None
    assert "No such item" in refused.refusal.sentence
    assert found.amount == 0
    assert {posting.state for posting in Posting.objects.all()} == {State.READY, State.WAITING}
    assert not Pairing.objects.exists()
    assert not Counterpart.objects.exists()


def _many(story) -> None:
    story.update()
    for number in range(6):
        story.invoice(company=story.company(f"Cedar Row {number}"), amount="100.00")


@pytest.mark.parametrize("walked", [100, 3])
def test_a_run_is_shown_by_the_page_and_counted_to_the_end(story, walked):
    _many(story)
    whole = dry_run(story.company_file, now=story.clock())

    pages = [
        dry_run(story.company_file, now=story.clock(), skip=skip, limit=5, walked=walked)
        for skip in (0, 5, 10, 15, 20)
    ]

    assert (whole.of, whole.count, whole.amount, whole.is_long) == (18, 18, Decimal("600.00"), False)
    for page in pages:
        assert (page.by_kind, page.amount, page.of) == (whole.by_kind, whole.amount, whole.of)
        assert page.is_long is (walked == 3)
    assert tuple(record for page in pages for record in page.records) == whole.records


@pytest.mark.parametrize("walked", [100, 3])
def test_only_the_records_of_a_kind_are_shown_and_all_are_counted(story, walked):
    _many(story)
    whole = dry_run(story.company_file, now=story.clock())

    found = dry_run(
        story.company_file, now=story.clock(), kinds=(RecordKind.INVOICE,), skip=1, limit=2, walked=walked
    )

    invoices = [record for record in whole.records if record.kind == RecordKind.INVOICE]
    assert list(found.records) == invoices[1:3]
    assert (found.of, found.count) == (6, 18)


def test_a_page_that_is_walked_by_itself_is_in_the_order_of_sending(story):
    known = story.company("Alder Court")
    story.invoice(company=known)
    story.update()
    story.invoice(company=known)
    story.invoice(company=story.company("Birch Court"))

    whole, page = (dry_run(story.company_file, now=story.clock(), walked=walked) for walked in (100, 1))

    assert [record.kind for record in whole.records][:2] == [RecordKind.COMPANY, RecordKind.TICKET]
    assert page.records == whole.records


@pytest.mark.parametrize("walked", [100, 3])
def test_two_new_companies_of_one_name_are_told_apart_on_every_page(story, walked):
    story.update()
    for _ in range(3):
        story.invoice(company=story.company("Oak Hills"))

    names = [
        record.name_there
        for skip in range(9)
        for record in dry_run(
            story.company_file, now=story.clock(), skip=skip, limit=1, walked=walked
        ).records
    ]

    story.update()
    sent = [customer["FullName"] for customer in story.books.customers if "Oak Hills" in customer["FullName"]]
    assert len(set(names)) == 9
    assert sorted(names) == sorted(sent + story.numbers_in_books())


def test_one_posting_is_foreseen_as_the_whole_run_foresees_it_and_nothing_is_approved(story):
    story.update()
    story.options(hold_for_approval=True)
    _many(story)
    outbox.discover(story.company_file, now=story.clock())
    whole = dry_run(story.company_file, now=story.clock(), including_held=True)

    alone = [
        dry_run_of(Posting.objects.get(pk=record.posting_id), now=story.clock()) for record in whole.records
    ]

    assert tuple(alone) == whole.records
    assert not Posting.objects.exclude(approved_at=None).exists()


def test_a_busy_posting_is_foreseen_though_its_time_has_not_come(story):
    invoice = story.invoice()
    story.update()
    [there] = story.books.invoices
    story.office.open_on_screen(there["TxnID"])
    line = billing.Line(description="Repair", unit_price=Decimal("500.00"), quantity=Decimal(1))
    billing.change_issued_invoice(invoice=invoice, lines=[line], now=story.clock())
    story.session()
    busy = story.posting(invoice)
    assert busy.state == State.BUSY

    record = dry_run_of(busy, now=story.clock())

    assert record is not None
    assert record.action == Posting.Action.MODIFY
    assert story.posting(invoice).state == State.BUSY


def test_a_change_that_is_stopped_is_no_new_customer(story):
    company = story.company("Harbor View Condominiums")
    story.invoice(company=company)
    story.update()
    companies.change_company(company=company, phone="555-0100", now=story.clock())
    Conflict.objects.create(
        company_file=story.company_file,
        company=company,
        field="phone",
        ours="555-0100",
        theirs="555-0199",
        found_at=story.clock(),
    )

    [record] = dry_run(story.company_file, now=story.clock()).records

    assert (record.kind, record.code) == (RecordKind.COMPANY, "conflict-open")
    assert record.action == Posting.Action.MODIFY


def test_what_is_in_doubt_is_not_sent_again(story):
    story.update()
    story.invoice()
    outbox.discover(story.company_file, now=story.clock())
    for old, new in ((State.WAITING, State.READY), (State.READY, State.SENT)):
        outbox.move(list(Posting.objects.values_list("pk", flat=True)), old, new, now=story.clock())

    assert dry_run(story.company_file, now=story.clock()).records == ()
