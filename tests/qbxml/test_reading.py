"""Answers are read whatever QuickBooks leaves out or adds; what cannot be read is named."""

import datetime as dt
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal

import pytest

from qbxml import codec
from qbxml.codec import Answer, AnswerClosed, AnswerOpened, AnswerSet, Record, SetOpened, Status
from qbxml.errors import Malformed, NotReadable
from qbxml.messages import (
    AppliedToTxnRet,
    CustomerRet,
    ErrorRecovery,
    InvoiceLineRet,
    InvoiceRet,
    LinkedTxn,
    ListDelRs,
    ReceivePaymentRet,
    Ref,
    TxnVoidRs,
)

OK = 'statusCode="0" statusSeverity="Info" statusMessage="Status OK"'
ACME = (
    "<CustomerRet><ListID>80000001-1</ListID><TimeModified>2026-01-05T10:00:00-08:00</TimeModified>"
    "<EditSequence>1767636000</EditSequence><Name>Acme</Name></CustomerRet>"
)
ACME_READ = CustomerRet(
    list_id="80000001-1", time_modified="2026-01-05T10:00:00-08:00", edit_sequence="1767636000", name="Acme"
)


def answer_text(inside: str, attributes: str = "") -> str:
    return f'<?xml version="1.0" ?>\n<QBXML>\n<QBXMLMsgsRs{attributes}>\n{inside}\n</QBXMLMsgsRs>\n</QBXML>\n'


def read(inside: str, attributes: str = "") -> AnswerSet:
    return codec.read_answers(answer_text(inside, attributes))


def records(inside: str, name: str = "CustomerQueryRs") -> tuple[object, ...]:
    [answer] = read(f"<{name} {OK}>{inside}</{name}>").answers
    return answer.records


def test_an_answer_set_in_whole() -> None:
    text = (
        f'<CustomerQueryRs requestID="k-0" {OK} retCount="1" iteratorRemainingCount="7" iteratorID="{{6b47}}">{ACME}'
        '</CustomerQueryRs><InvoiceQueryRs statusCode="1" statusSeverity="Info" statusMessage="No match" />'
    )
    assert read(text, ' newMessageSetID="cp-1" messageSetStatusCode="0"') == AnswerSet(
        answers=(
            Answer(
                name="CustomerQueryRs",
                request_id="k-0",
                status=Status(0, "Info", "Status OK"),
                records=(ACME_READ,),
                ret_count=1,
                iterator_id="{6b47}",
                iterator_remaining_count=7,
                error_recovery=None,
            ),
            Answer(
                name="InvoiceQueryRs",
                request_id=None,
                status=Status(1, "Info", "No match"),
                records=(),
                ret_count=None,
                iterator_id=None,
                iterator_remaining_count=None,
                error_recovery=None,
            ),
        ),
        new_message_set_id="cp-1",
        message_set_status_code="0",
        unknown=(),
    )


def test_an_invoice_is_read_with_its_lines_and_links() -> None:
    text = (
        "<InvoiceRet><TxnID>7-1</TxnID><TimeModified>2026-01-05</TimeModified><EditSequence>1</EditSequence>"
        "<CustomerRef><ListID>1-1</ListID><FullName>Acme:5431</FullName></CustomerRef><TxnDate>2026-01-05</TxnDate>"
        "<IsPaid>false</IsPaid><AppliedAmount>-125.00</AppliedAmount>"
        "<LinkedTxn><TxnID>9-1</TxnID><TxnType>ReceivePayment</TxnType><TxnDate>2026-01-06</TxnDate>"
        "<Amount>-125.00</Amount></LinkedTxn>"
        "<InvoiceLineRet><TxnLineID>8-1</TxnLineID></InvoiceLineRet>"
        "<InvoiceLineRet><TxnLineID>9-1</TxnLineID><Rate>2.8</Rate></InvoiceLineRet></InvoiceRet>"
    )
    assert records(text, "InvoiceQueryRs") == (
        InvoiceRet(
            txn_id="7-1",
            time_modified="2026-01-05",
            edit_sequence="1",
            customer_ref=Ref(list_id="1-1", full_name="Acme:5431"),
            txn_date=dt.date(2026, 1, 5),
            is_paid=False,
            applied_amount=Decimal("-125.00"),
            linked_txn=(
                LinkedTxn(
                    txn_id="9-1",
                    txn_type="ReceivePayment",
                    txn_date=dt.date(2026, 1, 6),
                    amount=Decimal("-125.00"),
                ),
            ),
            invoice_line_ret=(
                InvoiceLineRet(txn_line_id="8-1"),
                InvoiceLineRet(txn_line_id="9-1", rate=Decimal("2.8")),
            ),
        ),
    )


def test_a_payment_is_read_with_what_it_pays() -> None:
    text = (
        "<ReceivePaymentRet><TxnID>7-1</TxnID><TimeModified>t</TimeModified><EditSequence>1</EditSequence>"
        "<AppliedToTxnRet><TxnID>5-1</TxnID><TxnType>Invoice</TxnType><Amount>10.00</Amount>"
        "<DiscountAmount>0.50</DiscountAmount></AppliedToTxnRet></ReceivePaymentRet>"
    )
    assert records(text, "ReceivePaymentQueryRs") == (
        ReceivePaymentRet(
            txn_id="7-1",
            time_modified="t",
            edit_sequence="1",
            applied_to_txn_ret=(
                AppliedToTxnRet(
                    txn_id="5-1", txn_type="Invoice", amount=Decimal("10.00"), discount_amount=Decimal("0.50")
                ),
            ),
        ),
    )


