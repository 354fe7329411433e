import pytest
from by_hand.desktop import Desktop
from by_hand.requests import (
    code,
    customer_add,
    customer_query,
    invoice_add,
    invoice_query,
    line,
    status,
    tags,
    texts,
)


def names(desktop: Desktop, inner: str) -> list[str | None]:
    return texts(desktop.ask(customer_query(inner)), "CustomerRet/FullName")


def test_only_active_records_come_back_unless_all_are_asked_for(desktop: Desktop) -> None:
    active, inactive, everything = (
        names(desktop, f"<ActiveStatus>{status_}</ActiveStatus>")
        for status_ in ("ActiveOnly", "InactiveOnly", "All")
    )

    assert inactive == ["Orchard Supply", "Prairie Home Foods"]
    assert names(desktop, "") == active
    assert sorted(map(str, active + inactive)) == sorted(map(str, everything))


def test_changes_are_found_from_their_second_on(desktop: Desktop) -> None:
    desktop.ask(customer_add("Acme"))

    found = [
        names(desktop, f"<FromModifiedDate>2026-01-05T{time}</FromModifiedDate>")
        for time in ("12:00:00-08:00", "12:00:00", "12:00:01-08:00")
    ]

    assert found == [["Acme"], ["Acme"], []]


def test_in_summer_a_printed_time_finds_its_own_record_again(desktop: Desktop) -> None:
    desktop.wait(days=180)
    printed = desktop.ask(customer_add("Acme")).findtext("CustomerRet/TimeModified")

    assert printed == "2026-07-04T13:00:00-08:00", "local summer time behind the standard offset"
    assert names(desktop, f"<FromModifiedDate>{printed}</FromModifiedDate>") == ["Acme"]


def test_in_summer_a_printed_time_taken_at_face_value_misses_an_hour(desktop: Desktop) -> None:
    desktop.books.switches.filter_offset = "face_value"
    desktop.wait(days=180)
    printed = desktop.ask(customer_add("Acme")).findtext("CustomerRet/TimeModified")

    assert names(desktop, f"<FromModifiedDate>{printed}</FromModifiedDate>") == []
    assert names(desktop, "<FromModifiedDate>2026-07-04T12:00:00-08:00</FromModifiedDate>") == ["Acme"]


def test_the_offset_may_also_be_printed_as_zero(desktop: Desktop) -> None:
    desktop.books.switches.printed_offset = "zero"

    assert (
        desktop.ask(customer_add("Acme")).findtext("CustomerRet/TimeCreated") == "2026-01-05T12:00:00+00:00"
    )


@pytest.mark.parametrize(
    ("criterion", "name", "found"),
    [
        (
            "StartsWith",
            "pacific",
            ["Pacific Crest Hotels", "Pacific Crest Hotels:Airport", "Pacific Crest Hotels:Downtown"],
        ),
        ("EndsWith", "hoa", ["Hillside HOA"]),
        ("Contains", "credit un", ["Redwood Credit Union"]),
    ],
)
def test_names_are_matched_without_regard_to_case(
    desktop: Desktop, criterion: str, name: str, found: list[str]
) -> None:
    inner = f"<NameFilter><MatchCriterion>{criterion}</MatchCriterion><Name>{name}</Name></NameFilter>"

    assert names(desktop, inner) == found


def test_a_range_of_names_includes_its_ends(desktop: Desktop) -> None:
    inner = "<NameRangeFilter><FromName>Bay Area Storage</FromName><ToName>Blue</ToName></NameRangeFilter>"

    assert names(desktop, inner) == ["Bay Area Storage", "Blue Heron Brewing Co"]


def test_balances_are_compared(desktop: Desktop) -> None:
    desktop.ask(invoice_add("Hillside HOA", line("10.00"), customer_tax_code="Non"))
    inner = "<TotalBalanceFilter><Operator>GreaterThan</Operator><Amount>9.99</Amount></TotalBalanceFilter>"

    assert names(desktop, inner) == ["Hillside HOA"]


def test_what_is_missing_by_name_is_a_warning_and_the_others_come_back(desktop: Desktop) -> None:
    answer = desktop.ask(customer_query("<FullName>hillside hoa</FullName><FullName>bleech</FullName>"))

    assert status(answer) == (
        "500",
        "Warn",
        "The query request has not been fully completed. "
        'There was a required element ("bleech") that could not be found in QuickBooks.',
    )
    assert texts(answer, "CustomerRet/FullName") == ["Hillside HOA"]


