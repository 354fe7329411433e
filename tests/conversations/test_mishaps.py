"""What goes wrong on the other side, and what Centerpoint must not make of it."""

import dataclasses
import re
from collections.abc import Callable
from decimal import Decimal
from functools import partial

import pytest

from centerpoint.billing import operations as billing
from centerpoint.companies import operations as companies
from centerpoint.quickbooks.models import Conflict, Counterpart, Exchange, Posting
from centerpoint.quickbooks.posting_states import State
from centerpoint.quickbooks.sync import outcomes, reading
from qbemulator.company_file.office import Pays
from qbemulator.faults import parse
from qbemulator.hresults import PARSE_ERROR
from qbemulator.request_processor import HResult
from qbemulator.web_connector import Cut

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


# -- answers that cannot be used -----------------------------------------------------------------------------------


def drop_answers(answer: str) -> str:
    """An answer set in which nothing is answered."""
    return re.sub(r"(<QBXMLMsgsRs[^>]*>).*(</QBXMLMsgsRs>)", r"\1\2", answer, flags=re.DOTALL)


def test_requests_that_are_not_answered_are_looked_for(story, tamper):
    invoices = [story.invoice(), story.invoice()]
    tamper(
        lambda text, process: drop_answers(process(text)) if "<InvoiceAddRq" in text else process(text),
    )

    story.update()

    assert story.numbers_in_books() == sorted(invoice.number for invoice in invoices)
    assert set(story.states()) == {State.IN_QUICKBOOKS}


def test_a_search_that_quickbooks_refuses_ends_with_the_session_and_is_made_again(story, tamper):
    invoice = story.invoice()
    untouched = story.connector.processor
    refused = refuse("InvoiceQuery", 3260, "Insufficient permission level.")

    def no_answer_and_no_search(text, process):
        if "<InvoiceAddRq" in text:
            return drop_answers(process(text))
        return refused(text, process) if "<RefNumberCaseSensitive>" in text else process(text)

    tamper(no_answer_and_no_search)
    updates = story.update()
    assert {update.outcome for update in updates} <= {"finished", "no_data"}
    assert story.posting(invoice).state == State.UNKNOWN
    story.connector.processor = untouched
    story.clock.pass_(hours=2)
    story.update()

    assert story.posting(invoice).state == State.IN_QUICKBOOKS
    assert story.numbers_in_books() == [invoice.number]


def test_an_invoice_that_never_arrives_is_shown_after_some_tries(story, tamper):
    """QuickBooks breaks down over it (1000) and it is not there afterwards."""
    invoice = story.invoice()

    def breaks_down(text, process):
        if "<InvoiceAddRq" not in text:
            return process(text)
        (key,) = re.findall(r'newMessageSetID="([^"]*)"', text)
        (request,) = re.findall(r'requestID="([^"]*)"', text)
        return (
            f'<?xml version="1.0" ?><QBXML><QBXMLMsgsRs newMessageSetID="{key}" messageSetStatusCode="0">'
            f'<InvoiceAddRs requestID="{request}" statusCode="1000" statusSeverity="Error" '
            'statusMessage="There has been an internal error." /></QBXMLMsgsRs></QBXML>'
        )

    tamper(breaks_down)
    story.update()

    posting = story.posting(invoice)
    assert (posting.state, posting.refusal) == (State.REFUSED, "never-arrives")
    assert sum("<InvoiceAddRq" in request for request in story.wire.requests) <= 6


@pytest.mark.parametrize("request_id", ["", "abc", "cpelse-0", "{key}-0", "{key}-99", "{key}-x"])
def test_an_answer_that_names_no_request_of_ours_is_looked_for(story, tamper, request_id):
    """The second of two answers bears no id, another's, one that was used, or nonsense."""
    company = story.company()
    invoices = [story.invoice(company=company), story.invoice(company=company)]

    def rename(text, process):
        answer = process(text)
        if text.count("<InvoiceAddRq") != 2:
            return answer
        (key,) = set(re.findall(r'requestID="(\w+)-1"', text))
        return answer.replace(f'requestID="{key}-1"', f'requestID="{request_id.format(key=key)}"')

    tamper(rename)
    story.update()

    assert story.numbers_in_books() == sorted(invoice.number for invoice in invoices)
    assert {i["TxnID"] for i in story.books.invoices} == story.known_ids()
    assert set(story.states()) == {State.IN_QUICKBOOKS}


@pytest.mark.parametrize("part", [0.05, 0.5, 0.95])
def test_a_set_whose_answer_is_cut_off_every_time_is_settled_by_looking(story, tamper, part):
    invoice = story.invoice()
    tamper(
        lambda text, process: (
            process(text)[: int(len(process(text)) * part)] if "<InvoiceAddRq" in text else process(text)
        )
    )

    for _ in range(8):
        story.session()

    assert story.numbers_in_books() == [invoice.number]
    assert story.posting(invoice).state == State.IN_QUICKBOOKS


