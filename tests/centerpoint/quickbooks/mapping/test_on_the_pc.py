"""What is written holds on the other side: Intuit's schema takes it, QuickBooks keeps it, and both totals are the same."""

from dataclasses import replace
from decimal import Decimal

import pytest
import some_facts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from some_facts import COUNTY, as_agreed, company, project, ticket

from centerpoint.billing.models import LineKind
from centerpoint.quickbooks.mapping import customers, invoices, jobs
from centerpoint.quickbooks.mapping.facts import AddressFacts, Blocked
from centerpoint.quickbooks.mapping.names import free_name
from centerpoint.quickbooks.models import LineMode, TaxMode
from qbxml import codec, messages

GROUP = tuple(
    (title, Decimal(percent))
    for title, percent in (("City", "1.00"), ("District", "0.50"), ("Transit", "0.50"), ("State", "6.25"))
)
# One company file serves all examples of a test: nothing of an earlier example is looked at.
on_one_pc = settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

typed = st.text(max_size=60) | st.text(alphabet="abc XYZ 0123 :&<>\"'.,;-é—“€会🙂\n\t", max_size=300)
words = st.text(alphabet="abcdefgh 0123:éß会&<", max_size=60)


def amounts(least, most, places):
    return st.decimals(least, most, places=places, allow_nan=False, allow_infinity=False)


@st.composite
def lines(draw):
    return some_facts.line(
        kind=draw(st.sampled_from(LineKind.values)),
        description=draw(typed),
        quantity=draw(amounts(-3, 40, 4)),
        unit_price=draw(amounts(0, 900, 4)),
        taxable=draw(st.booleans()),
        visible=draw(st.booleans()),
    )


addresses = st.builds(
    AddressFacts,
    street=words,
    street2=words,
    city=words,
    state=words,
    postal_code=words,
    country=words,
)
companies = st.builds(
    company, words, address=addresses, phone=words, email=words, contact=words, tax_exempt=st.booleans()
)


@st.composite
def some_invoices(draw, taxes):
    return some_facts.invoice(
        *draw(st.lists(lines(), min_size=1, max_size=8)),
        taxes=draw(st.sampled_from([(), taxes])),
        kind=draw(st.sampled_from(["service", "project"])),
        bill_to=draw(companies),
        property_name=draw(words),
        property_address=draw(addresses),
        purchase_order=draw(words)[:50],
        terms=draw(st.sampled_from(["", "Net 30", "net 15", "whenever"])),
        work_title=draw(typed),
    )


def kept_by(pc, invoice, facts, existing=None):
    """The answer to an invoice, settled; None when nothing goes out, rightly."""
    mark = f"{{b1b2c3d4-0000-4000-8000-{pc.another():012}}}"
    try:
        message = invoices.message(
            invoice, customer_list_id=pc.somebody.list_id, books=facts, mark=mark, existing=existing
        )
    except Blocked as blocked:
        assert blocked.code == "total-negative"
        assert invoice.total < 0
        return None
    if message.body is None:
        return None
    codec.check(message.body, version="13.0")
    return invoices.settle(message.content, pc.saves(message.body))


@pytest.mark.parametrize("line_mode", LineMode.values)
@pytest.mark.parametrize("tax_mode", TaxMode.values)
@pytest.mark.parametrize(("tax_item", "taxes"), [("Sales Tax", (COUNTY,)), ("Combined Tax", GROUP)])
def test_every_invoice_is_kept_as_it_was_sent_to_the_cent(pc, line_mode, tax_mode, tax_item, taxes):
    facts = pc.facts(tax_item=tax_item, line_mode=line_mode, tax_mode=tax_mode)

    @on_one_pc
    @given(some_invoices(taxes))
    def holds(invoice):
        settled = kept_by(pc, replace(invoice, number=str(pc.another())), facts)
        if settled is not None:
            assert settled.differences == ()
            assert settled.total == invoice.total

    holds()


