"""Whatever QuickBooks would refuse is refused here, with message, element, limit and value."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from qbxml import CLEAR, codec
from qbxml.errors import NotWritable
from qbxml.messages import (
    Address,
    ContactsMod,
    CreditMemoAdd,
    CreditMemoAddRq,
    CustomerAdd,
    CustomerAddRq,
    CustomerMod,
    CustomerModRq,
    CustomerQueryRq,
    CustomerRet,
    EntityFilter,
    HostQueryRq,
    InvoiceAdd,
    InvoiceAddRq,
    InvoiceLineAdd,
    InvoiceLineMod,
    InvoiceMod,
    InvoiceModRq,
    InvoiceQueryRq,
    ItemServiceAdd,
    ItemServiceAddRq,
    NameFilter,
    NameRangeFilter,
    ReceivePaymentAdd,
    ReceivePaymentAddRq,
    Ref,
    SalesOrPurchase,
    TxnDateRangeFilter,
    TxnDeletedQueryRq,
    TxnVoidRq,
)

ACME = Ref(list_id="80000001-1272911970")


def written(body: object, version: str = "13.0") -> str:
    return codec.write(body, version=version)


def customer(**fields: Any) -> CustomerAddRq:
    return CustomerAddRq(customer_add=CustomerAdd(**{"name": "Acme", **fields}))


def customer_change(**fields: Any) -> CustomerModRq:
    return CustomerModRq(customer_mod=CustomerMod(list_id="80000001-1", edit_sequence="1272911970", **fields))


def invoice(**fields: Any) -> InvoiceAddRq:
    return InvoiceAddRq(invoice_add=InvoiceAdd(**{"customer_ref": ACME, **fields}))


def line(**fields: Any) -> InvoiceAddRq:
    return invoice(invoice_line_add=(InvoiceLineAdd(**fields),))


def invoice_change(*lines: InvoiceLineMod, **fields: Any) -> InvoiceModRq:
    head = {"txn_id": "1-1", "edit_sequence": "1", **fields}
    return InvoiceModRq(invoice_mod=InvoiceMod(**head, invoice_line_mod=lines))


def test_an_invoice_is_written_in_wire_order() -> None:
    body = invoice(
        memo="Leak – chimney",
        txn_date=dt.date(2026, 1, 5),
        ref_number="5431",
        is_to_be_printed=False,
        invoice_line_add=(
            InvoiceLineAdd(desc="Travel", amount=Decimal("45")),
            InvoiceLineAdd(
                item_ref=Ref(full_name="Service"), quantity=Decimal("2.5"), rate=Decimal("85.125")
            ),
        ),
    )
    assert written(body) == (
        "<InvoiceAddRq><InvoiceAdd>"
        "<CustomerRef><ListID>80000001-1272911970</ListID></CustomerRef>"
        "<TxnDate>2026-01-05</TxnDate><RefNumber>5431</RefNumber>"
        "<Memo>Leak - chimney</Memo><IsToBePrinted>false</IsToBePrinted>"
        "<InvoiceLineAdd><Desc>Travel</Desc><Amount>45.00</Amount></InvoiceLineAdd>"
        "<InvoiceLineAdd><ItemRef><FullName>Service</FullName></ItemRef>"
        "<Quantity>2.5</Quantity><Rate>85.125</Rate></InvoiceLineAdd>"
        "</InvoiceAdd></InvoiceAddRq>"
    )


def test_a_request_without_content_is_an_empty_element() -> None:
    assert written(HostQueryRq()) == "<HostQueryRq/>"


def test_attributes_of_a_query_stand_in_its_tag() -> None:
    body = CustomerQueryRq(iterator="Continue", iterator_id="{6b47}", max_returned=100, active_status="All")
    assert codec.write(body, version="13.0", request_id="k-3") == (
        '<CustomerQueryRq requestID="k-3" iterator="Continue" iteratorID="{6b47}">'
        "<MaxReturned>100</MaxReturned><ActiveStatus>All</ActiveStatus></CustomerQueryRq>"
    )


def test_a_mod_clears_with_an_empty_element() -> None:
    body = customer_change(
        phone=CLEAR, notes="", terms_ref=CLEAR, bill_address=Address(addr2=CLEAR, city="Portland")
    )
    assert written(body) == (
        "<CustomerModRq><CustomerMod><ListID>80000001-1</ListID><EditSequence>1272911970</EditSequence>"
        "<BillAddress><Addr2/><City>Portland</City></BillAddress><Phone/><TermsRef/><Notes></Notes>"
        "</CustomerMod></CustomerModRq>"
    )


def test_an_add_leaves_empty_text_out() -> None:
    assert written(customer(phone="", notes=" \u200b ")) == written(customer())


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (customer(name="x" * 46), f"CustomerAdd.Name: 46 characters, at most 41 are allowed: '{'x' * 46}'"),
        (customer(name="…" * 14), f"CustomerAdd.Name: 42 characters, at most 41 are allowed: '{'.' * 42}'"),
        (customer(name="\u200b"), "CustomerAdd.Name: required, and empty: '\\u200b'"),
        (customer(name=None), "CustomerAdd.Name: required"),
        (customer(name=7), "CustomerAdd.Name: text is required: 7"),
        (
            customer(bill_address=Address(city="c" * 32)),
            f"CustomerAdd.BillAddress/City: 32 characters, at most 31 are allowed: '{'c' * 32}'",
        ),
        (
            customer(terms_ref=Ref(full_name="t" * 32)),
            f"CustomerAdd.TermsRef/FullName: 32 characters, at most 31 are allowed: '{'t' * 32}'",
        ),
        (customer(parent_ref=Ref()), "CustomerAdd.ParentRef: ListID or FullName is required"),
        (customer(parent_ref="Acme"), "CustomerAdd.ParentRef: a Ref is required: 'Acme'"),
        (
            customer(job_status="Done"),
            "CustomerAdd.JobStatus: one of Awarded, Closed, InProgress, None, NotAwarded, Pending is required: 'Done'",
        ),
        (customer(phone=CLEAR), "CustomerAdd.Phone: only a Mod can clear a field"),
        (customer(parent_ref=CLEAR), "CustomerAdd.ParentRef: only a Mod can clear a field: CLEAR"),
        (customer(is_active="true"), "CustomerAdd.IsActive: true or false is required: 'true'"),
        (customer(job_start_date="2026-01-05"), "CustomerAdd.JobStartDate: a date is required: '2026-01-05'"),
        (
            customer(job_start_date=dt.datetime(2026, 1, 5)),
            "CustomerAdd.JobStartDate: a date is required: datetime.datetime(2026, 1, 5, 0, 0)",
        ),
        (customer(credit_limit=100.0), "CustomerAdd.CreditLimit: a Decimal is required: 100.0"),
        (
            customer(external_guid="abc"),
            "CustomerAdd.ExternalGUID: \"0\" or a GUID in braces is required: 'abc'",
        ),
        (
            line(amount=Decimal("1.005")),
            "InvoiceAdd.InvoiceLineAdd/Amount: at most 2 decimals are allowed: Decimal('1.005')",
        ),
        (
            line(rate=Decimal("0.333333")),
            "InvoiceAdd.InvoiceLineAdd/Rate: at most 5 decimals are allowed: Decimal('0.333333')",
        ),
        (
            line(quantity=Decimal("NaN")),
            "InvoiceAdd.InvoiceLineAdd/Quantity: a finite number is required: Decimal('NaN')",
        ),
        (
            line(rate=Decimal(1), rate_percent=Decimal(1)),
            "InvoiceAdd.InvoiceLineAdd: Rate and RatePercent exclude each other",
        ),
        (
            invoice(invoice_line_add=InvoiceLineAdd()),
            "InvoiceAdd.InvoiceLineAdd: repeats: a tuple is required: "
            "InvoiceLineAdd(item_ref=None, desc=None, quantity=None, unit_of_measure=None, rate=None, rate_percent=None, "
            "price_level_…",
        ),
        (
            CustomerModRq(customer_mod=CustomerMod(list_id=CLEAR, edit_sequence="1")),
            "CustomerMod.ListID: required, and cannot be cleared",
        ),
        (CustomerQueryRq(list_id=("",)), "CustomerQueryRq.ListID: required, and empty: ''"),
        (CustomerQueryRq(full_name="Acme"), "CustomerQueryRq.FullName: repeats: a tuple is required: 'Acme'"),
        (
            CustomerQueryRq(list_id=("1-1",), max_returned=5),
            "CustomerQueryRq: ListID and MaxReturned exclude each other",
        ),
        (
            CustomerQueryRq(
                name_filter=NameFilter(match_criterion="Contains", name="x"),
                name_range_filter=NameRangeFilter(from_name="a"),
            ),
            "CustomerQueryRq: NameFilter and NameRangeFilter exclude each other",
        ),
        (CustomerQueryRq(max_returned=0), "CustomerQueryRq.MaxReturned: at least 1 is required: 0"),
        (CustomerQueryRq(max_returned=True), "CustomerQueryRq.MaxReturned: a whole number is required: True"),
        (CustomerQueryRq(iterator="Start"), "CustomerQueryRq.MaxReturned: required to start an iterator"),
        (
            CustomerQueryRq(iterator="Stop"),
            "CustomerQueryRq.@iteratorID: required to stop an iterator",
        ),
        (
            CustomerQueryRq(iterator="Next"),
            "CustomerQueryRq.@iterator: one of Start, Continue, Stop is required: 'Next'",
        ),
        (
            CustomerQueryRq(from_modified_date="yesterday"),
            "CustomerQueryRq.FromModifiedDate: a time as QuickBooks prints it is required "
            "(2026-01-05T10:00:00-08:00): 'yesterday'",
        ),
        (
            InvoiceQueryRq(entity_filter=EntityFilter()),
            "InvoiceQueryRq.EntityFilter: one of ListID, FullName, ListIDWithChildren, FullNameWithChildren is required",
        ),
        (
            ReceivePaymentAddRq(receive_payment_add=ReceivePaymentAdd(customer_ref=ACME)),
            "ReceivePaymentAdd: one of IsAutoApply, AppliedToTxnAdd is required",
        ),
        (
            CreditMemoAddRq(credit_memo_add=CreditMemoAdd(customer_ref=ACME)),
            "CreditMemoAdd: one of CreditMemoLineAdd, CreditMemoLineGroupAdd is required",
        ),
        (
            ItemServiceAddRq(item_service_add=ItemServiceAdd(name="Service")),
            "ItemServiceAdd: one of SalesOrPurchase, SalesAndPurchase is required",
        ),
        (
            TxnVoidRq(txn_void_type="Estimate", txn_id="1-1"),
            "TxnVoidRq.TxnVoidType: one of ARRefundCreditCard, Bill, BillPaymentCheck, BillPaymentCreditCard, Charge, "
            "Check, CreditCardCharge, CreditCardCredit, CreditMemo, Deposit, InventoryAdjustment, Invoice, ItemReceipt, "
            "JournalEntry, SalesReceipt, VendorCredit is required: 'Estimate'",
        ),
        (TxnDeletedQueryRq(txn_del_type=()), "TxnDeletedQueryRq.TxnDelType: required"),
        (CustomerAdd(name="Acme"), "CustomerAdd: only a request can be written"),
        ("<HostQueryRq/>", "str: only a request can be written"),
    ],
)
def test_the_refusal_says_what_is_wrong(body: object, problem: str) -> None:
    with pytest.raises(NotWritable) as refusal:
        written(body)
    assert str(refusal.value) == problem


def test_the_refusal_carries_its_facts() -> None:
    with pytest.raises(NotWritable) as refusal:
        written(customer(bill_address=Address(city="c" * 32)))
    problem = refusal.value
    assert (problem.message, problem.element, problem.limit, problem.value) == (
        "CustomerAdd",
        "BillAddress/City",
        "32 characters, at most 31 are allowed",
        "c" * 32,
    )


@pytest.mark.parametrize(
    ("body", "version", "problem"),
    [
        (
            customer(cc="a@b.example"),
            "11.0",
            "CustomerAdd.Cc: unknown before qbXML 12.0, and this is 11.0: 'a@b.example'",
        ),
        (
            customer(terms_ref=Ref(full_name="Net 30"), notes="x"),
            "2.1",
            "CustomerAdd.Notes: unknown before qbXML 3.0, and this is 2.1: 'x'",
        ),
        (
            line(serial_number="7"),
            "10.0",
            "InvoiceAdd.InvoiceLineAdd/SerialNumber: unknown before qbXML 11.0, and this is 10.0",
        ),
        (invoice_change(), "2.0", "InvoiceModRq: unknown before qbXML 2.1, and this is 2.0"),
    ],
)
def test_what_a_version_does_not_know_is_refused(body: object, version: str, problem: str) -> None:
    with pytest.raises(NotWritable) as refusal:
        written(body, version)
    assert str(refusal.value) == problem


def test_the_same_is_written_where_the_version_knows_it() -> None:
    assert "<Cc>a@b.example</Cc>" in written(customer(cc="a@b.example"), "12.0")


def test_a_line_kept_as_it_is_needs_its_id_only() -> None:
    assert written(invoice_change(InvoiceLineMod(txn_line_id="3-1"), InvoiceLineMod(txn_line_id="-1"))) == (
        "<InvoiceModRq><InvoiceMod><TxnID>1-1</TxnID><EditSequence>1</EditSequence>"
        "<InvoiceLineMod><TxnLineID>3-1</TxnLineID></InvoiceLineMod>"
        "<InvoiceLineMod><TxnLineID>-1</TxnLineID></InvoiceLineMod>"
        "</InvoiceMod></InvoiceModRq>"
    )


def test_an_open_range_of_dates_is_a_choice_taken() -> None:
    body = InvoiceQueryRq(txn_date_range_filter=TxnDateRangeFilter(to_txn_date=dt.date(2026, 1, 31)))
    assert written(body) == (
        "<InvoiceQueryRq><TxnDateRangeFilter><ToTxnDate>2026-01-31</ToTxnDate></TxnDateRangeFilter></InvoiceQueryRq>"
    )


def test_an_item_is_sold_or_sold_and_bought() -> None:
    body = ItemServiceAddRq(
        item_service_add=ItemServiceAdd(
            name="Service", sales_or_purchase=SalesOrPurchase(account_ref=Ref(full_name="Sales"))
        )
    )
    assert written(body) == (
        "<ItemServiceAddRq><ItemServiceAdd><Name>Service</Name>"
        "<SalesOrPurchase><AccountRef><FullName>Sales</FullName></AccountRef></SalesOrPurchase>"
        "</ItemServiceAdd></ItemServiceAddRq>"
    )


def test_checking_refuses_what_writing_refuses() -> None:
    with pytest.raises(NotWritable, match="at most 41"):
        codec.check(customer(name="x" * 42), version="13.0")
    codec.check(customer(), version="13.0")


def test_a_record_is_not_a_request() -> None:
    record = CustomerRet(list_id="1", time_modified="2026-01-05", edit_sequence="1", name="Acme")
    with pytest.raises(NotWritable, match="CustomerRet: only a request can be written"):
        written(record)


def test_a_contact_in_a_mod_needs_its_identity() -> None:
    change = customer_change(contacts_mod=(ContactsMod(list_id="1", edit_sequence="", first_name="Al"),))
    with pytest.raises(NotWritable, match="ContactsMod/EditSequence: required, and empty"):
        written(change)