def test_a_reading_whose_answer_is_cut_off_every_time_does_not_hold_up_the_invoices(story, tamper):
    invoice = story.invoice()

    def cut(text, process):
        answer = process(text)
        return answer[: len(answer) // 2] if "<ReceivePaymentQueryRq" in text else answer

    tamper(cut)
    update = story.session()

    assert update.outcome == "finished"
    assert story.numbers_in_books() == [invoice.number]
    story.company_file.refresh_from_db()
    assert (story.company_file.trouble, story.company_file.trouble_detail) == ("reading-failed", "payments")


def test_a_fault_of_ours_over_one_reading_does_not_hold_up_the_invoices(story, monkeypatch):
    def break_down(*args, **kwargs):
        raise ZeroDivisionError

    broken = dataclasses.replace(reading.READINGS["terms"], take=break_down)
    monkeypatch.setitem(reading.READINGS, "terms", broken)
    invoice = story.invoice()

    update = story.session()

    assert update.outcome == "finished"
    assert story.numbers_in_books() == [invoice.number]
    story.company_file.refresh_from_db()
    assert (story.company_file.trouble, story.company_file.trouble_detail) == ("reading-failed", "terms")


def test_a_fault_of_ours_over_one_invoice_does_not_hold_up_the_others(story, monkeypatch):
    """The answer is kept, asked for again some times, then each invoice is looked for; the culprit alone stays."""
    company = story.company()
    culprit, *others = (story.invoice(company=company) for _ in range(4))
    settle = outcomes._SETTLE["invoice"]

    def break_down(content, ret):
        if ret.ref_number == culprit.number:
            raise ZeroDivisionError
        return settle(content, ret)

    monkeypatch.setitem(outcomes._SETTLE, "invoice", break_down)
    for _ in range(10):
        story.session()
    later = story.invoice(company=company)
    story.session()

    assert {story.posting(invoice).state for invoice in [*others, later]} == {State.IN_QUICKBOOKS}
    assert story.posting(culprit).state == State.UNKNOWN
    assert len(story.numbers_in_books()) == len(set(story.numbers_in_books())) == 5
    monkeypatch.undo()
    story.clock.pass_(hours=2)
    story.update()
    assert story.posting(culprit).state == State.IN_QUICKBOOKS


# -- what is in doubt ----------------------------------------------------------------------------------------------


@pytest.fixture
def lose_the_invoices_answer(story):
    """A session in which QuickBooks gets the invoices and its answer never arrives; or does not even get them."""

    def session(*, arrives: bool = True) -> None:
        untouched = story.connector.processor

        def cut_off(text, process):
            if "<InvoiceAddRq" not in text:
                return process(text)
            if arrives:
                process(text)
            raise Cut("the line is dead")

        story.connector.processor = MeddledProcessor(untouched, cut_off)
        story.session()
        story.connector.processor = untouched
        assert bool(story.numbers_in_books()) == arrives
        assert Exchange.objects.filter(writes=True, status=Exchange.Status.HANDED_OUT).exists()

    return session


def test_two_revisions_of_an_invoice_never_become_two_invoices(story, tamper, lose_the_invoices_answer):
    """The first was in doubt when the second came, then busy; later both are free to go at once."""
    story.options(hold_for_approval=True)
    invoice = story.invoice(amount="480.00")
    story.session()
    story.approve()
    lose_the_invoices_answer(arrives=False)
    billing.change_issued_invoice(
        invoice=invoice,
        lines=[billing.Line(description="Repair", unit_price=Decimal("450.00"), quantity=Decimal(1))],
        now=story.clock(),
    )
    untouched = story.connector.processor

    def locked(text, process):
        if "<InvoiceAddRq" not in text:
            return process(text)
        (key,) = re.findall(r'newMessageSetID="([^"]*)"', text)
        return (
            f'<?xml version="1.0" ?><QBXML><QBXMLMsgsRs newMessageSetID="{key}" messageSetStatusCode="0">'
            f'<InvoiceAddRs requestID="{key}-0" statusCode="3176" statusSeverity="Error" '
            'statusMessage="It is in use by another user." /></QBXMLMsgsRs></QBXML>'
        )

    tamper(locked)
    story.session()
    story.connector.processor = untouched
    story.clock.pass_(hours=2)
    story.approve()
    story.update()

    assert [(i["RefNumber"], i["Subtotal"]) for i in story.books.invoices] == [(invoice.number, "450.00")]
    assert story.posting(invoice).state == State.IN_QUICKBOOKS
    assert Posting.objects.filter(invoice=invoice).exclude(state=State.SUPERSEDED).count() == 1


@pytest.mark.parametrize("at", range(1, 9))
def test_a_quickbooks_that_stores_no_answers_gets_nothing_twice(story, at):
    story.books.switches.answers_can_be_stored = False
    invoices = [story.invoice(), story.invoice()]

    story.update(parse(f"lose-answer@{at}"))
    story.clock.pass_(hours=2)
    story.update()

    assert story.numbers_in_books() == sorted(invoice.number for invoice in invoices)
    assert {i["TxnID"] for i in story.books.invoices} == story.known_ids()


def test_an_invoice_voided_in_doubt_is_looked_for_when_quickbooks_stored_no_answer(
    story, lose_the_invoices_answer
):
    """It was done, QuickBooks remembers nothing of it, and meanwhile the invoice was voided here."""
    story.books.switches.answers_can_be_stored = False
    invoice = story.invoice()
    lose_the_invoices_answer()
    billing.void_invoice(invoice=invoice, now=story.clock())

    story.update()

    assert [Decimal(i["Subtotal"]) for i in story.books.invoices] == [Decimal(0)]
    assert story.posting(invoice).state == State.VOIDED
    assert Counterpart.objects.get(invoice=invoice).there == Counterpart.There.VOIDED


def test_a_set_that_ran_and_cannot_be_parsed_the_second_time_is_not_sent_anew(
    story, lose_the_invoices_answer
):
    """QuickBooks was updated in between, or is simply broken: a parse error says nothing of the first time."""
    company = story.company()
    invoices = [story.invoice(company=company) for _ in range(3)]
    lose_the_invoices_answer()
    story.session(parse("parse-error@1"))

    story.update()

    assert story.numbers_in_books() == sorted(invoice.number for invoice in invoices)
    assert set(story.states()) == {State.IN_QUICKBOOKS}


# -- somebody works in QuickBooks at the same time ------------------------------------------------------------------


def edited_under_our_hands(story, marker: str, edit: Callable[[], object]) -> Tamper:
    """Somebody saves a change in QuickBooks in the moment before our message with `marker` arrives."""
    left = [edit]

    def tamper(text, process):
        if marker in text and left:
            left.pop()()
        return process(text)

    return tamper


def test_a_field_changed_there_while_another_one_is_sent_keeps_both(story, tamper):
    company = story.company(phone="512-555-0100", email="old@harborview.example")
    story.invoice(company=company)
    story.update()
    companies.change_company(company=company, email="new@harborview.example", now=story.clock())
    edit = partial(story.office.edit_customer, company.name, Phone="512-555-0199")
    tamper(edited_under_our_hands(story, "<CustomerModRq", edit))

    story.update()
    story.update()

    (there,) = (customer for customer in story.books.customers if customer["Name"] == company.name)
    assert (there["Email"], there["Phone"]) == ("new@harborview.example", "512-555-0199")
    company.refresh_from_db()
    assert (company.email, company.phone) == ("new@harborview.example", "512-555-0199")
    assert State.REFUSED not in story.states()


def test_a_field_changed_on_both_sides_at_once_is_for_a_person_to_choose(story, tamper):
    company = story.company(phone="512-555-0100")
    story.invoice(company=company)
    story.update()
    companies.change_company(company=company, phone="512-555-0111", now=story.clock())
    edit = partial(story.office.edit_customer, company.name, Phone="512-555-0199")
    tamper(edited_under_our_hands(story, "<CustomerModRq", edit))

    story.update()
    story.update()

    (there,) = (customer for customer in story.books.customers if customer["Name"] == company.name)
    company.refresh_from_db()
    assert (there["Phone"], company.phone) == ("512-555-0199", "512-555-0111")
    assert Posting.objects.filter(company=company).latest("revision").refusal == "changed-there"
    assert list(Conflict.objects.values_list("field", "ours", "theirs")) == [
        ("phone", "512-555-0111", "512-555-0199")
    ]


def test_what_is_not_taken_in_is_not_overwritten_by_a_later_change_either(story):
    story.options(company_changes_in=False)
    company = story.company(phone="512-555-0100", email="old@harborview.example")
    story.invoice(company=company)
    story.update()
    story.office.edit_customer(company.name, Phone="512-555-0199")
    for email in ("new@harborview.example", "newer@harborview.example"):
        companies.change_company(company=company, email=email, now=story.clock())
        story.update()

    (there,) = (customer for customer in story.books.customers if customer["Name"] == company.name)
    assert (there["Email"], there["Phone"]) == ("newer@harborview.example", "512-555-0199")
