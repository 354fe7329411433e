"""Choosing one of very many records by typing: a text field that offers what matches, and the field of a form around it.

The browser fetches a few matches as somebody types (static/centerpoint/pickers.js). Without a script the typed words are
looked up when the form is sent: one match is taken, several are asked about.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.db.models import Case, Model, Q, QuerySet, Value, When
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse

from centerpoint.companies import queries as companies
from centerpoint.companies.models import Company, Property
from centerpoint.contractors.models import Contractor
from centerpoint.pages.access import OfficeRequest, reads
from centerpoint.work import queries as work
from centerpoint.work.models import Project, ServiceTicket

OFFERED = 12


@dataclass(frozen=True, slots=True)
class Offer:
    """One line of the list. `proposes` is what choosing it fills into other pickers: field name to record."""

    pk: int
    label: str
    detail: str
    proposes: Mapping[str, Model]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of record that can be picked: `page` is the name of the address that offers it."""

    page: str
    one: str
    many: str
    model: type[Model]
    matching: Callable[[Contractor, str], QuerySet[Any, Any]]
    label: Callable[[Any], str]
    detail: Callable[[Any], str]
    begins: str
    proposes: Callable[[Any], Mapping[str, Model]] = lambda _: {}

    def offers(self, contractor: Contractor, text: str) -> list[Offer]:
        """What matches, those that begin with the text first."""
        first = Case(When(Q(**{f"{self.begins}__istartswith": text}), then=Value(0)), default=Value(1))
        found = self.matching(contractor, text).order_by(first, self.begins, "pk")[:OFFERED]
        return [Offer(row.pk, self.label(row), self.detail(row), self.proposes(row)) for row in found]


def _place(record: Company | Property) -> str:
    if isinstance(record, Company):
        return ", ".join(filter(None, (record.billing_city, record.billing_state)))
    return ", ".join(filter(None, (record.street, record.city, record.company.name)))


COMPANY = Kind(
    page="pick_companies",
    one="company",
    many="companies",
    model=Company,
    matching=lambda contractor, text: companies.companies(
        contractor, search=text, only_active=True
    ).prefetch_related(None),
    label=lambda company: company.name,
    detail=lambda company: " · ".join(
        filter(None, (_place(company), "credit hold" if company.credit_hold else ""))
    ),
    begins="name",
)
PROPERTY = Kind(
    page="pick_properties",
    one="property",
    many="properties",
    model=Property,
    matching=lambda contractor, text: companies.properties(contractor, search=text, only_active=True),
    label=lambda place: place.name,
    detail=_place,
    begins="name",
    proposes=lambda place: {"bill_to": place.company},
)
TICKET = Kind(
    page="pick_tickets",
    one="service ticket",
    many="service tickets",
    model=ServiceTicket,
    matching=lambda contractor, text: work.tickets(contractor, search=text),
    label=lambda ticket: ticket.number,
    detail=lambda ticket: f"{ticket.bill_to.name} · {ticket.description}"[:100],
    begins="number",
)
PROJECT = Kind(
    page="pick_projects",
    one="project",
    many="projects",
    model=Project,
    matching=lambda contractor, text: work.projects(contractor, search=text).prefetch_related(None),
    label=lambda project: f"{project.number} {project.name}",
    detail=lambda project: project.bill_to.name,
    begins="number",
)


@dataclass(frozen=True, slots=True)
class Picked:
    """What a picker sends: the chosen record's id, and the words in its text field (None when no browser sent it)."""

    pk: str
    text: str | None

    def __str__(self) -> str:
        return self.text or ""


class PickerInput(forms.TextInput):
    template_name = "pages/pickers/picker.html"
    kind: Kind
    contractor: Contractor

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Picked:
        return Picked((data.get(name) or "").strip(), data.get(f"{name}_text"))

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and f"{name}_text" not in data

    def format_value(self, value: Any) -> Any:
        return value

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["picked"] = value or Picked("", "")
        context["kind"] = self.kind
        context["address"] = reverse(self.kind.page, args=[self.contractor.pk])
        return context


class Picker(forms.Field):
    """A record of the form's contractor. `offer` says whose records; before that the field cannot be used."""

    widget = PickerInput
    kind: ClassVar[Kind]
    contractor: Contractor

    def of(self, contractor: Contractor) -> None:
        self.contractor = contractor
        self.widget.kind, self.widget.contractor = self.kind, contractor

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Model):
            return Picked(str(value.pk), self.kind.label(value))
        if isinstance(value, Picked) and value.pk and value.text is None:
            record = self._by_id(value.pk)
            return Picked(value.pk, self.kind.label(record)) if record else value
        return value

    def clean(self, value: Picked) -> Model | None:
        record = self._by_id(value.pk)
        if record is not None and value.text in (None, self.kind.label(record)):
            return record
        text = (value.text or "").strip()
        if text:
            return self._by_words(text)
        if value.pk and value.text is None:
            raise forms.ValidationError(f"There is no such {self.kind.one} here.")
        if self.required:
            raise forms.ValidationError(f"Choose a {self.kind.one}.")
        return None

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = str(initial.pk) if isinstance(initial, Model) else ""
        if not isinstance(data, Picked) or self.disabled:
            return False
        if data.text is not None and isinstance(initial, Model) and data.text != self.kind.label(initial):
            return True
        return before != data.pk or (not before and bool(data.text))

    def _records(self) -> QuerySet[Any, Any]:
        return self.kind.model._default_manager.filter(contractor=self.contractor)

    def _by_id(self, pk: str) -> Model | None:
        return self._records().filter(pk=pk).first() if pk.isdecimal() and len(pk) < 19 else None

    def _by_words(self, text: str) -> Model:
        found = self.kind.matching(self.contractor, text)
        exact = [row for row in found[:OFFERED] if self.kind.label(row).casefold() == text.casefold()]
        matches = exact or list(found[:2])
        if not matches:
            raise forms.ValidationError(f"No {self.kind.one} matches “{text}”.")
        if len(matches) > 1:
            raise forms.ValidationError(f"Several {self.kind.many} match “{text}”. Choose one from the list.")
        record: Model = matches[0]
        return record


class CompanyPicker(Picker):
    kind = COMPANY


class PropertyPicker(Picker):
    kind = PROPERTY


class TicketPicker(Picker):
    kind = TICKET


class ProjectPicker(Picker):
    kind = PROJECT


def offer(form: forms.BaseForm, contractor: Contractor) -> None:
    """Every picker of the form offers, and takes, only this contractor's records."""
    for field in form.fields.values():
        if isinstance(field, Picker):
            field.of(contractor)


def offering(kind: Kind) -> Callable[..., HttpResponseBase]:
    """The page that offers what matches; its address is named `kind.page`."""

    @reads
    def offers_of(request: OfficeRequest) -> HttpResponseBase:
        # A picker sends its words under its own name.
        name = request.htmx.trigger_name or "search"
        text = request.GET.get(name, "").strip()
        offers = kind.offers(request.contractor, text)
        return render(
            request,
            "pages/pickers/offers.html",
            {"offers": offers, "kind": kind, "text": text, "name": name.removesuffix("_text")},
        )

    return offers_of


urls = [
    path(f"pick/{kind.many.replace(' ', '-')}/", offering(kind), name=kind.page)
    for kind in (COMPANY, PROPERTY, TICKET, PROJECT)
]
