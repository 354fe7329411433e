"""What is owed and what it waits for is looked up record by record in an index.

One row more for each record would still be right, and at a large contractor hold the database for minutes.
"""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from centerpoint.quickbooks import outbox
from centerpoint.quickbooks.models import CompanyFile, Posting, RecordKind, WorkGoes
from centerpoint.quickbooks.outbox.positions import place
from centerpoint.quickbooks.posting_states import State

# Without statistics SQLite plans by rules, the same for few rows as for many.
pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="the plans of SQLite")


def _looks(statements: CaptureQueriesContext) -> list[str]:
    """How the statements look things up for each record they go through."""
    looks = []
    with connection.cursor() as cursor:
        for statement in statements.captured_queries:
            if statement["sql"].startswith("SELECT"):
                cursor.execute(f"EXPLAIN QUERY PLAN {statement['sql']}")
                looks += [detail for *_, detail in cursor.fetchall() if detail.startswith("SEARCH U0 ")]
    return looks


def test_whether_a_company_has_a_suggestion_is_no_search_through_all_of_them(
    business: Any, books: Any
) -> None:
    books.posting(business.company(), RecordKind.COMPANY, State.READY)

    with CaptureQueriesContext(connection) as statements:
        place(books.company_file, Posting.objects.all(), now=books.now)

    [look] = [look for look in _looks(statements) if "suggestion" in look]
    assert look.endswith("suggestion_of_company (company_file_id=? AND company_id=?)")


@pytest.mark.parametrize("work_goes", [WorkGoes.WHEN_INVOICED, WorkGoes.WHEN_SCHEDULED])
def test_whether_work_is_invoiced_is_no_search_through_all_invoices(
    business: Any, books: Any, work_goes: WorkGoes
) -> None:
    business.invoice(business.ticket())
    books.choose(work_goes=work_goes)
    CompanyFile.objects.update(swept_at=None)
    company_file = CompanyFile.objects.select_related("options").get(pk=books.company_file.pk)

    with CaptureQueriesContext(connection) as statements:
        outbox.discover(company_file, now=books.now)

    looks = _looks(statements)
    assert any("(ticket_id=?" in look for look in looks)
    assert any("(project_id=?" in look for look in looks)
    assert not any("(contractor_id=?" in look for look in looks)
