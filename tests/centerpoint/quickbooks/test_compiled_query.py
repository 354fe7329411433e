"""A query compiled once answers every call as the ORM would, on both databases."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import DateTimeField, QuerySet

from centerpoint.quickbooks.compiled_query import CompiledQuery, Each, Given, insert, write
from centerpoint.quickbooks.models import ConnectorSession, Exchange, QuickBooksCustomer

COLUMNS = ("full_name", "balance", "is_active", "read_at")


@CompiledQuery
def _named() -> QuerySet[Any, Any]:
    customers = QuickBooksCustomer.objects.filter(
        company_file=Given("company_file"), full_name__in=Each("names", texts=True)
    )
    return customers.order_by("full_name").values_list(*COLUMNS)


@CompiledQuery
def _by_id() -> QuerySet[Any, Any]:
    return QuickBooksCustomer.objects.filter(pk__in=Each("ids")).order_by("pk")


@CompiledQuery
def _read_until() -> QuerySet[Any, Any]:
    until = Given("until", DateTimeField())
    return QuickBooksCustomer.objects.filter(read_at__lte=until).order_by("pk").values_list("name")


def test_each_call_is_answered_for_its_own_values(books: Any, another_books: Any) -> None:
    books.customer("Acme", balance=Decimal("12.30"))
    books.customer("Baker", is_active=False)
    another_books.customer("Acme")

    names = ["Acme", "Baker"]
    assert _named.rows(company_file=books.company_file.pk, names=names) == [
        ("Acme", Decimal("12.30"), True, books.now),
        ("Baker", Decimal("0.00"), False, books.now),
    ]
    assert _named.rows(company_file=books.company_file.pk, names=["Baker"]) == [
        ("Baker", Decimal("0.00"), False, books.now)
    ]
    assert _named.rows(company_file=another_books.company_file.pk, names=names) == [
        ("Acme", Decimal("0.00"), True, another_books.now)
    ]


def test_nothing_is_found_among_nothing(books: Any) -> None:
    books.customer("Acme")

    assert _named.rows(company_file=books.company_file.pk, names=[]) == []
    assert _by_id.records(ids=[]) == []


def test_no_name_gets_out_of_its_quotes(books: Any) -> None:
    names = ["50% off, 'really'", 'Dach "Süd" {1,2}', "O\\Neil %s", "Zoë; DROP TABLE x"]
    for name in names:
        books.customer(name)

    rows = _named.rows(company_file=books.company_file.pk, names=names)

    assert sorted(row[0] for row in rows) == sorted(names)


def test_a_record_is_the_one_the_orm_reads(books: Any) -> None:
    customers = [books.customer(name, balance=Decimal("7.05")) for name in ("Acme", "Baker")]
    ids = [customer.pk for customer in customers]

    [first, second] = _by_id.records(ids=ids)

    expected = QuickBooksCustomer.objects.filter(pk__in=ids).order_by("pk").values()
    assert [
        {name: value for name, value in vars(record).items() if name != "_state"}
        for record in (first, second)
    ] == list(expected)
    first.name = "Acme Roofs"
    first.save()
    assert QuickBooksCustomer.objects.get(pk=ids[0]).name == "Acme Roofs"


def test_an_instant_is_compared_as_an_instant_whatever_its_zone(books: Any) -> None:
    books.customer("Acme")
    elsewhere = dt.timezone(dt.timedelta(hours=-8))

    assert _read_until.rows(until=books.now.astimezone(elsewhere)) == [("Acme",)]
    assert _read_until.rows(until=(books.now - dt.timedelta(seconds=1)).astimezone(elsewhere)) == []


def test_the_orm_is_asked_once_however_many_calls_come(books: Any) -> None:
    builds = []

    def build() -> QuerySet[Any, Any]:
        builds.append(1)
        return QuickBooksCustomer.objects.filter(pk__in=Each("ids")).values_list("name")

    query = CompiledQuery(build)
    acme, baker = books.customer("Acme"), books.customer("Baker")

    assert [query.rows(ids=[pk]) for pk in (acme.pk, baker.pk, acme.pk)] == [
        [("Acme",)],
        [("Baker",)],
        [("Acme",)],
    ]
    assert len(builds) == 1


def test_a_row_is_written_when_it_is_as_expected_and_only_then(books: Any) -> None:
    acme, baker = books.customer("Acme"), books.customer("Baker")
    later = books.now + dt.timedelta(hours=1)

    new = {"balance": Decimal("12.30"), "is_active": False, "read_at": later}
    assert write(QuickBooksCustomer, new, pk=acme.pk, is_active=True) == 1
    assert write(QuickBooksCustomer, {"name": "Never"}, pk=acme.pk, is_active=True) == 0

    columns = ("name", "balance", "is_active", "read_at")
    customers = QuickBooksCustomer.objects.order_by("pk").values_list(*columns)
    assert list(customers.filter(pk=acme.pk)) == [("Acme", Decimal("12.30"), False, later)]
    assert list(customers.filter(pk=baker.pk)) == [("Baker", Decimal("0.00"), True, books.now)]


def test_an_inserted_record_is_the_one_that_is_read_again(books: Any) -> None:
    session = ConnectorSession(
        company_file=books.company_file, ticket_digest=b"\x00ticket", opened_at=books.now, heard_at=books.now
    )
    insert(session)
    exchange = Exchange(
        company_file=books.company_file,
        session=session,
        key="cp1",
        writes=True,
        step={"step": "Post", "sent": []},
        handed_out_at=books.now,
        request=b"\x00text",
    )
    insert(exchange)

    [again] = Exchange.objects.filter(pk=exchange.pk).values()
    assert bytes(again.pop("request")) == exchange.request
    assert bytes(again.pop("answer")) == b""
    assert again == {name: getattr(exchange, name) for name in again}