@pytest.mark.parametrize(("switch", "expected"), [("500", ("500", "Warn")), ("3120", ("3120", "Error"))])
def test_an_unknown_id_is_a_warning_or_an_error_as_the_switch_says(
    desktop: Desktop, switch: str, expected: tuple[str, str]
) -> None:
    desktop.books.switches.unknown_id_in_query = switch

    answers = desktop.send(
        customer_query("<ListID>8000001B-1405768916</ListID>"), invoice_query("<TxnID>1B-1405768916</TxnID>")
    )

    assert [status(each)[:2] for each in answers] == [expected, expected]


def test_a_customer_is_not_found_among_vendors_nor_a_vendor_among_customers(desktop: Desktop) -> None:
    answers = desktop.send(
        customer_query("<FullName>Pacific Metals</FullName>"),
        "<VendorQueryRq><FullName>Pacific Metals</FullName></VendorQueryRq>",
        "<VendorQueryRq><FullName>Hillside HOA</FullName></VendorQueryRq>",
    )

    assert [code(each) for each in answers] == ["500", "0", "500"]


def test_numbers_are_found_with_or_without_regard_to_case(desktop: Desktop) -> None:
    desktop.send(invoice_add("Hillside HOA", number="p-1"), invoice_add("Delta Logistics", number="P-1"))

    any_case, exact = desktop.send(
        invoice_query("<RefNumber>P-1</RefNumber>"),
        invoice_query("<RefNumberCaseSensitive>P-1</RefNumberCaseSensitive>"),
    )

    assert texts(any_case, "InvoiceRet/CustomerRef/FullName") == ["Hillside HOA", "Delta Logistics"]
    assert texts(exact, "InvoiceRet/CustomerRef/FullName") == ["Delta Logistics"]


def numbers(desktop: Desktop, inner: str) -> list[str | None]:
    return texts(desktop.ask(invoice_query(inner)), "InvoiceRet/RefNumber")


@pytest.mark.parametrize(
    ("inner", "found"),
    [
        ("<EntityFilter><FullName>Hillside HOA</FullName></EntityFilter>", ["1"]),
        (
            "<EntityFilter><FullNameWithChildren>Hillside HOA</FullNameWithChildren></EntityFilter>",
            ["1", "2"],
        ),
        ("<EntityFilter><FullName>Nobody</FullName></EntityFilter>", []),
        ("<AccountFilter><FullName>Accounts Receivable</FullName></AccountFilter>", ["1", "2", "30"]),
        ("<AccountFilter><FullName>Checking</FullName></AccountFilter>", []),
        ("<PaidStatus>PaidOnly</PaidStatus>", ["2"]),
        ("<PaidStatus>NotPaidOnly</PaidStatus>", ["1", "30"]),
        (
            "<RefNumberFilter><MatchCriterion>StartsWith</MatchCriterion><RefNumber>3</RefNumber></RefNumberFilter>",
            ["30"],
        ),
        (
            "<RefNumberRangeFilter><FromRefNumber>2</FromRefNumber><ToRefNumber>30</ToRefNumber></RefNumberRangeFilter>",
            ["2", "30"],
        ),
        ("<TxnDateRangeFilter><FromTxnDate>2026-01-02</FromTxnDate></TxnDateRangeFilter>", ["2", "30"]),
        ("<TxnDateRangeFilter><ToTxnDate>2026-01-01</ToTxnDate></TxnDateRangeFilter>", ["1"]),
        ("<TxnDateRangeFilter><DateMacro>Today</DateMacro></TxnDateRangeFilter>", ["30"]),
        ("<TxnDateRangeFilter><DateMacro>All</DateMacro></TxnDateRangeFilter>", ["1", "2", "30"]),
        (
            "<ModifiedDateRangeFilter><ToModifiedDate>2026-01-05T11:59:59</ToModifiedDate></ModifiedDateRangeFilter>",
            [],
        ),
        ("<MaxReturned>2</MaxReturned>", ["1", "2"]),
    ],
)
def test_invoices_are_filtered(desktop: Desktop, inner: str, found: list[str]) -> None:
    desktop.send(
        customer_add("Job", parent="Hillside HOA"),
        invoice_add("Hillside HOA", line("1.00"), number="1", date="2026-01-01"),
        invoice_add("Hillside HOA:Job", line("0.00"), number="2", date="2026-01-02"),
        invoice_add("Delta Logistics", line("3.00"), number="30", date="2026-01-05"),
    )

    assert numbers(desktop, inner) == found


