"""The same situation gives the same elements in the same order as real QuickBooks gave (QBXML_RECORDED_DIR)."""

import html
import re
from pathlib import Path
from typing import Any

import pytest
from by_hand.desktop import Desktop
from by_hand.requests import (
    Element,
    applied_to,
    customer_add,
    customer_mod,
    customer_query,
    invoice_add,
    invoice_query,
    payment_add,
    rated_line,
    text,
)
from lxml import etree

Shape = list[Any]
ADDRESS = (
    "<Addr1>1234 Awesome Street</Addr1><City>Hollywood</City><State>CA</State><PostalCode>90210</PostalCode>"
)
SERVICE = (
    "<ItemServiceAddRq><ItemServiceAdd><Name>Service</Name><SalesOrPurchase><Price>10</Price>"
    "<AccountRef><FullName>Construction Income</FullName></AccountRef></SalesOrPurchase></ItemServiceAdd>"
    "</ItemServiceAddRq>"
)


@pytest.fixture
def recorded(recorded_dir: Path) -> Any:
    def read(name: str) -> Element:
        """The QBXMLMsgsRs of a recording, unwrapped from SOAP where it came through the Web Connector."""
        [path] = recorded_dir.glob(f"{name}_*")
        content = path.read_text(encoding="utf-8")
        if "soap:Envelope" in content:
            match = re.search(r"<response>(.*)</response>", content, re.DOTALL)
            assert match is not None
            content = html.unescape(match[1])
        return etree.fromstring(content.encode())[0]

    return read


@pytest.fixture
def books(new_desktop: Desktop) -> Desktop:
    """A company file like those of the recordings: sales tax off, one item."""
    new_desktop.ask(SERVICE)
    return new_desktop


def shape(element: Element) -> Shape:
    return [element.tag, *[shape(child) for child in element]]


def head(answer: Element) -> list[tuple[str, str]]:
    """The attributes in their order, but the request's own id."""
    return [(str(name), str(value)) for name, value in answer.attrib.items() if name != "requestID"]


def test_an_invoice_of_somebody_with_an_address(books: Desktop, recorded: Any) -> None:
    address = f"<BillAddress>{ADDRESS}<Country>USA</Country></BillAddress>"
    books.ask(customer_add("spree", address + address.replace("Bill", "Ship")))

    answer = books.send(invoice_add("spree", rated_line("2", "103")))

    assert shape(answer) == shape(recorded("01"))
    assert _line_values(answer) == _line_values(recorded("01"))


def test_an_unapplied_payment(books: Desktop, recorded: Any) -> None:
    books.ask(customer_add("spree"))
    method = "<PaymentMethodRef><FullName>Check</FullName></PaymentMethodRef><IsAutoApply>false</IsAutoApply>"
    request = payment_add("spree", "210.00", method).replace(
        "<TotalAmount>", "<RefNumber>R154817935</RefNumber><TotalAmount>"
    )

    answer = books.send(request)

    assert shape(answer) == shape(recorded("02"))
    for path in ("TotalAmount", "UnusedPayment", "UnusedCredits", "PaymentMethodRef/FullName"):
        assert text(answer[0][0], path) == text(recorded("02")[0][0], path)


def test_an_invoice_found_by_query(books: Desktop, recorded: Any) -> None:
    books.ask(customer_add("Harold", "<BillAddress><Addr1>Harold Donaldson</Addr1></BillAddress>"))
    books.ask(invoice_add("Harold", rated_line("1", "10"), number="3"))

    answer = books.send(invoice_query("<RefNumber>3</RefNumber><IncludeLineItems>true</IncludeLineItems>"))

    assert shape(answer) == shape(recorded("24"))
    assert _line_values(answer) == _line_values(recorded("24"))


def test_a_customer_with_terms_and_tax_code(books: Desktop, recorded: Any) -> None:
    books.ask(
        customer_add(
            "Builder&apos;s Supply LLC",
            "<BillAddress><Addr1>Builder&apos;s Supply LLC</Addr1></BillAddress>"
            "<TermsRef><FullName>Net 15</FullName></TermsRef>"
            "<SalesTaxCodeRef><FullName>Non</FullName></SalesTaxCodeRef>",
        )
    )

    answer = books.send(customer_query("<FullName>Builder&apos;s Supply LLC</FullName>"), version="6.0")

    assert shape(answer) == shape(recorded("25"))
    assert head(answer[0]) == head(recorded("25")[0])


