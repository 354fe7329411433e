"""Out of an exchange's texts what concerns one posting, and any of them set so that a person can read it."""

import datetime as dt
from dataclasses import dataclass

from lxml import etree

from centerpoint.quickbooks.models import CompanyFile, Exchange, Posting
from centerpoint.quickbooks.posting_states import State
from centerpoint.quickbooks.runs import Texts, texts
from centerpoint.quickbooks.standing import Record, kind_of
from centerpoint.quickbooks.sync.steps import AskWhether, LookFor, Post, from_json
from qbxml.errors import QbxmlError
from qbxml.parsing import Limits, parse_small

# A text longer than that is shown by its beginning: a browser would be busy with it, and nobody reads it.
READABLE = 200_000
_LIMITS = Limits(length=READABLE * 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnExchange:
    """What one revision of a record was to QuickBooks: the last message it went in, its own part of it alone."""

    exchange_id: int
    revision: int
    action: Posting.Action
    state: State
    handed_out_at: dt.datetime
    answered_at: dt.datetime | None
    request: str
    answer: str


def own_exchanges(company_file: CompanyFile, record: Record) -> list[OwnExchange]:
    """The requests and answers of a record, the newest revision first. One query."""
    postings = Posting.objects.filter(
        **{"company_file": company_file, kind_of(record): record.pk, "exchange__isnull": False}
    ).select_related("exchange")
    found = []
    for posting in postings.order_by("-revision"):
        exchange = posting.exchange
        assert exchange is not None, "only postings that were handed out are asked for"
        own = of_posting(exchange, posting.pk)
        found.append(
            OwnExchange(
                exchange_id=exchange.pk,
                revision=posting.revision,
                action=Posting.Action(posting.action),
                state=State(posting.state),
                handed_out_at=exchange.handed_out_at,
                answered_at=exchange.answered_at,
                request=own.request,
                answer=own.answer,
            )
        )
    return found


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
    request_id = f"{exchange.key}-{places[0]}"
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
