"""PURE: when an invoice is due."""

import datetime as dt
import re

NET_DAYS = re.compile(r"\bnet\s*(\d{1,3})\b", re.IGNORECASE)


def due_date(issued_on: dt.date, *, terms: str, usual_terms: str, usual_days: int) -> dt.date:
    """The terms say the days themselves ("Net 15", "2% 10 Net 30", "Due on receipt"), else the contractor's usual days."""
    if terms.strip().lower() == usual_terms.strip().lower():
        return issued_on + dt.timedelta(days=usual_days)
    net = NET_DAYS.search(terms)
    if net:
        return issued_on + dt.timedelta(days=int(net[1]))
    if "receipt" in terms.lower():
        return issued_on
    return issued_on + dt.timedelta(days=usual_days)
