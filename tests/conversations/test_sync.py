"""The sync stories: what a contractor and his bookkeeper see when both programs talk."""

from decimal import Decimal

import pytest

from centerpoint.billing import operations as billing
from centerpoint.billing.models import Invoice, Payment
from centerpoint.companies import operations as companies
from centerpoint.companies.models import Company
from centerpoint.quickbooks import connection, outbox
from centerpoint.quickbooks.models import Counterpart, JobPolicy, Pairing, Posting, WorkGoes
from centerpoint.quickbooks.pairing import operations as pairing
from centerpoint.quickbooks.posting_states import State
from centerpoint.work import operations as work
from centerpoint.work.models import Stage
from qbemulator import grammar
from qbemulator.company_file.office import Pays


def outcomes(updates):
    return [update.outcome for update in updates]


def test_a_company_its_ticket_and_its_invoice_arrive_in_the_books(story):
    invoice = story.invoice(amount="480.00")

    updates = story.update()

    assert outcomes(updates) == ["finished", "no_data"]
    assert [(i["RefNumber"], i["CustomerRef"]["FullName"], i["Subtotal"]) for i in story.books.invoices] == [
        (invoice.number, f"Harbor View Condominiums:{invoice.number} Harbor View Condominiums roof", "480.00")
    ]
    assert story.posting(invoice).state == State.IN_QUICKBOOKS
    assert set(story.states()) == {State.IN_QUICKBOOKS}


def test_a_project_invoice_goes_on_the_projects_job(story):
    invoice = story.project_invoice(percent="40")

    story.update()

    (there,) = story.books.invoices
    assert there["RefNumber"] == invoice.number == f"{invoice.project.number}-1"
    assert there["CustomerRef"]["FullName"].split(":")[1].startswith(invoice.project.number)
    assert Decimal(there["Subtotal"]) == Decimal("4000.00")


def test_a_ticket_goes_when_it_is_created_long_before_its_invoice(story):
    place = companies.create_property(company=story.company(), name="Clubhouse", now=story.clock())
    work.create_ticket(property=place, opened_on=story.today, description="Leak", now=story.clock())

    story.update()

    assert "Harbor View Condominiums:1001 Clubhouse" in [c["FullName"] for c in story.books.customers]


def test_work_goes_when_scheduled_or_when_invoiced_as_the_bookkeeper_chose(story):
    place = companies.create_property(company=story.company(), name="Clubhouse", now=story.clock())
    ticket = work.create_ticket(property=place, opened_on=story.today, description="Leak", now=story.clock())
    jobs = lambda: [c["FullName"] for c in story.books.customers if "1001" in c["FullName"]]  # noqa: E731
    story.options(work_goes=WorkGoes.WHEN_SCHEDULED)
    story.update()
    assert jobs() == []

    work.move_ticket(ticket=ticket, stage=Stage.SCHEDULED, on=story.today, now=story.clock())
    story.options(work_goes=WorkGoes.WHEN_INVOICED)
    story.update()
    assert jobs() == []

    story.options(work_goes=WorkGoes.WHEN_SCHEDULED)
    story.update()
    assert len(jobs()) == 1


def test_nothing_leaves_while_everything_is_held_for_approval(story):
    story.options(hold_for_approval=True)
    invoice = story.invoice()

    story.update()
    assert story.numbers_in_books() == []

    story.approve()
    story.update()
    assert story.numbers_in_books() == [invoice.number]


def test_an_invoice_before_the_start_date_stays_at_home(story):
    story.options(start_date=story.today.replace(year=2027))
    story.invoice()

    story.update()

    assert story.numbers_in_books() == []
    assert not Posting.objects.exists()


def test_a_company_that_is_likely_there_waits_for_pairing_and_so_do_its_invoices(story):
    company = story.company("Lakeside Property Management")
    invoice = story.invoice(company=company)

    story.update()

    assert story.numbers_in_books() == []
    assert story.posting(invoice).state == State.NEEDS_PAIRING
    customer = story.company_file.customers.get(full_name="Lakeside Property Mgmt")
    pairing.pair(
        company_file=story.company_file,
        company=company,
        customer=customer,
        how=Pairing.How.BY_HAND,
        by=None,
        now=story.clock(),
    )
    story.update()
    assert [i["CustomerRef"]["FullName"].split(":")[0] for i in story.books.invoices] == [
        "Lakeside Property Mgmt"
    ]


