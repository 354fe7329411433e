"""What a session of the Web Connector says to the service, and what it does to the company file."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from by_hand.desktop import NOON, Desktop, _validated, message_set
from by_hand.requests import customer_add, customer_query
from by_hand.service import FILE_ID, OWNER_ID, TICKET, Connect, Service, fault, reply, result
from lxml import etree

from qbemulator.company_file import CompanyFile
from qbemulator.stamps import ticks
from qbemulator.web_connector import Update

HELLO = ["serverVersion", "clientVersion", "authenticate"]
BUSY_ELSEWHERE = f"LOCKED:OTHER-PC:{ticks(NOON)}"


def adding(*names: str) -> str:
    return message_set(*(customer_add(name, request_id=str(place)) for place, name in enumerate(names)))


def app_lock(books: CompanyFile) -> str | None:
    return books.data_ext(OWNER_ID, "AppLock")


# -- a session that goes well --------------------------------------------------------------------------------------


def test_a_session_makes_its_calls_in_order_and_its_changes_in_the_company_file(
    connect: Connect, desktop: Desktop
) -> None:
    service = Service(texts=(adding("Anna Berg", "Boris Cole"), adding("Carla Diaz")))

    update = connect(service).update()

    assert service.methods == [
        *HELLO,
        "sendRequestXML",
        "receiveResponseXML",
        "sendRequestXML",
        "receiveResponseXML",
        "closeConnection",
    ]
    assert update == Update(
        outcome="finished",
        soap_calls=8,
        exchanges=2,
        objects=3,
        progress=[50, 100],
        message="closeConnection",
        log=["server version: 7.1", "closeConnection"],
    )
    names = {customer["Name"] for customer in desktop.books.customers}
    assert {"Anna Berg", "Boris Cole", "Carla Diaz"} <= names


def test_each_call_carries_what_the_interface_says(connect: Connect, desktop: Desktop) -> None:
    service = Service(texts=(adding("Anna Berg"),))

    connect(service).update()

    [request], [answer] = (
        service.parameters_of("sendRequestXML"),
        service.parameters_of("receiveResponseXML"),
    )
    assert service.parameters_of("clientVersion") == [{"strVersion": "34.0.10007.56"}]
    assert service.parameters_of("authenticate") == [
        {"strUserName": "lakeside", "strPassword": "4xS-9Qt-7Lm"}
    ]
    assert {**request, "strHCPResponse": "..."} == {
        "ticket": TICKET,
        "strHCPResponse": "...",
        "strCompanyFileName": str(desktop.path),
        "qbXMLCountry": "US",
        "qbXMLMajorVers": "16",
        "qbXMLMinorVers": "0",
    }
    assert {**answer, "response": "..."} == {
        "ticket": TICKET,
        "response": "...",
        "hresult": "",
        "message": "",
    }
    [status] = _validated(answer["response"], "answer")[0]
    assert (status.tag, status.get("statusCode")) == ("CustomerAddRs", "0")
    assert service.parameters_of("closeConnection") == [{"ticket": TICKET}]


def test_the_first_request_is_told_about_the_company_and_the_others_are_not(
    connect: Connect, desktop: Desktop
) -> None:
    desktop.books.host.highest_version = "13.0"  # what Intuit's schema at hand describes
    service = Service(texts=(adding("Anna Berg"), adding("Boris Cole")))

    connect(service).update()

    first, second = (call["strHCPResponse"] for call in service.parameters_of("sendRequestXML"))
    answers = _validated(first, "answer")[0]
    assert [(answer.tag, answer.get("requestID"), answer.get("statusCode")) for answer in answers] == [
        ("HostQueryRs", "0", "0"),
        ("CompanyQueryRs", "1", "0"),
        ("PreferencesQueryRs", "2", "0"),
    ]
    assert second == ""


def test_the_company_is_told_with_our_stamps(connect: Connect) -> None:
    service = Service(texts=(adding("Anna Berg"),))

    connect(service).update()

    [request] = service.parameters_of("sendRequestXML")
    stamps = etree.fromstring(request["strHCPResponse"].encode()).iter("DataExtRet")
    assert {stamp.findtext("DataExtName"): stamp.findtext("DataExtValue") for stamp in stamps} == {
        "FileID": FILE_ID,
        "AppLock": f"LOCKED:OFFICE-PC:{ticks(NOON)}",
    }


def test_ticks_are_counted_as_dotnet_counts_them() -> None:
    assert ticks(datetime.fromtimestamp(0, UTC)) == 621_355_968_000_000_000
    assert ticks(NOON + timedelta(microseconds=1)) - ticks(NOON) == 10


def test_the_lock_stands_in_the_file_while_the_session_runs_and_not_afterwards(
    connect: Connect, desktop: Desktop
) -> None:
    seen: dict[str, str | None] = {}
    service = Service(
        texts=(adding("Anna Berg"),), before=lambda method: seen.update({method: app_lock(desktop.books)})
    )

    connect(service).update()

    locked = f"LOCKED:OFFICE-PC:{ticks(NOON)}"
    assert seen == {
        "serverVersion": None,
        "clientVersion": None,
        "authenticate": None,
        "sendRequestXML": locked,
        "receiveResponseXML": locked,
        "closeConnection": "UNLOCKED",
    }
    assert desktop.books.data_ext(OWNER_ID, "FileID") == FILE_ID


def test_a_file_id_that_is_there_already_is_kept_and_told(connect: Connect, desktop: Desktop) -> None:
    """So the service can see that this is another company file than the one it means."""
    desktop.books.set_data_ext(OWNER_ID, "FileID", "{other}")
    service = Service(texts=(adding("Anna Berg"),))

    connect(service).update()

    assert "{other}" in service.parameters_of("sendRequestXML")[0]["strHCPResponse"]
    assert desktop.books.data_ext(OWNER_ID, "FileID") == "{other}"


def test_iterators_do_not_outlive_the_session(connect: Connect) -> None:
    start = message_set(customer_query("<MaxReturned>5</MaxReturned>", ' iterator="Start"'))
    service = Service(texts=(start,))
    connect(service).update()
    answer = etree.fromstring(service.parameters_of("receiveResponseXML")[0]["response"].encode())[0][0]
    attributes = f' iterator="Continue" iteratorID="{answer.get("iteratorID")}"'
    again = Service(texts=(message_set(customer_query("<MaxReturned>5</MaxReturned>", attributes)),))

    connect(again).update()

    [call] = again.parameters_of("receiveResponseXML")
    assert etree.fromstring(call["response"].encode())[0][0].get("statusCode") == "3391"


# -- authenticate --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "outcome", "shown"),
    [
        ("none", "no_data", "No data exchange"),
        ("NONE", "no_data", "No data exchange"),
        ("nvu", "refused", "Invalid password"),
        ("busy", "busy", "Application busy"),
    ],
)
def test_a_word_instead_of_a_company_file_ends_the_session(
    connect: Connect, desktop: Desktop, word: str, outcome: str, shown: str
) -> None:
    service = Service(script={"authenticate": [[TICKET, word]]})

    update = connect(service).update()

    assert service.methods == [*HELLO, "closeConnection"]
    assert (update.outcome, update.log[-1]) == (outcome, shown)
    assert app_lock(desktop.books) is None


def test_a_wrong_password_is_refused(connect: Connect) -> None:
    assert connect(Service(texts=(adding("A"),)), password="guess").update().outcome == "refused"


def test_the_service_may_postpone_and_set_the_shortest_interval(connect: Connect) -> None:
    service = Service(script={"authenticate": [[TICKET, "none", "300", "60"]]})

    update = connect(service).update()

    assert (update.postponed_seconds, update.shortest_interval) == (300, 60)


@pytest.mark.parametrize("said", [[], [TICKET]])
def test_too_few_strings_break_the_client(connect: Connect, said: list[str]) -> None:
    service = Service(script={"authenticate": [said]})

    update = connect(service).update()

    assert (update.outcome, update.log[-1]) == (
        "error",
        "QBWC1012: Index was outside the bounds of the array.",
    )
    assert service.methods == HELLO


def test_strings_in_another_namespace_break_the_client(connect: Connect) -> None:
    body = result("authenticate", [TICKET, ""]).replace(
        b'xmlns="http://developer.intuit.com/"', b'xmlns="http://developer.intuit.com"'
    )

    update = connect(Service(script={"authenticate": [reply(body)]})).update()

    assert (update.outcome, update.log[-1]) == (
        "error",
        "QBWC1012: Object reference not set to an instance of an object.",
    )


def test_the_path_of_the_open_file_opens_it_whatever_its_case(connect: Connect, desktop: Desktop) -> None:
    service = Service(
        texts=(adding("Anna Berg"),), script={"authenticate": [[TICKET, str(desktop.path).upper()]]}
    )

    assert connect(service).update().outcome == "finished"


# -- clientVersion and serverVersion -------------------------------------------------------------------------------


def test_a_service_without_version_methods_is_served(connect: Connect) -> None:
    faults: dict[str, Any] = {
        "serverVersion": [fault("no such method")],
        "clientVersion": [fault("no such method")],
    }

    update = connect(Service(texts=(adding("Anna Berg"),), script=faults)).update()

    assert update.outcome == "finished"
    assert update.log[:2] == ["serverVersion: no such method", "clientVersion: no such method"]


@pytest.mark.parametrize(
    ("said", "outcome", "line"),
    [
        ("W:An update is recommended", "no_data", "clientVersion: W:An update is recommended"),
        ("O:2.0", "no_data", "clientVersion: O:2.0"),
        ("E:Too old", "error", "Too old"),
        ("2.0", "error", "QBWC1046: clientVersion said '2.0'"),
    ],
)
def test_client_version_may_warn_or_refuse(connect: Connect, said: str, outcome: str, line: str) -> None:
    update = connect(Service(script={"clientVersion": [said]})).update()

    assert update.outcome == outcome
    assert line in update.log


# -- QuickBooks cannot be opened -----------------------------------------------------------------------------------


def test_the_service_is_told_when_quickbooks_is_closed(connect: Connect, desktop: Desktop) -> None:
    desktop.books.quickbooks_closed = True
    service = Service(texts=(adding("Anna Berg"),))

    update = connect(service).update()

    assert service.methods == [*HELLO, "connectionError", "closeConnection"]
    assert service.parameters_of("connectionError") == [
        {"ticket": TICKET, "hresult": "0x80040408", "message": "Could not start QuickBooks."}
    ]
    assert (update.outcome, update.exchanges) == ("quickbooks", 0)


@pytest.mark.parametrize(
    ("obstacle", "hresult"),
    [
        ("other_file_open", "0x8004040A"),
        ("dialog_open", "0x80040414"),
        ("needs_admin", "0x80040418"),
        ("access_denied", "0x80040420"),
        ("no_permission", "0x8004041A"),
    ],
)
def test_each_obstacle_is_told_with_its_hresult(
    connect: Connect, desktop: Desktop, obstacle: str, hresult: str
) -> None:
    setattr(desktop.books, obstacle, True)
    service = Service(texts=(adding("Anna Berg"),))

    connect(service).update()

    assert [call["hresult"] for call in service.parameters_of("connectionError")] == [hresult]


def test_a_path_of_another_file_is_not_the_open_one(connect: Connect, tmp_path: Path) -> None:
    elsewhere = [TICKET, str(tmp_path / "other.qbx")]
    service = Service(texts=(adding("Anna Berg"),), script={"authenticate": [elsewhere]})

    update = connect(service).update()

    assert update.outcome == "quickbooks"
    assert service.parameters_of("connectionError")[0]["hresult"] == "0x8004040A"


def test_the_service_may_name_another_file_to_try(connect: Connect, tmp_path: Path) -> None:
    elsewhere = [TICKET, str(tmp_path / "other.qbx")]
    service = Service(
        texts=(adding("Anna Berg"),), script={"authenticate": [elsewhere], "connectionError": [""]}
    )

    assert connect(service).update().outcome == "finished"
    assert service.methods.count("connectionError") == 1


def test_it_is_tried_twice_more_and_then_no_more(connect: Connect, desktop: Desktop) -> None:
    desktop.books.quickbooks_closed = True
    service = Service(texts=(adding("Anna Berg"),), script={"connectionError": ["", "", "", ""]})

    update = connect(service).update()

    assert service.methods == [*HELLO, *["connectionError"] * 3, "closeConnection"]
    assert update.outcome == "quickbooks"


def test_an_edition_that_the_flags_exclude_is_a_connection_error(connect: Connect) -> None:
    service = Service(texts=(adding("Anna Berg"),))

    connect(service, elements={"AuthFlags": "0x2"}).update()

    assert service.parameters_of("connectionError")[0]["hresult"] == "0x8004041A"


def test_read_only_access_cannot_write_its_stamps(connect: Connect, desktop: Desktop) -> None:
    service = Service(texts=(adding("Anna Berg"),))

    update = connect(service, elements={"IsReadOnly": "true"}).update()

    assert service.methods == [*HELLO, "closeConnection"]
    assert update.outcome == "quickbooks"
    assert any(line.startswith("QBWC1039: 3263") for line in update.log)
    assert desktop.books.data_ext(OWNER_ID, "FileID") is None


def test_a_file_that_another_computer_updates_is_left_alone(connect: Connect, desktop: Desktop) -> None:
    desktop.books.set_data_ext(OWNER_ID, "AppLock", BUSY_ELSEWHERE)
    service = Service(texts=(adding("Anna Berg"),))

    update = connect(service).update()

    assert service.methods == [*HELLO, "closeConnection"]
    assert update.outcome == "quickbooks"
    assert "The company file is being updated from OTHER-PC." in update.log
    assert app_lock(desktop.books) == BUSY_ELSEWHERE


# -- requests and answers ------------------------------------------------------------------------------------------


def test_what_quickbooks_refuses_altogether_is_told_with_hresult_and_without_a_response(
    connect: Connect,
) -> None:
    service = Service(texts=("<QBXML/>",))

    update = connect(service).update()

    assert service.parameters_of("receiveResponseXML") == [
        {
            "ticket": TICKET,
            "response": "",
            "hresult": "0x80040400",
            "message": "QuickBooks found an error when parsing the provided XML text stream.",
        }
    ]
    assert update.outcome == "finished"


def test_a_negative_number_asks_for_the_last_error_and_ends(connect: Connect, desktop: Desktop) -> None:
    service = Service(
        texts=(adding("Anna Berg"), adding("Boris Cole")),
        script={"receiveResponseXML": [-1], "getLastError": ["This is another company file."]},
    )

    update = connect(service).update()

    assert service.methods == [
        *HELLO,
        "sendRequestXML",
        "receiveResponseXML",
        "getLastError",
        "closeConnection",
    ]
    assert (update.outcome, update.last_error, update.progress) == (
        "error",
        "This is another company file.",
        [-1],
    )
    assert "QBWC1031: This is another company file." in update.log
    assert app_lock(desktop.books) == "UNLOCKED"


def test_an_empty_request_asks_for_the_last_error_and_ends(connect: Connect) -> None:
    service = Service(texts=(adding("Anna Berg"),), script={"sendRequestXML": [""], "getLastError": ["Why"]})

    update = connect(service).update()

    assert service.methods == [*HELLO, "sendRequestXML", "getLastError", "closeConnection"]
    assert (update.outcome, update.last_error, update.exchanges) == ("error", "Why", 0)


@pytest.mark.parametrize("trigger", [{"sendRequestXML": [""]}, {"receiveResponseXML": [-1]}])
def test_a_service_that_wants_a_pause_is_asked_again_after_it(
    connect: Connect, trigger: dict[str, Any]
) -> None:
    pauses: list[float] = []
    service = Service(texts=(adding("Anna Berg"),), script={**trigger, "getLastError": ["NoOp"]})

    update = connect(service, sleep=pauses.append).update()

    assert pauses == [5.0]
    assert (update.outcome, update.progress[-1]) == ("finished", 100)


def test_nobody_answers_in_interactive_mode(connect: Connect) -> None:
    script: dict[str, Any] = {
        "sendRequestXML": [""],
        "getLastError": ["Interactive mode"],
        "interactiveRejected": ["Then not."],
    }
    service = Service(texts=(adding("Anna Berg"),), script=script)

    update = connect(service).update()

    assert service.methods[3:] == [
        "sendRequestXML",
        "getLastError",
        "getInteractiveURL",
        "interactiveRejected",
        "closeConnection",
    ]
    assert service.parameters_of("getInteractiveURL") == [{"wcTicket": TICKET, "sessionID": TICKET}]
    assert (update.outcome, update.last_error) == ("error", "Then not.")


@pytest.mark.parametrize("said", ["NoOp", reply(result("other", ""))])
def test_no_request_at_all_breaks_the_client(connect: Connect, said: Any) -> None:
    """NoOp from sendRequestXML, or a result that is not there (protocol.md A.5, J)."""
    service = Service(texts=(adding("Anna Berg"),), script={"sendRequestXML": [said]})

    update = connect(service).update()

    assert service.methods[-1] == "sendRequestXML"
    assert (update.outcome, update.log[-1]) == (
        "error",
        "QBWC1041: Object reference not set to an instance of an object.",
    )


@pytest.mark.parametrize(
    ("method", "number"),
    [
        ("authenticate", "QBWC1012"),
        ("sendRequestXML", "QBWC1041"),
        ("receiveResponseXML", "QBWC1042"),
        ("getLastError", "QBWC1043"),
        ("closeConnection", "QBWC1044"),
    ],
)
def test_a_fault_is_logged_under_the_number_of_its_method(
    connect: Connect, desktop: Desktop, method: str, number: str
) -> None:
    script: dict[str, Any] = {method: [fault("Kaboom")]}
    if method == "getLastError":
        script["receiveResponseXML"] = [-1]
    service = Service(texts=(adding("Anna Berg"),), script=script)

    update = connect(service).update()

    assert service.methods[-1] == method
    assert (update.outcome, update.log[-1]) == ("error", f"{number}: Kaboom")
    assert app_lock(desktop.books) in (None, "UNLOCKED")


def test_a_fault_of_connection_error_has_its_number_too(connect: Connect, desktop: Desktop) -> None:
    desktop.books.dialog_open = True
    service = Service(texts=(adding("Anna Berg"),), script={"connectionError": [fault("Kaboom")]})

    assert connect(service).update().log[-1] == "QBWC1045: Kaboom"


def test_a_client_version_that_cannot_be_read_has_its_number_too(connect: Connect) -> None:
    service = Service(script={"clientVersion": [reply(b"<html/>", content_type="text/html")]})

    assert connect(service).update().log[-1].startswith("QBWC1036: Client found response content type")


def test_more_than_a_hundred_percent_is_an_error(connect: Connect) -> None:
    service = Service(texts=(adding("Anna Berg"),), script={"receiveResponseXML": [101]})

    assert connect(service).update().log[-1] == "QBWC1042: receiveResponseXML returned 101"


# -- many sessions -------------------------------------------------------------------------------------------------


def test_sessions_follow_until_there_is_nothing_to_do(connect: Connect) -> None:
    service = Service(
        texts=(adding("Anna Berg"), adding("Boris Cole")), script={"receiveResponseXML": [100, 100]}
    )
    service.answered = -1

    def advance(method: str) -> None:
        service.answered += method == "authenticate"

    service.before = advance

    updates = connect(service).update_until_idle()

    assert [update.outcome for update in updates] == ["finished", "finished", "no_data"]


@pytest.mark.parametrize(
    ("script", "outcomes"),
    [
        ({"authenticate": [[TICKET, "nvu"]]}, ["refused"]),
        ({"authenticate": [[TICKET, "busy"], [TICKET, "busy"]]}, ["busy", "busy"]),
        ({"authenticate": [[TICKET, "busy"], [TICKET, "none"]]}, ["busy", "no_data"]),
        ({"sendRequestXML": ["", ""]}, ["error", "error"]),
    ],
)
def test_a_session_that_goes_wrong_is_tried_once_more(
    connect: Connect, script: dict[str, Any], outcomes: list[str]
) -> None:
    updates = connect(Service(texts=(adding("Anna Berg"),), script=script)).update_until_idle()

    assert [update.outcome for update in updates] == outcomes


def test_there_is_a_limit_to_sessions(connect: Connect) -> None:
    service = Service(texts=(adding("Anna Berg"),), script={"receiveResponseXML": [100, 100, 100]})

    updates = connect(service).update_until_idle(limit=3)

    assert [update.outcome for update in updates] == ["finished"] * 3


def test_the_addresses_are_asked_for_when_the_application_is_added(connect: Connect) -> None:
    service = Service()

    connect(service, check_urls=True)

    assert service.gets == ["/support", "/quickbooks/webconnector"]


def test_every_call_and_reply_can_be_watched(connect: Connect) -> None:
    seen: list[tuple[str, bytes]] = []
    service = Service()

    connect(service, watch=lambda method, body, answer: seen.append((method, answer.body))).update()

    assert seen[-1] == ("closeConnection", result("closeConnection", "closeConnection"))
