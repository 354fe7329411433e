"""Refusals: what somebody can put right, said in one sentence. Doors catch `Refusal`; anything else is our bug."""


class Refusal(Exception):
    """`sentence` says what is wrong and what to do about it, in the bookkeeper's words."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)
