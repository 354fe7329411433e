"""Sessions, what stands in their way, and what survives the PC."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from by_hand.desktop import NOON, Desktop
from by_hand.requests import code, customer_add, invoice_add, text

from qbemulator.company_file import CompanyFile
from qbemulator.hresults import OBSTACLES
from qbemulator.request_processor import HResult, RequestProcessor


@pytest.mark.parametrize("obstacle", OBSTACLES)
def test_what_stands_in_the_way_is_told_by_its_hresult(desktop: Desktop, obstacle: str) -> None:
    setattr(desktop.books, obstacle, True)

    for attempt in (desktop.connect, lambda: desktop.send(customer_add("Acme"))):
        with pytest.raises(HResult) as refused:
            attempt()
        assert (refused.value.code, refused.value.message) == OBSTACLES[obstacle]

    setattr(desktop.books, obstacle, False)
    assert code(desktop.ask(customer_add("Acme"))) == "0"


def test_an_ended_session_answers_nothing(desktop: Desktop) -> None:
    desktop.connection.end()

    with pytest.raises(HResult, match="0x8004040D"):
        desktop.send("<HostQueryRq/>")


def test_everything_survives_a_restart(desktop: Desktop) -> None:
    desktop.send(customer_add("5431", parent="Hillside HOA"), invoice_add("Hillside HOA:5431"))
    desktop.office.receive_payment("Hillside HOA", "20.00", auto_apply=True)
    desktop.books.switches.stored_answer = "status_only"
    before = desktop.books.dump()

    desktop.restart()

    assert desktop.books.dump() == before


def test_what_was_answered_survives_a_killed_process(tmp_path: Path) -> None:
    path = tmp_path / "books.qbx"
    CompanyFile.create(path, sample="contractor", now=NOON).close()
    program = textwrap.dedent(
        f"""
        import sys, time
        from qbemulator.company_file import CompanyFile
        from qbemulator.request_processor import RequestProcessor
        sys.stdout.write(RequestProcessor(CompanyFile.open({str(path)!r})).connect().process({_one_customer()!r}))
        sys.stdout.flush()
        time.sleep(60)
        """
    )
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    answer = "".join(iter(process.stdout.readline, "</QBXML>\n"))
    os.kill(process.pid, signal.SIGKILL)
    process.wait()

    with CompanyFile.open(path) as books:
        assert 'statusCode="0"' in answer
        assert "Acme" in {each["Name"] for each in books.customers}
        assert [each["newMessageSetID"] for each in books.dump()["message_sets"]] == ["A"]


def test_two_sessions_see_each_others_work(desktop: Desktop) -> None:
    other = RequestProcessor(CompanyFile.open(desktop.path), clock=lambda: desktop.now).connect("Other")

    desktop.ask(customer_add("Acme"))

    assert "<Name>Acme</Name>" in other.process(_query("Acme"))


def test_today_is_the_day_of_the_quickbooks_computer(desktop: Desktop) -> None:
    desktop.now = datetime(2026, 1, 6, 7, 30, tzinfo=UTC)

    assert text(desktop.ask(invoice_add("Hillside HOA")), "InvoiceRet/TxnDate") == "2026-01-05"


def test_the_time_zone_of_the_pc_can_be_another(desktop: Desktop) -> None:
    processor = RequestProcessor(desktop.books, clock=lambda: desktop.now, time_zone="America/Sao_Paulo")

    answer = processor.connect().process(_one_customer())

    assert "<TimeCreated>2026-01-05T17:00:00-03:00</TimeCreated>" in answer


def test_an_existing_file_is_not_written_over(desktop: Desktop) -> None:
    with pytest.raises(FileExistsError):
        CompanyFile.create(desktop.path, sample="empty", now=NOON)


def test_a_missing_file_is_not_made_by_opening_it(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        CompanyFile.open(tmp_path / "missing.qbx")


def test_a_query_does_not_wait_for_a_writer(desktop: Desktop) -> None:
    with CompanyFile.open(desktop.path) as other, other.storage.transaction():
        other.set_data_ext("{87EDAAF8-637E-4203-867F-4BA79C2F8998}", "AppLock", "LOCKED")
        started = time.monotonic()
        desktop.ask("<HostQueryRq/>")

    assert time.monotonic() - started < 5


def _one_customer() -> str:
    return (
        '<?xml version="1.0"?><?qbxml version="13.0"?><QBXML><QBXMLMsgsRq onError="stopOnError" newMessageSetID="A">'
        "<CustomerAddRq><CustomerAdd><Name>Acme</Name></CustomerAdd></CustomerAddRq></QBXMLMsgsRq></QBXML>"
    )


def _query(name: str) -> str:
    return (
        '<?xml version="1.0"?><?qbxml version="13.0"?><QBXML><QBXMLMsgsRq onError="stopOnError">'
        f"<CustomerQueryRq><FullName>{name}</FullName></CustomerQueryRq></QBXMLMsgsRq></QBXML>"
    )
