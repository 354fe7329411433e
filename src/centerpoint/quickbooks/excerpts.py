"""Out of an exchange's texts what concerns one posting, and any of them set so that a person can read it."""

from lxml import etree

from centerpoint.quickbooks.models import Exchange
from centerpoint.quickbooks.runs import Texts, texts
from centerpoint.quickbooks.sync.answers import key_expected
from centerpoint.quickbooks.sync.steps import AskWhether, LookFor, Post, from_json
from qbxml.errors import QbxmlError
from qbxml.parsing import Limits, parse_small

# A text longer than that is shown by its beginning: a browser would be busy with it, and nobody reads it.
READABLE = 200_000
_LIMITS = Limits(length=READABLE * 10)


def readable(exchange: Exchange) -> Texts:
    """Request and answer, each element on its own line, cut after READABLE characters; secrets masked."""
    whole = texts(exchange)
    return Texts(request=_set(whole.request), answer=_set(whole.answer))


def of_posting(exchange: Exchange, posting_id: int) -> Texts:
    """Only the posting's own request and answer; both empty when the exchange was about others."""
    step = from_json(exchange.step)
    if not isinstance(step, Post | LookFor | AskWhether):
        return Texts(request="", answer="")
    places = [place for place, sent in enumerate(step.sent) if sent.posting == posting_id]
    if not places:
        return Texts(request="", answer="")
    whole = texts(exchange)
    # A status check sends no text of its own, and is answered as the message that it asks about.
    key = key_expected(exchange, step)
    request_id = f"{key}-{places[0]}"
    return Texts(request=_own(whole.request, request_id), answer=_own(whole.answer, request_id))


def of_transaction(exchange: Exchange, txn_id: str) -> Texts:
    """What an answer to a reading says of one transaction, or of one linked to it, and the question it was said to."""
    whole = texts(exchange)
    root = _root(whole.answer)
    if root is None:
        return Texts(request="", answer="")
    told = [record for record in root.iterfind("./*/*/*") if _is_about(record, txn_id)]
    asked = dict.fromkeys(
        parent.get("requestID", "") for one in told if (parent := one.getparent()) is not None
    )
    return Texts(
        request="\n".join(_own(whole.request, request_id) for request_id in asked),
        answer="\n".join(map(_printed, told)),
    )


def _is_about(record: etree._Element, txn_id: str) -> bool:
    return any(element.text == txn_id for element in record.iter("TxnID"))


def _own(text: str, request_id: str) -> str:
    root = _root(text)
    if root is None:
        return ""
    return "\n".join(_printed(element) for element in root.iter() if element.get("requestID") == request_id)


def _set(text: str) -> str:
    root = _root(text)
    shown = text if root is None else _printed(root)
    return shown if len(shown) <= READABLE else shown[:READABLE] + "\n…"


def _root(text: str) -> etree._Element | None:
    """None for what is no XML, or too long to be set: an answer is kept as it came, whatever it is."""
    if not text:
        return None
    try:
        return parse_small(text, limits=_LIMITS)
    except QbxmlError:
        return None


def _printed(element: etree._Element) -> str:
    etree.indent(element)
    return etree.tostring(element, encoding="unicode", with_tail=False).strip()
