import pytest
from by_hand.desktop import Desktop
from by_hand.requests import (
    Element,
    applied_to,
    attributes,
    code,
    customer_add,
    invoice_add,
    invoice_mod,
    invoice_query,
    line,
    payment_add,
    rated_line,
    status,
    tags,
    text,
    texts,
    values,
)

AMOUNTS = ("Subtotal", "SalesTaxPercentage", "SalesTaxTotal", "AppliedAmount", "BalanceRemaining", "IsPaid")


def test_an_invoice_is_answered_with_its_amounts_and_defaults(desktop: Desktop) -> None:
    invoice = desktop.ask(invoice_add("Delta Logistics", line("35.50"), tax_item="Combined Tax"))[0]

    assert values(
        invoice, *AMOUNTS, "TxnDate", "DueDate", "ShipDate", "TermsRef/FullName", "IsToBePrinted"
    ) == {
        "Subtotal": "35.50",
        "SalesTaxPercentage": "8.25",
        "SalesTaxTotal": "2.94",
        "AppliedAmount": "0.00",
        "BalanceRemaining": "38.44",
        "IsPaid": "false",
        "TxnDate": "2026-01-05",
        "DueDate": "2026-02-04",
        "ShipDate": "2026-01-05",
        "TermsRef/FullName": "Net 30",
        "IsToBePrinted": "true",
    }


def test_transaction_ids_of_a_form_and_its_lines_come_from_one_counter(desktop: Desktop) -> None:
    first, second = desktop.send(
        invoice_add("Hillside HOA", line(), line()), invoice_add("Hillside HOA", number="5432")
    )
    numbers = [
        int((each or "").split("-")[0], 16)
        for each in (
            text(first, "InvoiceRet/TxnID"),
            *texts(first, "InvoiceRet/InvoiceLineRet/TxnLineID"),
            text(second, "InvoiceRet/TxnID"),
            *texts(second, "InvoiceRet/InvoiceLineRet/TxnLineID"),
        )
    ]

    assert [number - numbers[0] for number in numbers] == [0, 2, 3, 4, 6]


@pytest.mark.parametrize(
    ("given", "quantity", "rate", "amount"),
    [
        (rated_line("2", "103"), "2", "103.00", "206.00"),
        (rated_line("3", "0.335"), "3", "0.335", "1.01"),
        (rated_line("1", "0.125"), "1", "0.125", "0.13"),
        (line("2.80"), None, "2.8", "2.80"),
        (line("10.00", inner="<Quantity>3</Quantity>"), "3", "3.33333", "10.00"),
        (line("10.00", inner="<Quantity>3</Quantity><Rate>5</Rate>"), "3", "3.33333", "10.00"),
        (
            "<InvoiceLineAdd><ItemRef><FullName>Inspection</FullName></ItemRef></InvoiceLineAdd>",
            "1",
            "275.00",
            "275.00",
        ),
    ],
)
def test_a_line_amounts_to_what_quickbooks_makes_of_quantity_rate_and_amount(
    desktop: Desktop, given: str, quantity: str | None, rate: str, amount: str
) -> None:
    kept = desktop.ask(invoice_add("Hillside HOA", given))[0].find("InvoiceLineRet")

    assert kept is not None
    assert values(kept, "Quantity", "Rate", "Amount") == {
        "Quantity": quantity,
        "Rate": rate,
        "Amount": amount,
    }


def test_a_line_without_tax_code_takes_the_items(desktop: Desktop) -> None:
    invoice = desktop.ask(invoice_add("Hillside HOA", line(item="Service"), line(item="Labor")))[0]

    assert texts(invoice, "InvoiceLineRet/SalesTaxCodeRef/FullName") == ["Tax", "Non"]


