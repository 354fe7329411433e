"""What every list can do, shown with the companies."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from centerpoint.billing.models import Invoice
from centerpoint.companies.models import Company


def names(answer):
    return [company.name for company in answer.context["listing"].rows]


@pytest.fixture
def three(business):
    for name, city in (("Birch", "Austin"), ("Alder", ""), ("Cedar", "Boston")):
        business.company(name, billing_city=city)


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("", ["Alder", "Birch", "Cedar"]),
        ("-name", ["Cedar", "Birch", "Alder"]),
        ("nonsense", ["Alder", "Birch", "Cedar"]),
    ],
)
def test_a_list_is_sorted_by_the_column_one_clicks(bookkeeper, sort, expected):
    assert names(bookkeeper.open("companies/", sort=sort)) == expected


@pytest.mark.parametrize("search", ["", "e"])
@pytest.mark.parametrize(
    ("sort", "expected"),
    [("bill_to", ["Alder", "Birch", "Cedar"]), ("-bill_to", ["Cedar", "Birch", "Alder"])],
)
def test_a_list_is_sorted_by_the_name_of_another_record(bookkeeper, business, three, search, sort, expected):
    for company in Company.objects.order_by("pk"):
        business.ticket(company, description="e")

    rows = bookkeeper.open("tickets/", sort=sort, search=search).context["listing"].rows

    assert [ticket.bill_to.name for ticket in rows] == expected


@pytest.mark.parametrize("sort", ["bill_to", "-bill_to"])
def test_a_list_is_sorted_along_the_index_of_the_contractors_companies(bookkeeper, business, sort):
    """Said of the company, too: else PostgreSQL sorts the companies of all contractors for each page."""
    business.ticket(business.company())

    with CaptureQueriesContext(connection) as captured:
        bookkeeper.open("tickets/", sort=sort)

    [in_order] = [
        query["sql"]
        for query in captured
        if '"companies_company"."name"' in query["sql"].partition("ORDER BY")[2]
    ]
    assert '"companies_company"."contractor_id" =' in in_order
    assert "NULLS" not in in_order


@pytest.mark.usefixtures("three")
def test_a_search_that_finds_nothing_offers_the_whole_list(bookkeeper):
    assert "Nothing fits these filters." in bookkeeper.open("companies/", search="zzz").content.decode()


def test_a_file_of_the_list_has_every_row_and_no_formula(bookkeeper, business):
    business.company('=HYPERLINK("http://evil.example")')
    for number in range(60):
        business.company(f"Company {number:02}")

    file = b"".join(bookkeeper.open("companies/", format="csv").streaming_content).decode("utf-8-sig")

    lines = file.splitlines()
    assert len(lines) == 62
    assert lines[1].startswith("\"'=HYPERLINK(")


def test_a_page_of_the_list_costs_the_same_for_many_rows(bookkeeper, business, django_assert_max_num_queries):
    for number in range(120):
        business.company(f"Company {number}")

    with django_assert_max_num_queries(10):
        answer = bookkeeper.open("companies/", page="2")

    assert len(names(answer)) == 50


@pytest.mark.parametrize("path", ["companies/", "tickets/", "projects/", "invoices/", "payments/"])
def test_what_is_searched_for_is_looked_for_once(bookkeeper, django_assert_max_num_queries, path):
    with django_assert_max_num_queries(20) as captured:
        bookkeeper.open(path, search="oak")

    assert len([query for query in captured.captured_queries if "oak" in query["sql"].lower()]) == 1


def test_what_is_found_is_looked_for_once_too(bookkeeper, business, django_assert_max_num_queries):
    business.invoice(business.ticket(business.company("Oak Hills")))

    with django_assert_max_num_queries(20) as captured:
        answer = bookkeeper.open("invoices/", search="oak")

    assert len(answer.context["listing"].rows) == 1
    assert len([query for query in captured.captured_queries if "oak" in query["sql"].lower()]) == 1


@pytest.mark.parametrize(
    ("page", "shown", "rows"),
    [
        ("", 1, 50),
        ("1", 1, 50),
        ("2", 2, 3),
        ("3", 2, 3),
        ("0", 2, 3),
        ("-1", 2, 3),
        ("9" * 30, 2, 3),
        ("x", 1, 50),
        ("²", 1, 50),
    ],
)
def test_every_page_of_a_search_says_what_all_that_is_found_comes_to(bookkeeper, business, page, shown, rows):
    company = business.company("Oak Hills")
    for _ in range(52):
        business.invoice(business.ticket(company), "2.00")
    business.draft(business.ticket(company), "2.00")
    business.invoice(business.ticket(business.company("Elm")), "500.00")

    context = bookkeeper.open("invoices/", search="oak", page=page).context

    listing, totals = context["listing"], context["totals"]
    assert (listing.page.number, listing.page.paginator.count) == (shown, 53)
    latest_first = list(Invoice.objects.filter(bill_to=company).order_by("-issued_on", "-pk"))
    assert listing.rows == latest_first[50 * (shown - 1) :][:rows]
    assert (totals.invoices, totals.total, totals.balance) == (52, Decimal(104), Decimal(104))


def test_the_pages_of_a_search_are_one_list(bookkeeper, business):
    place = business.property(business.company("Oak Hills"))
    for _ in range(60):
        business.ticket(property=place)

    pages = [bookkeeper.open("tickets/", search="oak", page=page).context["listing"].rows for page in (1, 2)]

    assert [len(rows) for rows in pages] == [50, 10]
    assert sorted((row.pk for rows in pages for row in rows), reverse=True) == [
        row.pk for rows in pages for row in rows
    ]
