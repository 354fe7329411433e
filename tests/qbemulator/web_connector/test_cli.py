"""`qbemulator` as somebody types it."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from by_hand.desktop import message_set
from by_hand.requests import customer_add
from by_hand.service import PASSWORD, TICKET, Service, fault
from by_hand.service import qwc as file

from qbemulator import cli
from qbemulator.cli_office import SCREENS
from qbemulator.company_file import CompanyFile


@dataclass(frozen=True)
class Typed:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Type = Callable[..., Typed]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Type:
    """Runs `qbemulator` with arguments, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")

    def typed(*arguments: object) -> Typed:
        monkeypatch.setattr("sys.argv", ["qbemulator", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        captured = capsys.readouterr()
        return Typed(int(ended.value.code or 0), captured.out, captured.err)

    return typed


class Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"  # so that "100 Continue" is said

    def log_message(self, format: str, *args: object) -> None:
        """Not among the results of tests."""


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """A live service; `c.qwc` leads to it."""
    service = Service()
    server = make_server("localhost", 0, service, handler_class=Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    address = f"http://localhost:{server.server_port}"
    (tmp_path / "c.qwc").write_bytes(file(AppURL=f"{address}/qb", AppSupport=f"{address}/support"))
    yield service
    server.shutdown()
    server.server_close()
    thread.join()


CONNECT = ("connect", "c.qwc", "--password", PASSWORD, "--company-file", "a.qbx")


# -- company files -------------------------------------------------------------------------------------------------


def test_a_new_file_is_made_and_shown(run: Type) -> None:
    made = run("new", "a.qbx", "--sample", "contractor")
    shown = run("dump", "a.qbx", "--json")

    assert (made.code, made.out) == (0, "Practice Roofing Company: 54 customers and jobs in a.qbx\n")
    assert (shown.code, shown.json["company"]["CompanyName"]) == (0, "Practice Roofing Company")
    assert len(shown.json["customers"]) == 54
    assert "customers" in run("dump", "a.qbx").out


def test_the_time_zone_of_the_pc_is_kept(run: Type) -> None:
    run("new", "a.qbx", "--sample", "empty", "--time-zone", "America/New_York")

    with CompanyFile.open("a.qbx") as books:
        assert books.time_zone == "America/New_York"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("new", "a.qbx", "--sample", "bakery"), "There is no sample 'bakery'"),
        (("new", "a.qbx", "--time-zone", "Mars/Olympus"), "There is no time zone 'Mars/Olympus'"),
        (("new", "junk.txt"), "There is a file junk.txt already."),
        (("dump", "a.qbx"), "There is no file a.qbx."),
        (("dump", "junk.txt"), "This is no company file: file is not a database"),
        (("connect", "b.qwc", "--password", "p", "--company-file", "a.qbx"), "There is no file b.qwc."),
        (("connect", "junk.txt", "--password", "p", "--company-file", "a.qbx"), "QBWC1039: "),
        ((*CONNECT, "--fault", "lightning"), "'lightning' is no fault"),
        (("office", "a.qbx", "open-dialog"), "There is no file a.qbx."),
        (("office", "a.qbx", "dance"), "No such command 'dance'"),
        (("office", "a.qbx", "credit", "Anna", "1.234"), "'1.234' is no amount of money"),
        (("office", "a.qbx", "credit", "Anna", "much"), "'much' is no amount"),
        (("office", "a.qbx", "set-closing-date", "tomorrow"), "Invalid isoformat string"),
        (("office", "a.qbx", "edit-customer", "Anna", "--set", "Phone"), "is not written ELEMENT=VALUE"),
    ],
)
def test_wrong_usage_says_what_is_wrong(
    run: Type, tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    (tmp_path / "junk.txt").write_text("not the bytes of a database, and no XML either")

    typed = run(*arguments)

    assert typed.code == 2
    assert says in typed.err


# -- connect -------------------------------------------------------------------------------------------------------


def test_a_session_over_http_is_told_as_json(run: Type, service: Service) -> None:
    service.texts = (message_set(customer_add("Anna Berg")),)
    run("new", "a.qbx")

    typed = run(*CONNECT, "--until-idle", "--json")

    told = typed.json
    assert typed.code == 0
    assert service.gets == ["/support", "/qb"]
    assert {name: told[name] for name in ("sessions", "soap_calls", "exchanges", "objects")} == {
        "sessions": 2,
        "soap_calls": 10,
        "exchanges": 1,
        "objects": 1,
    }
    assert [update["outcome"] for update in told["updates"]] == ["finished", "no_data"]
    assert "Anna Berg" in [customer["Name"] for customer in run("dump", "a.qbx", "--json").json["customers"]]


def test_a_session_is_told_to_people(run: Type, service: Service) -> None:
    service.texts = (message_set(customer_add("Anna Berg")),)
    run("new", "a.qbx")

    typed = run(*CONNECT, "--fault", "lose-answer@1", "--fault", "busy@7")

    assert typed.code == 1
    # The table folds the sentence to the width of the terminal.
    assert all(word in typed.out for word in ("the answer was", "lost", "service"))
    assert "1 sessions, 4 soap calls, 1 exchanges, 1 objects" in typed.out
    assert typed.err.endswith("busy@7 never happened.\n")


@pytest.mark.parametrize(
    ("script", "screen", "code"),
    [
        ({"authenticate": [[TICKET, "none"]]}, None, 0),
        ({"authenticate": [[TICKET, "busy"]]}, None, 1),
        ({"authenticate": [[TICKET, "nvu"]]}, None, 5),
        ({"authenticate": [fault("Kaboom")]}, None, 1),
        ({"authenticate": [[TICKET, ""]]}, "close-file", 3),
    ],
)
def test_the_exit_code_says_how_it_ended(
    run: Type, service: Service, script: dict[str, Any], screen: str | None, code: int
) -> None:
    service.script = script
    run("new", "a.qbx")
    if screen:
        run("office", "a.qbx", screen)

    assert run(*CONNECT).code == code


def test_an_address_that_does_not_answer_well_is_refused_at_import(run: Type, service: Service) -> None:
    service.status_of_gets = 404
    run("new", "a.qbx")

    typed = run(*CONNECT)

    assert (typed.code, typed.err.split(":")[0]) == (2, "QBWC1003")
    assert run(*CONNECT, "--no-check-urls").code == 0


def test_a_service_that_is_not_there_has_its_own_exit_code(run: Type, tmp_path: Path) -> None:
    nowhere = "http://localhost:9"  # the port of "discard": nobody listens
    (tmp_path / "c.qwc").write_bytes(file(AppURL=f"{nowhere}/qb", AppSupport=f"{nowhere}/support"))
    run("new", "a.qbx")

    assert run(*CONNECT, "--no-check-urls").code == 4


def test_every_exit_code_and_fault_stands_in_the_help(run: Type) -> None:
    text = " ".join(run("--help").out.split())

    for code in {0, *cli.EXIT_CODES.values(), cli.WRONG_USAGE}:
        assert f"{code} " in text.partition("Exit codes:")[2].partition("Options:")[0]
    for name in cli.faults.FAULTS:
        assert f"{name}[" in (help_of := run("connect", "--help").out) or f"{name}@N" in help_of


# -- the office ----------------------------------------------------------------------------------------------------


def test_a_day_in_the_office(run: Type) -> None:
    run("new", "a.qbx")
    office = ("office", "a.qbx")

    run(*office, "add-customer", "Anna Berg", "--phone", "555-0100")
    job = run(*office, "add-customer", "Porch", "--parent", "Anna Berg").json
    invoice = run(*office, "add-invoice", "Anna Berg:Porch", "Inspection", "100.00").json["TxnID"]
    other = run(*office, "add-invoice", "Anna Berg", "Inspection", "50.00").json["TxnID"]
    payment = run(
        *office, "receive-payment", "Anna Berg", "120", "--invoice", f"{invoice}=98.00-2.00", "--invoice",
        f"{other}=22", "--ref-number", "7001", "--on", "2026-02-01",
    ).json  # fmt: skip
    credit = run(*office, "credit", "Anna Berg", "10.00", "--item", "Inspection", "--invoice", other).json

    assert job["FullName"] == "Anna Berg:Porch"
    assert payment["TxnDate"] == "2026-02-01"
    assert payment["AppliedToTxnRet"] == [
        {"TxnID": invoice, "Amount": "98.00", "DiscountAmount": "2.00"},
        {"TxnID": other, "Amount": "22.00", "DiscountAmount": "0.00"},
    ]
    assert credit["CreditRemaining"] == "0.00"
    balances = {
        each["TxnID"]: each["BalanceRemaining"] for each in run("dump", "a.qbx", "--json").json["invoices"]
    }
    assert balances == {invoice: "0.00", other: "18.00"}

    run(*office, "edit-payment", payment["TxnID"], "--total", "98", "--invoice", f"{invoice}=98")
    run(*office, "delete-payment", payment["TxnID"])
    run(*office, "edit-invoice", invoice, "--first-line", "90.00", "--memo", "As agreed")
    run(*office, "void-invoice", other)
    run(*office, "delete-invoice", invoice)

    assert [each["Memo"] for each in run("dump", "a.qbx", "--json").json["invoices"]] == ["VOID:"]
    assert run("dump", "a.qbx", "--json").json["payments"] == []


def test_names_change_in_the_office(run: Type) -> None:
    run("new", "a.qbx")
    office = ("office", "a.qbx")
    for name in ("Anna Berg", "Anna Bergh", "Boris Cole"):
        run(*office, "add-customer", name)
    run(*office, "rename-customer", "Boris Cole", "Boris Kole")
    run(*office, "edit-customer", "Boris Kole", "--set", "Email=boris@example.com")
    run(*office, "inactivate-customer", "Boris Kole")
    run(*office, "merge-customers", "Anna Bergh", "Anna Berg")
    run(*office, "add-vendor", "Carla Diaz")
    run(*office, "add-item", "Gutter cleaning")

    content = run("dump", "a.qbx", "--json").json
    people = {each["Name"]: each for each in content["customers"]}
    assert "Anna Bergh" not in people
    assert (people["Boris Kole"]["Email"], people["Boris Kole"]["IsActive"]) == ("boris@example.com", False)
    assert "Carla Diaz" in [each["Name"] for each in content["vendors"]]
    assert "Gutter cleaning" in [each["Name"] for each in content["items"]]
    run(*office, "delete-customer", "Boris Kole")
    assert "Boris Kole" not in [each["Name"] for each in run("dump", "a.qbx", "--json").json["customers"]]


def test_the_office_is_refused_as_programs_are(run: Type) -> None:
    run("new", "a.qbx")
    run("office", "a.qbx", "add-vendor", "Anna Berg")

    typed = run("office", "a.qbx", "add-customer", "Anna Berg")

    assert (typed.code, typed.out) == (3, "")
    assert typed.err == (
        'QuickBooks refuses: The name "Anna Berg" of the list element is already in use. (3100)\n'
    )


@pytest.mark.parametrize("command", sorted(SCREENS))
def test_the_screen_of_the_pc_changes(run: Type, command: str) -> None:
    run("new", "a.qbx", "--sample", "empty")
    attribute, value, _ = SCREENS[command]
    with CompanyFile.open("a.qbx") as books:
        setattr(books, attribute, not value)

    assert run("office", "a.qbx", command).code == 0

    with CompanyFile.open("a.qbx") as books:
        assert getattr(books, attribute) is value


def test_records_and_periods_are_closed_and_opened_again(run: Type) -> None:
    run("new", "a.qbx")
    office = ("office", "a.qbx")
    customer = run(*office, "add-customer", "Anna Berg").json["ListID"]

    run(*office, "lock", customer)
    refused = run(*office, "rename-customer", "Anna Berg", "Anna Bergh")
    run(*office, "unlock", customer)
    renamed = run(*office, "rename-customer", "Anna Berg", "Anna Bergh")
    run(*office, "set-closing-date", "2999-12-31")
    closed = run(*office, "add-invoice", "Anna Bergh", "Inspection", "10.00")
    run(*office, "set-closing-date")
    opened = run(*office, "add-invoice", "Anna Bergh", "Inspection", "10.00")

    assert [refused.code, renamed.code, closed.code, opened.code] == [3, 0, 3, 0]


def test_many_payments_come_in(run: Type) -> None:
    run("new", "a.qbx")
    for _ in range(3):
        run("office", "a.qbx", "add-invoice", "Bay Area Storage", "Inspection", "100.00")

    assert sum(run("office", "a.qbx", "pay-some", "--count", "2", "--seed", "5").json.values()) == 2
    assert len(run("dump", "a.qbx", "--json").json["payments"]) == 2
