"""The button beside each cure: where it leads, or what it does."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

from centerpoint.quickbooks.cures import Action
from centerpoint.quickbooks.fixes import Fix
from centerpoint.quickbooks.models import RecordKind

_EDITORS = {
    RecordKind.COMPANY: "company_edit",
    RecordKind.PROPERTY: "property_edit",
    RecordKind.TICKET: "ticket_edit",
    RecordKind.PROJECT: "project_edit",
    RecordKind.INVOICE: "invoice",
}


@dataclass(frozen=True, slots=True)
class Button:
    """`href` to go to; or, when `decision` is given, an address to send it to."""

    label: str
    href: str
    decision: str = ""
    is_main: bool = True


_Place = Callable[[int, Fix], str]


def _page(name: str) -> _Place:
    return lambda contractor, fix: reverse(name, args=[contractor])


def _of_posting(anchor: str = "") -> _Place:
    return lambda contractor, fix: reverse("posting", args=[contractor, fix.posting_id]) + anchor


def _editor(contractor: int, fix: Fix) -> str:
    assert fix.kind is not None, "only a record is edited"
    return reverse(_EDITORS[fix.kind], args=[contractor, fix.record_id])


def _pairing(contractor: int, fix: Fix) -> str:
    return f"{reverse('pairing', args=[contractor])}?{urlencode({'search': fix.bill_to})}"


_PLACES: dict[Action, _Place] = {
    Action.EDIT: _editor,
    Action.CHOOSE_ITEM: _page("integration_settings"),
    Action.PAIR: _pairing,
    Action.COMPARE: _of_posting(),
    Action.SETTLE: _page("conflicts"),
    Action.LINK: _of_posting("#already-there"),
    Action.VOID: lambda contractor, fix: reverse("invoice_void", args=[contractor, fix.record_id]),
    Action.CONNECT: _page("connect"),
}


def buttons(contractor: int, fix: Fix) -> list[Button]:
    """What cures it first; then what else can be done with a record."""
    found = _main(contractor, fix)
    if fix.posting_id is None:
        return found
    decide = reverse("posting_decide", args=[contractor, fix.posting_id])
    if fix.cure.action is Action.RECREATE and fix.is_deleted_there:
        return [
            Button("Create it anew", decide, "recreate"),
            Button("Let it go", decide, "unlink", is_main=False),
        ]
    if fix.is_deleted_there:
        return [*found, Button("Let it go", decide, "unlink", is_main=False)]
    return [*found, Button("Try again", decide, "retry", is_main=not found)]


def _main(contractor: int, fix: Fix) -> list[Button]:
    action = fix.cure.action
    if action is Action.SWITCH_TAX_MODE:
        return [Button(action.value, reverse("fixes_exact_tax", args=[contractor]), "exact_tax")]
    if action in _PLACES:
        return [Button(action.value, _PLACES[action](contractor, fix))]
    return []
