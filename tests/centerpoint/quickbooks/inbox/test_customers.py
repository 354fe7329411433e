"""Customers and jobs come in: mirrored, merged field by field, made companies when wanted."""

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest

from centerpoint.companies.models import Company
from centerpoint.companies.operations import change_company
from centerpoint.quickbooks import inbox
from centerpoint.quickbooks.mapping.customers import shared_fields_there
from centerpoint.quickbooks.models import (
    Conflict,
    Counterpart,
    Pairing,
    QuickBooksCustomer,
    RecordKind,
    Suggestion,
)
from centerpoint.quickbooks.pairing import operations
from qbxml import messages

pytestmark = pytest.mark.django_db
LATER = dt.timedelta(hours=1)


def take(books, *rets):
    """Read these and nothing else, completely, an hour later."""
    now = books.now + LATER
    inbox.take_customers(books.company_file, rets, now=now)
    inbox.customers_complete(books.company_file, now=now)


def mirrored(books):
    return list(
        QuickBooksCustomer.objects.filter(company_file=books.company_file)
        .order_by("full_name")
        .values_list("full_name", flat=True)
    )


@pytest.fixture
def oak_hills(books, business):
    """A company and its customer, agreed on everything, and the customer as QuickBooks tells it."""
    ret = books.customer_ret("Oak Hills", phone="512 555 0100")
    inbox.take_customers(books.company_file, [ret], now=books.now)
    customer = QuickBooksCustomer.objects.get()
    company = business.company("Oak Hills", phone="512 555 0100")
    books.paired(company, customer=customer, agreed=shared_fields_there(customer))
    QuickBooksCustomer.objects.update(is_news=False)
    return company, ret


def changed(ret, **fields):
    return dataclasses.replace(ret, **{"edit_sequence": "1751299999", **fields})


# -- the mirror ----------------------------------------------------------------------------------------------------


def test_a_customer_is_mirrored_whole(books):
    ret = books.customer_ret(
        "Oak Hills",
        company_name="Oak Hills Inc",
        bill_address=messages.Address(addr1="Oak Hills", addr2="1 Main St", city="Austin", state="TX"),
        phone="512 555 0100",
        balance=Decimal("12.50"),
        external_guid="{2d3c1f6e-0000-4000-8000-000000000001}",
    )

    inbox.take_customers(books.company_file, [ret], now=books.now)

    mirror = QuickBooksCustomer.objects.values().get()
    assert {
        name: value for name, value in mirror.items() if value and name not in ("id", "company_file_id")
    } == {
        "list_id": ret.list_id,
        "name": "Oak Hills",
        "full_name": "Oak Hills",
        "is_active": True,
        "company_name": "Oak Hills Inc",
        "street": "Oak Hills\n1 Main St",
        "city": "Austin",
        "state": "TX",
        "phone": "512 555 0100",
        "balance": Decimal("12.50"),
        "edit_sequence": "1751292000",
        "time_modified": ret.time_modified,
        "external_guid": "{2d3c1f6e-0000-4000-8000-000000000001}",
        "is_news": True,
        "read_at": books.now,
    }


def test_the_same_chunk_twice_writes_nothing(books, at_most):
    chunk = [books.customer_ret(f"Customer {number}") for number in range(300)]
    inbox.take_customers(books.company_file, chunk, now=books.now)

    with at_most(1):
        inbox.take_customers(books.company_file, chunk, now=books.now + LATER)


def test_a_chunk_costs_a_handful_of_statements(books, at_most):
    with at_most(3):
        inbox.take_customers(
            books.company_file, [books.customer_ret(f"Customer {n}") for n in range(300)], now=books.now
        )


def test_a_transaction_of_the_customer_is_no_news_about_him(books, oak_hills):
    _, ret = oak_hills

    inbox.take_customers(
        books.company_file,
        [changed(ret, balance=Decimal("99.00"), time_modified="2025-07-01T08:00:00-06:00")],
        now=books.now,
    )

    customer = QuickBooksCustomer.objects.get()
    assert (customer.balance, customer.time_modified, customer.is_news) == (
        Decimal("99.00"),
        "2025-07-01T08:00:00-06:00",
        False,
    )


