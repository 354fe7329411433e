"""Who did what, told by the operations themselves."""

import pytest

from centerpoint.billing import operations as billing
from centerpoint.companies.operations import change_company
from centerpoint.contractors.history import acting
from centerpoint.contractors.models import User
from centerpoint.contractors.queries import changes
from centerpoint.contractors.revisions import StaleRevision


def told(contractor, record=None):
    return [
        (change.who, change.did, change.title, change.differences) for change in changes(contractor, record)
    ]


def test_a_change_tells_who_made_it_and_what_it_replaced(business, now):
    company = business.company("Oak Hills", phone="512-555-0100")
    jane = User.objects.create_user("jane@example.com", name="Jane Doe")

    with acting(jane):
        change_company(company=company, now=now, name="Oak Hills HOA", phone="512-555-0199", credit_hold=True)

    assert told(business.contractor, company) == [
        (
            "Jane Doe",
            "Changed",
            "Oak Hills HOA",
            [
                ["Name", "Oak Hills", "Oak Hills HOA"],
                ["Phone", "512-555-0100", "512-555-0199"],
                ["Credit hold", "no", "yes"],
            ],
        ),
        ("Centerpoint", "Created", "Oak Hills", []),
    ]


def test_what_came_from_quickbooks_says_so(business, now):
    company = business.company("Oak Hills")

    with acting(through="QuickBooks"):
        change_company(company=company, now=now, phone="512-555-0199")

    assert told(business.contractor, company)[0][0] == "QuickBooks"


def test_another_bill_to_is_told_by_name(business, now):
    ticket = business.ticket(business.company("Oak Hills"))

    billing.change_bill_to(work=ticket, bill_to=business.company("Elm Street LLC"), now=now)

    assert told(business.contractor, ticket)[0][3] == [["Bill to", "Oak Hills", "Elm Street LLC"]]


def test_an_invoice_tells_its_life(business, now):
    invoice = business.invoice()
    billing.void_invoice(invoice=invoice, now=now)

    assert [did for _, did, _, _ in told(business.contractor, invoice)] == ["Voided", "Issued", "Drafted"]


def test_a_refused_change_is_not_told(business, now):
    company = business.company("Oak Hills")

    with pytest.raises(StaleRevision):
        change_company(company=company, now=now, expected=7, name="Elm")

    assert [did for _, did, _, _ in told(business.contractor, company)] == ["Created"]


def test_another_contractors_history_stays_his(business, another_business):
    another_business.company("Elm Street LLC")

    assert told(business.contractor) == []
