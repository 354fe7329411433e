"""Refusals: what somebody can put right, said in one sentence. Doors catch `Refusal`; anything else is our bug."""

from decimal import Decimal


class Refusal(Exception):
    """`sentence` says what is wrong and what to do about it, in the bookkeeper's words."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


def dollars(amount: Decimal) -> str:
    """An amount as a sentence shows it: $1,234.50, -$3.00."""
    return f"{'-' if amount < 0 else ''}${abs(amount):,.2f}"
