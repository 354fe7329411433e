import pytest
from by_hand.desktop import Desktop
from by_hand.requests import Element, code, customer_query, invoice_add, status, text, texts

ALL = "<ActiveStatus>All</ActiveStatus>"


def test_pages_follow_each_other_until_nothing_remains(desktop: Desktop) -> None:
    everything = texts(desktop.ask(customer_query(ALL)), "CustomerRet/FullName")
    names: list[str | None] = []
    remaining = []

    page = start(desktop, 20)
    while True:
        names += texts(page, "CustomerRet/FullName")
        remaining.append(int(page.get("iteratorRemainingCount", "")))
        if not remaining[-1]:
            break
        page = go_on(desktop, page, 20)

    assert names == everything
    assert remaining == [len(everything) - 20, len(everything) - 40, 0]


def test_an_iterator_ends_with_its_last_page(desktop: Desktop) -> None:
    page = start(desktop, 1000)

    assert status(go_on(desktop, page, 1000)) == (
        "3391",
        "Error",
        f'The iteratorID "{page.get("iteratorID")}" is not valid.',
    )


def test_an_iterator_is_lost_with_its_session(desktop: Desktop) -> None:
    page = start(desktop, 5)
    desktop.connection.end()
    desktop.connection = desktop.connect()

    assert code(go_on(desktop, page, 5)) == "3391"


def test_a_continue_must_repeat_the_filters_and_may_change_the_page_size(desktop: Desktop) -> None:
    page = start(desktop, 5)

    assert len(go_on(desktop, page, 7)) == 7
    assert code(go_on(desktop, page, 5, filters="")) == "3391"


def test_a_stopped_iterator_cannot_go_on(desktop: Desktop) -> None:
    page = start(desktop, 5)

    stopped = desktop.ask(customer_query("", f' iterator="Stop" iteratorID="{page.get("iteratorID")}"'))

    assert code(stopped) == "0"
    assert code(go_on(desktop, page, 5)) == "3391"


def test_too_many_open_iterators_are_refused_until_one_is_stopped(desktop: Desktop) -> None:
    desktop.books.switches.most_open_iterators = 2
    first, _ = start(desktop, 5), start(desktop, 5)

    assert code(start(desktop, 5)) == "3390"
    desktop.ask(customer_query("", f' iterator="Stop" iteratorID="{first.get("iteratorID")}"'))
    assert code(start(desktop, 5)) == "0"


def test_an_iterator_needs_a_page_size(desktop: Desktop) -> None:
    assert code(desktop.ask(customer_query("", ' iterator="Start"'))) == "3150"


def test_the_records_are_those_of_the_start_less_those_deleted_meanwhile(desktop: Desktop) -> None:
    page = start(desktop, 5)
    desktop.office.add_customer("Zzz Last")
    desktop.office.delete_customer("Zenith Manufacturing")

    names = texts(go_on(desktop, page, 1000), "CustomerRet/FullName")

    assert names[-1] == "Yosemite Outfitters"


def test_transactions_are_iterated_by_date(desktop: Desktop) -> None:
    for number, date in (("1", "2026-01-03"), ("2", "2026-01-01"), ("3", "2026-01-02")):
        desktop.ask(invoice_add("Hillside HOA", number=number, date=date))

    first = desktop.ask('<InvoiceQueryRq iterator="Start"><MaxReturned>2</MaxReturned></InvoiceQueryRq>')
    rest = desktop.ask(
        f'<InvoiceQueryRq iterator="Continue" iteratorID="{first.get("iteratorID")}">'
        "<MaxReturned>2</MaxReturned></InvoiceQueryRq>"
    )

    assert texts(first, "InvoiceRet/RefNumber") + texts(rest, "InvoiceRet/RefNumber") == ["2", "3", "1"]


@pytest.mark.parametrize(
    ("meta_data", "count", "records"),
    [("NoMetaData", None, 3), ("MetaDataOnly", "3", 0), ("MetaDataAndResponseData", "3", 3)],
)
def test_meta_data_counts_the_records(
    desktop: Desktop, meta_data: str, count: str | None, records: int
) -> None:
    answer = desktop.ask(f'<EmployeeQueryRq metaData="{meta_data}"/>')

    assert (answer.get("retCount"), len(answer)) == (count, records)
    assert text(answer, "EmployeeRet/Name") == ("Dana Whitfield" if records else None)


def start(desktop: Desktop, size: int) -> Element:
    return desktop.ask(customer_query(f"<MaxReturned>{size}</MaxReturned>{ALL}", ' iterator="Start"'))


def go_on(desktop: Desktop, page: Element, size: int, filters: str = ALL) -> Element:
    return desktop.ask(
        customer_query(
            f"<MaxReturned>{size}</MaxReturned>{filters}",
            f' iterator="Continue" iteratorID="{page.get("iteratorID")}"',
        )
    )
