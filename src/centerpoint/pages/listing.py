"""What every list page shares: columns that sort, pages, the query that keeps both, and the same rows as CSV.

Costs three statements, for the count and the sums, for the order and for the rows, and a search two, whatever a list
holds. What a page adds to its rows it fetches set-wise.
"""

import csv
import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from django.core.exceptions import FieldDoesNotExist
from django.core.paginator import Page, Paginator
from django.db.models import Aggregate, Count, F, Model, Q, QuerySet, Window
from django.db.models.expressions import OrderBy
from django.http import StreamingHttpResponse
from django.utils import timezone

from centerpoint.contractors.models import Contractor
from centerpoint.pages.access import OfficeRequest
from centerpoint.searching import among

R = TypeVar("R", bound=Model)
PER_PAGE = 50
FIRST_PAGES = 500  # rows
LONGEST_PAGE_NUMBER = 9  # digits
NOTHING: Mapping[str, Aggregate] = MappingProxyType({})
CSV_CHUNK = 500
# A spreadsheet takes a text that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Generic[R]):
    """One column. `order` are the fields it sorts by (empty: it does not sort); `text` is its cell in the CSV file."""

    key: str
    label: str
    text: Callable[[R], object]
    order: tuple[str, ...] = ()
    # Which rows have a value to sort by, where few do and it is worked out for each. The others come after them.
    filled: Callable[[Contractor], Q] | None = None
    is_number: bool = False
    # Hidden on a phone, where the others say enough.
    is_secondary: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's head as the template shows it: where a click leads and how the list is sorted now."""

    label: str
    is_number: bool
    is_secondary: bool
    query: str
    direction: str  # "ascending", "descending" or ""


@dataclass(frozen=True, slots=True)
class Listing(Generic[R]):
    """`found` is the whole list as it is filtered, and `sums` what was asked to be added up of it, by name."""

    rows: list[R]
    found: QuerySet[R, R]
    sums: Mapping[str, Any]
    page: Page[Any]
    headings: list[Heading]
    query: str  # of this list without its page, for the links to the others
    csv_query: str
    search: str
    is_filtered: bool
    pages: list[int | str] = field(default_factory=list)


def listing(
    request: OfficeRequest,
    found: QuerySet[R, R],
    columns: Sequence[Column[R]],
    *,
    per_page: int = PER_PAGE,
    sums: Mapping[str, Aggregate] = NOTHING,
    known: Mapping[str, Any] | None = None,
    asks_more: bool = False,
    parts: Sequence[QuerySet[R, R]] = (),
) -> Listing[R]:
    """`found` in the order the query asks for (`?sort=-number`), or in its own; the page `?page=`, nearest if there is none.
    Where its own order is that of `parts` one after the other, these are paged through.

    First who the page's rows are, then they themselves: in one statement the database would read and join whole rows of all
    the pages before, only to skip them.

    `known`: the "count" and the `sums` of a list that is not searched, where the page has them already. `asks_more`: the page
    adds up more, and asks it of `Listing.found`; a search is then told by its ids.
    """
    column, down = _asked(request, columns)
    search = request.GET.get("search", "").strip()
    ordered = _sorted(found, column, down)
    in_order: Any
    of_all: Mapping[str, Any]
    if search and asks_more:
        in_order = list(ordered.values_list("pk", flat=True))
        found, of_all = _only(found, in_order), {"count": len(in_order)}
    elif search:
        in_order, of_all = _searched(ordered, sums, page=request.GET.get("page", ""), per_page=per_page)
    else:
        if column is not None:
            parts = _valued_and_empty(found, column, down, request.contractor)
        in_order = _along_the_contractors_own(ordered, request.contractor).values_list("pk", flat=True)
        if parts:
            in_order = _OneAfterTheOther([part.values_list("pk", flat=True) for part in parts], in_order)
        of_all = _added_up(found, sums) if known is None else known
    paginator = Paginator(in_order, per_page)
    # As Django's paginator keeps it.
    vars(paginator)["count"] = of_all["count"]
    page = paginator.get_page(request.GET.get("page"))
    kept = request.GET.copy()
    kept.pop("page", None)
    kept.pop("format", None)
    headings = []
    for each in columns:
        is_sorted = each is column
        up = is_sorted and not down
        query = kept.copy()
        query["sort"] = f"-{each.key}" if up else each.key
        direction = "" if not is_sorted else "ascending" if up else "descending"
        headings.append(
            Heading(
                each.label,
                each.is_number,
                each.is_secondary,
                query.urlencode() if each.order else "",
                direction,
            )
        )
    csv_query = kept.copy()
    csv_query["format"] = "csv"
    filters = [name for name in kept if name != "sort" and kept[name]]
    return Listing(
        rows=_rows(found, list(page.object_list)),
        found=found,
        sums=of_all,
        page=page,
        headings=headings,
        query=kept.urlencode(),
        csv_query=csv_query.urlencode(),
        search=search,
        is_filtered=bool(filters),
        pages=list(paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)),
    )


