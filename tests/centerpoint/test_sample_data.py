import datetime as dt
from collections import Counter
from decimal import Decimal

import pytest
from django.db.models import Max, Q

from centerpoint.billing import money, queries
from centerpoint.billing.models import Invoice, InvoiceKind, InvoiceLine, InvoiceStatus
from centerpoint.companies.models import Company, Contact, Property
from centerpoint.contractors.models import Contractor
from centerpoint.sample_data import Loaded, load_sample_data
from centerpoint.sample_data.vocabulary import DIFFICULT_NAMES
from centerpoint.work.models import Project, ServiceTicket, Stage

SIZE = {"companies": 60, "tickets": 130, "projects": 10, "invoices": 80}


def load(business, now, **changes):
    return load_sample_data(**{"contractor": business.contractor, "seed": 7, "now": now, **SIZE, **changes})


@pytest.fixture
def loaded(business, now):
    return load(business, now)


def issued(kind):
    return Invoice.objects.filter(kind=kind, status=InvoiceStatus.ISSUED)


def test_it_makes_what_was_asked_for(loaded):
    assert loaded == Loaded(companies=60, tickets=130, projects=10, service_invoices=80, project_invoices=30)
    assert (
        Company.objects.count(),
        ServiceTicket.objects.count(),
        Project.objects.count(),
        issued(InvoiceKind.SERVICE).count(),
        issued(InvoiceKind.PROJECT).count(),
    ) == (60, 130, 10, 80, 30)


def test_the_demo_has_enough_of_everything(business, now):
    made = load(business, now, companies=210, tickets=440, projects=20, invoices=400)

    assert (made.service_invoices, made.project_invoices) == (400, 60)
    billed = Company.objects.filter(Q(service_tickets__isnull=False)).distinct()
    assert billed.count() >= 200


def test_invoices_beyond_the_tickets_bring_tickets_of_their_own(business, now):
    assert load(business, now, tickets=5, invoices=30).tickets == 30


def rows(business):
    of = {"contractor": business.contractor}
    return [
        *Company.objects.filter(**of).order_by("pk").values_list("name", "phone", "billing_street", "email"),
        *ServiceTicket.objects.filter(**of).order_by("pk").values_list("number", "stage", "opened_on"),
        *Invoice.objects.filter(**of).order_by("pk").values_list("number", "status", "issued_on", "total"),
    ]


def test_the_same_seed_gives_the_same_data_and_another_seed_other_data(business, another_business, now):
    load(business, now)
    load(another_business, now)
    assert rows(business) == rows(another_business)

    Invoice.objects.all().delete()
    Project.objects.all().delete()
    ServiceTicket.objects.all().delete()
    Property.objects.all().delete()
    Company.objects.all().delete()
    load(business, now, seed=8)
    load(another_business, now)
    assert rows(business) != rows(another_business)


def test_it_can_be_loaded_twice(business, now):
    load(business, now)
    load(business, now)

    names = list(Company.objects.values_list("name", flat=True))
    assert len({name.lower() for name in names}) == 120
    assert business.ticket().number == str(1001 + 260)
    assert business.project().number == str(101 + 20)


def test_names_that_are_hard_for_quickbooks_are_among_the_companies(loaded):
    names = set(Company.objects.values_list("name", flat=True))

    assert {name for name, _ in DIFFICULT_NAMES} <= names
    assert any(len(name) > 41 for name in names)
    assert any(":" in name for name in names)
    assert any("&" in name for name in names)
    assert any(not name.isascii() for name in names)


def test_every_company_has_a_billing_contact_and_every_active_one_work(loaded):
    assert Contact.objects.filter(is_billing_contact=True).values("company").distinct().count() == 60
    idle = Company.objects.filter(is_active=True, service_tickets=None, properties__service_tickets=None)
    assert not idle.exists()
    assert not ServiceTicket.objects.filter(bill_to__is_active=False).exists()


def test_tickets_stand_at_every_stage_and_only_invoiced_ones_have_an_issued_invoice(business, now):
    load(business, now, tickets=300)

    assert set(ServiceTicket.objects.values_list("stage", flat=True)) == {*Stage}
    with_invoice = ServiceTicket.objects.filter(invoices__status=InvoiceStatus.ISSUED)
    assert set(with_invoice.values_list("stage", flat=True)) == {Stage.INVOICED, Stage.CLOSED}
    statuses = Counter(Invoice.objects.values_list("status", flat=True))
    assert statuses[InvoiceStatus.DRAFT] > 0
    assert statuses[InvoiceStatus.VOID] > 0
    assert not Invoice.objects.filter(status=InvoiceStatus.VOID).exclude(balance=0).exists()


