"""What goes wrong on the other side, and what Centerpoint must not make of it."""

import re
from collections.abc import Callable
from decimal import Decimal

import pytest

from centerpoint.quickbooks.models import Counterpart
from centerpoint.quickbooks.posting_states import State
from qbemulator.company_file.office import Pays
from qbemulator.hresults import PARSE_ERROR
from qbemulator.request_processor import HResult

Tamper = Callable[[str, Callable[[str], str]], str]


class MeddledProcessor:
    """A request processor with somebody between it and the Web Connector: `tamper(text, process)` gives the answer."""

    def __init__(self, processor, tamper: Tamper) -> None:
        self._processor, self._tamper = processor, tamper

    def __getattr__(self, name):
        return getattr(self._processor, name)

    def connect(self, *names):
        connection = self._processor.connect(*names)
        process = connection.process
        connection.process = lambda text: self._tamper(text, process)
        return connection


@pytest.fixture
def tamper(story):
    def install(how: Tamper) -> None:
        story.connector.processor = MeddledProcessor(story.connector.processor, how)

    return install


def refuse(query: str, code: int, text: str) -> Tamper:
    """Every `query` is answered with an error and nothing else."""
    answer = re.compile(rf'(<{query}Rs requestID="[^"]*") .*?(?:</{query}Rs>| />)', re.DOTALL)
    error = rf'\1 statusCode="{code}" statusSeverity="Error" statusMessage="{text}" />'

    return lambda text, process: answer.sub(error, process(text))


def pay(story, txn_id, amount="100.00"):
    (there,) = (invoice for invoice in story.books.invoices if invoice["TxnID"] == txn_id)
    story.office.receive_payment(
        there["CustomerRef"]["FullName"], amount, invoices=[Pays(there["TxnID"], amount)]
    )


# -- invoices read again by ID -------------------------------------------------------------------------------------


def only_touched(code: int, text: str) -> Tamper:
    """The question for invoices by TxnID is answered with an error."""
    refused = refuse("InvoiceQuery", code, text)

    def tamper(request, process):
        by_id = "<TxnID>" in request and "<InvoiceQueryRq" in request
        return refused(request, process) if by_id else process(request)

    return tamper


@pytest.mark.parametrize("code", [1000, 1010, 3260, 3000])
def test_an_invoice_quickbooks_does_not_want_to_show_is_not_taken_for_deleted(story, tamper, code):
    invoice = story.invoice(amount="480.00")
    story.update()
    pay(story, story.books.invoices[0]["TxnID"])
    tamper(only_touched(code, "Something stands in the way."))

    update = story.session()

    assert update.outcome == "finished"
    assert story.posting(invoice).state == State.IN_QUICKBOOKS
    assert Counterpart.objects.get(invoice=invoice).there == Counterpart.There.PRESENT


def test_one_deleted_invoice_does_not_take_the_others_along_when_quickbooks_answers_3120(story):
    story.books.switches.unknown_id_in_query = "3120"
    kept, gone = story.invoice(amount="480.00"), story.invoice(amount="90.00")
    story.update()
    Counterpart.objects.filter(invoice=gone).update(quickbooks_id="FFFF-1700000000")
    Counterpart.objects.filter(invoice__in=[kept, gone]).update(read_again=True)

    story.update()

    assert story.posting(kept).state == State.IN_QUICKBOOKS
    assert story.posting(gone).state == State.DELETED_THERE
    assert not Counterpart.objects.filter(read_again=True).exists()


def test_an_invoice_linked_while_quickbooks_answers_is_not_taken_for_deleted(story, tamper):
    asked, linked_meanwhile = story.invoice(amount="480.00"), story.invoice(amount="90.00")
    story.update()
    Counterpart.objects.filter(invoice=asked).update(read_again=True)

    def link(text, process):
        answer = process(text)
        if "<InvoiceQueryRq" in text and "<TxnID>" in text:
            Counterpart.objects.filter(invoice=linked_meanwhile).update(read_again=True)
        return answer

    tamper(link)
    story.update()

    assert story.posting(asked).state == State.IN_QUICKBOOKS
    assert story.posting(linked_meanwhile).state == State.IN_QUICKBOOKS


def test_a_question_for_invoices_that_quickbooks_cannot_read_ends_with_the_session(story, tamper):
    invoice = story.invoice(amount="480.00")
    story.update()
    Counterpart.objects.filter(invoice=invoice).update(read_again=True)
    another = story.invoice(company=invoice.bill_to, amount="90.00")

    def choke(text, process):
        if "<InvoiceQueryRq" in text and "<TxnID>" in text:
            raise HResult(*PARSE_ERROR)
        return process(text)

    tamper(choke)
    update = story.session()

    assert update.outcome == "finished"
    assert story.posting(another).state == State.IN_QUICKBOOKS
    assert Counterpart.objects.get(invoice=invoice).read_again
    assert Decimal(story.books.invoices[0]["Subtotal"]) == Decimal("480.00")