def test_description_only_subtotal_and_discount_lines_are_kept_as_real_files_have_them(
    desktop: Desktop,
) -> None:
    invoice = desktop.ask(
        invoice_add(
            "Hillside HOA",
            line("100.00"),
            "<InvoiceLineAdd><Desc>As agreed by phone</Desc></InvoiceLineAdd>",
            "<InvoiceLineAdd><ItemRef><FullName>Subtotal</FullName></ItemRef></InvoiceLineAdd>",
            "<InvoiceLineAdd><ItemRef><FullName>Discount</FullName></ItemRef></InvoiceLineAdd>",
            tax_item="County Tax",
        )
    )[0]

    lines = invoice.findall("InvoiceLineRet")
    assert [tags(each)[1:] for each in lines] == [
        ["ItemRef", "Desc", "Rate", "Amount", "SalesTaxCodeRef"],
        ["Desc"],
        ["ItemRef", "Amount"],
        ["ItemRef", "RatePercent", "Amount", "SalesTaxCodeRef"],
    ]
    assert values(lines[3], "RatePercent", "Amount") == {"RatePercent": "-5.00", "Amount": "-5.00"}
    assert values(invoice, "Subtotal", "SalesTaxTotal") == {"Subtotal": "95.00", "SalesTaxTotal": "7.84"}


def test_an_invoice_without_lines_cannot_be_saved(desktop: Desktop) -> None:
    request = (
        "<InvoiceAddRq><InvoiceAdd><CustomerRef><FullName>Hillside HOA</FullName></CustomerRef>"
        "</InvoiceAdd></InvoiceAddRq>"
    )

    assert code(desktop.ask(request)) == "3180"


def test_a_negative_invoice_cannot_be_saved(desktop: Desktop) -> None:
    assert status(desktop.ask(invoice_add("Hillside HOA", line("-1.00")))) == (
        "3180",
        "Error",
        "There was an error when saving a Invoice.  QuickBooks error message: "
        "Transaction amount must be positive.",
    )


@pytest.mark.parametrize(
    ("request_text", "what", "where"),
    [
        (invoice_add("Joe Smith"), 'Customer "Joe Smith"', "Invoice"),
        (invoice_add("Hillside HOA", line(item="Nothing")), 'Item "Nothing"', "Invoice line"),
        (invoice_add("Hillside HOA", tax_item="Nothing"), 'Sales Tax Item "Nothing"', "Invoice"),
        (
            invoice_add("Hillside HOA", before_tax="<TermsRef><FullName>Net 1</FullName></TermsRef>"),
            'Terms "Net 1"',
            "Invoice",
        ),
    ],
)
def test_a_reference_to_nothing_names_what_is_missing(
    desktop: Desktop, request_text: str, what: str, where: str
) -> None:
    assert status(desktop.ask(request_text)) == (
        "3140",
        "Error",
        f"There is an invalid reference to QuickBooks {what} in the {where}.  QuickBooks error message: "
        "Invalid argument.  The specified record does not exist in the list.",
    )


@pytest.mark.parametrize(("switch", "expected"), [("3140", "3140"), ("3180", "3180"), ("accept", "0")])
def test_an_inactive_customer_is_refused_as_the_switch_says(
    desktop: Desktop, switch: str, expected: str
) -> None:
    desktop.books.switches.inactive_reference = switch

    assert code(desktop.ask(invoice_add("Orchard Supply"))) == expected


def test_a_refused_invoice_leaves_nothing_behind(desktop: Desktop) -> None:
    before = desktop.books.dump()

    desktop.ask(invoice_add("Hillside HOA", line(), line(item="Nothing")))

    assert desktop.books.dump() == before


def test_without_a_number_quickbooks_takes_the_next_one(desktop: Desktop) -> None:
    answers = desktop.send(
        invoice_add("Hillside HOA", number="5431"), invoice_add("Hillside HOA", number=None)
    )

    assert [text(answer, "InvoiceRet/RefNumber") for answer in answers] == ["5431", "5432"]


def test_without_a_number_it_may_also_stay_empty(desktop: Desktop) -> None:
    desktop.books.switches.absent_ref_number = "empty"

    assert text(desktop.ask(invoice_add("Hillside HOA", number=None)), "InvoiceRet/RefNumber") is None


def test_a_number_may_be_used_twice(desktop: Desktop) -> None:
    answers = desktop.send(invoice_add("Hillside HOA"), invoice_add("Hillside HOA"))

    assert [code(answer) for answer in answers] == ["0", "0"]