def test_items_of_all_kinds_come_in_one_answer(desktop: Desktop) -> None:
    answer = desktop.ask("<ItemQueryRq/>")

    assert sorted(set(tags(answer))) == [
        "ItemDiscountRet",
        "ItemNonInventoryRet",
        "ItemOtherChargeRet",
        "ItemSalesTaxGroupRet",
        "ItemSalesTaxRet",
        "ItemServiceRet",
        "ItemSubtotalRet",
    ]


def test_a_tax_group_names_its_members_in_order(desktop: Desktop) -> None:
    answer = desktop.ask("<ItemSalesTaxGroupQueryRq/>")

    assert texts(answer, "ItemSalesTaxGroupRet/ItemSalesTaxRef/FullName") == [
        "City Tax",
        "District Tax",
        "Transit Tax",
        "State Tax",
    ]


def test_a_new_service_item_is_found_by_name(desktop: Desktop) -> None:
    added, again = desktop.send(
        *[
            "<ItemServiceAddRq><ItemServiceAdd><Name>Gutters</Name><SalesTaxCodeRef><FullName>Non</FullName>"
            "</SalesTaxCodeRef><SalesOrPurchase><Desc>Gutter work</Desc><Price>12.50</Price>"
            "<AccountRef><FullName>Construction Income</FullName></AccountRef></SalesOrPurchase>"
            "</ItemServiceAdd></ItemServiceAddRq>"
        ]
        * 2
    )

    assert (code(added), code(again)) == ("0", "3100")
    found = desktop.ask("<ItemQueryRq><FullName>gutters</FullName></ItemQueryRq>")
    assert texts(found, "ItemServiceRet/SalesOrPurchase/Price") == ["12.50"]


@pytest.mark.parametrize(
    ("request_text", "path", "found"),
    [
        (
            "<StandardTermsQueryRq/>",
            "StandardTermsRet/Name",
            ["2% 10 Net 30", "Due on receipt", "Net 15", "Net 30", "Net 60"],
        ),
        ("<TermsQueryRq/>", "StandardTermsRet/StdDueDays", ["30", "0", "15", "30", "60"]),
        ("<SalesTaxCodeQueryRq/>", "SalesTaxCodeRet/Name", ["Non", "Tax"]),
        ("<ClassQueryRq/>", "ClassRet/FullName", ["Overhead", "Projects", "Service"]),
        ("<OtherNameQueryRq/>", "OtherNameRet/Name", ["Owner Draw", "Petty Cash"]),
        (
            "<ItemSalesTaxQueryRq><FullName>County Tax</FullName></ItemSalesTaxQueryRq>",
            "ItemSalesTaxRet/TaxRate",
            ["8.25"],
        ),
        (
            "<AccountQueryRq><FullName>Undeposited Funds</FullName></AccountQueryRq>",
            "AccountRet/SpecialAccountType",
            ["UndepositedFunds"],
        ),
    ],
)
def test_small_lists_are_answered(desktop: Desktop, request_text: str, path: str, found: list[str]) -> None:
    assert texts(desktop.ask(request_text), path) == found


def test_deletions_are_remembered_for_ninety_days(desktop: Desktop) -> None:
    desktop.office.add_customer("Acme")
    desktop.office.delete_customer("Acme")
    question = "<ListDeletedQueryRq><ListDelType>Customer</ListDelType></ListDeletedQueryRq>"

    desktop.wait(days=90)
    on_the_last_day = code(desktop.ask(question))
    desktop.wait(seconds=1)

    assert (on_the_last_day, code(desktop.ask(question))) == ("0", "1")


def test_deletions_are_filtered_by_time_and_kind(desktop: Desktop) -> None:
    desktop.office.add_customer("Acme")
    desktop.office.delete_customer("Acme")

    def asked(kind: str, since: str) -> str:
        return code(
            desktop.ask(
                f"<ListDeletedQueryRq><ListDelType>{kind}</ListDelType><DeletedDateRangeFilter><FromDeletedDate>"
                f"{since}</FromDeletedDate></DeletedDateRangeFilter></ListDeletedQueryRq>"
            )
        )

    assert asked("Customer", "2026-01-05T12:00:00-08:00") == "0"
    assert asked("Customer", "2026-01-05T12:00:01-08:00") == "1"
    assert asked("Vendor", "2026-01-05") == "1"
