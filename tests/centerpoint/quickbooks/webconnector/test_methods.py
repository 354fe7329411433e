"""What each SOAP method hands to the session and what it returns (protocol.md A.5)."""

import re

import pytest

from centerpoint.quickbooks.webconnector.methods import new_key

PARSE_ERROR = "QuickBooks found an error when parsing the provided XML text stream."


def test_the_server_says_its_version(call):
    assert re.fullmatch(r"Centerpoint [0-9]+\.[0-9]+\.[0-9]+", call("serverVersion").result[0])


@pytest.mark.parametrize("version", ["2.0.0.107", "2.3.0.215", "34.0.10003.57", "", "something new"])
def test_every_web_connector_in_use_is_accepted(call, version):
    assert call("clientVersion", strVersion=version).result == [""]


def test_a_very_old_web_connector_is_warned(call):
    assert call("clientVersion", strVersion="1.5.0.9").result == [
        "W:This Web Connector is version 1.5.0.9. Centerpoint is made for version 2.0 and later; "
        "please install the current one from Intuit."
    ]


def test_a_request_is_asked_for_with_all_the_web_connector_knows(call, sessions, now):
    sessions.text = '<?xml version="1.0"?><?qbxml version="13.0"?><QBXML>&lt;</QBXML>'

    reply = call(
        "sendRequestXML",
        ticket="t",
        strHCPResponse="&lt;QBXML/&gt;",
        strCompanyFileName="C:\\Acme &amp; Co.qbw",
        qbXMLCountry="US",
        qbXMLMajorVers="13",
        qbXMLMinorVers="0",
    )

    [(name, given)] = sessions.asked
    assert given.pop("new_key") is new_key
    assert (name, given) == (
        "request",
        {
            "ticket": "t",
            "company_data": "<QBXML/>",
            "company_file_name": "C:\\Acme & Co.qbw",
            "country": "US",
            "major": 13,
            "minor": 0,
            "now": now,
        },
    )
    assert reply.result == [sessions.text]


def test_a_request_with_nothing_to_say_is_an_empty_element(call, sessions):
    sessions.text = ""

    assert b"<sendRequestXMLResult></sendRequestXMLResult>" in call("sendRequestXML", ticket="t").body


@pytest.mark.parametrize("percent", [0, 42, 100, -1])
def test_an_answer_is_handed_over_and_the_progress_returned(call, sessions, now, percent):
    sessions.percent = percent

    reply = call("receiveResponseXML", ticket="t", response="&lt;QBXML/&gt;", hresult="", message="")

    assert sessions.asked == [
        ("receive", {"ticket": "t", "answer": "<QBXML/>", "hresult": "", "message": "", "now": now})
    ]
    assert reply.result == [str(percent)]


def test_an_answer_that_is_an_error_of_quickbooks_is_handed_over(call, sessions, now):
    call("receiveResponseXML", ticket="t", response="", hresult="0x80040400", message=PARSE_ERROR)

    assert sessions.asked == [
        (
            "receive",
            {"ticket": "t", "answer": "", "hresult": "0x80040400", "message": PARSE_ERROR, "now": now},
        )
    ]


def test_a_company_file_that_does_not_open_is_told_to_the_session(call, sessions, now):
    reply = call("connectionError", ticket="t", hresult="0x80040408", message="Could not start QuickBooks.")

    assert sessions.asked == [
        (
            "connection_error",
            {"ticket": "t", "hresult": "0x80040408", "message": "Could not start QuickBooks.", "now": now},
        )
    ]
    assert reply.result == ["done"]


def test_the_last_error_is_the_sessions_sentence(call, sessions, now):
    assert call("getLastError", ticket="t").result == ["The item Labor is missing."]
    assert sessions.asked == [("last_error", {"ticket": "t", "now": now})]


def test_closing_returns_the_sessions_summary(call, sessions, now):
    assert call("closeConnection", ticket="t").result == ["3 invoices sent."]
    assert sessions.asked == [("close", {"ticket": "t", "now": now})]


def test_closing_what_was_never_opened_asks_nobody(call, sessions):
    assert call("closeConnection", ticket="no-session").result == ["No data exchange."]
    assert call("getLastError", ticket="no-session").result == ["There was nothing to do."]
    assert sessions.asked == []


def test_interactive_mode_is_never_needed(call):
    assert call("getInteractiveURL", wcTicket="t", sessionID="s").result == [""]
    assert call("interactiveRejected", wcTicket="t", reason="no").result == [
        "Centerpoint works without a dialog; run the update again."
    ]
    assert call("interactiveDone", wcTicket="t").result == ["Done"]


def test_a_message_set_id_is_short_unguessable_and_plain():
    keys = {new_key() for _ in range(1000)}

    assert len(keys) == 1000
    assert all(re.fullmatch(r"cp[A-Z2-7]{20}", key) for key in keys)
