"""What can go wrong between QuickBooks, the Web Connector and the service, and what is left behind each time."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from by_hand.desktop import NOON, Desktop, message_set
from by_hand.requests import customer_add, customer_mod, customer_query, invoice_add
from by_hand.service import OWNER_ID, Connect, Service
from lxml import etree

from qbemulator import faults
from qbemulator.faults import FAULTS, METHODS, Fault, Pending, parse
from qbemulator.stamps import ticks
from qbemulator.web_connector import FAILURES, Update

ANNA = message_set(customer_add("Anna Berg"))
HELLO = ["serverVersion", "clientVersion", "authenticate"]
EXCHANGE = ["sendRequestXML", "receiveResponseXML"]
WHOLE = [*HELLO, *EXCHANGE, "closeConnection"]


@dataclass(frozen=True)
class Story:
    """One session with one request, under one fault: what the service heard, what is in the books, how it ended."""

    fault: str
    outcome: str
    calls: list[str]
    anna_is_in: bool
    hresult: str | None = None  # of the answer, or of connectionError


STORIES = [
    Story("lose-request@1", "interrupted", [*HELLO, "sendRequestXML"], False),
    Story("lose-answer@1", "interrupted", [*HELLO, "sendRequestXML"], True),
    Story("kill@1", "interrupted", [*HELLO, "sendRequestXML"], True),
    Story(
        "lose-reply:retry@1",
        "finished",
        [*HELLO, *EXCHANGE, "receiveResponseXML", "closeConnection"],
        True,
        "",
    ),
    Story("lose-reply:die@1", "interrupted", [*HELLO, *EXCHANGE], True, ""),
    Story(
        "duplicate-call:sendRequestXML@1",
        "finished",
        [*HELLO, "sendRequestXML", *EXCHANGE, "closeConnection"],
        True,
        "",
    ),
    Story("duplicate-call@3", "finished", [*HELLO, "authenticate", *EXCHANGE, "closeConnection"], True, ""),
    Story(
        "late:receiveResponseXML@1",
        "finished",
        [*HELLO, *EXCHANGE, "closeConnection", "receiveResponseXML"],
        True,
        "",
    ),
    Story("http-500:receiveResponseXML@1", "error", [*HELLO, *EXCHANGE], True, ""),
    Story("http-502-html:sendRequestXML@1", "error", [*HELLO, "sendRequestXML"], False),
    Story("timeout:authenticate@1", "unreachable", HELLO, False),
    Story("timeout:receiveResponseXML@1", "unreachable", [*HELLO, *EXCHANGE], True, ""),
    Story("busy@1", "finished", WHOLE, False, "0x80040414"),
    Story("parse-error@1", "finished", WHOLE, False, "0x80040400"),
    Story("crash-quickbooks:done@1", "finished", WHOLE, True, "0x80040402"),
    Story("crash-quickbooks:not-done@1", "finished", WHOLE, False, "0x80040402"),
    Story(
        "quickbooks-closed@1",
        "quickbooks",
        [*HELLO, "connectionError", "closeConnection"],
        False,
        "0x80040408",
    ),
    Story("wrong-file@1", "quickbooks", [*HELLO, "connectionError", "closeConnection"], False, "0x8004040A"),
    Story(
        "no-permission@1", "quickbooks", [*HELLO, "connectionError", "closeConnection"], False, "0x80040418"
    ),
    Story("restore-backup@1", "interrupted", [*HELLO, *EXCHANGE], False, ""),
    # What people do in QuickBooks leaves the session as it is; what it does to records stands further down.
    Story("record-locked@1", "finished", WHOLE, True, ""),
    Story("closed-period@1", "finished", WHOLE, True, ""),
    Story("edit-between@1", "finished", WHOLE, True, ""),
]


def customers(desktop: Desktop) -> set[str]:
    return {customer["FullName"] for customer in desktop.books.customers}


def hresult(service: Service) -> str | None:
    told = service.parameters_of("receiveResponseXML") + service.parameters_of("connectionError")
    return told[0]["hresult"] if told else None


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.fault)
def test_a_fault_ends_as_it_says(connect: Connect, desktop: Desktop, story: Story) -> None:
    service = Service(texts=(ANNA,))
    pending = Pending([parse(story.fault)])

    update = connect(service).update(pending)

    assert (update.outcome, service.methods, hresult(service)) == (story.outcome, story.calls, story.hresult)
    assert ("Anna Berg" in customers(desktop)) is story.anna_is_in
    assert pending.left == ()


def test_every_fault_has_its_story() -> None:
    assert {parse(story.fault).name for story in STORIES} == set(FAULTS)


def test_every_fault_stands_in_the_help_with_its_meaning() -> None:
    paragraphs = faults.table().split("\n\n")

    for paragraph, (name, kind) in zip(paragraphs, FAULTS.items(), strict=True):
        assert re.split(r"[\[@]", paragraph)[0] == name
        assert paragraph.endswith(f"@N: at the Nth {kind.counted}, {kind.what}.")


def test_the_page_about_the_emulator_lists_every_fault_with_what_is_counted() -> None:
    page = Path(faults.__file__).with_name("EMULATED.md").read_text(encoding="utf-8")
    listed = re.findall(
        r"^\| ([a-z0-9-]+) \| (\w+) \|$", page.partition("### What can go wrong")[2], re.MULTILINE
    )

    assert listed == [(name, kind.counted) for name, kind in FAULTS.items()]


# -- counting ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "fault"),
    [
        ("lose-answer", Fault("lose-answer", 1)),
        ("lose-answer@3", Fault("lose-answer", 3)),
        ("lose-reply@2", Fault("lose-reply", 2, "retry")),
        ("crash-quickbooks:not-done", Fault("crash-quickbooks", 1, "not-done")),
        ("duplicate-call:receiveResponseXML@2", Fault("duplicate-call", 2, "receiveResponseXML")),
        ("late@4", Fault("late", 4)),
    ],
)
def test_a_fault_is_written_with_its_detail_and_its_time(spec: str, fault: Fault) -> None:
    assert parse(spec) == fault
    assert parse(str(fault)) == fault


@pytest.mark.parametrize(
    ("spec", "problem"),
    [
        ("lightning@1", "'lightning@1' is no fault; known: lose-request, lose-answer,"),
        ("lose-answer@x", "'lose-answer@x' is no fault; known: "),
        ("lose-answer@0", "'lose-answer@0': counting starts at 1"),
        ("lose-reply:faint", "lose-reply takes retry or die, not 'faint'"),
        ("kill:softly", "kill takes no detail, not 'softly'"),
        ("late:receiveresponsexml", "late takes serverVersion or "),
    ],
)
def test_a_fault_that_nobody_knows_is_refused(spec: str, problem: str) -> None:
    with pytest.raises(ValueError, match=re.escape(problem)):
        parse(spec)


def test_a_fault_happens_at_its_time_and_once(connect: Connect, desktop: Desktop) -> None:
    texts = tuple(message_set(customer_add(name)) for name in ("Anna Berg", "Boris Cole", "Carla Diaz"))
    service = Service(texts=texts)

    updates = connect(service).update_until_idle(faults=[parse("lose-request@2")])

    assert [(update.outcome, update.exchanges) for update in updates] == [
        ("interrupted", 1),
        ("finished", 2),
        ("no_data", 0),
    ]
    assert {"Anna Berg", "Boris Cole", "Carla Diaz"} <= customers(desktop)


def test_sessions_are_counted_from_one_to_the_next(connect: Connect) -> None:
    texts = (ANNA, message_set(customer_add("Boris Cole")))
    service = Service(texts=texts, script={"receiveResponseXML": [100]})

    updates = connect(service).update_until_idle(faults=[parse("quickbooks-closed@2")])

    assert [update.outcome for update in updates][:2] == ["finished", "quickbooks"]


def test_a_method_named_as_detail_counts_its_own_calls() -> None:
    pending = Pending([parse("timeout:sendRequestXML@2")])

    struck = []
    for method in ("authenticate", "sendRequestXML", "receiveResponseXML", "sendRequestXML"):
        pending.count("call", method)
        struck.append(pending.strikes("timeout", method=method) is not None)

    assert struck == [False, False, False, True]


def test_a_late_call_may_arrive_in_the_next_session(connect: Connect) -> None:
    """With the ticket of a session that is over."""
    service = Service(texts=(ANNA,))

    connect(service).update_until_idle(faults=[parse("late:closeConnection@1")])

    assert service.methods == [*WHOLE, "serverVersion", "closeConnection", *HELLO[1:], "closeConnection"]


def test_a_fault_whose_time_never_came_is_left(connect: Connect) -> None:
    pending = Pending([parse("busy@9"), parse("kill")])

    connect(Service(texts=(ANNA,))).update(pending)

    assert [str(fault) for fault in pending.left] == ["busy@9"]


def test_the_methods_are_those_a_session_calls() -> None:
    assert set(METHODS) == {"serverVersion", *FAILURES}


# -- what is left behind -------------------------------------------------------------------------------------------


def test_a_killed_connector_leaves_its_lock_and_takes_it_over_again(
    connect: Connect, desktop: Desktop
) -> None:
    connect(Service(texts=(ANNA,))).update([parse("kill")])

    assert desktop.books.data_ext(OWNER_ID, "AppLock") == f"LOCKED:OFFICE-PC:{ticks(NOON)}"
    again = message_set(customer_add("Boris Cole"))
    assert connect(Service(texts=(again,)), computer="OTHER-PC").update().outcome == "quickbooks"
    assert connect(Service(texts=(again,))).update().outcome == "finished"


@pytest.mark.parametrize("fault", ["lose-request", "lose-answer", "lose-reply:die", "timeout:sendRequestXML"])
def test_a_session_whose_line_is_cut_takes_its_lock_off(
    connect: Connect, desktop: Desktop, fault: str
) -> None:
    connect(Service(texts=(ANNA,))).update([parse(fault)])

    assert desktop.books.data_ext(OWNER_ID, "AppLock") == "UNLOCKED"


def test_a_restored_backup_forgets_records_and_message_sets(connect: Connect, desktop: Desktop) -> None:
    before = desktop.books.dump()
    service = Service(texts=(message_set(customer_add("Anna Berg"), new="set-1"),))

    connect(service).update([parse("restore-backup")])

    answer = etree.fromstring(service.parameters_of("receiveResponseXML")[0]["response"].encode())[0][0]
    assert answer.get("statusCode") == "0"
    assert {**desktop.books.dump(), "private_fields": []} == before


def test_a_set_whose_answer_was_lost_runs_only_once(connect: Connect, desktop: Desktop) -> None:
    text = message_set(customer_add("Anna Berg"), new="set-1")
    service = Service(texts=(text,))

    updates = connect(service).update_until_idle(faults=[parse("lose-answer")])

    [told] = service.parameters_of("receiveResponseXML")
    answer = etree.fromstring(told["response"].encode())[0][0]
    assert [update.outcome for update in updates] == ["interrupted", "finished", "no_data"]
    assert (answer.get("statusCode"), answer.findtext(".//Name")) == ("0", "Anna Berg")
    assert [customer["Name"] for customer in desktop.books.customers].count("Anna Berg") == 1


# -- what people do meanwhile --------------------------------------------------------------------------------------


def status_of(service: Service) -> list[str | None]:
    responses = [call["response"] for call in service.parameters_of("receiveResponseXML")]
    return [etree.fromstring(response.encode())[0][0].get("statusCode") for response in responses]


def run(connect: Connect, fault: str, *texts: str) -> tuple[list[str | None], Update]:
    service = Service(texts=texts)
    update = connect(service).update([parse(fault)])
    return status_of(service), update


def test_a_locked_record_is_refused_in_that_exchange_only(connect: Connect, desktop: Desktop) -> None:
    anna = desktop.office.add_customer("Anna Berg")
    change = message_set(customer_mod(anna["ListID"], anna["EditSequence"], "<Phone>555-0100</Phone>"))

    statuses, _ = run(connect, "record-locked@1", change, change)

    assert statuses == ["3175", "0"]


def test_a_closed_period_refuses_invoices_of_today(connect: Connect, desktop: Desktop) -> None:
    invoice = message_set(invoice_add("Bay Area Storage", date="2026-01-05"))

    statuses, _ = run(connect, "closed-period@2", invoice.replace("5431", "5430"), invoice)

    assert statuses == ["0", "3171"]
    assert [each["RefNumber"] for each in desktop.books.invoices] == ["5430"]


def test_an_edit_between_moves_the_edit_sequence(connect: Connect, desktop: Desktop) -> None:
    anna = desktop.office.add_customer("Anna Berg")
    invoice = desktop.office.add_invoice("Bay Area Storage", [("Service", "100.00")], memo="As agreed")
    desktop.wait(seconds=1)
    change = message_set(customer_mod(anna["ListID"], anna["EditSequence"], "<Phone>555-0100</Phone>"))

    statuses, _ = run(
        connect, "edit-between@2", message_set(customer_query("<MaxReturned>1</MaxReturned>")), change
    )

    assert statuses == ["0", "3200"]
    [edited] = desktop.books.invoices
    assert (edited["Memo"], edited["EditSequence"] > invoice["EditSequence"]) == (
        "Edited in QuickBooks",
        True,
    )
