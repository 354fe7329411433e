"""Where the emulated QuickBooks of a practice company keeps its company file."""

import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from centerpoint.contractors.models import Contractor
from centerpoint.contractors.refusals import Refusal
from centerpoint.quickbooks.models import CompanyFile
from qbemulator.company_file import CompanyFile as EmulatedFile

SAMPLE = "contractor"


class NoPractice(Refusal):
    """What practice companies do is never done to a real contractor."""

    def __init__(self, contractor: Contractor) -> None:
        super().__init__(f"{contractor} is no practice company; this can only be rehearsed in one.")


class PracticeFileMissing(Refusal):
    def __init__(self, practice: Contractor) -> None:
        super().__init__(
            f"The QuickBooks file of {practice} is not on this machine any more. Throw the practice company away and "
            "start another."
        )


class PracticeFolderUnusable(Refusal):
    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"Centerpoint cannot write into {folder}, where practice companies keep their files. Ask who runs this "
            "server to allow it, or to name another folder in PRACTICE_DIR."
        )


def create(company_file: CompanyFile, *, now: dt.datetime) -> None:
    """A new company file with customers, items and taxes, on a PC in the contractor's time zone.

    Raises PracticeFolderUnusable.
    """
    path = _path(company_file)
    time_zone = company_file.contractor.time_zone
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        EmulatedFile.create(path, sample=SAMPLE, now=now, time_zone=time_zone).close()
    except (OSError, sqlite3.OperationalError) as problem:
        raise PracticeFolderUnusable(path.parent) from problem


@contextmanager
def opened(practice: Contractor) -> Iterator[EmulatedFile]:
    """The emulated company file while the block runs. Raises NoPractice, PracticeFileMissing."""
    check(practice)
    company_file = CompanyFile.objects.filter(contractor=practice).order_by("pk").last()
    if company_file is None or not _path(company_file).exists():
        raise PracticeFileMissing(practice)
    with EmulatedFile.open(_path(company_file)) as books:
        yield books


def files_of(practice: Contractor) -> list[Path]:
    """Every file that belongs to the practice company, whether it exists or not."""
    paths = [_path(each) for each in CompanyFile.objects.filter(contractor=practice)]
    # SQLite keeps its journal beside the file.
    return [path.with_name(path.name + end) for path in paths for end in ("", "-wal", "-shm")]


def check(practice: Contractor) -> None:
    """Raises NoPractice."""
    if practice.practice_of_id is None:
        raise NoPractice(practice)


def _path(company_file: CompanyFile) -> Path:
    """Named after what is never given to two connections, so that no file is ever taken for another's."""
    folder: Path = settings.PRACTICE_DIR
    return folder / f"{company_file.user_name}.qbx"