def test_jobs_are_mirrored_and_never_news(books):
    ret = books.customer_ret("Oak Hills")
    inbox.take_customers(books.company_file, [ret], now=books.now)
    job = books.job_ret(QuickBooksCustomer.objects.get(), "1001 Leak")

    inbox.take_customers(books.company_file, [job], now=books.now)

    mirror = QuickBooksCustomer.objects.get(sublevel=1)
    assert (mirror.full_name, mirror.parent_list_id, mirror.is_news) == (
        "Oak Hills:1001 Leak",
        ret.list_id,
        False,
    )


def test_a_renamed_customer_renames_everything_below_him(books, business):
    ret = books.customer_ret("Oak Hills")
    inbox.take_customers(books.company_file, [ret], now=books.now)
    job = books.job_ret(QuickBooksCustomer.objects.get(), "1001 Leak")
    inbox.take_customers(books.company_file, [job, books.customer_ret("Oak Hills South")], now=books.now)
    ticket = business.ticket()
    Counterpart.objects.create(
        company_file=books.company_file,
        kind=RecordKind.TICKET,
        ticket=ticket,
        quickbooks_id=job.list_id,
        name=job.full_name,
        edit_sequence="1",
        read_at=books.now,
    )

    inbox.take_customers(
        books.company_file, [changed(ret, name="Oak Glen", full_name="Oak Glen")], now=books.now
    )

    assert mirrored(books) == ["Oak Glen", "Oak Glen:1001 Leak", "Oak Hills South"]
    assert Counterpart.objects.get().name == "Oak Glen:1001 Leak"


# -- changes taken in ----------------------------------------------------------------------------------------------


def test_a_field_changed_there_only_is_taken_over(books, oak_hills):
    company, ret = oak_hills

    take(books, changed(ret, phone="512 555 0199"))

    company.refresh_from_db()
    assert (company.phone, company.revision, Pairing.objects.get().agreed["phone"]) == (
        "512 555 0199",
        2,
        "512 555 0199",
    )


def test_a_field_emptied_there_is_emptied_here(books, oak_hills):
    company, ret = oak_hills

    take(books, changed(ret, phone=None))

    company.refresh_from_db()
    assert company.phone == ""


def test_a_field_changed_here_only_stays_and_waits_to_be_sent(books, oak_hills):
    company, ret = oak_hills
    change_company(company=company, now=books.now, phone="512 555 0111")

    take(books, changed(ret, email="a@oak.com"))

    company.refresh_from_db()
    assert (company.phone, company.email, Pairing.objects.get().agreed["phone"]) == (
        "512 555 0111",
        "a@oak.com",
        "512 555 0100",
    )


def test_a_field_changed_on_both_sides_waits_for_somebody_to_choose(books, oak_hills):
    company, ret = oak_hills
    change_company(company=company, now=books.now, phone="512 555 0111")

    take(books, changed(ret, phone="512 555 0199"))

    company.refresh_from_db()
    assert company.phone == "512 555 0111"
    assert list(Conflict.objects.values_list("field", "ours", "theirs", "agreed", "choice")) == [
        ("phone", "512 555 0111", "512 555 0199", "512 555 0100", Conflict.Choice.OPEN)
    ]


def test_a_conflict_is_found_once_and_follows_both_sides(books, oak_hills):
    company, ret = oak_hills
    change_company(company=company, now=books.now, phone="512 555 0111")
    take(books, changed(ret, phone="512 555 0199"))

    take(books, changed(ret, phone="512 555 0200"))

    assert [(one.ours, one.theirs) for one in Conflict.objects.all()] == [("512 555 0111", "512 555 0200")]


def test_a_conflict_settles_itself_when_both_sides_become_equal(books, oak_hills):
    company, ret = oak_hills
    change_company(company=company, now=books.now, phone="512 555 0111")
    take(books, changed(ret, phone="512 555 0199"))

    take(books, changed(ret, phone="512 555 0111"))

    conflict = Conflict.objects.get()
    assert (conflict.choice, conflict.settled_at) == (Conflict.Choice.OURS, books.now + LATER)