def test_an_answer_with_values_of_its_own_is_one_record() -> None:
    assert records("<ListDelType>Customer</ListDelType><ListID>1-1</ListID>", "ListDelRs") == (
        ListDelRs(list_del_type="Customer", list_id="1-1"),
    )
    assert records("", "TxnVoidRs") == ()


def test_the_stored_answer_brings_the_identity_only() -> None:
    recovery = "<ErrorRecovery><TxnID>7-1</TxnID><EditSequence>1</EditSequence></ErrorRecovery>"
    [add, void] = read(
        f"<InvoiceAddRs {OK}>{recovery}</InvoiceAddRs><TxnVoidRs {OK}><TxnID>7-1</TxnID>{recovery}</TxnVoidRs>"
    ).answers
    identity = ErrorRecovery(txn_id="7-1", edit_sequence="1")
    assert (add.records, add.error_recovery) == ((), identity)
    assert (void.records, void.error_recovery) == ((TxnVoidRs(txn_id="7-1"),), identity)


def test_elements_nobody_knows_are_passed_over_and_named() -> None:
    strange = ACME.replace("</CustomerRet>", "<Mood><Today>fine</Today></Mood></CustomerRet>")
    answers = read(
        f"<CustomerQueryRs {OK}>{strange}{strange}</CustomerQueryRs>"
        f"<SalesOrderAddRs {OK}><SalesOrderRet/></SalesOrderAddRs>"
    )
    assert answers.answers[0].records == (ACME_READ, ACME_READ)
    assert answers.unknown == ("CustomerQueryRs/CustomerRet/Mood", "SalesOrderAddRs/SalesOrderRet")


def test_an_enumeration_newer_than_us_is_read() -> None:
    [customer] = records(ACME.replace("</CustomerRet>", "<JobStatus>Dreaming</JobStatus></CustomerRet>"))
    assert isinstance(customer, CustomerRet)
    assert customer.job_status == "Dreaming"


def test_empty_text_stays_text_and_an_empty_number_is_absent() -> None:
    [customer] = records(
        ACME.replace("</CustomerRet>", "<Phone/><Balance/><IsActive></IsActive></CustomerRet>")
    )
    assert isinstance(customer, CustomerRet)
    assert (customer.phone, customer.balance, customer.is_active) == ("", None, None)


def test_line_breaks_and_marks_come_as_they_are() -> None:
    [customer] = records(ACME.replace("<Name>Acme", "<Name>A &amp; B &lt;x&gt; &#174;\nline"))
    assert isinstance(customer, CustomerRet)
    assert customer.name == "A & B <x> ®\nline"


@pytest.mark.parametrize(
    ("inside", "problem"),
    [
        (
            f"<CustomerQueryRs {OK}>{ACME.replace('</CustomerRet>', '<Balance>1,234.50</Balance></CustomerRet>')}"
            "</CustomerQueryRs>",
            "CustomerQueryRs/CustomerRet/Balance: not a number: '1,234.50'",
        ),
        (
            f"<CustomerQueryRs {OK}>{ACME.replace('<EditSequence>1767636000</EditSequence>', '')}</CustomerQueryRs>",
            "CustomerQueryRs/CustomerRet/EditSequence: an element is missing",
        ),
        ("<CustomerQueryRs/>", "CustomerQueryRs/@statusCode: a whole number is missing"),
        ('<CustomerQueryRs statusCode="ok"/>', "CustomerQueryRs/@statusCode: not a whole number: 'ok'"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(inside: str, problem: str) -> None:
    with pytest.raises(NotReadable) as refusal:
        read(inside)
    assert str(refusal.value) == problem


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<QBXML><QBXMLMsgsRq/></QBXML>", "QBXMLMsgsRq where QBXMLMsgsRs should stand"),
        ("<html><body>502</body></html>", "the first element is not QBXML"),
        (answer_text(f"<CustomerQueryRs {OK}>{ACME}")[:-25], "line 4, column 245: Premature end of data"),
    ],
)
def test_what_is_no_answer_is_refused(text: str, words: str) -> None:
    with pytest.raises(Malformed, match=words):
        codec.read_answers(text)


def test_answers_come_as_they_arrive() -> None:
    def pieces() -> Iterator[str]:
        yield f'<QBXML><QBXMLMsgsRs newMessageSetID="cp-1"><CustomerQueryRs requestID="k-0" {OK}>'
        yield ACME + ACME
        arrived.append("all of the first answer")
        yield "</CustomerQueryRs></QBXMLMsgsRs></QBXML>"

    arrived: list[str] = []
    events = codec.stream_answers(pieces())
    assert next(events) == SetOpened(new_message_set_id="cp-1", message_set_status_code=None)
    opened = next(events)
    assert isinstance(opened, AnswerOpened)
    assert (opened.name, opened.request_id, opened.status.code) == ("CustomerQueryRs", "k-0", 0)
    assert next(events) == Record(ACME_READ)
    assert arrived == []
    assert list(events) == [Record(ACME_READ), AnswerClosed(error_recovery=None, unknown=())]


MEASURE = """
import resource
from qbxml import codec

RECORD = ACME_HERE

def pieces(records):
    yield '<QBXML><QBXMLMsgsRs><CustomerQueryRs statusCode="0">'
    for _ in range(records):
        yield RECORD
    yield "</CustomerQueryRs></QBXMLMsgsRs></QBXML>"

def read(records):
    count = sum(isinstance(event, codec.Record) for event in codec.stream_answers(pieces(records)))
    assert count == records
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

print(read(500), read(10_000))
"""


def test_memory_stays_flat_however_many_customers_come() -> None:
    """In a process of its own, because the parser's memory is not Python's."""
    script = MEASURE.replace("ACME_HERE", repr(ACME.replace("Acme", "Acme" + "x" * 800)))
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    few, many = (int(kilobytes) for kilobytes in told.split())
    assert many - few < 5_000
