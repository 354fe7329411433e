"""What the mapping makes of odd records, told through both programs."""

from decimal import Decimal

from centerpoint.billing import operations as billing
from centerpoint.companies import operations as companies
from centerpoint.quickbooks.models import Posting
from centerpoint.quickbooks.posting_states import State


def test_a_company_that_cannot_be_named_is_told_and_holds_up_nobody_else(story):
    nameless = story.invoice(company=story.company("***"))
    invoice = story.invoice()

    story.update()

    posting = Posting.objects.get(company=nameless.bill_to)
    assert (posting.state, posting.refusal, posting.refusal_facts) == (
        State.REFUSED,
        "name-empty",
        {"name": "***"},
    )
    assert story.numbers_in_books() == [invoice.number]


def test_a_company_named_at_last_goes_with_its_invoices(story):
    invoice = story.invoice(company=story.company("***"))
    story.update()

    companies.change_company(company=invoice.bill_to, name="Three Stars Lofts", now=story.clock())
    story.update()

    assert story.numbers_in_books() == [invoice.number]


def test_names_in_any_script_arrive_and_are_read_back_as_equal(story):
    invoice = story.invoice(company=story.company("Café “Zur Post” — 会社: Süd & Söhne"))

    story.update()

    assert set(story.states()) == {State.IN_QUICKBOOKS}
    assert [i["CustomerRef"]["FullName"].split(":")[0] for i in story.books.invoices] == [
        'Café "Zur Post" - HuiShe - Süd & Söhne'
    ]
    assert story.posting(invoice).state == State.IN_QUICKBOOKS


def test_two_companies_of_one_name_are_two_customers(story):
    first, second = story.invoice(), story.invoice(company=story.company("HARBOR VIEW CONDOMINIUMS"))

    story.update()

    assert {i["RefNumber"]: i["CustomerRef"]["FullName"].split(":")[0] for i in story.books.invoices} == {
        first.number: "Harbor View Condominiums",
        second.number: "HARBOR VIEW CONDOMINIUMS (2)",
    }


def test_an_address_that_got_shorter_is_shorter_there(story):
    company = story.company(billing_street="12 Harbor Blvd", billing_street2="Suite 4", billing_city="Austin")
    story.invoice(company=company)
    story.update()

    companies.change_company(company=company, billing_street2="", now=story.clock())
    story.update()

    (customer,) = (c for c in story.books.customers if c["FullName"] == "Harbor View Condominiums")
    assert customer["BillAddress"] == {
        "Addr1": "Harbor View Condominiums",
        "Addr2": "12 Harbor Blvd",
        "City": "Austin",
    }


def test_an_invoice_is_taxed_though_its_customer_was_created_as_exempt(story):
    code = billing.create_tax_code(
        contractor=story.contractor, title="County", code="CO", percent=Decimal("8.25")
    )
    invoice = story.invoice(company=story.company(tax_exempt=True), amount="100.00")
    story.update()
    assert [i["SalesTaxTotal"] for i in story.books.invoices] == ["0.00"]

    companies.change_company(company=invoice.bill_to, tax_exempt=False, now=story.clock())
    billing.change_issued_invoice(invoice=invoice, tax_codes=[code], now=story.clock())
    story.update()

    assert [i["SalesTaxTotal"] for i in story.books.invoices] == ["8.25"]
    assert story.posting(invoice).state == State.IN_QUICKBOOKS


def test_a_line_that_loses_its_quantity_is_kept_at_its_amount(story):
    def line(amount, quantity):
        return billing.Line(description="Repair", unit_price=Decimal(amount), quantity=Decimal(quantity))

    invoice = story.invoice(lines=[line("50.00", "2")])
    story.update()

    billing.change_issued_invoice(
        invoice=invoice, lines=[line("0.25", "-0.5"), line("80", "1")], now=story.clock()
    )
    story.update()

    assert [i["Subtotal"] for i in story.books.invoices] == ["79.87"]
    assert story.posting(invoice).state == State.IN_QUICKBOOKS