def first(found: QuerySet[R, R], count: int) -> list[R]:
    """As many of the first, whole: of the others no more is read than what puts them in order."""
    return _rows(found, list(found.values_list("pk", flat=True)[:count]))


def _rows(found: QuerySet[R, R], ids: list[int]) -> list[R]:
    rows = {row.pk: row for row in _only(found, ids).order_by()}
    return [rows[pk] for pk in ids if pk in rows]


def _only(found: QuerySet[R, R], ids: Collection[int]) -> QuerySet[R, R]:
    """Those of `found` that have these ids and are known to be in it: its conditions are not asked again."""
    unconditional = found.all()
    unconditional.query.clear_where()
    return unconditional.filter(among("pk", ids))


def _added_up(found: QuerySet[R, R], sums: Mapping[str, Aggregate]) -> dict[str, Any]:
    return found.aggregate(count=Count("*"), **sums)


def _searched(
    ordered: QuerySet[R, R], sums: Mapping[str, Aggregate], *, page: str, per_page: int
) -> tuple["_OnePage", Mapping[str, Any]]:
    """A page of a search, and what all that is found comes to, in one statement: to look for it once more would take as long
    again, and to be told the ids of all for the sake of 50 half as long."""
    number = int(page) if page.isdecimal() and len(page) <= LONGEST_PAGE_NUMBER else 1
    skipped = max(number - 1, 0) * per_page
    windows = {f"of_all_{name}": Window(each) for name, each in {"count": Count("*"), **sums}.items()}
    rows = list(ordered.annotate(**windows).values_list("pk", *windows)[skipped : skipped + per_page])
    if rows:
        of_all = dict(zip(("count", *sums), rows[0][1:], strict=True))
    elif skipped:  # less was found than the pages before would hold, and no row says how much
        of_all = _added_up(ordered, sums)
    else:
        of_all = {"count": 0, **{name: each.empty_result_set_value for name, each in sums.items()}}
    return _OnePage([row[0] for row in rows], skipped, ordered.values_list("pk", flat=True)), of_all


@dataclass(frozen=True, slots=True)
class _OnePage:
    """As Django's paginator wants a list: sliced, where the page that was read is at hand."""

    ids: list[int]
    skipped: int
    whole: QuerySet[Any, Any]

    def __getitem__(self, wanted: slice) -> list[int]:
        if wanted.start == self.skipped and self.ids:
            return self.ids[: wanted.stop - wanted.start]
        return list(self.whole[wanted])


@dataclass(frozen=True, slots=True)
class _OneAfterTheOther:
    """As Django's paginator wants a list: what is counted, and sliced. Far behind the whole is as quick as its parts."""

    parts: Sequence[QuerySet[Any, Any]]
    whole: QuerySet[Any, Any]

    def count(self) -> int:
        return self.whole.count()

    def __getitem__(self, wanted: slice) -> list[Any]:
        if wanted.stop > FIRST_PAGES:
            return list(self.whole[wanted])
        found: list[Any] = []
        for part in self.parts:
            found += part[: wanted.stop - len(found)]
            if len(found) == wanted.stop:
                break
        return found[wanted]


