"""The table of protocol.md C.4, row by row."""

import pytest
from by_hand.desktop import Desktop, message_set
from by_hand.requests import Element, attributes, code, customer_add, invoice_add, tags, text


def test_a_set_sent_again_is_not_run_again_and_gives_its_first_answer(desktop: Desktop) -> None:
    first = desktop.send(customer_add("Acme"), customer_add("Acme"), new="A")
    again = desktop.send(customer_add("Acme"), customer_add("Acme"), new="A")

    assert set_status(first) == set_status(again) == ("A", "0")
    assert [code(each) for each in again] == ["0", "3100"]
    assert text(again[0], "CustomerRet/ListID") == text(first[0], "CustomerRet/ListID")
    assert [each["Name"] for each in desktop.books.customers].count("Acme") == 1


def test_the_answer_survives_a_restart(desktop: Desktop) -> None:
    first = desktop.send(invoice_add("Hillside HOA"), new="A")
    desktop.restart()

    again = desktop.send(invoice_add("Hillside HOA"), new="A")

    assert text(again[0], "InvoiceRet/TxnID") == text(first[0], "InvoiceRet/TxnID")
    assert len(desktop.books.invoices) == 1


def test_a_stored_id_with_another_text_runs_nothing(desktop: Desktop) -> None:
    desktop.send(customer_add("A"), new="A")

    answer = desktop.send(customer_add("B"), new="A")

    assert (set_status(answer), len(answer)) == (("A", "9001"), 0)
    assert "B" not in {each["Name"] for each in desktop.books.customers}


def test_the_checksum_is_over_the_exact_text(desktop: Desktop) -> None:
    text_ = message_set(customer_add("A"), new="A")
    desktop.connection.process(text_)

    assert 'messageSetStatusCode="9001"' in desktop.connection.process(text_ + "\n")
    assert 'messageSetStatusCode="0"' in desktop.connection.process(text_)


def test_a_status_check_tells_the_outcome_and_runs_nothing(desktop: Desktop) -> None:
    desktop.send(customer_add("A"), new="A")

    answer = desktop.send(new="A", old="A")

    assert (set_status(answer), [code(each) for each in answer]) == (("A", "0"), ["0"])
    assert set_status(desktop.send(new="A", old="A")) == ("A", "0"), "a check clears nothing"


def test_a_status_check_of_a_set_that_never_arrived_finds_nothing(desktop: Desktop) -> None:
    answer = desktop.send(new="A", old="A")

    assert (set_status(answer), len(answer)) == (("A", "9002"), 0)


def test_an_old_id_alone_clears_the_set(desktop: Desktop) -> None:
    desktop.send(customer_add("A"), new="A")

    assert set_status(desktop.send(old="A")) == (None, "0")
    assert desktop.books.dump()["message_sets"] == []


def test_clearing_what_is_not_stored_is_600(desktop: Desktop) -> None:
    assert set_status(desktop.send(old="A")) == (None, "600")


def test_the_chain_clears_the_last_set_and_stores_the_next(desktop: Desktop) -> None:
    desktop.send(customer_add("A"), new="A")

    answer = desktop.send(customer_add("B"), new="B", old="A")

    assert (set_status(answer), code(answer[0])) == (("B", "0"), "0")
    assert [each["newMessageSetID"] for each in desktop.books.dump()["message_sets"]] == ["B"]


def test_repeating_a_link_of_the_chain_is_harmless(desktop: Desktop) -> None:
    desktop.send(customer_add("A"), new="A")
    desktop.send(customer_add("B"), new="B", old="A")

    again = desktop.send(customer_add("B"), new="B", old="A")

    assert (set_status(again), code(again[0])) == (("B", "0"), "0")


def test_an_old_id_that_is_gone_does_not_hinder_a_new_set(desktop: Desktop) -> None:
    answer = desktop.send(customer_add("A"), new="B", old="Gone")

    assert (set_status(answer), code(answer[0])) == (("B", "0"), "0")


def test_everything_of_an_application_is_cleared_at_once(desktop: Desktop) -> None:
    desktop.send(customer_add("A"), new="A")
    desktop.send(customer_add("B"), new="B")

    assert set_status(desktop.send(old="ClearAllMessageSets")) == (None, "0")
    assert desktop.books.dump()["message_sets"] == []


def test_the_stored_sets_of_another_application_are_out_of_sight(desktop: Desktop) -> None:
    desktop.send(customer_add("A"), new="A")
    desktop.connection = desktop.connect("Another")

    answer = desktop.send(customer_add("A"), new="A")

    assert (set_status(answer), code(answer[0])) == (("A", "0"), "3100")


@pytest.mark.parametrize(("longest", "statuses"), [(23, ["0", "9004", "9004"]), (24, ["0", "0", "9004"])])
def test_an_id_that_is_too_long_runs_nothing(desktop: Desktop, longest: int, statuses: list[str]) -> None:
    desktop.books.switches.longest_message_set_id = longest

    answers = [desktop.send(customer_add(f"C{size}"), new="x" * size) for size in (23, 24, 36)]

    assert [set_status(each)[1] for each in answers] == statuses
    assert [len(each) for each in answers] == [1 if status == "0" else 0 for status in statuses]


@pytest.mark.parametrize(
    ("holds", "children"),
    [("full", ["InvoiceRet", "ErrorRecovery"]), ("recovery_only", ["ErrorRecovery"]), ("status_only", [])],
)
def test_a_stored_answer_holds_what_the_switch_says(
    desktop: Desktop, holds: str, children: list[str]
) -> None:
    desktop.books.switches.stored_answer = holds
    guid = "{6b474085-9943-46e2-ad71-d0a5aba9e948}"
    request = invoice_add("Hillside HOA", after_tax=f"<ExternalGUID>{guid}</ExternalGUID>")
    first = desktop.send(request, new="A")

    again = desktop.send(request, new="A")

    assert tags(first[0]) == ["InvoiceRet"]
    assert tags(again[0]) == children
    if "ErrorRecovery" in children:
        assert {each.tag: each.text for each in again[0].iterfind("ErrorRecovery/*")} == {
            "TxnID": text(first[0], "InvoiceRet/TxnID"),
            "TxnNumber": text(first[0], "InvoiceRet/TxnNumber"),
            "EditSequence": text(first[0], "InvoiceRet/EditSequence"),
            "ExternalGUID": guid,
        }


def test_when_the_answer_cannot_be_stored_the_requests_have_run_and_9005_says_so(desktop: Desktop) -> None:
    desktop.books.switches.answers_can_be_stored = False

    answer = desktop.send(customer_add("A"), new="A")

    assert (set_status(answer), code(answer[0])) == (("A", "9005"), "0")
    assert "A" in {each["Name"] for each in desktop.books.customers}


def test_a_set_that_cannot_be_parsed_is_not_stored(desktop: Desktop) -> None:
    with pytest.raises(Exception, match="0x80040400"):
        desktop.send("<CustomerAddRq><Nonsense/></CustomerAddRq>", new="A", valid=False)

    assert set_status(desktop.send(new="A", old="A")) == ("A", "9002")


def set_status(answer: Element) -> tuple[str | None, str | None]:
    found = attributes(answer)
    return found.get("newMessageSetID"), found.get("messageSetStatusCode")
