"""What every form shares: what was typed stays, what is wrong is said beside its field, and nobody overwrites unseen."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from django import forms
from django.http import HttpRequest, QueryDict

from centerpoint.contractors.fields import FieldsRefused
from centerpoint.contractors.refusals import Refusal
from centerpoint.contractors.revisions import StaleRevision

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that somebody else saved while it was edited here."""

    label: str
    theirs: str
    yours: str


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__({"class": "form-control"}, format="%Y-%m-%d")


class RecordForm(forms.Form):
    """A form for one record. `revision` is the one its writer had before his eyes; the operation compares it.

    A subclass gives `values_of(record)`: its fields' initial values, by name.
    """

    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    differences: list[Difference]
    is_stale = False

    def __init__(self, *args: Any, record: Any = None, **kwargs: Any) -> None:
        self.record = record
        self.differences = []
        if record is not None:
            initial = {**self.values_of(record), "revision": record.revision, **(kwargs.get("initial") or {})}
            kwargs["initial"] = initial
        super().__init__(*args, **kwargs)

    def values_of(self, record: Any) -> dict[str, Any]:
        return {
            name: getattr(record, name)
            for name in self.base_fields
            if name != "revision" and hasattr(record, name)
        }

    def values(self) -> dict[str, Any]:
        """What was typed, without the revision."""
        return {name: value for name, value in self.cleaned_data.items() if name != "revision"}

    def changed(self) -> dict[str, Any]:
        """What was typed and differs from what stood there: what nobody touched is not sent back."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name != "revision"}

    @property
    def expected(self) -> int | None:
        revision: int | None = self.cleaned_data.get("revision")
        return revision

    def show_what_changed(self, refusal: StaleRevision) -> None:
        """Somebody was first. Their values stand beside the writer's; saving again saves the writer's knowingly."""
        theirs = self.values_of(refusal.record)
        for name, value in theirs.items():
            bound = self[name]
            if bound.is_hidden:
                continue
            yours = bound.data if not isinstance(self.fields[name], forms.BooleanField) else bool(bound.data)
            shown = self._shown(name, self.fields[name].prepare_value(value)), self._shown(name, yours)
            if shown[0] != shown[1]:
                self.differences.append(Difference(str(bound.label), *shown))
        self.is_stale = True
        data = cast(QueryDict, self.data).copy()
        data[self.add_prefix("revision")] = str(refusal.record.revision)
        self.data = data
        self.add_error(None, refusal.sentence)

    def _shown(self, name: str, value: Any) -> str:
        field = self.fields[name]
        if isinstance(value, bool):
            return "yes" if value else "no"
        if value is None:
            return ""
        if isinstance(field, forms.ChoiceField):
            # A company or property is named, not numbered.
            for key, label in cast(Iterable[tuple[Any, Any]], field.choices):
                if str(key) == str(value):
                    return str(label)
        return str(value)


def revision_seen(request: HttpRequest) -> int | None:
    """Which revision stood on the page whose button was pressed; for what has no form of its own."""
    revision = request.POST.get("revision", "")
    return int(revision) if revision.isdecimal() and len(revision) < 10 else None


def carried_out(form: forms.Form, operation: Callable[[], R]) -> R | None:
    """Run the operation; None when it refused, and then the form says why, beside the field where there is one."""
    try:
        return operation()
    except FieldsRefused as refusal:
        for name, problem in refusal.problems.items():
            form.add_error(name if name in form.fields else None, problem)
    except StaleRevision as refusal:
        if isinstance(form, RecordForm):
            form.show_what_changed(refusal)
        else:
            form.add_error(None, refusal.sentence)
    except Refusal as refusal:
        form.add_error(None, refusal.sentence)
    return None