def test_a_customer_of_today_with_everything(desktop: Desktop, recorded: Any) -> None:
    home = (
        "<Addr1>Kristy Abercrombie</Addr1><Addr2>5647 Cypress Hill Rd</Addr2><City>Bayshore</City>"
        "<State>CA</State><PostalCode>94326</PostalCode>"
    )
    answer = desktop.ask(
        customer_add(
            "Abercrombie, Kristy",
            "<Salutation>Mrs.</Salutation><FirstName>Kristy</FirstName><LastName>Abercrombie</LastName>"
            f"<BillAddress>{home}</BillAddress><ShipAddress>{home}</ShipAddress>"
            "<Phone>415-555-6579</Phone><Email>kristy@samplename.com</Email>"
            "<Contact>Kristy Abercrombie</Contact><AltContact>Steve Darcangelo</AltContact>"
            "<CustomerTypeRef><FullName>Residential</FullName></CustomerTypeRef>"
            "<TermsRef><FullName>Net 30</FullName></TermsRef>"
            "<SalesTaxCodeRef><FullName>Tax</FullName></SalesTaxCodeRef>"
            "<ItemSalesTaxRef><FullName>County Tax</FullName></ItemSalesTaxRef>"
            "<AccountNumber>91-431</AccountNumber><JobStatus>None</JobStatus>"
            "<JobStartDate>2017-09-23</JobStartDate><JobProjectedEndDate>2017-09-23</JobProjectedEndDate>"
            "<JobEndDate>2017-09-23</JobEndDate><Notes>Send Kristy an estimate.</Notes>"
            "<PreferredDeliveryMethod>Email</PreferredDeliveryMethod>",
        )
    )

    real = recorded("13")[0][0]
    assert shape(answer[0]) == shape(real)
    for path in ("ShipAddressBlock/Addr3", "ShipToAddress/Name", "ShipToAddress/DefaultShipTo", "Contact"):
        assert text(answer[0], path) == text(real, path)
    assert [each.text for each in answer[0].iterfind("AdditionalContactRef/*")] == [
        each.text for each in real.iterfind("AdditionalContactRef/*")
    ]


def test_no_recorded_customer_has_an_order_that_ours_could_not_have(desktop: Desktop, recorded: Any) -> None:
    ours = [
        "ListID", "TimeCreated", "TimeModified", "EditSequence", "Name", "FullName", "IsActive", "ParentRef", "Sublevel",
        "CompanyName", "Salutation", "FirstName", "MiddleName", "LastName", "BillAddress", "BillAddressBlock",
        "ShipAddress", "ShipAddressBlock", "ShipToAddress", "Phone", "AltPhone", "Fax", "Email", "Cc", "Contact",
        "AltContact", "AdditionalContactRef", "ContactsRet", "CustomerTypeRef", "TermsRef", "Balance", "TotalBalance",
        "SalesTaxCodeRef", "ItemSalesTaxRef", "AccountNumber", "PreferredPaymentMethodRef", "CreditCardInfo",
        "JobStatus", "JobStartDate", "JobProjectedEndDate", "JobEndDate", "JobDesc", "JobTypeRef", "Notes",
        "AdditionalNotesRet", "PreferredDeliveryMethod", "PriceLevelRef",
    ]  # fmt: skip

    for customer in recorded("12").iter("CustomerRet"):
        places = [ours.index(child.tag) for child in customer]
        assert places == sorted(places)


def test_a_changed_customer(books: Desktop, recorded: Any) -> None:
    answer = books.send(_changed(books, "John"), version="5.0")

    assert shape(answer) == shape(recorded("26"))


def test_a_stale_change(books: Desktop, recorded: Any) -> None:
    _add_john(books)
    list_id = books.books.customers[0]["ListID"]

    answer = books.send(customer_mod(list_id, "1272664823", "<Phone>1</Phone>"), version="6.0")

    assert head(answer[0]) == head(recorded("27")[0])
    assert shape(answer) == shape(recorded("27"))


