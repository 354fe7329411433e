"""The language between Centerpoint and QuickBooks Desktop: messages, their limits, writing and reading them.

No Django, no input or output, no clock.
"""

from enum import Enum
from typing import Any, Final


class _Clear(Enum):
    CLEAR = "an empty element"

    def __repr__(self) -> str:
        return "CLEAR"


# In a Mod: writes an empty element, which empties the field in QuickBooks. It stands where a value of any type may.
CLEAR: Final[Any] = _Clear.CLEAR