def test_a_used_number_is_refused_where_the_switch_says_so(desktop: Desktop) -> None:
    desktop.books.switches.used_ref_number = "refuse"

    answers = desktop.send(invoice_add("Hillside HOA"), invoice_add("Hillside HOA"))

    assert [code(answer) for answer in answers] == ["0", "3180"]


def test_a_second_external_guid_is_refused_only_where_the_switch_says_so(desktop: Desktop) -> None:
    guid = "<ExternalGUID>{6b474085-9943-46e2-ad71-d0a5aba9e948}</ExternalGUID>"
    first = desktop.send(
        invoice_add("Hillside HOA", after_tax=guid), invoice_add("Hillside HOA", after_tax=guid)
    )
    desktop.books.switches.external_guid_is_unique = True

    third = desktop.ask(invoice_add("Hillside HOA", after_tax=guid))

    assert [code(answer) for answer in first] + [code(third)] == ["0", "0", "3180"]


def test_a_pending_invoice_leaves_the_balance_alone(desktop: Desktop) -> None:
    desktop.ask(
        invoice_add("Hillside HOA", before_tax="<IsPending>true</IsPending>", customer_tax_code="Non")
    )

    [customer] = [each for each in desktop.books.customers if each["Name"] == "Hillside HOA"]
    assert (customer["Balance"], desktop.books.invoices[0]["IsPaid"]) == ("0.00", False)


def test_an_invoice_of_a_job_counts_in_the_total_balance_of_its_customer(desktop: Desktop) -> None:
    desktop.send(
        customer_add("5431", parent="Hillside HOA"),
        invoice_add("Hillside HOA:5431", line("60.00"), customer_tax_code="Non"),
        invoice_add("Hillside HOA", line("40.00"), customer_tax_code="Non"),
    )

    balances = {
        each["FullName"]: (each["Balance"], each["TotalBalance"])
        for each in desktop.books.customers
        if each["FullName"].startswith("Hillside HOA")
    }
    assert balances == {"Hillside HOA": ("40.00", "100.00"), "Hillside HOA:5431": ("60.00", "60.00")}


def test_saving_an_invoice_touches_its_customers_time_but_not_its_edit_sequence(desktop: Desktop) -> None:
    made = desktop.ask(customer_add("Acme"))[0]
    desktop.wait(minutes=1)

    desktop.ask(invoice_add("Acme"))

    after = desktop.ask("<CustomerQueryRq><FullName>Acme</FullName></CustomerQueryRq>")[0]
    assert values(after, "TimeModified", "EditSequence") == {
        "TimeModified": "2026-01-05T12:01:00-08:00",
        "EditSequence": text(made, "EditSequence"),
    }


def test_a_change_without_lines_keeps_them(desktop: Desktop) -> None:
    invoice = desktop.ask(invoice_add("Hillside HOA", line("10.00"), line("20.00")))[0]
    desktop.wait(seconds=1)

    changed = _change(desktop, invoice, "<Memo>Checked</Memo>")[0]

    assert texts(changed, "InvoiceLineRet/TxnLineID") == texts(invoice, "InvoiceLineRet/TxnLineID")
    assert text(changed, "Memo") == "Checked"


def test_lines_that_a_change_does_not_name_disappear_and_minus_one_adds(desktop: Desktop) -> None:
    invoice = desktop.ask(
        invoice_add("Hillside HOA", line("10.00"), line("20.00"), line("30.00"), customer_tax_code="Non")
    )[0]
    first, _, third = texts(invoice, "InvoiceLineRet/TxnLineID")
    desktop.wait(hours=10)

    changed = _change(
        desktop,
        invoice,
        f"<InvoiceLineMod><TxnLineID>{third}</TxnLineID><Amount>33.00</Amount></InvoiceLineMod>"
        "<InvoiceLineMod><TxnLineID>-1</TxnLineID><ItemRef><FullName>Labor</FullName></ItemRef>"
        "<Amount>5.00</Amount></InvoiceLineMod>"
        f"<InvoiceLineMod><TxnLineID>{first}</TxnLineID></InvoiceLineMod>",
    )[0]

    ids = texts(changed, "InvoiceLineRet/TxnLineID")
    assert (ids[0], ids[2]) == (third, first)
    assert (ids[1] or "").split("-")[1] == (first or "").split("-")[1], (
        "a later line has its transaction's second"
    )
    assert texts(changed, "InvoiceLineRet/Amount") == ["33.00", "5.00", "10.00"]
    assert values(changed, "Subtotal", "BalanceRemaining") == {
        "Subtotal": "48.00",
        "BalanceRemaining": "48.00",
    }