def test_a_service_invoice_carries_its_tickets_number_and_bill_to(loaded):
    for invoice in Invoice.objects.filter(kind=InvoiceKind.SERVICE).select_related("ticket"):
        assert (invoice.number, invoice.bill_to_id) == (invoice.ticket.number, invoice.ticket.bill_to_id)


def test_every_amount_is_what_the_money_functions_make_of_the_lines(loaded):
    for invoice in queries.with_content(Invoice.objects.all()):
        lines = list(invoice.lines.all())
        taxes = list(invoice.taxes.all())
        expected = money.totals(
            [(money.line_amount(one.quantity, one.unit_price), one.taxable) for one in lines],
            [tax.percent for tax in taxes],
        )
        assert lines
        assert [tax.amount for tax in taxes] == list(expected.taxes)
        assert (invoice.subtotal, invoice.tax, invoice.total) == (
            expected.subtotal,
            expected.tax,
            expected.total,
        )


def test_the_only_tax_is_the_county_tax_and_the_exempt_pay_none(loaded):
    exempt = Invoice.objects.filter(Q(bill_to__tax_exempt=True) | Q(property__tax_exempt=True))

    assert exempt.exists()
    assert not exempt.exclude(tax=0).exists()
    assert not InvoiceLine.objects.filter(invoice__in=exempt, taxable=True).exists()
    assert set(Invoice.objects.filter(tax__gt=0).values_list("taxes__percent", flat=True)) == {
        Decimal("8.2500")
    }


def test_some_taxes_end_on_half_a_cent_and_some_lines_are_hidden_or_counted_in_fractions(business, now):
    load(business, now, invoices=200, tickets=200)

    exact = [
        sum((one.amount for one in invoice.lines.all() if one.taxable), Decimal(0)) * Decimal("8.25")
        for invoice in queries.with_content(Invoice.objects.filter(tax__gt=0))
    ]
    assert any(tax % 1 == Decimal("0.5") for tax in exact)
    assert InvoiceLine.objects.filter(visible=False, amount__gt=0).exists()
    assert any(quantity % 1 for quantity in InvoiceLine.objects.values_list("quantity", flat=True))


def test_projects_are_billed_by_deposit_share_and_finally_and_never_above_their_contract(loaded):
    projects = list(Project.objects.all())
    billed = queries.billed_of_contract(projects)

    assert all(0 < billed[project.pk].billed <= project.contract_amount for project in projects)
    finals = Invoice.objects.filter(is_final=True).select_related("project")
    assert finals.exists()
    for final in finals:
        assert billed[final.project_id].rest == 0
        assert final.previously_invoiced + final.subtotal == final.project.contract_amount
    assert Project.objects.filter(change_orders__isnull=False).exists()
    assert set(Invoice.objects.filter(percent_of_contract=40).values_list("kind", flat=True)) == {"project"}


def test_nothing_lies_in_the_future_and_nothing_is_done_before_it_began(loaded, today):
    latest = Invoice.objects.aggregate(day=Max("issued_on"))["day"]
    opened = ServiceTicket.objects.aggregate(day=Max("opened_on"))["day"]
    assert max(latest, opened) <= today
    for ticket in ServiceTicket.objects.exclude(completed_on=None):
        assert ticket.opened_on <= ticket.completed_on <= today
    for invoice in issued(InvoiceKind.SERVICE).select_related("ticket"):
        assert invoice.ticket.completed_on <= invoice.issued_on < invoice.due_on


def test_numbers_follow_the_days_on_which_the_calls_came_in(loaded):
    by_number = sorted(ServiceTicket.objects.all(), key=lambda ticket: int(ticket.number))

    assert [t.opened_on for t in by_number] == sorted(t.opened_on for t in by_number)


def test_everything_is_dated_now_so_that_it_is_seen_as_new(loaded, now):
    for model in (Company, Property, ServiceTicket, Project, Invoice):
        assert set(model.objects.values_list("changed_at", "revision")) == {(now, 1)}


def test_the_day_is_the_contractors_own(business):
    Contractor.objects.update(time_zone="Pacific/Auckland")
    evening = dt.datetime(2025, 6, 30, 22, 0, tzinfo=dt.UTC)

    load(business, evening, tickets=400, invoices=400)

    assert Invoice.objects.aggregate(day=Max("issued_on"))["day"] == dt.date(2025, 7, 1)


def test_progress_is_heard_for_everything_that_was_asked_for(business, now):
    heard = []

    load(business, now, progress=heard.append)

    assert sum(heard) == sum(SIZE.values())


def test_work_without_a_company_is_a_mistake_of_the_caller(business, now):
    with pytest.raises(ValueError, match="company"):
        load(business, now, companies=0)
