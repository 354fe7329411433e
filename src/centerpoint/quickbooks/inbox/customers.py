"""Customers and jobs: mirrored as QuickBooks has them, then made something of here."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat, Substr

from centerpoint.quickbooks.compiled_query import CompiledQuery, Each, Given
from centerpoint.quickbooks.models import CompanyFile, Counterpart, QuickBooksCustomer, RecordKind
from qbxml.messages import Address, CustomerRet

_LINES = ("addr1", "addr2", "addr3", "addr4", "addr5")
_NO_ADDRESS = Address()
ZERO = Decimal(0)
_JOB_KINDS = (RecordKind.PROPERTY, RecordKind.TICKET, RecordKind.PROJECT)

# What the customer is. A transaction of his moves TimeModified and the balances, and says nothing new about him.
_CONTENT = (
    "parent_list_id",
    "sublevel",
    "name",
    "full_name",
    "is_active",
    "company_name",
    "contact",
    "street",
    "city",
    "state",
    "postal_code",
    "country",
    "phone",
    "email",
    "account_number",
    "external_guid",
    "is_deleted",
)
_STAMPS = ("balance", "total_balance", "edit_sequence", "time_modified")
_VALUES = (*_CONTENT, *_STAMPS)

Values = tuple[Any, ...]  # of _VALUES, in that order

_FULL_NAME = _VALUES.index("full_name")
_WRITTEN = ("company_file_id", "list_id", *_VALUES, "is_news", "read_at")
# Raw, because building and compiling through the ORM costs five times as much, and a first reading may bring 50,000.
_UPSERT = f"""
INSERT INTO {QuickBooksCustomer._meta.db_table} ({", ".join(_WRITTEN)})
VALUES ({", ".join(["%s"] * len(_WRITTEN))})
ON CONFLICT (company_file_id, list_id) DO UPDATE SET
{", ".join(f"{column} = excluded.{column}" for column in _WRITTEN[2:])}
"""  # noqa: S608 - constants only


def take_customers(company_file: CompanyFile, rets: Sequence[CustomerRet], *, now: dt.datetime) -> None:
    """Mirror a chunk of customers and jobs; customers whose content is new are news."""
    told = {ret.list_id: (_values(ret), not ret.sublevel) for ret in rets}
    if not told:
        return
    known = {
        list_id: (values, is_news)
        for list_id, is_news, *values in _mirrored.rows(company_file=company_file.pk, list_ids=told)
    }
    changed, renamed = [], {}
    for list_id, (values, is_customer) in told.items():
        old, was_news = known.get(list_id, ([], False))
        if list(values) == old:
            continue
        is_new_content = list(values[: len(_CONTENT)]) != old[: len(_CONTENT)]
        if old and old[_FULL_NAME] != values[_FULL_NAME]:
            renamed[old[_FULL_NAME]] = values[_FULL_NAME]
        changed.append((list_id, values, was_news or (is_customer and is_new_content)))
    for old_name, new_name in renamed.items():
        _rename_below(company_file, old_name, new_name)
    if changed:
        _write(company_file, changed, now=now)


@CompiledQuery
def _mirrored() -> QuerySet[Any, Any]:
    mirrors = QuickBooksCustomer.objects.filter(
        company_file=Given("company_file"), list_id__in=Each("list_ids", texts=True)
    )
    return mirrors.values_list("list_id", "is_news", *_VALUES)


def _write(
    company_file: CompanyFile, changed: Sequence[tuple[str, Values, bool]], *, now: dt.datetime
) -> None:
    operations = connection.ops
    read_at = operations.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.executemany(
            _UPSERT,
            [
                (company_file.pk, list_id, *_for_the_database(values, operations), is_news, read_at)
                for list_id, values, is_news in changed
            ],
        )


def _for_the_database(values: Values, operations: BaseDatabaseOperations) -> Iterator[Any]:
    for value in values:
        if isinstance(value, Decimal):
            yield operations.adapt_decimalfield_value(value, 14, 2)
        else:
            yield value


def _values(ret: CustomerRet) -> Values:
    address = ret.bill_address or _NO_ADDRESS
    parent = ret.parent_ref
    return (
        (parent.list_id if parent else None) or "",
        ret.sublevel or 0,
        ret.name,
        ret.full_name or ret.name,
        ret.is_active is not False,
        ret.company_name or "",
        ret.contact or "",
        "\n".join(line for name in _LINES if (line := getattr(address, name))),
        address.city or "",
        address.state or "",
        address.postal_code or "",
        address.country or "",
        ret.phone or "",
        ret.email or "",
        ret.account_number or "",
        ret.external_guid or "",
        False,
        ret.balance or ZERO,
        ret.total_balance or ZERO,
        ret.edit_sequence,
        ret.time_modified,
    )


def _rename_below(company_file: CompanyFile, old: str, new: str) -> None:
    """Everything below a renamed or moved customer bears its name; QuickBooks does not tell it of each job."""
    jobs: QuerySet[Any] = QuickBooksCustomer.objects.filter(company_file=company_file)
    ours: QuerySet[Any] = Counterpart.objects.filter(company_file=company_file, kind__in=_JOB_KINDS)
    for records, column in ((jobs, "full_name"), (ours, "name")):
        rest = Substr(F(column), len(old) + 1)
        records.filter(**{f"{column}__istartswith": f"{old}:"}).update(**{column: Concat(Value(new), rest)})
    ours.filter(name=old).update(name=new)
