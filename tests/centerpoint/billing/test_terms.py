import datetime as dt

import pytest

from centerpoint.billing.terms import due_date


@pytest.mark.parametrize(
    ("terms", "due"),
    [
        ("House terms", dt.date(2025, 7, 15)),
        ("house terms", dt.date(2025, 7, 15)),
        ("Net 30", dt.date(2025, 7, 1)),
        ("net15", dt.date(2025, 6, 16)),
        ("2% 10 Net 30", dt.date(2025, 7, 1)),
        ("Due on receipt", dt.date(2025, 6, 1)),
        ("", dt.date(2025, 7, 15)),
        ("As agreed", dt.date(2025, 7, 15)),
    ],
)
def test_an_invoice_is_due_as_its_terms_say_or_as_usual(terms, due):
    assert due_date(dt.date(2025, 6, 1), terms=terms, usual_terms="House terms", usual_days=44) == due
