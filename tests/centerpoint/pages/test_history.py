"""Who did what, as the office reads it."""

import pytest

from centerpoint.companies.operations import change_company
from centerpoint.contractors.history import acting


def shown(answer):
    return [(change.who, change.did, change.title) for change in answer.context["listing"].rows]


@pytest.fixture
def two_changes(business, bookkeeper, now):
    company = business.company("Oak Hills")
    with acting(bookkeeper.user):
        change_company(company=company, now=now, phone="512-555-0100")


@pytest.mark.usefixtures("two_changes")
def test_the_history_says_who_did_what(bookkeeper):
    answer = bookkeeper.open("history/")

    assert shown(answer) == [
        ("The bookkeeper", "Changed", "Oak Hills"),
        ("Centerpoint", "Created", "Oak Hills"),
    ]
    assert "512-555-0100" in answer.content.decode()


@pytest.mark.usefixtures("two_changes")
@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"who": "nobody"}, 1),
        ({"kind": "invoice"}, 0),
        ({"kind": "company"}, 2),
        ({"search": "oak"}, 2),
        ({"since": "2100-01-01"}, 0),
        ({"until": "1999-12-31"}, 0),
    ],
)
def test_the_history_is_filtered(bookkeeper, query, count):
    assert len(shown(bookkeeper.open("history/", **query))) == count


def test_a_day_that_is_none_is_said_beside_its_field(bookkeeper):
    assert "Enter a valid date." in bookkeeper.open("history/", since="yesterday").content.decode()


def test_a_technician_does_not_read_who_did_what(technician):
    assert technician.open("history/").status_code == 403
