import pytest
from by_hand.desktop import Desktop
from by_hand.requests import attributes, code, customer_add, customer_query, status, tags, text

NOTHING = (
    "1",
    "Info",
    "A query request did not find a matching object in QuickBooks",
)


def test_each_request_is_answered_in_order_and_sees_what_was_done_before(desktop: Desktop) -> None:
    answers = desktop.send(
        customer_add("Acme", request_id="a"),
        customer_query("<FullName>acme</FullName>", ' requestID="b"'),
        customer_add("Acme", request_id="c"),
        "<HostQueryRq/>",
    )

    assert [(each.tag, each.get("requestID"), code(each)) for each in answers] == [
        ("CustomerAddRs", "a", "0"),
        ("CustomerQueryRs", "b", "0"),
        ("CustomerAddRs", "c", "3100"),
        ("HostQueryRs", None, "0"),
    ]


def test_stop_on_error_leaves_everything_behind_an_error_undone_and_what_was_before_done(
    desktop: Desktop,
) -> None:
    answers = desktop.send(
        customer_add("A"),
        customer_query("<FullName>Nobody</FullName>"),
        customer_add("A"),
        customer_add("B"),
        on_error="stopOnError",
    )

    assert [code(each) for each in answers] == ["0", "500", "3100", "3231"]
    assert status(answers[3]) == ("3231", "Error", "The request has not been processed.")
    names = {each["Name"] for each in desktop.books.customers}
    assert ("A" in names, "B" in names) == (True, False)


def test_continue_on_error_goes_on(desktop: Desktop) -> None:
    answers = desktop.send(customer_add("A"), customer_add("A"), customer_add("B"))

    assert [code(each) for each in answers] == ["0", "3100", "0"]


def test_a_filter_that_matches_nothing_is_not_an_error(desktop: Desktop) -> None:
    answer = desktop.ask(
        customer_query("<NameFilter><MatchCriterion>Contains</MatchCriterion><Name>zzz</Name></NameFilter>")
    )

    assert status(answer) == NOTHING
    assert tags(answer) == []


def test_with_include_none_only_the_status_comes_back(desktop: Desktop) -> None:
    answer = desktop.ask(customer_add("Acme"), more=' responseData="includeNone"')

    assert (code(answer), tags(answer)) == ("0", [])
    assert "Acme" in {each["Name"] for each in desktop.books.customers}


def test_a_set_without_recovery_has_no_set_attributes(desktop: Desktop) -> None:
    assert attributes(desktop.send("<HostQueryRq/>")) == {}


def test_an_answer_is_written_in_the_recorded_shape(desktop: Desktop) -> None:
    text_ = desktop.connection.process(
        '<?xml version="1.0"?><?qbxml version="13.0"?><QBXML><QBXMLMsgsRq onError="stopOnError">'
        '<CustomerQueryRq requestID="1"><FullName>bleech</FullName></CustomerQueryRq></QBXMLMsgsRq></QBXML>'
    )

    assert text_ == (
        '<?xml version="1.0" ?>\n<QBXML>\n<QBXMLMsgsRs>\n'
        '<CustomerQueryRs requestID="1" statusCode="500" statusSeverity="Warn" '
        'statusMessage="The query request has not been fully completed. There was a required element '
        '(&quot;bleech&quot;) that could not be found in QuickBooks." />\n'
        "</QBXMLMsgsRs>\n</QBXML>\n"
    )


def test_a_request_that_quickbooks_knows_and_the_emulator_does_not_is_refused_by_itself(
    desktop: Desktop,
) -> None:
    answers = desktop.send(
        "<PaymentMethodQueryRq/>",
        customer_add("Acme"),
        "<InvoiceAddRq><Nonsense/></InvoiceAddRq>".replace("Invoice", "Bill"),
        valid=False,
    )

    assert [code(each) for each in answers] == ["1030", "0", "1030"]


def test_a_request_id_of_more_than_fifty_characters_is_refused(desktop: Desktop) -> None:
    answers = desktop.send(customer_add("A", request_id="x" * 50), customer_add("B", request_id="x" * 51))

    assert [code(each) for each in answers] == ["0", "1060"]


@pytest.mark.parametrize(
    ("version", "seen"),
    [("13.0", True), ("12.0", True), ("11.0", False), ("2.0", False)],
)
def test_elements_newer_than_the_version_asked_in_are_left_out(
    desktop: Desktop, version: str, seen: bool
) -> None:
    answer = desktop.ask(customer_query("<FullName>Hillside HOA</FullName>"), version=version)

    assert ("PreferredDeliveryMethod" in tags(answer[0])) is seen


def test_only_the_elements_asked_for_come_back(desktop: Desktop) -> None:
    answer = desktop.ask(
        customer_query(
            "<FullName>Hillside HOA</FullName><IncludeRetElement>ListID</IncludeRetElement>"
            "<IncludeRetElement>EditSequence</IncludeRetElement>"
        )
    )

    assert tags(answer[0]) == ["ListID", "EditSequence"]


def test_private_fields_come_only_to_their_owner(desktop: Desktop) -> None:
    owner = "{87edaaf8-637e-4203-867f-4ba79c2f8998}"
    desktop.books.set_data_ext(owner, "FileID", "{CA1C3EB8-1B61-4747-A743-8D5B438B83AC}")

    with_owner, without = desktop.send(
        f"<CompanyQueryRq><OwnerID>{owner}</OwnerID></CompanyQueryRq>", "<CompanyQueryRq/>"
    )

    assert text(with_owner, "CompanyRet/DataExtRet/DataExtValue") == "{CA1C3EB8-1B61-4747-A743-8D5B438B83AC}"
    assert text(without, "CompanyRet/DataExtRet/DataExtValue") is None


def test_sales_tax_preferences_are_missing_while_sales_tax_is_off(desktop: Desktop) -> None:
    on = desktop.ask("<PreferencesQueryRq/>")
    desktop.office.use_sales_tax(False)
    off = desktop.ask("<PreferencesQueryRq/>")

    assert [each[0].find("SalesTaxPreferences") is not None for each in (on, off)] == [True, False]