def test_a_line_that_does_not_belong_to_the_invoice_is_not_found(desktop: Desktop) -> None:
    invoice = desktop.ask(invoice_add("Hillside HOA"))[0]

    answer = _change(desktop, invoice, "<InvoiceLineMod><TxnLineID>FFF-1</TxnLineID></InvoiceLineMod>")

    assert code(answer) == "3120"


def test_the_customer_of_an_invoice_cannot_be_cleared(desktop: Desktop) -> None:
    invoice = desktop.ask(invoice_add("Hillside HOA"))[0]

    assert code(_change(desktop, invoice, "<ItemSalesTaxRef></ItemSalesTaxRef>")) == "3190"


def test_a_stale_change_of_an_invoice_gets_the_invoice_as_it_is(desktop: Desktop) -> None:
    invoice = desktop.ask(invoice_add("Hillside HOA"))[0]
    desktop.wait(seconds=1)
    desktop.office.edit_invoice(text(invoice, "TxnID") or "", memo="Called")

    answer = _change(desktop, invoice, "<Memo>Mine</Memo>")

    assert (code(answer), text(answer, "InvoiceRet/Memo")) == ("3200", "Called")


def test_the_customer_of_a_paid_invoice_cannot_be_changed(desktop: Desktop) -> None:
    invoice = desktop.ask(invoice_add("Hillside HOA"))[0]
    desktop.ask(payment_add("Hillside HOA", "5.00", applied_to(text(invoice, "TxnID") or "", "5.00")))

    answer = _change(desktop, invoice, "<CustomerRef><FullName>Delta Logistics</FullName></CustomerRef>")

    assert code(answer) == "3170"


def test_an_unpaid_invoice_moves_to_another_customer_with_its_balance(desktop: Desktop) -> None:
    invoice = desktop.ask(invoice_add("Hillside HOA", customer_tax_code="Non"))[0]

    _change(desktop, invoice, "<CustomerRef><FullName>Delta Logistics</FullName></CustomerRef>")

    balances = {each["FullName"]: each["Balance"] for each in desktop.books.customers}
    assert (balances["Hillside HOA"], balances["Delta Logistics"]) == ("0.00", "100.00")


def test_lowering_a_paid_invoice_gives_the_rest_back_to_the_payment(desktop: Desktop) -> None:
    invoice = desktop.ask(invoice_add("Hillside HOA", customer_tax_code="Non"))[0]
    txn_id = text(invoice, "TxnID") or ""
    desktop.ask(payment_add("Hillside HOA", "100.00", applied_to(txn_id, "100.00")))

    changed = desktop.office.edit_invoice(txn_id, first_line_amount="70.00")

    assert (changed["AppliedAmount"], changed["BalanceRemaining"], changed["IsPaid"]) == (
        "-70.00",
        "0.00",
        True,
    )
    assert desktop.books.payments[0]["UnusedPayment"] == "30.00"


def test_a_void_invoice_keeps_id_and_number_and_owes_nothing(desktop: Desktop) -> None:
    invoice = desktop.ask(invoice_add("Hillside HOA", before_tax="", after_tax="<Memo>Leak</Memo>"))[0]
    txn_id = text(invoice, "TxnID") or ""
    desktop.ask(payment_add("Hillside HOA", "5.00", applied_to(txn_id, "5.00")))
    desktop.wait(seconds=1)

    answer = desktop.ask(f"<TxnVoidRq><TxnVoidType>Invoice</TxnVoidType><TxnID>{txn_id}</TxnID></TxnVoidRq>")

    assert tags(answer) == ["TxnVoidType", "TxnID", "TimeCreated", "TimeModified", "RefNumber"]
    after = desktop.ask(invoice_query(f"<TxnID>{txn_id}</TxnID>"))[0]
    assert values(after, "RefNumber", "Memo", "Subtotal", "SalesTaxTotal", "BalanceRemaining", "IsPaid") == {
        "RefNumber": "5431",
        "Memo": "VOID: Leak",
        "Subtotal": "0.00",
        "SalesTaxTotal": "0.00",
        "BalanceRemaining": "0.00",
        "IsPaid": "true",
    }
    assert desktop.books.payments[0]["UnusedPayment"] == "5.00"