def test_a_change_that_could_not_be_kept_in_full(books: Desktop, recorded: Any) -> None:
    _add_john(books)
    john = books.books.customers[0]
    price_level = "<PriceLevelRef><FullName>Commercial</FullName></PriceLevelRef>"

    answer = books.send(customer_mod(john["ListID"], john["EditSequence"], price_level), version="6.0")

    real = recorded("28")[0]
    assert head(answer[0]) == [
        (name, value.replace("IsStatementWithParent", "PriceLevelRef")) for name, value in head(real)
    ]
    assert shape(answer) == shape(recorded("28"))


def test_a_deleted_customer(books: Desktop, recorded: Any) -> None:
    made = books.ask(customer_add("Customer remote"))[0]

    answer = books.send(
        f"<ListDelRq><ListDelType>Customer</ListDelType><ListID>{text(made, 'ListID')}</ListID></ListDelRq>"
    )

    assert (shape(answer), head(answer[0])) == (shape(recorded("29")), head(recorded("29")[0]))


def test_pages_of_an_iterator(books: Desktop, recorded: Any) -> None:
    books.send(customer_add("Builder 1"), customer_add("Builder 2"))
    page = "<MaxReturned>1</MaxReturned>"
    first = books.send(customer_query(page, ' iterator="Start"'), version="5.0")
    identity = first[0].get("iteratorID")
    last = books.send(customer_query(page, f' iterator="Continue" iteratorID="{identity}"'), version="5.0")

    for ours, real in ((first, recorded("30")), (last, recorded("31"))):
        assert shape(ours) == shape(real)
        assert [name for name, _ in head(ours[0])] == [name for name, _ in head(real[0])]
        assert ours[0].get("iteratorRemainingCount") == real[0].get("iteratorRemainingCount")
        assert len(ours[0].get("iteratorID", "")) == len(real[0].get("iteratorID"))


def test_a_credit_memo(books: Desktop, recorded: Any) -> None:
    books.ask(customer_add("N7 - Prospective Domestic"))

    answer = books.send(
        "<CreditMemoAddRq><CreditMemoAdd><CustomerRef><FullName>N7 - Prospective Domestic</FullName></CustomerRef>"
        "<CreditMemoLineAdd><ItemRef><FullName>Service</FullName></ItemRef><Quantity>1</Quantity><Rate>50</Rate>"
        "</CreditMemoLineAdd></CreditMemoAdd></CreditMemoAddRq>"
    )

    assert shape(answer) == shape(recorded("33"))
    for path in ("TotalAmount", "CreditRemaining", "SalesTaxPercentage", "CreditMemoLineRet/Amount"):
        assert text(answer[0][0], path) == text(recorded("33")[0][0], path)


def test_a_payment_of_three_invoices(books: Desktop, recorded: Any) -> None:
    books.books.switches.absent_ref_number = "empty"
    books.ask(customer_add("Some Customer"))
    ids = [
        text(
            books.ask(invoice_add("Some Customer", rated_line("1", rate), number=number)), "InvoiceRet/TxnID"
        )
        or ""
        for rate, number in (("100", "21"), ("200", None), ("199.77", "22"))
    ]
    method = "<PaymentMethodRef><FullName>Check</FullName></PaymentMethodRef>"
    number = "<RefNumber>100</RefNumber><TotalAmount>"
    books.ask(
        payment_add("Some Customer", "100.00", method + applied_to(ids[1], "100.00")).replace(
            "<TotalAmount>", number
        )
    )
    parts = [
        applied_to(txn_id, amount) for txn_id, amount in zip(ids, ("100.00", "100.00", "199.77"), strict=True)
    ]
    books.ask(
        payment_add("Some Customer", "399.77", method + "".join(parts)).replace(
            "<TotalAmount>", number.replace("100", "456")
        )
    )

    answer = books.send(
        "<ReceivePaymentQueryRq><RefNumber>456</RefNumber><IncludeLineItems>true</IncludeLineItems>"
        "</ReceivePaymentQueryRq>"
    )

    real = recorded("41")
    assert shape(answer) == shape(real)
    for path in (
        "AppliedToTxnRet/Amount",
        "AppliedToTxnRet/BalanceRemaining",
        "AppliedToTxnRet/LinkedTxn/Amount",
    ):
        assert [each.text for each in answer[0][0].iterfind(path)] == [
            each.text for each in real[0][0].iterfind(path)
        ]


