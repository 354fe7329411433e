"""An invoice of ours and the invoice in QuickBooks."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from some_facts import (
    ADDRESS,
    MARK,
    SERVICE,
    TAX_ITEM,
    TODAY,
    as_agreed,
    books,
    company,
    invoice,
    line,
    untaxed,
)

from centerpoint.quickbooks.mapping import invoices
from centerpoint.quickbooks.mapping.facts import AddressFacts, Blocked, Difference, Existing
from centerpoint.quickbooks.models import Posting
from qbxml import CLEAR, messages

JOB = "9-1"
OFF = {"sales_tax_is_on": False, "taxable_code": None, "non_taxable_code": None}
ADDRESS_OF_HARBOR_VIEW = messages.Address(
    addr1="Harbor View Condominiums", addr2="12 Harbor Blvd", city="Austin", state="TX", postal_code="78701"
)


def message(invoice, *, existing=None, job=JOB, **choices):
    return invoices.message(
        invoice, customer_list_id=job, books=books(**choices), mark=MARK, existing=existing
    )


def added(invoice, **choices):
    out = message(invoice, **choices)
    assert out.action == Posting.Action.ADD
    return out.body.invoice_add


def refusal(invoice, **choices):
    with pytest.raises(Blocked) as blocked:
        message(invoice, **choices)
    return blocked.value.code, blocked.value.facts


def ret_of(invoice, **fields):
    """The invoice as QuickBooks answers it: what was sent, with what it computes and adds itself."""
    add = added(invoice, **fields.pop("choices", {}))
    lines = tuple(
        messages.InvoiceLineRet(
            txn_line_id=f"L{number}",
            item_ref=each.item_ref,
            desc=each.desc,
            quantity=each.quantity,
            rate=each.rate if each.rate is not None else each.amount,
            amount=each.amount
            if each.amount is not None
            else (each.quantity * each.rate).quantize(Decimal("0.01")),
            sales_tax_code_ref=each.sales_tax_code_ref,
        )
        for number, each in enumerate(add.invoice_line_add)
    )
    copied = {
        name: getattr(add, name)
        for name in (
            "customer_ref", "txn_date", "ref_number", "bill_address", "ship_address", "po_number", "terms_ref",
            "due_date", "item_sales_tax_ref", "memo", "customer_sales_tax_code_ref", "external_guid",
        )
    }  # fmt: skip
    return messages.InvoiceRet(
        **{
            "txn_id": "T-1",
            "time_modified": "2026-03-02T09:00:00-06:00",
            "edit_sequence": "17",
            **copied,
            "ship_date": TODAY,
            "subtotal": sum(each.amount for each in lines),
            "sales_tax_total": invoice.total - sum(each.amount for each in lines),
            "balance_remaining": invoice.total,
            "invoice_line_ret": lines,
            **fields,
        }
    )


def settled(invoice, **fields):
    choices = fields.get("choices", {})
    return invoices.settle(message(invoice, **choices).content, ret_of(invoice, **fields))


def changed(before, after, **choices):
    """The change of an invoice whose answer was read and equal."""
    out = message(after, existing=as_agreed(settled(before)), **choices)
    assert out.action == Posting.Action.MODIFY
    return out.body and out.body.invoice_mod


def mod(**fields):
    return messages.InvoiceMod(txn_id="T-1", edit_sequence="17", **fields)


# -- a new invoice


def test_a_service_invoice_goes_out_with_all_it_has():
    assert message(invoice(purchase_order="PO 77")).body == messages.InvoiceAddRq(
        invoice_add=messages.InvoiceAdd(
            customer_ref=messages.Ref(list_id=JOB),
            txn_date=TODAY,
            ref_number="5431",
            bill_address=ADDRESS_OF_HARBOR_VIEW,
            ship_address=messages.Address(
                addr1="Clubhouse", addr2="12 Harbor Blvd", city="Austin", state="TX", postal_code="78701"
            ),
            po_number="PO 77",
            terms_ref=messages.Ref(full_name="Net 30"),
            due_date=TODAY + dt.timedelta(days=30),
            item_sales_tax_ref=messages.Ref(list_id=TAX_ITEM.list_id),
            memo="Service ticket 5431: Leak at the east wall",
            is_to_be_printed=False,
            is_to_be_emailed=False,
            customer_sales_tax_code_ref=messages.Ref(full_name="Tax"),
            external_guid=MARK,
            invoice_line_add=(
                messages.InvoiceLineAdd(
                    item_ref=messages.Ref(list_id=SERVICE.list_id),
                    desc="Repair",
                    quantity=Decimal("1"),
                    rate=Decimal("100.00"),
                    sales_tax_code_ref=messages.Ref(full_name="Tax"),
                ),
            ),
        )
    )


def test_a_project_invoice_has_the_project_item():
    add = added(untaxed(kind="project", number="P-77-1"))

    assert (add.ref_number, add.invoice_line_add[0].item_ref) == (
        "P-77-1",
        messages.Ref(list_id="80000002-1"),
    )


def test_terms_that_quickbooks_does_not_know_are_left_to_the_due_date():
    add = added(invoice(terms="45 days after the first of the month"))

    assert (add.terms_ref, add.due_date) == (None, TODAY + dt.timedelta(days=30))


def test_terms_are_written_as_quickbooks_spells_them():
    assert added(invoice(terms=" NET 30 ")).terms_ref == messages.Ref(full_name="Net 30")


def test_an_invoice_without_a_due_date_is_due_at_once():
    assert added(invoice(due_on=None)).due_date == TODAY


def test_a_purchase_order_too_long_is_cut_in_its_field_and_whole_in_the_memo():
    add = added(invoice(purchase_order="HV-2026-000117 / roof, east wall, building 4"))

    assert (add.po_number, add.memo) == (
        "HV-2026-000117 / roof, ea",
        "PO HV-2026-000117 / roof, east wall, building 4; Service ticket 5431: Leak at the east wall",
    )


def test_a_purchase_order_of_25_characters_stands_in_its_field_alone():
    add = added(invoice(purchase_order="x" * 25))

    assert (add.po_number, add.memo) == ("x" * 25, "Service ticket 5431: Leak at the east wall")


def test_a_memo_stays_one_readable_line():
    memo = added(invoice(work_title="Service ticket 5431: Leak\nat " + "the wall " * 50)).memo

    assert (len(memo) <= 200, memo[:31]) == (True, "Service ticket 5431: Leak at th")


def test_without_an_address_of_ours_quickbooks_takes_the_customers():
    add = added(invoice(bill_to=company(address=AddressFacts()), property_address=AddressFacts()))

    assert (add.bill_address, add.ship_address) == (None, None)


def test_an_untaxed_invoice_says_so_on_each_line_and_as_a_whole():
    add = added(untaxed(bill_to=company(tax_exempt=True)))

    assert (add.customer_sales_tax_code_ref, add.invoice_line_add[0].sales_tax_code_ref) == (
        messages.Ref(full_name="Non"),
        messages.Ref(full_name="Non"),
    )


def test_with_sales_tax_off_nothing_is_said_of_tax():
    add = added(untaxed(), **OFF)

    assert (
        add.item_sales_tax_ref,
        add.customer_sales_tax_code_ref,
        add.invoice_line_add[0].sales_tax_code_ref,
    ) == (None, None, None)


def test_an_exact_tax_is_a_line_that_nobody_taxes_again():
    add = added(invoice(), tax_mode="exact_line")

    assert add.item_sales_tax_ref is None
    assert [(each.desc, each.amount, each.sales_tax_code_ref.full_name) for each in add.invoice_line_add] == [
        ("Repair", None, "Non"),
        ("County 8.25 %", Decimal("8.25"), "Non"),
    ]


def test_an_exact_tax_goes_even_where_sales_tax_is_off():
    assert [each.desc for each in added(invoice(), tax_mode="exact_line", **OFF).invoice_line_add] == [
        "Repair",
        "County 8.25 %",
    ]


# -- what stops an invoice


def test_a_tax_that_quickbooks_would_compute_otherwise_stops_it():
    assert refusal(invoice(taxes=(("Old", Decimal("8.00")),))) == (
        "tax-differs",
        {"ours": "8.00", "theirs": "8.25", "item": "Sales Tax", "taxable": "100.00"},
    )


def test_a_group_that_rounds_otherwise_by_a_cent_stops_it():
    group = replace(TAX_ITEM, rates=tuple(map(Decimal, ("1.00", "0.50", "0.50", "6.25"))))

    code, facts = refusal(invoice(line("35.50")), tax_items={"service": group})

    assert (code, facts["ours"], facts["theirs"]) == ("tax-differs", "2.93", "2.94")


@pytest.mark.parametrize("there", [None, replace(SERVICE, is_active=False)])
def test_a_missing_item_stops_it(there):
    assert refusal(invoice(), items={"service": there}) == (
        "item-missing",
        {"name": "Service", "kind": "service"},
    )


@pytest.mark.parametrize("there", [None, replace(TAX_ITEM, is_active=False)])
def test_a_missing_tax_item_stops_a_taxed_invoice_and_no_other(there):
    assert refusal(invoice(), tax_items={"service": there}) == (
        "tax-item-missing",
        {"name": "Sales Tax", "kind": "service"},
    )
    assert added(untaxed(), tax_items={"service": there}).item_sales_tax_ref is None


def test_tax_stops_it_where_quickbooks_has_no_sales_tax():
    assert refusal(invoice(), **OFF) == ("sales-tax-off", {"number": "5431", "tax": "8.25"})


def test_unknown_tax_codes_stop_it():
    assert refusal(untaxed(), non_taxable_code=None) == ("tax-codes-unknown", {"number": "5431"})


def test_a_total_that_its_lines_do_not_make_stops_it():
    assert refusal(untaxed(total=Decimal("100.01"))) == (
        "total-differs",
        {"number": "5431", "ours": "100.01", "theirs": "100.00"},
    )


def test_an_invoice_below_zero_stops_here():
    assert refusal(untaxed(line("-20.00"))) == ("total-negative", {"number": "5431", "total": "-20.00"})


def test_a_number_too_long_stops_it():
    assert refusal(invoice(number="PROJECT-77-1")) == (
        "number-too-long",
        {"number": "PROJECT-77-1", "limit": "11"},
    )


@pytest.mark.parametrize(
    ("closing_date", "stops"), [(TODAY, True), (TODAY - dt.timedelta(days=1), False), (None, False)]
)
def test_the_last_closed_day_stops_it(closing_date, stops):
    if stops:
        assert refusal(invoice(), closing_date=closing_date) == (
            "closed-period",
            {"date": "2026-03-02", "closing_date": "2026-03-02"},
        )
    else:
        assert added(invoice(), closing_date=closing_date).txn_date == TODAY


# -- a change


def test_nothing_goes_out_when_nothing_of_it_is_new():
    assert changed(invoice(), invoice(note="For the customer's eyes")) is None


def test_a_closed_period_does_not_stop_what_changes_nothing():
    assert changed(invoice(), invoice(), closing_date=TODAY) is None


def test_only_the_purchase_order_goes_out_when_only_that_changed():
    assert changed(invoice(), invoice(purchase_order="PO 77")) == mod(po_number="PO 77")


def test_a_purchase_order_that_was_removed_is_cleared():
    assert changed(invoice(purchase_order="PO 77"), invoice()) == mod(po_number=CLEAR)


def test_a_later_date_takes_the_due_date_along():
    later = TODAY + dt.timedelta(days=3)

    assert changed(invoice(), invoice(issued_on=later)) == mod(
        txn_date=later, due_date=TODAY + dt.timedelta(days=30)
    )


def test_other_terms_take_the_due_date_along():
    assert changed(invoice(), invoice(terms="Net 15")) == mod(
        terms_ref=messages.Ref(full_name="Net 15"), due_date=TODAY + dt.timedelta(days=30)
    )


def test_terms_are_never_cleared():
    assert changed(invoice(), invoice(terms="")) is None


def test_a_line_more_sends_all_lines_and_names_those_that_stay():
    change = changed(untaxed(line("100.00")), untaxed(line("100.00"), line("20.00", description="Flashing")))

    assert [(each.txn_line_id, each.desc, each.rate) for each in change.invoice_line_mod] == [
        ("L0", "Repair", Decimal("100.00")),
        ("-1", "Flashing", Decimal("20.00")),
    ]
    assert change.customer_ref is None


def test_a_line_less_is_left_out():
    change = changed(untaxed(line("100.00"), line("20.00")), untaxed(line("100.00")))

    assert [each.txn_line_id for each in change.invoice_line_mod] == ["L0"]


def test_the_same_amount_from_another_quantity_is_a_change():
    change = changed(
        untaxed(line(quantity="2", unit_price="50.00")), untaxed(line(quantity="4", unit_price="25.00"))
    )

    assert [(each.quantity, each.rate, each.amount) for each in change.invoice_line_mod] == [
        (Decimal(4), Decimal("25.00"), None)
    ]


def test_a_line_that_loses_its_quantity_is_a_new_line():
    change = changed(
        untaxed(line(quantity="2", unit_price="50.00")),
        untaxed(line(quantity="2", unit_price="50.00", exactly="99.00"), line("1.00")),
    )

    assert [(each.txn_line_id, each.quantity, each.amount) for each in change.invoice_line_mod] == [
        ("-1", None, Decimal("99.00")),
        ("-1", Decimal(1), None),
    ]


def test_an_invoice_that_becomes_taxed_says_so_as_a_whole():
    change = changed(untaxed(), invoice())

    assert change.customer_sales_tax_code_ref == messages.Ref(full_name="Tax")
    assert [each.sales_tax_code_ref.full_name for each in change.invoice_line_mod] == ["Tax"]


def test_a_shorter_address_empties_the_lines_it_no_longer_needs():
    longer = replace(ADDRESS, street2="Suite 4")

    change = changed(invoice(bill_to=company(address=longer)), invoice(bill_to=company(address=ADDRESS)))

    assert (change.bill_address.addr2, change.bill_address.addr3) == ("12 Harbor Blvd", CLEAR)
    assert change.ship_address is None


def test_an_invoice_whose_job_is_another_moves_to_it():
    existing = as_agreed(settled(invoice()))

    assert message(invoice(), existing=existing, job="9-2").body.invoice_mod == mod(
        customer_ref=messages.Ref(list_id="9-2")
    )


@pytest.mark.parametrize("later", [TODAY, TODAY + dt.timedelta(days=9)])
def test_an_invoice_cannot_be_moved_out_of_a_closed_period(later):
    existing = as_agreed(settled(invoice()))

    code, facts = refusal(
        invoice(issued_on=later, purchase_order="PO 77"), existing=existing, closing_date=TODAY
    )

    assert (code, facts["date"]) == ("closed-period", "2026-03-02")


def test_an_invoice_linked_by_hand_is_written_as_a_whole():
    existing = Existing(quickbooks_id="T-1", edit_sequence="17", agreed={})

    change = message(invoice(), existing=existing).body.invoice_mod

    assert (change.ref_number, [each.txn_line_id for each in change.invoice_line_mod]) == ("5431", ["-1"])


# -- a void one


def test_a_void_invoice_is_voided_there():
    out = message(invoice(is_void=True), existing=as_agreed(settled(invoice())))

    assert (out.action, out.body, out.content) == (
        Posting.Action.VOID,
        messages.TxnVoidRq(txn_void_type="Invoice", txn_id="T-1"),
        {},
    )


def test_a_void_invoice_that_is_not_there_has_nothing_to_void():
    assert refusal(invoice(is_void=True)) == ("nothing-to-void", {"number": "5431"})


def test_an_invoice_in_a_closed_period_is_not_voided():
    code, _ = refusal(invoice(is_void=True), existing=as_agreed(settled(invoice())), closing_date=TODAY)

    assert code == "closed-period"


# -- the answer


def test_an_answer_that_holds_what_was_sent_settles_to_the_cent():
    done = settled(invoice(purchase_order="PO 77"))

    assert (done.quickbooks_id, done.edit_sequence, done.name, done.external_guid) == (
        "T-1",
        "17",
        "5431",
        MARK,
    )
    assert (done.differences, done.line_ids) == ((), ("L0",))
    assert (done.total, done.balance) == (Decimal("108.25"), Decimal("108.25"))


def test_numbers_are_equal_however_many_zeros_they_are_printed_with():
    ret = ret_of(untaxed(line(quantity="2", unit_price="50.00")))
    (only,) = ret.invoice_line_ret
    printed = replace(only, quantity=Decimal("2.00000"), rate=Decimal("50"))

    assert (
        settled(untaxed(line(quantity="2", unit_price="50.00")), invoice_line_ret=(printed,)).differences
        == ()
    )


def test_a_tax_a_cent_off_is_a_difference():
    done = settled(invoice(), sales_tax_total=Decimal("8.26"))

    assert done.differences == (Difference(field="Total", ours="108.25", theirs="108.26"),)


def test_a_line_that_came_out_otherwise_is_a_difference():
    (only,) = ret_of(untaxed()).invoice_line_ret
    done = settled(untaxed(), invoice_line_ret=(replace(only, amount=Decimal("99.00")),))

    assert done.differences == (Difference(field="Line.0.Amount", ours="100.00", theirs="99.00"),)


def test_a_group_somebody_put_in_is_a_line_more():
    group = messages.InvoiceLineGroupRet(
        txn_line_id="L9",
        item_group_ref=messages.Ref(full_name="Kit"),
        is_print_items_in_group=False,
        total_amount=Decimal("0.00"),
    )

    assert settled(untaxed(), invoice_line_group_ret=(group,)).differences == (
        Difference(field="Lines", ours="1", theirs="2"),
    )


def test_what_quickbooks_adds_of_its_own_is_no_difference():
    done = settled(
        untaxed(terms="no such terms"),
        choices=OFF,
        terms_ref=messages.Ref(full_name="Net 60"),
        item_sales_tax_ref=messages.Ref(list_id="7-1"),
        customer_sales_tax_code_ref=messages.Ref(full_name="Tax"),
        memo="Service ticket 5431: Leak at the east wall",
    )

    assert done.differences == ()