def test_an_unpaid_invoice_is_deleted_and_remembered(desktop: Desktop) -> None:
    txn_id = text(desktop.ask(invoice_add("Hillside HOA")), "InvoiceRet/TxnID")

    answer = desktop.ask(f"<TxnDelRq><TxnDelType>Invoice</TxnDelType><TxnID>{txn_id}</TxnID></TxnDelRq>")
    deleted = desktop.ask("<TxnDeletedQueryRq><TxnDelType>Invoice</TxnDelType></TxnDeletedQueryRq>")

    assert tags(answer) == ["TxnDelType", "TxnID", "TimeDeleted", "RefNumber"]
    assert values(deleted[0], "TxnID", "RefNumber") == {"TxnID": txn_id, "RefNumber": "5431"}
    assert desktop.books.invoices == []
    assert {each["Balance"] for each in desktop.books.customers} == {"0.00"}


@pytest.mark.parametrize(
    ("switch", "expected", "unused"), [("refuse", "3160", "0.00"), ("unlink", "0", "5.00")]
)
def test_a_paid_invoice_is_kept_or_unlinked_as_the_switch_says(
    desktop: Desktop, switch: str, expected: str, unused: str
) -> None:
    desktop.books.switches.delete_paid_invoice = switch
    txn_id = text(desktop.ask(invoice_add("Hillside HOA")), "InvoiceRet/TxnID") or ""
    desktop.ask(payment_add("Hillside HOA", "5.00", applied_to(txn_id, "5.00")))

    answer = desktop.ask(f"<TxnDelRq><TxnDelType>Invoice</TxnDelType><TxnID>{txn_id}</TxnID></TxnDelRq>")

    assert (code(answer), desktop.books.payments[0]["UnusedPayment"]) == (expected, unused)


def test_early_payment_terms_are_offered_on_an_open_invoice(desktop: Desktop) -> None:
    terms = "<TermsRef><FullName>2% 10 Net 30</FullName></TermsRef>"
    invoice = desktop.ask(invoice_add("Hillside HOA", before_tax=terms, customer_tax_code="Non"))[0]

    assert values(invoice, "DueDate", "SuggestedDiscountAmount", "SuggestedDiscountDate") == {
        "DueDate": "2026-02-04",
        "SuggestedDiscountAmount": "2.00",
        "SuggestedDiscountDate": "2026-01-15",
    }


def test_the_answer_to_an_add_has_lines_and_no_links_and_a_query_only_what_it_asks_for(
    desktop: Desktop,
) -> None:
    added = desktop.ask(invoice_add("Hillside HOA"))
    txn_id = text(added, "InvoiceRet/TxnID") or ""
    desktop.ask(payment_add("Hillside HOA", "5.00", applied_to(txn_id, "5.00")))

    plain = desktop.ask(invoice_query(f"<TxnID>{txn_id}</TxnID>"))[0]
    full = desktop.ask(
        invoice_query(
            f"<TxnID>{txn_id}</TxnID><IncludeLineItems>true</IncludeLineItems>"
            "<IncludeLinkedTxns>true</IncludeLinkedTxns>"
        )
    )[0]

    assert attributes(added)["requestID"] == "1"
    assert [each in tags(added[0]) for each in ("InvoiceLineRet", "LinkedTxn")] == [True, False]
    assert [each in tags(plain) for each in ("InvoiceLineRet", "LinkedTxn")] == [False, False]
    assert tags(full)[-2:] == ["LinkedTxn", "InvoiceLineRet"]


def _change(desktop: Desktop, invoice: Element, inner: str) -> Element:
    txn_id, sequence = text(invoice, "TxnID") or "", text(invoice, "EditSequence") or ""
    return desktop.ask(invoice_mod(txn_id, sequence, inner))
