"""What QuickBooks' numbers mean for us: status codes of answers, of message sets, and HRESULTs.

The code decides; the message is read only where one code covers several cases, because QuickBooks changes its texts
between versions. Sources: Intuit's table of status codes, and recorded answers.
"""

from enum import Enum, IntEnum


class StatusClass(Enum):
    """What to do with an answer. The value says it in words."""

    OK = "done as asked"
    EMPTY = "nothing matches the question"
    SAVED_WITH_WARNING = "done, but read it back: QuickBooks left something out"
    STALE = "the record was changed meanwhile; the current one is in the answer"
    DUPLICATE_NAME = "the name is taken"
    MISSING_REFERENCE = "something referred to is not there"
    TRANSIENT = "busy or locked: the same request may succeed later"
    NOT_RUN = "not run, because an earlier request of its set failed"
    PERMISSION = "QuickBooks does not let this user or application do it"
    CLOSED_PERIOD = "the books are closed at this date"
    OUR_BUG = "QuickBooks cannot make sense of what we wrote"
    ITERATOR_LOST = "the iterator is gone: ask anew"
    UNKNOWN_OUTCOME = "may or may not have been done: ask QuickBooks"
    FAILED = "refused, for the reason given in the text"


class MessageSetStatus(IntEnum):
    """messageSetStatusCode: what became of error recovery for a whole message set."""

    OK = 0
    NOTHING_TO_CLEAR = 600
    TEXT_DIFFERS = 9001
    NOT_FOUND = 9002
    UNUSED = 9003
    ID_TOO_LONG = 9004
    NOT_STORED = 9005


HRESULT_PARSE_ERROR = "0x80040400"

# What the Web Connector reports when QuickBooks gave no answer. After a set was handed out, only the parse error
# proves that nothing was done.
HRESULTS: dict[str, str] = {
    HRESULT_PARSE_ERROR: "QuickBooks could not parse the message: nothing of it was done",
    "0x80040401": "QuickBooks could not be accessed",
    "0x80040402": "an unexpected error in QuickBooks' request processor",
    "0x80040408": "QuickBooks could not be started, or could not open the file",
    "0x80040409": "this QuickBooks version cannot work with the company file",
    "0x8004040A": "another company file is open",
    "0x8004040D": "the session with QuickBooks is no longer valid",
    "0x80040410": "the company file is open in another mode (single-user or multi-user)",
    "0x80040414": "a dialog box is open in QuickBooks",
    "0x80040416": "QuickBooks is not running and no company file was named",
    "0x80040418": "the application was never given access to this company file",
    "0x8004041A": "the application has no permission",
    "0x80040420": "the user denied access",
    "0x80040422": "QuickBooks has to be in single-user mode",
    "0x80040154": "QuickBooks' request processor is not installed",
    "0x80010105": "QuickBooks broke off while working",
}

_NOT_FOUND = 3120
_CLASSES: dict[int, StatusClass] = {
    0: StatusClass.OK,
    1: StatusClass.EMPTY,
    1000: StatusClass.UNKNOWN_OUTCOME,
    1010: StatusClass.TRANSIENT,
    1030: StatusClass.OUR_BUG,
    1060: StatusClass.OUR_BUG,
    3100: StatusClass.DUPLICATE_NAME,
    3110: StatusClass.OUR_BUG,
    _NOT_FOUND: StatusClass.MISSING_REFERENCE,
    3130: StatusClass.MISSING_REFERENCE,
    3140: StatusClass.MISSING_REFERENCE,
    3150: StatusClass.OUR_BUG,
    3151: StatusClass.OUR_BUG,
    3161: StatusClass.CLOSED_PERIOD,
    3171: StatusClass.CLOSED_PERIOD,
    3175: StatusClass.TRANSIENT,
    3176: StatusClass.TRANSIENT,
    3190: StatusClass.OUR_BUG,
    3200: StatusClass.STALE,
    3230: StatusClass.UNKNOWN_OUTCOME,
    3231: StatusClass.NOT_RUN,
    3390: StatusClass.ITERATOR_LOST,
    3391: StatusClass.ITERATOR_LOST,
    9001: StatusClass.UNKNOWN_OUTCOME,
    9002: StatusClass.UNKNOWN_OUTCOME,
    9005: StatusClass.UNKNOWN_OUTCOME,
}
_RANGES: tuple[tuple[range, StatusClass], ...] = (
    (range(3000, 3100), StatusClass.OUR_BUG),
    (range(3260, 3270), StatusClass.PERMISSION),
    (range(9100, 9200), StatusClass.OUR_BUG),
)
_WARNINGS = range(500, 600)
# 3090 tells of a name that the list does not allow, which the user can change.
_NAME_NOT_ALLOWED = 3090
# Codes that cover locks and much else; these words of the text tell a lock.
_MAY_BE_A_LOCK = frozenset({3170, 3180})
_LOCKED = (
    "could not be locked",
    "failed to acquire the lock",
    "has been modified by another user",
    "in use by another user",
    "list element is in use",
)


def classify(code: int, message: str, *, is_query: bool, has_record: bool) -> StatusClass:
    """The class of one answer. `message` is its statusMessage, `has_record` whether it held a record.

    For a query "not there" is an answer like any other, however QuickBooks says it: 1, 500 or 3120.
    """
    if is_query and code == _NOT_FOUND:
        return StatusClass.EMPTY
    if code in _WARNINGS:
        return _warned(is_query=is_query, has_record=has_record)
    if code in _MAY_BE_A_LOCK and any(words in message.lower() for words in _LOCKED):
        return StatusClass.TRANSIENT
    if code == _NAME_NOT_ALLOWED:
        return StatusClass.FAILED
    if code in _CLASSES:
        return _CLASSES[code]
    return next((found for codes, found in _RANGES if code in codes), StatusClass.FAILED)


def _warned(*, is_query: bool, has_record: bool) -> StatusClass:
    if is_query:
        return StatusClass.SAVED_WITH_WARNING if has_record else StatusClass.EMPTY
    return StatusClass.SAVED_WITH_WARNING
