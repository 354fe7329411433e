"""The emulated PC, asked with our own messages. Intuit's schema sees each request and each answer, when it is at hand."""

import datetime as dt
import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import some_facts

from centerpoint.quickbooks.mapping.facts import BooksFacts, ItemFacts, TaxItemFacts
from qbemulator.company_file import CompanyFile
from qbemulator.company_file.office import Office
from qbemulator.request_processor import RequestProcessor
from qbxml import codec, messages
from qbxml.envelope import Request, write_message_set
from witnesses import problem_by_intuits_schema

START = dt.datetime(2026, 3, 2, 15, 0, tzinfo=dt.UTC)


class QuickBooksPc:
    def __init__(self, folder: Path, *, sample: str) -> None:
        self._seconds = itertools.count()
        self.books = CompanyFile.create(folder / "books.qbx", sample=sample, now=START)
        self.office = Office(self.books, clock=self._clock)
        self._connection = RequestProcessor(self.books, clock=self._clock).connect()
        self._count = itertools.count(1)
        # Whose own terms and tax item QuickBooks takes where an invoice names none.
        self.somebody: messages.CustomerRet = self.saves(
            messages.CustomerQueryRq(full_name=("Bay Area Storage",))
        )

    def close(self) -> None:
        self.books.close()

    def another(self) -> int:
        """A number nobody has had here."""
        return next(self._count)

    def answer(self, body: object) -> codec.Answer:
        text = write_message_set([Request("1", body)])
        answered = self._connection.process(text)
        for said in (text, answered):
            problem = problem_by_intuits_schema(said)
            assert problem is None, f"{problem}\n{said}"
        (answer,) = codec.read_answers(answered).answers
        return answer

    def saves(self, body: object) -> Any:
        """The record as QuickBooks keeps it; it must have taken it."""
        answer = self.answer(body)
        assert answer.status.code == 0, answer.status
        (record,) = answer.records
        return record

    def facts(self, *, tax_item: str = "Sales Tax", **fields: Any) -> BooksFacts:
        """The bookkeeper's choices, with the items as this company file has them."""
        service, project, tax_line = (self._item(name) for name in ("Service", "Project", "Exact sales tax"))
        tax = self._tax_item(tax_item)
        return replace(
            some_facts.books(),
            **{
                "items": {"service": service, "project": project},
                "tax_item_names": {"service": tax_item, "project": tax_item},
                "tax_items": {"service": tax, "project": tax},
                "tax_line_item": tax_line,
                **fields,
            },
        )

    def _item(self, name: str) -> ItemFacts:
        ret = self.saves(messages.ItemQueryRq(full_name=(name,)))
        return ItemFacts(list_id=ret.list_id, full_name=name, type="service_item")

    def _tax_item(self, name: str) -> TaxItemFacts:
        ret = self.saves(messages.ItemQueryRq(full_name=(name,)))
        if isinstance(ret, messages.ItemSalesTaxGroupRet):
            members = tuple(ref.full_name or "" for ref in ret.item_sales_tax_ref)
            rates = tuple(self.saves(messages.ItemQueryRq(full_name=(each,))).tax_rate for each in members)
        else:
            rates = (ret.tax_rate,)
        return TaxItemFacts(list_id=ret.list_id, name=name, rates=rates)

    def _clock(self) -> dt.datetime:
        """A second later at every look: QuickBooks stamps by the second."""
        return START + dt.timedelta(seconds=next(self._seconds))
