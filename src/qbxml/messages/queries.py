"""What queries have in common: their attributes and filters."""

import datetime as dt
from typing import Annotated, ClassVar

from qbxml.schema import (
    Amount,
    AtLeast,
    Choices,
    DateTime,
    Guid,
    Id,
    Max,
    OneOf,
    Since,
    XmlAttribute,
    at_most_one,
    message,
    one_of,
    run,
)

RetElement = Annotated[str, Max(50), Since("4.0")]
OwnerId = Annotated[Guid, Since("2.0")]
ActiveStatus = Annotated[str, OneOf("ActiveOnly InactiveOnly All")]
MatchCriterion = Annotated[str, OneOf("StartsWith Contains EndsWith")]
Operator = Annotated[str, OneOf("LessThan LessThanEqual Equal GreaterThan GreaterThanEqual")]
DateMacro = Annotated[
    str,
    OneOf(
        "All Today ThisWeek ThisWeekToDate ThisMonth ThisMonthToDate ThisCalendarQuarter "
        "ThisCalendarQuarterToDate ThisFiscalQuarter ThisFiscalQuarterToDate ThisCalendarYear "
        "ThisCalendarYearToDate ThisFiscalYear ThisFiscalYearToDate Yesterday LastWeek LastWeekToDate "
        "LastMonth LastMonthToDate LastCalendarQuarter LastCalendarQuarterToDate LastFiscalQuarter "
        "LastFiscalQuarterToDate LastCalendarYear LastCalendarYearToDate LastFiscalYear "
        "LastFiscalYearToDate NextWeek NextFourWeeks NextMonth NextCalendarQuarter NextCalendarYear "
        "NextFiscalQuarter NextFiscalYear"
    ),
]


@message
class Query:
    """What every query of a list or of transactions may carry: whether to count, and whether to return records."""

    meta_data: Annotated[
        str | None, XmlAttribute("metaData", ("NoMetaData", "MetaDataOnly", "MetaDataAndResponseData"))
    ] = None


@message
class IteratingQuery(Query):
    """A query answered page by page: "Start" with `max_returned`, then "Continue" with the id of the first answer."""

    iterator: Annotated[str | None, XmlAttribute("iterator", ("Start", "Continue", "Stop"))] = None
    iterator_id: Annotated[str | None, XmlAttribute("iteratorID")] = None


@message
class NameFilter:
    match_criterion: MatchCriterion
    name: str


@message
class NameRangeFilter:
    from_name: str | None = None
    to_name: str | None = None


@message
class TotalBalanceFilter:
    operator: Operator
    amount: Amount


@message
class CurrencyFilter:
    list_id: tuple[Id, ...] = ()
    full_name: Annotated[tuple[str, ...], Max(64)] = ()

    CHOICES: ClassVar[Choices] = (one_of("list_id", "full_name"),)


@message
class ClassFilter:
    list_id: tuple[Id, ...] = ()
    full_name: tuple[str, ...] = ()
    list_id_with_children: Id | None = None
    full_name_with_children: str | None = None

    CHOICES: ClassVar[Choices] = (
        one_of("list_id", "full_name", "list_id_with_children", "full_name_with_children"),
    )


@message
class ModifiedDateRangeFilter:
    from_modified_date: DateTime | None = None
    to_modified_date: DateTime | None = None


@message
class TxnDateRangeFilter:
    """From and to, either may be missing, or a named range."""

    from_txn_date: dt.date | None = None
    to_txn_date: dt.date | None = None
    date_macro: DateMacro | None = None

    CHOICES: ClassVar[Choices] = (one_of(run("from_txn_date", "to_txn_date"), "date_macro"),)


@message
class EntityFilter:
    """WithChildren takes a customer with all its jobs."""

    list_id: Annotated[tuple[Id, ...], Since("2.0")] = ()
    full_name: tuple[str, ...] = ()
    list_id_with_children: Annotated[Id | None, Since("2.0")] = None
    full_name_with_children: str | None = None

    CHOICES: ClassVar[Choices] = (
        one_of("list_id", "full_name", "list_id_with_children", "full_name_with_children"),
    )


@message
class AccountFilter:
    list_id: Annotated[tuple[Id, ...], Since("2.0")] = ()
    full_name: tuple[str, ...] = ()
    list_id_with_children: Annotated[Id | None, Since("2.0")] = None
    full_name_with_children: str | None = None

    CHOICES: ClassVar[Choices] = (
        one_of("list_id", "full_name", "list_id_with_children", "full_name_with_children"),
    )


@message
class RefNumberFilter:
    match_criterion: MatchCriterion
    ref_number: str


@message
class RefNumberRangeFilter:
    from_ref_number: str | None = None
    to_ref_number: str | None = None


@message
class DeletedDateRangeFilter:
    from_deleted_date: DateTime | None = None
    to_deleted_date: DateTime | None = None


@message
class ListQuery(Query):
    """A question to one of the small lists."""

    list_id: tuple[Id, ...] = ()
    full_name: tuple[str, ...] = ()
    max_returned: Annotated[int | None, AtLeast(1)] = None
    active_status: ActiveStatus | None = None
    from_modified_date: DateTime | None = None
    to_modified_date: DateTime | None = None
    name_filter: NameFilter | None = None
    name_range_filter: NameRangeFilter | None = None
    include_ret_element: tuple[RetElement, ...] = ()

    CHOICES: ClassVar[Choices] = (
        at_most_one("list_id", "full_name", run("max_returned", "name_range_filter")),
        at_most_one("name_filter", "name_range_filter"),
    )