def test_a_changed_invoice_goes_out_as_a_change_of_the_same_object(story):
    invoice = story.invoice(amount="480.00")
    story.update()
    (before,) = story.books.invoices

    billing.change_issued_invoice(
        invoice=invoice,
        lines=[
            billing.Line(description="Repair", unit_price=Decimal("480.00"), quantity=Decimal(1)),
            billing.Line(description="Extra flashing", unit_price=Decimal("20.00"), quantity=Decimal(2)),
        ],
        now=story.clock(),
    )
    story.update()

    (after,) = story.books.invoices
    assert after["TxnID"] == before["TxnID"]
    assert after["Subtotal"] == "520.00"
    assert story.posting(invoice).state == State.IN_QUICKBOOKS
    assert set(story.states()) == {State.IN_QUICKBOOKS, State.SUPERSEDED}


def test_a_void_invoice_is_voided_there(story):
    invoice = story.invoice()
    story.update()

    billing.void_invoice(invoice=invoice, now=story.clock())
    story.update()

    (there,) = story.books.invoices
    assert Decimal(there["Subtotal"]) == 0
    assert story.posting(invoice).state == State.VOIDED


def test_an_invoice_voided_before_it_was_sent_never_goes(story):
    invoice = story.invoice()
    billing.void_invoice(invoice=invoice, now=story.clock())

    story.update()

    assert story.numbers_in_books() == []


def test_what_changed_without_meaning_anything_to_quickbooks_is_not_sent(story):
    invoice = story.invoice()
    story.update()
    sent = len(story.wire.requests)

    companies.change_company(company=invoice.bill_to, website="https://harborview.example", now=story.clock())
    story.update()

    assert not any("CustomerMod" in request for request in story.wire.requests[sent:])


def test_an_invoice_without_a_job_goes_straight_on_the_customer(story):
    story.options(job_policy=JobPolicy.NONE)
    story.invoice()

    story.update()

    assert [i["CustomerRef"]["FullName"] for i in story.books.invoices] == ["Harbor View Condominiums"]


def test_two_tickets_of_a_property_share_its_job(story):
    story.options(job_policy=JobPolicy.PER_PROPERTY)
    first = story.invoice()
    ticket = first.ticket
    second_ticket = work.create_ticket(
        property=ticket.property, opened_on=story.today, description="Gutter", now=story.clock()
    )
    draft = billing.draft_service_invoice(
        ticket=second_ticket,
        lines=[billing.Line(description="Gutter", unit_price=Decimal("90"), quantity=Decimal(1))],
        tax_codes=[],
        now=story.clock(),
    )
    billing.issue_invoice(invoice=draft, on=story.today, now=story.clock())

    story.update()

    places = {i["CustomerRef"]["FullName"] for i in story.books.invoices}
    assert len(story.books.invoices) == 2
    assert len(places) == 1


def test_work_that_never_goes_leaves_the_invoice_on_the_customer(story):
    story.options(work_goes=WorkGoes.NEVER)
    story.invoice()

    story.update()

    assert [i["CustomerRef"]["FullName"] for i in story.books.invoices] == ["Harbor View Condominiums"]


def test_a_payment_comes_back_to_the_invoice_it_pays(story):
    invoice = story.invoice(amount="480.00")
    story.update()
    (there,) = story.books.invoices
    story.office.receive_payment(
        there["CustomerRef"]["FullName"],
        "300.00",
        invoices=[Pays(there["TxnID"], "300.00")],
        ref_number="1071",
    )

    story.update()

    invoice.refresh_from_db()
    assert (invoice.paid, invoice.balance) == (Decimal("300.00"), Decimal("180.00"))
    payment = Payment.objects.get()
    assert (payment.amount, payment.reference) == (Decimal("300.00"), "1071")


def test_a_check_over_two_invoices_with_a_discount_is_split_as_the_bookkeeper_split_it(story):
    company = story.company()
    first, second = (
        story.invoice(company=company, amount="100.00"),
        story.invoice(company=company, amount="200.00"),
    )
    story.update()
    there = {i["RefNumber"]: i["TxnID"] for i in story.books.invoices}
    story.office.receive_payment(
        company.name,
        "294.00",
        invoices=[Pays(there[first.number], "98.00", "2.00"), Pays(there[second.number], "196.00", "4.00")],
    )

    story.update()

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.balance, second.balance) == (0, 0)
    parts = {part.invoice.number: (part.amount, part.discount) for part in Payment.objects.get().parts.all()}
    assert parts == {
        first.number: (Decimal("98.00"), Decimal("2.00")),
        second.number: (Decimal("196.00"), Decimal("4.00")),
    }


def test_a_bounced_check_opens_the_invoice_again(story):
    invoice = story.invoice(amount="480.00")
    story.update()
    (there,) = story.books.invoices
    paid = story.office.receive_payment(there["CustomerRef"]["FullName"], "480.00", invoices=[there["TxnID"]])
    story.update()
    story.office.delete_payment(paid["TxnID"])

    story.update()

    invoice.refresh_from_db()
    assert invoice.balance == Decimal("480.00")


