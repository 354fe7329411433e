"""Every address there is, whoever asks: no page was forgotten when roles and contractors were thought of."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.urls.converters import IntConverter

from centerpoint.contractors.models import Role

# What a technician may send: his own name, and what is e-mailed to him.
A_TECHNICIANS_OWN = {"account", "notices"}
WRITES = re.compile(r"^(INSERT|UPDATE|DELETE)", re.IGNORECASE)


def of_a_contractor():
    """All pages behind /c/<contractor>/: name, what the address needs beside it, and the least role it is for."""
    for pattern in get_resolver("centerpoint.pages.urls").url_patterns:
        if "contractor" not in pattern.pattern.converters:
            continue
        for page in pattern.url_patterns:
            needs = page.pattern.converters
            yield (
                page.name,
                {name: 987654 if isinstance(how, IntConverter) else "x" for name, how in needs.items()},
                getattr(page.callback, "least", None),
            )


PAGES = sorted(of_a_contractor(), key=lambda page: page[0])
EACH = pytest.mark.parametrize(("name", "needs", "least"), PAGES, ids=[name for name, _, _ in PAGES])


def address(name, needs, contractor):
    return reverse(name, kwargs={"contractor": contractor.pk, **needs})


def test_every_page_says_whom_it_is_for():
    assert len(PAGES) > 60
    assert [name for name, _, least in PAGES if least is None] == []


@EACH
def test_nobody_sees_a_page_without_signing_in(business, name, needs, least):
    answer = Client().get(address(name, needs, business.contractor))

    assert answer.status_code in (302, 405)
    if answer.status_code == 302:
        assert answer.url.startswith("/accounts/login/")


@EACH
def test_nobody_sees_or_changes_anything_of_another_contractor(owner, another_business, name, needs, least):
    there = address(name, needs, another_business.contractor)

    assert {owner.get(there).status_code, owner.post(there).status_code} <= {404, 405}


@EACH
def test_a_page_answers_whoever_may_see_it_before_there_is_anything_to_show(
    owner, business, name, needs, least
):
    assert owner.get(address(name, needs, business.contractor)).status_code in (200, 302, 404, 405)


@EACH
def test_a_technician_changes_nothing(technician, business, name, needs, least):
    if name in A_TECHNICIANS_OWN:
        return
    with CaptureQueriesContext(connection) as asked:
        answer = technician.post(address(name, needs, business.contractor))

    if least is not Role.TECHNICIAN:
        assert answer.status_code in (403, 405)
    written = [query["sql"] for query in asked if WRITES.match(query["sql"])]
    assert [sql for sql in written if "django_session" not in sql] == []
