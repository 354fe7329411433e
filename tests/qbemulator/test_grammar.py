"""What refuses a whole message set, and what refuses one request of it."""

from pathlib import Path

import pytest
from by_hand.desktop import Desktop, message_set
from by_hand.requests import code, customer_add, customer_query, invoice_add, line, rated_line, status, text

from qbemulator.request_processor import HResult

BROKEN = Path(__file__).parent.parent / "conformance" / "broken_requests"
LONGER_THAN_LATIN_1 = "&#8211;"


@pytest.mark.parametrize("path", sorted(BROKEN.glob("*.xml")), ids=lambda path: path.stem)
def test_a_broken_message_set_is_refused_and_nothing_of_it_is_done(desktop: Desktop, path: Path) -> None:
    before = desktop.books.dump()

    with pytest.raises(HResult) as refused:
        desktop.connection.process(path.read_text(encoding="utf-8"))

    assert (refused.value.code, refused.value.message) == (
        "0x80040400",
        "QuickBooks found an error when parsing the provided XML text stream.",
    )
    assert desktop.books.dump() == before


def test_there_are_broken_requests_to_refuse() -> None:
    assert len(list(BROKEN.glob("*.xml"))) >= 60


@pytest.mark.parametrize(
    ("request_text", "code_", "message"),
    [
        (
            "<InvoiceQueryRq><PaidStatus>NotARealEnum</PaidStatus></InvoiceQueryRq>",
            "3110",
            'The enumerated value "NotARealEnum" in the field "PaidStatus" is unknown or invalid '
            "for the qbXML version in use.",
        ),
        (
            "<InvoiceQueryRq><TxnID>BOGUS-TXN-ID</TxnID></InvoiceQueryRq>",
            "3000",
            'The given object ID "BOGUS-TXN-ID" in the field "Transaction id" is invalid.',
        ),
        (
            invoice_add("Hillside HOA", number="123456789012"),
            "3070",
            'The string "123456789012" in the field "RefNumber" is too long.',
        ),
        (
            invoice_add("Hillside HOA", rated_line("1", "0.123456")),
            "3045",
            'There was an error when converting the price "0.123456" in the field "Rate".',
        ),
        (
            invoice_add("Hillside HOA", rated_line("1.123456", "1")),
            "3060",
            'There was an error when converting the quantity "1.123456" in the field "Quantity".',
        ),
        (
            invoice_add("Hillside HOA", line("1.001")),
            "3040",
            'There was an error when converting the amount "1.001" in the field "Amount".',
        ),
        (
            invoice_add("Hillside HOA", line("1,234.00")),
            "3040",
            'There was an error when converting the amount "1,234.00" in the field "Amount".',
        ),
        (
            customer_add("Acme", "<JobStartDate>2026-02-30</JobStartDate>"),
            "3020",
            'There was an error when converting the date value "2026-02-30" in the field "JobStartDate".',
        ),
        (
            customer_query("<FromModifiedDate>yesterday</FromModifiedDate>"),
            "3020",
            'There was an error when converting the date value "yesterday" in the field "FromModifiedDate".',
        ),
        (
            invoice_add("Hillside HOA", before_tax="<IsPending>maybe</IsPending>"),
            "3010",
            'There was an error when converting the boolean value "maybe" in the field "IsPending".',
        ),
        (
            customer_query("<MaxReturned>many</MaxReturned>"),
            "3085",
            'The number "many" in the field "MaxReturned" is invalid.',
        ),
        (
            invoice_add("Hillside HOA", after_tax="<ExternalGUID>{no-guid}</ExternalGUID>"),
            "3000",
            'There was an error when converting the GUID "{no-guid}" in the field "ExternalGUID".',
        ),
        (customer_add(""), "3150", 'The required element "Name" is missing.'),
        (
            invoice_add("Hillside HOA").replace("<FullName>Hillside HOA</FullName>", ""),
            "3150",
            'The required element "CustomerRef" is missing.',
        ),
    ],
)
def test_a_wrong_value_refuses_its_request_and_the_others_are_done(
    desktop: Desktop, request_text: str, code_: str, message: str
) -> None:
    refused, done = desktop.send(request_text, customer_add("Saved"), valid=False)

    assert status(refused) == (code_, "Error", message)
    assert code(done) == "0"


def test_a_missing_element_may_also_be_a_fault_of_its_request_alone(desktop: Desktop) -> None:
    desktop.books.switches.missing_required = "3150"
    without_name = "<CustomerAddRq><CustomerAdd><CompanyName>x</CompanyName></CustomerAdd></CustomerAddRq>"

    answers = desktop.send(without_name, customer_add("Saved"), valid=False)

    assert [code(each) for each in answers] == ["3150", "0"]
    assert status(answers[0])[2] == 'The required element "Name" is missing.'


def test_latin_letters_are_kept_and_come_back_as_decimal_entities(desktop: Desktop) -> None:
    answer = desktop.connection.process(
        message_set(customer_add("Caf&#233; &#174; &lt;O&apos;Neil&gt; &amp; S&#216;N"))
    )

    assert "<Name>Caf&#233; &#174; &lt;O&apos;Neil&gt; &amp; S&#216;N</Name>" in answer
    assert answer.isascii()


def test_raw_latin_letters_are_taken_too(desktop: Desktop) -> None:
    assert text(desktop.ask(customer_add("Café")), "CustomerRet/Name") == "Café"


def test_an_entity_above_latin_1_arrives_as_a_question_mark(desktop: Desktop) -> None:
    assert (
        text(desktop.ask(customer_add(f"East {LONGER_THAN_LATIN_1} West")), "CustomerRet/Name")
        == "East ? West"
    )


def test_comments_are_allowed(desktop: Desktop) -> None:
    assert code(desktop.ask(f"<!-- our number 5 -->{customer_add('Acme')}")) == "0"


@pytest.mark.parametrize(
    "declaration", ['<?xml version="1.0"?>', '<?xml version="1.0" encoding="us-ascii"?>', ""]
)
def test_every_usual_declaration_is_taken(desktop: Desktop, declaration: str) -> None:
    rest = message_set(customer_add("Acme")).partition("?>\n")[2]

    assert 'statusCode="0"' in desktop.connection.process(declaration + rest)


@pytest.mark.parametrize("version", ["1.1", "2.0", "8.0", "13.0", "14.0", "16.0"])
def test_every_version_that_quickbooks_lists_is_spoken(desktop: Desktop, version: str) -> None:
    assert code(desktop.ask(customer_add("Acme"), version=version)) == "0"


def test_an_older_quickbooks_knows_fewer_versions(desktop: Desktop) -> None:
    desktop.books.host.highest_version = "11.0"

    assert desktop.books.supported_versions[-1] == "11.0"
    with pytest.raises(HResult, match="0x80040400"):
        desktop.send("<HostQueryRq/>", version="13.0")


def test_line_breaks_in_notes_come_back_as_line_feeds(desktop: Desktop) -> None:
    answer = desktop.ask(customer_add("Acme", "<Notes>Gate code 4\nDog</Notes>"))

    assert text(answer, "CustomerRet/Notes") == "Gate code 4\nDog"