def test_a_credit_memo_used_on_an_invoice_counts_as_paid(story):
    invoice = story.invoice(amount="480.00")
    story.update()
    (there,) = story.books.invoices
    story.office.credit_memo(there["CustomerRef"]["FullName"], "80.00", apply_to=[(there["TxnID"], "80.00")])

    story.update()

    invoice.refresh_from_db()
    assert invoice.balance == Decimal("400.00")


def test_an_invoice_deleted_in_quickbooks_is_shown_and_never_sent_again_by_itself(story):
    invoice = story.invoice()
    story.update()
    story.office.delete_invoice(story.books.invoices[0]["TxnID"])

    story.update()
    story.update()

    assert story.numbers_in_books() == []
    assert story.posting(invoice).state == State.DELETED_THERE
    outbox.recreate(posting=story.posting(invoice), now=story.clock())
    story.update()
    assert story.numbers_in_books() == [invoice.number]


def test_a_customer_renamed_there_keeps_its_company_and_its_later_invoices(story):
    company = story.company()
    story.invoice(company=company)
    story.update()
    story.office.rename_customer("Harbor View Condominiums", "Harbor View HOA")
    story.invoice(company=company)

    story.update()

    assert {i["CustomerRef"]["FullName"].split(":")[0] for i in story.books.invoices} == {"Harbor View HOA"}


def test_new_customers_become_companies_when_the_bookkeeper_wants_it(story):
    story.options(new_companies_in=True)
    story.update()
    story.office.add_customer("Quarry Street Lofts", Phone="512-555-0142")

    story.update()

    company = Company.objects.get(name="Quarry Street Lofts")
    assert Pairing.objects.get(company=company).how == Pairing.How.BROUGHT_IN


def test_a_missing_item_is_said_once_and_cured_for_all_that_wait(story):
    story.options(service_item_name="Roof service")
    first, second = story.invoice(), story.invoice()
    story.update()
    assert {story.posting(first).refusal, story.posting(second).refusal} == {"item-missing"}

    story.office.add_item("Roof service")
    story.update()

    assert story.numbers_in_books() == sorted([first.number, second.number])


def test_a_tax_that_quickbooks_would_compute_otherwise_is_never_sent(story):
    code = billing.create_tax_code(
        contractor=story.contractor, title="Old rate", code="OLD", percent=Decimal("8.00")
    )
    invoice = story.invoice(amount="100.00", tax_codes=[code])

    story.update()

    posting = story.posting(invoice)
    assert (posting.state, posting.refusal) == (State.REFUSED, "tax-differs")
    assert (posting.refusal_facts["ours"], posting.refusal_facts["theirs"]) == ("8.00", "8.25")
    story.options(tax_mode="exact_line")
    story.update()
    assert [Decimal(i["Subtotal"]) for i in story.books.invoices] == [Decimal("108.00")]


def test_a_record_open_on_a_screen_is_tried_again_by_itself(story):
    invoice = story.invoice(amount="480.00")
    story.update()
    (there,) = story.books.invoices
    story.office.open_on_screen(there["TxnID"])
    billing.change_issued_invoice(
        invoice=invoice, note="Gate code 4411", purchase_order="PO 7", now=story.clock()
    )

    story.update()
    assert story.posting(invoice).state == State.BUSY
    story.office.close_on_screen(there["TxnID"])
    story.clock.pass_(hours=1)
    story.update()

    assert story.posting(invoice).state == State.IN_QUICKBOOKS


def test_a_change_made_in_quickbooks_meanwhile_is_compared_and_not_overwritten(story):
    invoice = story.invoice(amount="480.00")
    story.update()
    (there,) = story.books.invoices
    story.office.edit_invoice(there["TxnID"], first_line_amount="500.00")
    billing.change_issued_invoice(
        invoice=invoice,
        lines=[billing.Line(description="Repair", unit_price=Decimal("450.00"), quantity=Decimal(1))],
        now=story.clock(),
    )

    story.update()

    assert story.posting(invoice).state == State.REFUSED
    assert story.books.invoices[0]["Subtotal"] == "500.00"
    outbox.retry(posting=story.posting(invoice), now=story.clock())
    story.update()
    assert story.books.invoices[0]["Subtotal"] == "450.00"


