"""Form fields for amounts, as people type them: "$1,234.50" as well as 1234.5."""

from decimal import Decimal
from typing import Any

from django import forms


class AmountField(forms.DecimalField):
    """A decimal in a text field. `shown_places`: as many decimals stand there at least."""

    def __init__(self, *, shown_places: int = 2, **options: Any) -> None:
        css = "form-control num"
        options.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": css})
        )
        super().__init__(**options)
        self.shown_places = shown_places

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value.strip().replace(",", "").replace("$", "").replace("−", "-")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        text = f"{value.normalize():f}"
        places = len(text.partition(".")[2])
        return text if places >= self.shown_places else f"{value:.{self.shown_places}f}"
