"""Writing requests and reading answers: the two directions of the language in one place."""

from qbxml.reading import (
    Answer,
    AnswerClosed,
    AnswerOpened,
    AnswerSet,
    Event,
    Record,
    SetOpened,
    Status,
    read_answers,
    stream_answers,
)
from qbxml.writing import check, write

__all__ = [
    "Answer",
    "AnswerClosed",
    "AnswerOpened",
    "AnswerSet",
    "Event",
    "Record",
    "SetOpened",
    "Status",
    "check",
    "read_answers",
    "stream_answers",
    "write",
]