def test_a_change_elsewhere_on_the_invoice_does_not_stand_in_the_way(story):
    invoice = story.invoice(amount="480.00")
    story.update()
    (there,) = story.books.invoices
    story.office.edit_customer(there["CustomerRef"]["FullName"], Phone="512-555-0100")
    billing.change_issued_invoice(
        invoice=invoice,
        lines=[billing.Line(description="Repair", unit_price=Decimal("450.00"), quantity=Decimal(1))],
        now=story.clock(),
    )

    story.update()

    assert story.posting(invoice).state == State.IN_QUICKBOOKS


def test_one_invoice_quickbooks_cannot_read_does_not_hold_up_the_others(story, monkeypatch):
    company = story.company()
    invoices = [story.invoice(company=company, amount=f"{10 + n}.00") for n in range(7)]
    culprit = invoices[3].number
    parse = grammar.parse

    def choke(text, **kwargs):
        if "<InvoiceAddRq" in text and f"<RefNumber>{culprit}</RefNumber>" in text:
            raise grammar.NotParsable("an odd one")
        return parse(text, **kwargs)

    monkeypatch.setattr(grammar, "parse", choke)

    story.update()

    assert story.numbers_in_books() == sorted(
        invoice.number for invoice in invoices if invoice.number != culprit
    )
    assert story.posting(invoices[3]).refusal == "0x80040400"


def test_another_company_file_gets_nothing(story, make_story):
    other = make_story(name="Better Roofs")
    other.update()
    invoice = story.invoice()
    story.update()
    story.invoice()
    story.connector.processor = other.connector.processor

    (update,) = story.update()[:1]

    assert update.outcome == "error"
    assert "Another company file" in update.last_error
    assert other.numbers_in_books() == []
    assert story.numbers_in_books() == [invoice.number]


def test_a_wrong_password_is_refused_and_costs_nothing(story):
    story.connector.password = "guess"

    (update,) = story.update()

    assert update.outcome == "refused"


def test_the_old_password_works_until_the_new_one_is_typed_in(story):
    connection.rotate_password(company_file=story.company_file, now=story.clock())

    assert outcomes(story.update()) == ["finished", "no_data"]
    story.clock.pass_(days=2)
    assert outcomes(story.update()) == ["refused"]


def test_two_contractors_never_see_each_other(story, make_story):
    other = make_story(name="Better Roofs")
    ours, theirs = story.invoice(), other.invoice(company=other.company("Quarry Street Lofts"))

    story.update()
    other.update()

    assert (story.numbers_in_books(), other.numbers_in_books()) == ([ours.number], [theirs.number])
    assert Counterpart.objects.filter(company_file=story.company_file, invoice=theirs).count() == 0


def test_the_percentage_grows_to_a_hundred_and_says_it_only_at_the_end(story):
    company = story.company()
    for number in range(25):
        story.invoice(company=company, amount=f"{100 + number}.00")

    first = story.update()[0]

    assert first.progress == sorted(first.progress)
    assert first.progress[-1] == 100
    assert 100 not in first.progress[:-1]


@pytest.mark.parametrize("mode", ["one_line", "by_kind", "every_line"])
def test_a_hidden_line_counts_in_every_line_mode(story, mode):
    story.options(line_mode=mode)
    story.invoice(
        lines=[
            billing.Line(
                description="Repair", unit_price=Decimal("100.00"), quantity=Decimal("1.5"), kind="labor"
            ),
            billing.Line(description="Fuel", unit_price=Decimal("30.00"), quantity=Decimal(1), visible=False),
        ]
    )

    story.update()

    assert [Decimal(i["Subtotal"]) for i in story.books.invoices] == [Decimal("180.00")]


def test_every_invoice_total_is_the_same_on_both_sides(story):
    code = billing.create_tax_code(
        contractor=story.contractor, title="County", code="CO", percent=Decimal("8.25")
    )
    company = story.company()
    for cents in range(12):
        story.invoice(company=company, amount=f"35.{cents:02}", tax_codes=[code])

    story.update()

    here = {invoice.number: invoice.total for invoice in Invoice.objects.all()}
    there = {
        i["RefNumber"]: Decimal(i["Subtotal"]) + Decimal(i["SalesTaxTotal"]) for i in story.books.invoices
    }
    assert here == there


def test_an_invoice_edited_in_quickbooks_is_shown_and_not_taken_for_done(story):
    invoice = story.invoice(amount="480.00")
    story.update()
    story.office.edit_invoice(story.books.invoices[0]["TxnID"], first_line_amount="500.00")

    story.update()

    posting = story.posting(invoice)
    assert (posting.state, posting.refusal) == (State.REFUSED, "edited-there")


def test_an_invoice_voided_in_quickbooks_is_shown_as_void(story):
    invoice = story.invoice()
    story.update()
    story.office.void_invoice(story.books.invoices[0]["TxnID"])

    story.update()

    assert story.posting(invoice).state == State.VOIDED