@pytest.mark.parametrize(
    ("name", "request_text", "ours_for_real"),
    [
        ("07", customer_query("<FromModifiedDate>2037-01-01</FromModifiedDate>"), {}),
        ("38", customer_query("<FullName>bleech</FullName>"), {}),
        ("39", customer_query("<ListID>8000001B-1405768916</ListID>"), {}),
        ("43", SERVICE, {"Shipping Item - QuickBooks Inte": "Service"}),
        ("11", invoice_add("Joe Smith"), {"SalesOrder": "Invoice"}),
        ("17", customer_add("x" * 42), {"a5ad6d73": "x" * 42, "AccountNumber": "Name"}),
    ],
)
def test_a_refusal_or_an_empty_answer_in_its_recorded_words(
    books: Desktop, recorded: Any, name: str, request_text: str, ours_for_real: dict[str, str]
) -> None:
    books.books.switches.unknown_id_in_query = "3120"
    real = recorded(name)[0]
    expected = []
    for attribute, value in head(real):
        for theirs, ours in ours_for_real.items():
            value = value.replace(theirs, ours)
        expected.append((attribute, value))

    assert head(books.ask(request_text, valid=False)) == expected


def test_the_first_words_of_a_session(desktop: Desktop, recorded: Any) -> None:
    owner = "{87EDAAF8-637E-4203-867F-4BA79C2F8998}"
    for name, value in (("AppLock", "LOCKED:PC:1"), ("FileID", "{CA1C3EB8-1B61-4747-A743-8D5B438B83AC}")):
        desktop.books.set_data_ext(owner, name, value)

    host, company, preferences = desktop.send(
        "<HostQueryRq/>", f"<CompanyQueryRq><OwnerID>{owner}</OwnerID></CompanyQueryRq>", "<PreferencesQueryRq/>",
        version="11.0",
    )  # fmt: skip

    real = {answer.tag: answer[0] for answer in recorded("35")}
    assert _distinct(host[0]) == _distinct(real["HostQueryRs"])
    assert _in_order(_distinct(company[0]), _distinct(real["CompanyQueryRs"]))
    assert shape(company[0].findall("DataExtRet")[0]) == shape(
        real["CompanyQueryRs"].findall("DataExtRet")[0]
    )
    # Theirs has sales tax off, so it lacks SalesTaxPreferences.
    assert _in_order(
        _distinct(preferences[0]), [*_distinct(real["PreferencesQueryRs"]), "SalesTaxPreferences"]
    )


def _distinct(element: Element) -> list[str]:
    return list(dict.fromkeys(str(child.tag) for child in element))


def _in_order(ours: list[str], real: list[str]) -> bool:
    """Nothing that theirs does not have, and what both have in the same order."""
    both = [tag for tag in ours if tag in real]
    return set(ours) <= set(real) and [
        tag for tag in real if tag in both and tag != "SalesTaxPreferences"
    ] == [tag for tag in both if tag != "SalesTaxPreferences"]


def _line_values(answer: Element) -> list[str | None]:
    paths = ("Quantity", "Rate", "Amount", "SalesTaxCodeRef/FullName")
    return [each.findtext(path) for each in answer.iter("InvoiceLineRet") for path in paths]


def _add_john(books: Desktop) -> None:
    address = (
        "<Addr1>2124 SE Belmont</Addr1><City>Portland</City><State>OR</State><PostalCode>97214</PostalCode>"
    )
    books.ask(customer_add("John", f"<BillAddress>{address}</BillAddress><JobStatus>Awarded</JobStatus>"))


def _changed(books: Desktop, name: str) -> str:
    made = books.ask(customer_add(name))[0]
    return customer_mod(
        text(made, "ListID") or "", text(made, "EditSequence") or "", "<Name>NAME NAME</Name>"
    )