def test_changes_stay_out_when_they_are_not_wanted_but_conflicts_are_shown(books, oak_hills):
    company, ret = oak_hills
    books.choose(company_changes_in=False)
    change_company(company=company, now=books.now, phone="512 555 0111")

    take(books, changed(ret, phone="512 555 0199", email="a@oak.com"))

    company.refresh_from_db()
    assert (company.email, [one.field for one in Conflict.objects.all()]) == ("", ["phone"])


def test_what_stayed_out_comes_in_with_the_next_change_once_it_is_wanted(books, oak_hills):
    company, ret = oak_hills
    books.choose(company_changes_in=False)
    take(books, changed(ret, email="a@oak.com"))
    books.choose(company_changes_in=True)

    take(books, changed(ret, email="a@oak.com", phone="512 555 0199"))

    company.refresh_from_db()
    assert (company.email, company.phone) == ("a@oak.com", "512 555 0199")


def test_nothing_there_means_nothing_to_do(books, oak_hills, at_most):
    with at_most(12):
        inbox.customers_complete(books.company_file, now=books.now + LATER)


# -- new ones brought in -------------------------------------------------------------------------------------------


def test_a_new_customer_becomes_a_company_when_wanted(books):
    books.choose(new_companies_in=True)

    take(
        books,
        books.customer_ret(
            "Oak Hills",
            bill_address=messages.Address(addr1="1 Main St", city="Austin", state="TX"),
            email="a@oak.com",
        ),
    )

    pairing = Pairing.objects.get()
    company = pairing.company
    assert (company.name, company.billing_street, company.billing_city, company.email, pairing.how) == (
        "Oak Hills",
        "1 Main St",
        "Austin",
        "a@oak.com",
        Pairing.How.BROUGHT_IN,
    )
    assert not Conflict.objects.exists()


def test_new_customers_stay_out_unless_wanted(books):
    take(books, books.customer_ret("Oak Hills"))

    assert not Company.objects.exists()


def test_jobs_and_inactive_customers_never_become_companies(books):
    books.choose(new_companies_in=True)
    parent = books.paired(customer=books.customer("Elm Dental")).customer
    before = Company.objects.count()

    take(books, books.job_ret(parent, "1001"), books.customer_ret("Oak Hills", is_active=False))

    assert Company.objects.count() == before


def test_a_customer_that_may_be_a_company_already_is_suggested_instead_of_brought_in(books, business):
    books.choose(new_companies_in=True)
    business.company("Oak Hills LLC")

    take(books, books.customer_ret("Oak Hills Inc"))

    assert [suggestion.verdict for suggestion in Suggestion.objects.all()] == [Suggestion.Verdict.LIKELY]
    assert Company.objects.count() == 1


def test_a_customer_found_not_to_be_the_same_is_brought_in_after_all(books, business):
    books.choose(new_companies_in=True)
    company = business.company("Oak Hills LLC")
    ret = books.customer_ret("Oak Hills Inc")
    take(books, ret)
    customer = QuickBooksCustomer.objects.get()
    operations.not_the_same(
        company_file=books.company_file, company=company, customer=customer, now=books.now
    )

    take(books, ret)

    assert Pairing.objects.get().company.name == "Oak Hills Inc"


def test_bringing_in_many_costs_no_more_than_bringing_in_few(books, at_most):
    books.choose(new_companies_in=True)
    inbox.take_customers(
        books.company_file, [books.customer_ret(f"Customer {n}") for n in range(100)], now=books.now
    )

    with at_most(45):
        inbox.customers_complete(books.company_file, now=books.now)

    assert Company.objects.count() == 100


def test_one_contractors_customers_are_nothing_to_another(books, another_books, oak_hills):
    company, ret = oak_hills

    take(another_books, changed(ret, phone="512 555 0199"))

    company.refresh_from_db()
    assert company.phone == "512 555 0100"
