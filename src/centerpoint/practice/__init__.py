"""The practice company: rehearse with an emulated QuickBooks, beside the real contractor and apart from it.

The one door of the application to `qbemulator`; the rest of Centerpoint never knows that there is no real QuickBooks.
"""

from centerpoint.practice.books import Books, books
from centerpoint.practice.company import (
    PracticeOfAPractice,
    PracticeUnderWay,
    discard_practice,
    practice_of,
    start_practice,
)
from centerpoint.practice.connector import ConnectorRun, run_connector
from centerpoint.practice.disk import NoPractice, PracticeFileMissing, PracticeFolderUnusable
from centerpoint.practice.office import Choice, Field, NotPossible, Offered, act, actions
from centerpoint.practice.pc import PracticePC

__all__ = [
    "Books",
    "Choice",
    "ConnectorRun",
    "Field",
    "NoPractice",
    "NotPossible",
    "Offered",
    "PracticeFileMissing",
    "PracticeFolderUnusable",
    "PracticeOfAPractice",
    "PracticePC",
    "PracticeUnderWay",
    "act",
    "actions",
    "books",
    "discard_practice",
    "practice_of",
    "run_connector",
    "start_practice",
]
