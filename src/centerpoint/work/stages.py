"""PURE: in which order a service ticket lives, and the list of project stages a contractor starts with."""

from centerpoint.work.models import ProjectStage, Stage

ORDER = tuple(Stage)

STANDARD_PROJECT_STAGES = (
    ("Estimating", ProjectStage.Progress.PENDING),
    ("Proposal sent", ProjectStage.Progress.PENDING),
    ("Awarded", ProjectStage.Progress.AWARDED),
    ("Scheduled", ProjectStage.Progress.AWARDED),
    ("In progress", ProjectStage.Progress.UNDER_WAY),
    ("Punch list", ProjectStage.Progress.UNDER_WAY),
    ("Finished", ProjectStage.Progress.CLOSED),
    ("Not awarded", ProjectStage.Progress.LOST),
)


def may_move(old: Stage, new: Stage) -> bool:
    """Whether somebody may move a ticket by hand.

    Forward any number of steps, back as long as nothing was invoiced; INVOICED itself is set by issuing the invoice,
    and what is closed stays closed.
    """
    if new is Stage.INVOICED or old is Stage.CLOSED:
        return False
    return old is not Stage.INVOICED or new is Stage.CLOSED


def is_done(stage: Stage) -> bool:
    """Whether the work itself is over at this stage."""
    return ORDER.index(stage) >= ORDER.index(Stage.COMPLETED)
