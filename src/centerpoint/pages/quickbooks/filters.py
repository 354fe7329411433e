"""The fields above a list, in the frame's look."""

from typing import Any

from django import forms
from django.http import QueryDict


class Filters(forms.Form):
    """Subclasses name the fields; what is wrong in the address counts as not chosen."""

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        for field in self.fields.values():
            is_choice = isinstance(field, forms.ChoiceField)
            field.widget.attrs["class"] = "form-select" if is_choice else "form-control"
        self.is_valid()

    @property
    def chosen(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value}
