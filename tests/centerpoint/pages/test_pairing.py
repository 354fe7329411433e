"""Pair Customers: what the bookkeeper sees and decides there."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from centerpoint.pages import listing
from centerpoint.quickbooks import connection
from centerpoint.quickbooks.counted import MANY
from centerpoint.quickbooks.models import (
    SENDING_RANK,
    CompanyFile,
    Pairing,
    Posting,
    QuickBooksCustomer,
    ReadMark,
    RecordKind,
    Suggestion,
)
from centerpoint.quickbooks.pairing import counting, operations, queries
from centerpoint.quickbooks.posting_states import State

HTMX = {"HTTP_HX_REQUEST": "true"}


class Books:
    """The company file of the business: customers that were read, and suggestions for its companies."""

    def __init__(self, business: Any, now: dt.datetime) -> None:
        self.business, self.now = business, now
        self.company_file: CompanyFile = connection.activate(
            contractor=business.contractor, url="http://localhost:8000", now=now
        ).company_file
        ReadMark.objects.create(company_file=self.company_file, reading="customers", completed_at=now)

    def customer(self, name: str, **fields: Any) -> QuickBooksCustomer:
        return QuickBooksCustomer.objects.create(
            company_file=self.company_file,
            list_id=f"8000{QuickBooksCustomer.objects.count():04X}-1",
            name=name[:41],
            full_name=name,
            edit_sequence="1",
            time_modified="2025-06-30T10:00:00-06:00",
            read_at=self.now,
            **fields,
        )

    def both(self, name: str) -> tuple[Any, QuickBooksCustomer]:
        return self.business.company(name), self.customer(name)

    def pair(self, company: Any, customer: QuickBooksCustomer) -> None:
        operations.pair(company_file=self.company_file, company=company, customer=customer, now=self.now)

    def held_up(self, invoice: Any) -> None:
        Posting.objects.create(
            company_file=self.company_file,
            kind=RecordKind.INVOICE,
            invoice=invoice,
            revision=invoice.revision,
            rank=SENDING_RANK[RecordKind.INVOICE],
            bill_to=invoice.bill_to,
            state=State.NEEDS_PAIRING,
            state_since=self.now,
            mark=f"{{{invoice.pk}}}",
            amount=invoice.total,
            created_at=self.now,
        )

    def compare(self) -> None:
        operations.refresh_suggestions(company_file=self.company_file, now=self.now)


@pytest.fixture
def books(business: Any, now: dt.datetime) -> Books:
    return Books(business, now)


def pairs() -> list[str]:
    return [str(pairing) for pairing in Pairing.objects.order_by("company__name")]


def decide(somebody: Any, company: Any, **decision: Any) -> Any:
    return somebody.post(
        f"{somebody.base}quickbooks/pairing/{company.pk}/decide/?tab=certain", decision, **HTMX
    )


def shown(answer: Any) -> list[str]:
    return [row.company.name for row in answer.context["rows"]]


def test_companies_stand_under_how_well_they_match(technician, books, business):
    books.both("Oak Hills")
    business.company("Elm Dental")
    books.compare()

    answer = technician.open("quickbooks/pairing/")

    assert (answer.context["here"], shown(answer)) == ("certain", ["Oak Hills"])
    assert {tab.label: tab.number for tab in answer.context["tabs"]} == {
        "Certain": "1",
        "Likely": "0",
        "No match": "1",
        "Name clash": "0",
        "Being created": "0",
        "Paired": "0",
        "Only in QuickBooks": "1",
    }
    assert shown(technician.open("quickbooks/pairing/", tab="without")) == ["Elm Dental"]


def test_customers_left_are_counted_no_further_than_the_tab_says(technician, books):
    QuickBooksCustomer.objects.bulk_create(
        QuickBooksCustomer(
            company_file=books.company_file,
            list_id=f"80001{number:03}-1",
            name=f"Oak {number}",
            full_name=f"Oak {number}",
            edit_sequence="1",
            time_modified="2025-06-30T10:00:00-06:00",
            read_at=books.now,
        )
        for number in range(MANY + 2)
    )

    answer = technician.open("quickbooks/pairing/", tab="customers")

    assert counting.counts(books.company_file).customers_left == MANY
    assert {tab.label: tab.number for tab in answer.context["tabs"]}["Only in QuickBooks"] == "999+"
    assert answer.context["listing"].page.paginator.count == MANY + 2


@pytest.mark.parametrize(
    "tab", ["certain", "likely", "without", "name_clash", "coming", "paired", "customers"]
)
def test_every_list_answers_whole_and_as_a_file(bookkeeper, books, tab):
    for name in ("Oak Hills", "Elm Dental"):
        books.both(name)
    books.compare()
    operations.accept_certain(company_file=books.company_file, now=books.now)
    books.both("Birch")

    assert bookkeeper.open("quickbooks/pairing/", tab=tab).status_code == 200
    assert bookkeeper.open("quickbooks/pairing/", tab=tab, format="csv").getvalue()


def test_one_pair_is_made_and_only_its_row_comes_back(bookkeeper, books):
    company, customer = books.both("Oak Hills")
    books.compare()

    answer = decide(bookkeeper, company, pair=customer.pk)

    page = answer.content.decode()
    assert pairs() == ["Oak Hills is Oak Hills"]
    assert page.lstrip().startswith("<li") and "Oak Hills is paired with Oak Hills." in page
    assert 'hx-swap-oob="true"' in page and "<strong>1 of 1</strong> paired" in page


def test_a_pair_is_made_without_a_script_too(bookkeeper, books):
    company, customer = books.both("Oak Hills")
    books.compare()

    answer = bookkeeper.send(f"quickbooks/pairing/{company.pk}/decide/?tab=likely", pair=customer.pk)

    assert pairs() == ["Oak Hills is Oak Hills"]
    assert answer.url == f"{bookkeeper.base}quickbooks/pairing/?tab=likely#company-{company.pk}"


def test_each_decision_can_be_undone_the_latest_first(bookkeeper, books, business):
    company, customer = books.both("Oak Hills")
    other = business.company("Elm Dental")
    books.compare()
    decide(bookkeeper, company, pair=customer.pk)
    decide(bookkeeper, other, create="1")

    bookkeeper.send("quickbooks/pairing/undo/")
    assert (Posting.objects.count(), pairs()) == (0, ["Oak Hills is Oak Hills"])

    answer = bookkeeper.send("quickbooks/pairing/undo/?tab=certain")
    assert pairs() == []
    assert answer.url.endswith(f"?tab=certain#company-{company.pk}")

    bookkeeper.send("quickbooks/pairing/undo/")
    assert "There is nothing to undo." in bookkeeper.open("quickbooks/pairing/").content.decode()


def test_not_the_same_leaves_the_company_without_a_match_until_it_is_undone(bookkeeper, books):
    company, customer = books.both("Oak Hills")
    books.compare()

    page = decide(bookkeeper, company, not_the_same=customer.pk).content.decode()
    assert "Nobody in QuickBooks is like it." in page and "data-decided" not in page

    bookkeeper.send("quickbooks/pairing/undo/")
    assert Suggestion.objects.get().verdict == Suggestion.Verdict.CERTAIN


def test_a_company_is_not_created_while_somebody_there_may_be_it(bookkeeper, books):
    company, _ = books.both("Oak Hills")
    books.compare()

    page = decide(bookkeeper, company, create="1").content.decode()

    assert "Oak Hills may be Oak Hills in QuickBooks." in page
    assert not Posting.objects.exists()


def test_a_name_too_long_is_shown_as_it_will_be_there(bookkeeper, books, business):
    business.company("Homeowners Association of the Upper Barton Creek Bluffs")
    books.compare()

    page = bookkeeper.open("quickbooks/pairing/", tab="without").content.decode()

    assert "<strong>Homeowners Association of the Upper</strong>" in page
    assert "A name there has 41 characters; this one has 55." in page


def test_what_a_company_holds_up_is_said(bookkeeper, books, business):
    books.held_up(business.invoice(amount="4210.00"))

    page = bookkeeper.open("quickbooks/pairing/", tab="without").content.decode()

    assert "1 invoice, $4,210.00 waits" in page


@pytest.mark.parametrize("first_pages", [0, 25, 500])
def test_page_after_page_is_the_list_that_the_file_has(bookkeeper, books, business, monkeypatch, first_pages):
    monkeypatch.setattr(listing, "FIRST_PAGES", first_pages)
    for number in range(60):
        company = business.company(f"Company {number % 7} {number}")
        if number % 2:
            books.held_up(business.invoice(business.ticket(company)))

    pages = [
        shown(bookkeeper.open("quickbooks/pairing/", tab="without", page=str(page))) for page in (1, 2, 3)
    ]

    in_order = queries.unpaired(books.company_file, bucket=queries.Bucket.WITHOUT)
    assert [len(page) for page in pages[:2]] == [25, 25]
    assert [name for page in pages for name in page] == [company.name for company in in_order]


def test_a_pair_is_found_by_either_name_at_any_level(technician, books, business):
    books.pair(business.company("Alder"), books.customer("Birch"))
    became_a_job = books.customer("Dogwood")
    books.pair(business.company("Elder"), became_a_job)
    QuickBooksCustomer.objects.filter(pk=became_a_job.pk).update(full_name="Cedar:Dogwood", sublevel=1)

    def found(text):
        rows = technician.open("quickbooks/pairing/", tab="paired", search=text).context["listing"].rows
        return [pair.company.name for pair in rows]

    assert (found("alde"), found("irch"), found("dogw"), found("zzz")) == (
        ["Alder"],
        ["Alder"],
        ["Elder"],
        [],
    )


def test_all_certain_ones_are_accepted_and_undone_together(bookkeeper, books):
    for name in ("Oak Hills", "Elm Dental"):
        books.both(name)
    books.compare()

    bookkeeper.send("quickbooks/pairing/certain/")
    assert pairs() == ["Elm Dental is Elm Dental", "Oak Hills is Oak Hills"]
    assert "2 companies paired as certain." in bookkeeper.open("quickbooks/pairing/").content.decode()

    bookkeeper.send("quickbooks/pairing/undo/")
    assert pairs() == []


def test_the_selected_are_paired_and_what_cannot_be_is_said(bookkeeper, books, business):
    company, _ = books.both("Oak Hills")
    lonely = business.company("Elm Dental")
    books.compare()

    bookkeeper.send("quickbooks/pairing/selected/", do="pair", company=[company.pk, lonely.pk])

    assert pairs() == ["Oak Hills is Oak Hills"]
    assert "Elm Dental has no match to pair with." in bookkeeper.open("quickbooks/pairing/").content.decode()


def test_the_selected_are_created_and_taken_back_together(bookkeeper, books, business):
    companies = [business.company(name).pk for name in ("Oak Hills", "Elm Dental")]

    bookkeeper.send("quickbooks/pairing/selected/", do="create", company=companies)
    assert set(Posting.objects.values_list("company", "state")) == {(pk, State.READY) for pk in companies}

    bookkeeper.send("quickbooks/pairing/undo/")
    assert not Posting.objects.exists()


def test_another_customer_is_chosen_by_typing(bookkeeper, books, business):
    company = business.company("Oak Hills")
    customer = books.customer("Kensington Apartments")

    offered = bookkeeper.open("pick/quickbooks-customers/", search="kens").context["offers"]
    bookkeeper.send(f"quickbooks/pairing/{company.pk}/choose/", customer=str(customer.pk))

    assert ([each.pk for each in offered], pairs()) == (
        [customer.pk],
        ["Oak Hills is Kensington Apartments"],
    )


def test_a_customer_that_does_not_exist_is_said_beside_the_field(bookkeeper, books, business):
    company = business.company("Oak Hills")

    answer = bookkeeper.send(f"quickbooks/pairing/{company.pk}/choose/", customer_text="Zebra")

    assert answer.status_code == 422
    assert "No QuickBooks customer matches “Zebra”." in answer.content.decode()


def test_a_quickbooks_customer_is_brought_in(bookkeeper, books):
    customer = books.customer("Kensington Apartments")

    bookkeeper.send(f"quickbooks/pairing/customers/{customer.pk}/bring-in/")

    assert pairs() == ["Kensington Apartments is Kensington Apartments"]


def test_a_technician_reads_and_decides_nothing(technician, books):
    company, customer = books.both("Oak Hills")
    books.compare()

    assert "<button" not in technician.open("quickbooks/pairing/").content.decode().split("pairing-rows")[1]
    assert decide(technician, company, pair=customer.pk).status_code == 403


def test_another_contractors_records_are_not_there(bookkeeper, books, another_business, now):
    theirs = Books(another_business, now)
    company, customer = theirs.both("Oak Hills")
    ours = books.business.company("Oak Hills")

    assert decide(bookkeeper, company, pair=customer.pk).status_code == 404
    assert decide(bookkeeper, ours, pair=customer.pk).status_code == 404
    assert bookkeeper.send(f"quickbooks/pairing/customers/{customer.pk}/bring-in/").status_code == 404
    assert bookkeeper.send(f"quickbooks/pairing/{company.pk}/choose/").status_code == 404


def test_a_decision_is_never_made_by_following_a_link(bookkeeper, books):
    company, _ = books.both("Oak Hills")

    assert bookkeeper.open(f"quickbooks/pairing/{company.pk}/decide/", create="1").status_code == 405


def test_without_an_integration_the_page_leads_to_it(bookkeeper):
    assert bookkeeper.open("quickbooks/pairing/").url == f"{bookkeeper.base}settings/integrations/"


def test_a_page_costs_the_same_however_long(bookkeeper, books, business, django_assert_max_num_queries):
    for number in range(40):
        books.both(f"Oak {number} Church")
        business.company(f"Elm {number} School")
    books.compare()

    for tab in ("certain", "without", "paired", "customers"):
        with django_assert_max_num_queries(24):
            bookkeeper.open("quickbooks/pairing/", tab=tab)


def test_who_is_not_signed_in_pairs_nothing(books):
    assert Client().get(f"/c/{books.business.contractor.pk}/quickbooks/pairing/").status_code == 302


@pytest.mark.parametrize("kind", ["companies", "tickets", "projects"])
def test_a_record_says_early_that_its_company_is_not_paired(bookkeeper, books, business, kind):
    company = business.company("Oak Hills")
    record = {
        "companies": lambda: company,
        "tickets": lambda: business.ticket(company),
        "projects": lambda: business.project(company),
    }[kind]()
    said = "Oak Hills is not paired with a QuickBooks customer yet; its invoices will wait."

    page = bookkeeper.open(f"{kind}/{record.pk}/").content.decode()
    assert said in page and f"quickbooks/pairing/?company={company.pk}" in page

    operations.pair(
        company_file=books.company_file, company=company, customer=books.customer("Oak"), now=books.now
    )
    assert said not in bookkeeper.open(f"{kind}/{record.pk}/").content.decode()


def test_one_company_is_found_wherever_it_stands(bookkeeper, books):
    for name in ("Oak Hills", "Elm Dental"):
        company, _ = books.both(name)
    books.compare()

    assert shown(bookkeeper.open("quickbooks/pairing/", company=company.pk)) == ["Elm Dental"]
