import pytest

from centerpoint.work.models import Stage
from centerpoint.work.stages import is_done, may_move

BEFORE_INVOICED = [stage for stage in Stage if stage not in (Stage.INVOICED, Stage.CLOSED)]


@pytest.mark.parametrize("old", BEFORE_INVOICED)
@pytest.mark.parametrize("new", [*BEFORE_INVOICED, Stage.CLOSED])
def test_before_it_is_invoiced_a_ticket_may_go_forward_and_back(old, new):
    assert may_move(old, new)


@pytest.mark.parametrize("old", list(Stage))
def test_nobody_moves_a_ticket_to_invoiced_by_hand(old):
    assert not may_move(old, Stage.INVOICED)


def test_an_invoiced_ticket_can_only_be_closed():
    assert [stage for stage in Stage if may_move(Stage.INVOICED, stage)] == [Stage.CLOSED]


def test_a_closed_ticket_stays_closed():
    assert [stage for stage in Stage if may_move(Stage.CLOSED, stage)] == []


def test_work_is_done_from_completed_on():
    assert [stage for stage in Stage if is_done(stage)] == [
        Stage.COMPLETED,
        Stage.AUTHORIZED,
        Stage.INVOICED,
        Stage.CLOSED,
    ]