@pytest.mark.parametrize("tax_mode", TaxMode.values)
def test_without_sales_tax_in_quickbooks_totals_are_the_same_too(untaxed_pc, tax_mode):
    facts = replace(
        untaxed_pc.facts(tax_mode=tax_mode), sales_tax_is_on=False, taxable_code=None, non_taxable_code=None
    )
    taxes = (COUNTY,) if tax_mode == TaxMode.EXACT_LINE else ()

    @on_one_pc
    @given(some_invoices(taxes))
    def holds(invoice):
        settled = kept_by(untaxed_pc, replace(invoice, number=str(untaxed_pc.another())), facts)
        if settled is not None:
            assert settled.differences == ()
            assert settled.total == invoice.total

    holds()


@pytest.mark.parametrize("tax_mode", TaxMode.values)
def test_every_change_of_an_invoice_is_kept_as_it_was_sent(pc, tax_mode):
    facts = pc.facts(tax_mode=tax_mode)

    @on_one_pc
    @given(some_invoices((COUNTY,)), some_invoices((COUNTY,)), st.sampled_from(LineMode.values))
    def holds(before, after, line_mode):
        number = str(pc.another())
        first = kept_by(pc, replace(before, number=number), facts)
        if first is None:
            return
        changed = replace(after, number=number)
        settled = kept_by(pc, changed, replace(facts, line_mode=line_mode), as_agreed(first))
        if settled is not None:
            assert settled.differences == ()
            assert settled.total == changed.total

    holds()


@on_one_pc
@given(before=companies, after=companies)
def test_every_customer_and_its_change_are_kept_as_they_were_sent(pc, before, after):
    name = free_name(f"{before.name} {pc.another()}", lambda name: False)
    mark = f"{{b1b2c3d4-0000-4000-8000-{pc.another():012}}}"
    added = customers.message(before, name=name, mark=mark, existing=None, tax=pc.facts())
    codec.check(added.body, version="13.0")
    first = customers.settle(added.content, pc.saves(added.body))
    assert first.differences == ()

    agreed = replace(as_agreed(first), agreed=customers.shared_fields(before))
    change = customers.message(after, name=name, mark=mark, existing=agreed, tax=pc.facts())

    if change.body is not None:
        assert customers.settle(change.content, pc.saves(change.body)).differences == ()


@st.composite
def some_work(draw):
    days = st.none() | st.dates(some_facts.TODAY.replace(year=2020), some_facts.TODAY.replace(year=2030))
    return draw(st.sampled_from([ticket, project]))(
        title=draw(words),
        description=draw(typed),
        property_name=draw(words),
        property_address=draw(addresses),
        progress=draw(st.sampled_from(["", "pending", "awarded", "under_way", "closed", "lost"])),
        starts_on=draw(days),
        ends_on=draw(days),
        finished_on=draw(days),
    )


@on_one_pc
@given(before=some_work(), after=some_work())
def test_every_job_and_its_change_are_kept_as_they_were_sent(pc, before, after):
    number = str(pc.another())
    before, after = replace(before, number=number), replace(after, number=number)

    def kept(work, existing):
        message = jobs.message(
            work,
            parent_list_id=pc.somebody.list_id,
            name=jobs.wanted_name(work),
            mark=f"{{b1b2c3d4-0000-4000-8000-{int(number):012}}}",
            existing=existing,
        )
        if message.body is None:
            return None
        codec.check(message.body, version="13.0")
        return jobs.settle(message.content, pc.saves(message.body))

    first = kept(before, None)
    assert first.differences == ()
    second = kept(after, as_agreed(first))
    assert second is None or second.differences == ()


def test_a_stale_change_brings_what_quickbooks_holds(pc):
    facts = pc.facts()
    number = str(pc.another())
    first = kept_by(pc, some_facts.invoice(number=number), facts)
    pc.office.edit_invoice(first.quickbooks_id, first_line_amount="99.00")
    message = invoices.message(
        some_facts.invoice(some_facts.line("50.00"), number=number),
        customer_list_id=pc.somebody.list_id,
        books=facts,
        mark=some_facts.MARK,
        existing=as_agreed(first),
    )

    answer = pc.answer(message.body)

    (ret,) = answer.records
    assert isinstance(ret, messages.InvoiceRet)
    assert (answer.status.code, invoices.there(ret)["Line.0.Amount"]) == (3200, "99.00")
