"""The hot question of every poll, in one statement: who is this, and is there anything to do?"""

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from centerpoint.quickbooks.posting_states import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What a log-in needs to know. `something_to_do` may be true in vain, never false in vain."""

    company_file_id: int
    status: str
    password_digest: bytes
    previous_password_digest: bytes
    previous_password_until: dt.datetime | None
    something_to_do: bool


# Raw, because compiling the same query by the ORM costs more than running it (performance.md).
_SENT, _UNKNOWN, _READY, _BUSY = (
    f"'{state}'" for state in (State.SENT, State.UNKNOWN, State.READY, State.BUSY)
)
_REVISED = (
    "companies_company",
    "companies_property",
    "work_serviceticket",
    "work_project",
    "billing_invoice",
)
_CHANGED = " OR ".join(
    f"EXISTS (SELECT 1 FROM {table} r WHERE r.contractor_id = f.contractor_id"  # noqa: S608 - constants only
    " AND r.changed_at >= f.discovered_to)"
    for table in _REVISED
)
_STATEMENT = f"""
SELECT f.id, f.status, f.password_digest, f.previous_password_digest, f.previous_password_until,
       f.read_at, f.read_requested, o.read_every, f.swept_at,
       EXISTS (SELECT 1 FROM quickbooks_posting p WHERE p.company_file_id = f.id
               AND p.state IN ({_READY}, {_SENT}, {_UNKNOWN}))
       OR EXISTS (SELECT 1 FROM quickbooks_posting p WHERE p.company_file_id = f.id
                  AND p.state = {_BUSY} AND p.try_after <= %s)
       OR EXISTS (SELECT 1 FROM quickbooks_counterpart c WHERE c.company_file_id = f.id AND c.read_again)
       OR EXISTS (SELECT 1 FROM quickbooks_exchange e WHERE e.company_file_id = f.id
                  AND e.status IN ('handed_out', 'unknown') AND e.writes)
       OR f.discovered_to IS NULL OR {_CHANGED} OR o.changed_at >= f.swept_at
  FROM quickbooks_companyfile f JOIN quickbooks_options o ON o.company_file_id = f.id
 WHERE f.user_name = %s
"""  # noqa: S608 - constants only


def glance(*, user_name: str, now: dt.datetime) -> Glance | None:
    """What one log-in needs, in one indexed read; None for an unknown user name."""
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, [connection.ops.adapt_datetimefield_value(now), user_name])
        row = cursor.fetchone()
    if row is None:
        return None
    read_at, swept_at = _instant(row[5]), _instant(row[8])
    reading_is_due = bool(row[6]) or read_at is None or now - read_at >= dt.timedelta(seconds=row[7])
    sweep_is_due = swept_at is None or now - swept_at >= dt.timedelta(days=1)
    return Glance(
        company_file_id=row[0],
        status=row[1],
        password_digest=bytes(row[2]),
        previous_password_digest=bytes(row[3]),
        previous_password_until=_instant(row[4]),
        something_to_do=bool(row[9]) or reading_is_due or sweep_is_due,
    )


def _instant(value: dt.datetime | None) -> dt.datetime | None:
    """A date-time column read without the ORM: SQLite gives it in UTC without saying so."""
    if value is None or value.tzinfo is not None:
        return value
    return value.replace(tzinfo=dt.UTC)
