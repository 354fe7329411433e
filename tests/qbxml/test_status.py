"""What QuickBooks' numbers mean."""

import pytest

from qbxml.status import HRESULT_PARSE_ERROR, HRESULTS, MessageSetStatus, StatusClass, classify

LOCKED = (
    'Cannot void the object specified by the id = "43-1789510995".  QuickBooks error message: '
    "The transaction could not be locked.  It is in use by another user."
)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (0, StatusClass.OK),
        (1000, StatusClass.UNKNOWN_OUTCOME),
        (1010, StatusClass.TRANSIENT),
        (1030, StatusClass.OUR_BUG),
        (1060, StatusClass.OUR_BUG),
        (3000, StatusClass.OUR_BUG),
        (3045, StatusClass.OUR_BUG),
        (3070, StatusClass.OUR_BUG),
        (3090, StatusClass.FAILED),
        (3100, StatusClass.DUPLICATE_NAME),
        (3110, StatusClass.OUR_BUG),
        (3120, StatusClass.MISSING_REFERENCE),
        (3130, StatusClass.MISSING_REFERENCE),
        (3140, StatusClass.MISSING_REFERENCE),
        (3150, StatusClass.OUR_BUG),
        (3160, StatusClass.FAILED),
        (3161, StatusClass.CLOSED_PERIOD),
        (3171, StatusClass.CLOSED_PERIOD),
        (3175, StatusClass.TRANSIENT),
        (3176, StatusClass.TRANSIENT),
        (3190, StatusClass.OUR_BUG),
        (3200, StatusClass.STALE),
        (3210, StatusClass.FAILED),
        (3231, StatusClass.NOT_RUN),
        (3250, StatusClass.FAILED),
        (3260, StatusClass.PERMISSION),
        (3264, StatusClass.PERMISSION),
        (3390, StatusClass.ITERATOR_LOST),
        (3391, StatusClass.ITERATOR_LOST),
        (9005, StatusClass.UNKNOWN_OUTCOME),
        (9100, StatusClass.OUR_BUG),
        (4711, StatusClass.FAILED),
    ],
)
def test_each_code_of_a_request_that_writes_has_its_class(code: int, expected: StatusClass) -> None:
    assert classify(code, "", is_query=False, has_record=False) is expected


@pytest.mark.parametrize("code", [1, 500, 3120])
def test_not_there_is_an_empty_answer_to_a_query_however_it_is_said(code: int) -> None:
    assert classify(code, "", is_query=True, has_record=False) is StatusClass.EMPTY


def test_a_query_that_found_some_of_what_was_asked_gives_them() -> None:
    assert classify(500, "", is_query=True, has_record=True) is StatusClass.SAVED_WITH_WARNING


def test_a_warning_about_a_field_means_saved() -> None:
    assert classify(530, "", is_query=False, has_record=True) is StatusClass.SAVED_WITH_WARNING


@pytest.mark.parametrize("code", [3170, 3180])
def test_a_lock_is_told_by_the_text_where_the_code_covers_more(code: int) -> None:
    assert classify(code, LOCKED, is_query=False, has_record=False) is StatusClass.TRANSIENT
    assert (
        classify(code, "posting account is missing", is_query=False, has_record=False) is StatusClass.FAILED
    )


def test_the_codes_of_a_message_set() -> None:
    assert [status.value for status in MessageSetStatus] == [0, 600, 9001, 9002, 9003, 9004, 9005]


def test_every_hresult_is_written_as_the_web_connector_writes_it() -> None:
    assert HRESULT_PARSE_ERROR in HRESULTS
    assert all(code == f"0x{int(code, 16):08X}" for code in HRESULTS)
