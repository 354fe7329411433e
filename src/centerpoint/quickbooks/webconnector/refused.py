"""The latest refused log-in of a company file, for the connect page. Nothing here runs when a log-in succeeds."""

import datetime as dt

from rapidfuzz import fuzz, process

from centerpoint.quickbooks.models import CompanyFile, RefusedLogIn
from centerpoint.quickbooks.webconnector.credentials import LogIn, Verdict

# Somebody who tries passwords by the thousand writes no more often than this.
AT_MOST_EVERY = dt.timedelta(seconds=1)
ALIKE_PERCENT = 85
_CANDIDATES = 200
_REASONS = {
    Verdict.WRONG_PASSWORD: RefusedLogIn.Reason.WRONG_PASSWORD,
    Verdict.DEACTIVATED: RefusedLogIn.Reason.DEACTIVATED,
    Verdict.UNKNOWN_USER: RefusedLogIn.Reason.UNKNOWN_USER,
}


def remember(log_in: LogIn, *, user_name: str, now: dt.datetime) -> None:
    """Keep that this log-in was refused, with the company file it was for or, by its user name, was meant for."""
    user_name = user_name.strip()[:60]
    company_file_id = log_in.company_file_id or _meant(user_name)
    if company_file_id is None:
        return
    kept = RefusedLogIn.objects.filter(company_file=company_file_id)
    values = {"reason": _REASONS[log_in.verdict], "user_name": user_name, "at": now}
    if kept.filter(at__lte=now - AT_MOST_EVERY).update(**values) or kept.exists():
        return
    # Two first refusals at once are one.
    RefusedLogIn.objects.bulk_create(
        [RefusedLogIn(company_file_id=company_file_id, **values)], ignore_conflicts=True
    )


def _meant(user_name: str) -> int | None:
    """The company file whose user name is nearly this one, or is this one but for the part that we draw by lot.

    The latter is a .qwc file of an earlier installation: the contractor's name is the same, its end is another.
    """
    stem = user_name.lower().rpartition("-")[0] or user_name.lower()
    names = dict(
        CompanyFile.objects.filter(user_name__startswith=user_name.lower()[:3])
        .order_by("-pk")
        .values_list("pk", "user_name")[:_CANDIDATES]
    )
    same_stem = {pk: name for pk, name in names.items() if name.rpartition("-")[0] == stem}
    if best := process.extractOne(
        user_name.lower(),
        same_stem or names,
        scorer=fuzz.ratio,
        score_cutoff=0 if same_stem else ALIKE_PERCENT,
    ):
        return best[2]
    return None