def _asked(request: OfficeRequest, columns: Sequence[Column[R]]) -> tuple[Column[R] | None, bool]:
    """The column to sort by, and whether from its end: `?sort=-number`."""
    asked = request.GET.get("sort", "")
    sorts = {column.key: column for column in columns if column.order}
    return sorts.get(asked.removeprefix("-")), asked.startswith("-")


def _sorted(found: QuerySet[R, R], column: Column[R] | None, down: bool) -> QuerySet[R, R]:
    if column is None:
        return found
    fields = [_in_order(found.model, name, down) for name in column.order]
    return found.order_by(*fields, "-pk" if down else "pk")


def _valued_and_empty(
    found: QuerySet[R, R], column: Column[R], down: bool, contractor: Contractor
) -> Sequence[QuerySet[R, R]]:
    """What `_sorted` says, in two parts where the column knows which rows have a value."""
    if column.filled is None:
        return ()
    filled = column.filled(contractor)
    empty = found.filter(~filled).order_by("-pk" if down else "pk")
    return _sorted(found.filter(filled), column, down), empty


def _along_the_contractors_own(ordered: QuerySet[R, R], contractor: Contractor) -> QuerySet[R, R]:
    """The same rows. That the company by whose name they are ordered is the contractor's goes without saying, but not for a
    database: told so, it reads a page along the index of the contractor's companies instead of sorting everything."""
    for name in ordered.query.order_by:
        name = getattr(getattr(name, "expression", None), "name", name)
        other, _, field = str(name).removeprefix("-").partition("__")
        if field and not _may_be_empty(ordered.model, other) and _is_of_contractor(ordered.model, other):
            ordered = ordered.filter(**{f"{other}__contractor": contractor})
    return ordered


def _is_of_contractor(model: type[Model], relation: str) -> bool:
    target: Any = model._meta.get_field(relation).related_model
    return any(each.name == "contractor" for each in target._meta.fields)


def _in_order(model: type[Model], name: str, down: bool) -> OrderBy:
    """Empty values last, whichever way; the two databases would differ. Not said where there are none: no index is in
    such an order."""
    last = True if _may_be_empty(model, name) else None
    return F(name).desc(nulls_last=last) if down else F(name).asc(nulls_last=last)


def _may_be_empty(model: type[Model], name: str) -> bool:
    """Whether a field, or a field of another record ("bill_to__name"), may hold no value; what a query adds may."""
    of: Any = model
    for step in name.split("__"):
        try:
            found = of._meta.get_field(step)
        except FieldDoesNotExist:
            return True
        if found.null:
            return True
        of = found.related_model
    return False


def wants_csv(request: OfficeRequest) -> bool:
    return request.GET.get("format") == "csv"


def csv_file(
    request: OfficeRequest, found: QuerySet[R, R], columns: Sequence[Column[R]], *, name: str
) -> StreamingHttpResponse:
    """All rows of the list as it is filtered and sorted, not only this page's, as a file that Excel opens."""
    lines = _lines(_sorted(found, *_asked(request, columns)), columns, timezone.get_current_timezone())
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


class _Echo:
    """A file for csv.writer that hands each line back."""

    def write(self, text: str) -> str:
        return text


def _lines(rows: QuerySet[R, R], columns: Sequence[Column[R]], zone: dt.tzinfo) -> Iterator[str]:
    writer = csv.writer(_Echo())
    # The mark by which Excel knows that the file is UTF-8.
    yield "\ufeff"
    yield writer.writerow([column.label for column in columns])
    # The lines are made after the page has answered, when its time zone is not active any more.
    for row in rows.iterator(chunk_size=CSV_CHUNK):
        with timezone.override(zone):
            cells = [_cell(column.text(row)) for column in columns]
        yield writer.writerow(cells)


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text
