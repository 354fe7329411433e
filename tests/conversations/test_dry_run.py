"""What the dry run shows is what is then sent."""

import re
from decimal import Decimal

from lxml import etree

from centerpoint.billing import operations as billing
from centerpoint.quickbooks import outbox
from centerpoint.quickbooks.models import (
    Counterpart,
    Options,
    Pairing,
    Posting,
    QuickBooksCustomer,
    RecordKind,
)
from centerpoint.quickbooks.posting_states import State
from centerpoint.quickbooks.sync.dry_run import DryInvoice, DryLine, dry_run

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
    assert not Posting.objects.exists()
    assert not Pairing.objects.exists()
    assert not Counterpart.objects.exists()


def test_a_long_run_is_cut_and_still_counted_to_the_end(story):
    story.update()
    for number in range(6):
        story.invoice(company=story.company(f"Cedar Row {number}"), amount="100.00")

    whole = dry_run(story.company_file, now=story.clock())
    found = dry_run(story.company_file, now=story.clock(), limit=4)

    assert (len(whole.records), whole.is_cut) == (18, False)
    assert (len(found.records), found.is_cut) == (4, True)
    assert (found.by_kind, found.amount, found.count) == (whole.by_kind, Decimal("600.00"), 18)
    assert [record.title for record in found.records] == [record.title for record in whole.records[:4]]


def test_what_is_in_doubt_is_not_sent_again(story):
    story.update()
    story.invoice()
    outbox.discover(story.company_file, now=story.clock())
    for old, new in ((State.WAITING, State.READY), (State.READY, State.SENT)):
        outbox.move(list(Posting.objects.values_list("pk", flat=True)), old, new, now=story.clock())

    assert dry_run(story.company_file, now=story.clock()).records == ()
