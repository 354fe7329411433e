"""Invoices as the office works with them: list, editor, print."""

import datetime as dt
from decimal import Decimal

import pytest

from centerpoint.billing import operations
from centerpoint.billing.models import Invoice, InvoiceStatus


def typed(*lines, **fields):
    """What the editor's form sends."""
    data = {"issued_on": "2025-06-30", "lines-TOTAL_FORMS": str(len(lines)), "lines-INITIAL_FORMS": "0"}
    for place, line in enumerate(lines):
        data |= {f"lines-{place}-{name}": value for name, value in line.items()}
    return data | fields


def row(description="Repair", unit_price="100.00", quantity="1", **fields):
    return {
        "kind": "labor",
        "description": description,
        "quantity": quantity,
        "unit_price": unit_price,
        "taxable": "on",
        "visible": "on",
        **fields,
    }


def hidden(fields):
    return {name: value for name, value in fields.items() if name != "visible"}


def page(answer):
    return answer.content.decode()


def test_a_ticket_is_billed_from_an_empty_editor(bookkeeper, business):
    ticket = business.ticket(purchase_order="PO 77")
    path = f"invoices/new/ticket/{ticket.pk}/"
    assert 'value="PO 77"' in page(bookkeeper.open(path))

    answer = bookkeeper.send(
        path,
        **typed(
            row("Two roofers", "85", quantity="2.5", unit="h"),
            hidden(row("Truck", "$1,040.00", kind="travel")),
            row("", ""),
            purchase_order="PO 77",
            terms="Net 15",
            tax_codes=[business.county.pk],
        ),
    )

    invoice = Invoice.objects.get()
    assert answer.url.endswith(f"/invoices/{invoice.pk}/")
    assert (invoice.number, invoice.status, invoice.purchase_order) == (ticket.number, "draft", "PO 77")
    assert [(line.description, line.amount, line.visible) for line in invoice.lines.all()] == [
        ("Two roofers", Decimal("212.50"), True),
        ("Truck", Decimal("1040.00"), False),
    ]
    assert (invoice.subtotal, invoice.tax, invoice.total) == (
        Decimal("1252.50"),
        Decimal("103.33"),
        Decimal("1355.83"),
    )


def test_an_invoice_is_written_and_issued_at_once(bookkeeper, business):
    ticket = business.ticket()

    bookkeeper.send(f"invoices/new/ticket/{ticket.pk}/", **typed(row(), terms="Net 10", then="issue"))

    invoice = Invoice.objects.get()
    assert (invoice.status, invoice.issued_on, invoice.due_on) == (
        "issued",
        dt.date(2025, 6, 30),
        dt.date(2025, 7, 10),
    )


def test_what_is_refused_on_issuing_is_not_saved_by_halves(bookkeeper, business):
    ticket = business.ticket(business.company("Needs PO", needs_purchase_order=True))

    answer = bookkeeper.send(f"invoices/new/ticket/{ticket.pk}/", **typed(row("Typed words"), then="issue"))

    assert answer.status_code == 422
    assert "pays no invoice without a purchase order number" in page(answer)
    assert "Typed words" in page(answer)
    assert not Invoice.objects.exists()


def test_a_ticket_that_has_an_invoice_leads_to_it(bookkeeper, business):
    invoice = business.draft()

    answer = bookkeeper.open(f"invoices/new/ticket/{invoice.ticket_id}/")

    assert answer.url.endswith(f"/invoices/{invoice.pk}/")


def test_lines_of_a_draft_are_changed_and_an_emptied_row_is_taken_away(bookkeeper, business, line):
    invoice = business.draft(lines=[line("10.00", description="First"), line("20.00", description="Second")])

    bookkeeper.send(
        f"invoices/{invoice.pk}/",
        **typed(row("", ""), row("Second", "25.00"), row("Third", "1"), revision="1"),
    )

    assert [(one.position, one.description, one.amount) for one in invoice.lines.all()] == [
        (1, "Second", Decimal("25.00")),
        (2, "Third", Decimal("1.00")),
    ]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (row(unit_price=""), "Write a price."),
        (row(quantity="many"), "Enter a number."),
        (row(unit_price="1.23456"), "no more than 4 decimal places"),
    ],
)
def test_a_line_that_makes_no_sense_is_said_beside_its_field_and_kept(bookkeeper, business, wrong, said):
    invoice = business.draft()

    answer = bookkeeper.send(f"invoices/{invoice.pk}/", **typed(wrong, note="Kept note", revision="1"))

    assert answer.status_code == 422
    assert said in page(answer)
    assert "Kept note" in page(answer)
    assert invoice.lines.get().amount == Decimal("100.00")


def test_an_issued_invoice_is_corrected_as_its_next_revision(bookkeeper, business):
    invoice = business.invoice(amount="100.00")
    assert "Save changes" in page(bookkeeper.open(f"invoices/{invoice.pk}/"))

    bookkeeper.send(
        f"invoices/{invoice.pk}/",
        **typed(
            row("Repair", "120.00"), revision=invoice.revision, issued_on="2025-07-02", due_on=invoice.due_on
        ),
    )

    revision = invoice.revision
    invoice.refresh_from_db()
    assert (invoice.total, invoice.issued_on, invoice.revision) == (
        Decimal("120.00"),
        dt.date(2025, 7, 2),
        revision + 1,
    )


def test_the_second_of_two_people_sees_what_the_first_one_changed(bookkeeper, business, line, now):
    invoice = business.draft(lines=[line("10.00", description="Old words")])
    operations.change_draft(
        invoice=invoice, now=now, terms="Net 5", lines=[line("11.00", description="Their words")]
    )

    answer = bookkeeper.send(
        f"invoices/{invoice.pk}/", **typed(row("My words", "12.00"), terms="Net 60", revision="1")
    )

    assert answer.status_code == 422
    differences = {one.label: (one.theirs, one.yours) for one in answer.context["form"].differences}
    assert differences["Terms"] == ("Net 5", "Net 60")
    assert differences["Line 1"] == (
        "Other, Their words, 1 × 11 = $11.00",
        "Labor, My words, 1 × 12 = $12.00",
    )
    assert "My words" in page(answer)

    again = bookkeeper.send(
        f"invoices/{invoice.pk}/",
        **typed(
            row("My words", "12.00"), terms="Net 60", revision=answer.context["form"]["revision"].value()
        ),
    )

    assert again.status_code == 302
    assert invoice.lines.get().description == "My words"


def test_taxes_nobody_touched_keep_the_percent_they_were_written_with(bookkeeper, business, now):
    invoice = business.draft(tax_codes=[business.county])
    operations.change_tax_code(tax_code=business.county, percent=Decimal("9.00"))

    bookkeeper.send(f"invoices/{invoice.pk}/", **typed(row(), tax_codes=[business.county.pk], revision="1"))

    assert invoice.taxes.get().percent == Decimal("8.25")


def test_an_invoice_is_made_void_after_it_was_asked_about(bookkeeper, business):
    invoice = business.invoice()
    assert "Make it void" in page(bookkeeper.open(f"invoices/{invoice.pk}/void/"))

    bookkeeper.send(f"invoices/{invoice.pk}/void/")

    invoice.refresh_from_db()
    assert invoice.status == InvoiceStatus.VOID
    assert "This invoice is void" in page(bookkeeper.open(f"invoices/{invoice.pk}/"))


def test_a_paid_invoice_is_not_made_void(bookkeeper, business, now, today):
    invoice = business.invoice()
    operations.receive_payment(
        company=invoice.bill_to,
        amount=Decimal("1.00"),
        received_on=today,
        parts=[operations.Part(invoice_id=invoice.pk, amount=Decimal("1.00"))],
        now=now,
    )

    answer = bookkeeper.post(f"{bookkeeper.base}invoices/{invoice.pk}/void/", follow=True)

    assert "take the payment off before you void it" in page(answer)


def test_a_draft_is_discarded(bookkeeper, business):
    invoice = business.draft()

    bookkeeper.send(f"invoices/{invoice.pk}/discard/")

    assert not Invoice.objects.exists()


def test_a_share_of_a_contract_is_seen_before_it_is_billed(bookkeeper, business):
    project = business.project(contract="10000.00")
    business.project_invoice(project, operations.Deposit(Decimal(10)))
    path = f"invoices/new/project/{project.pk}/"
    chosen = {"basis": "percent", "percent": "40", "taxable": "on", "tax_codes": [business.county.pk]}

    seen = bookkeeper.open(path, looks="1", **chosen)

    assert (seen.context["comes_to"].total, seen.context["left"]) == (Decimal("4330.00"), Decimal("5000.00"))
    assert Invoice.objects.count() == 1

    bookkeeper.send(path, **chosen)

    invoice = Invoice.objects.latest("pk")
    assert (invoice.number, invoice.total, invoice.previously_invoiced) == (
        f"{project.number}-2",
        Decimal("4330.00"),
        Decimal("1000.00"),
    )


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"basis": "percent"}, "Write the percent."),
        ({"basis": "amount", "amount": "10000.01"}, "Add a change order or invoice less."),
        ({"basis": "deposit", "percent": "101"}, "cannot be invoiced"),
        ({}, "This field is required."),
    ],
)
def test_a_share_the_contract_does_not_hold_is_refused(bookkeeper, business, chosen, said):
    project = business.project(contract="10000.00")

    answer = bookkeeper.send(f"invoices/new/project/{project.pk}/", **chosen)

    assert answer.status_code == 422
    assert said in page(answer)
    assert not Invoice.objects.exists()


def test_the_final_invoice_bills_what_is_left(bookkeeper, business):
    project = business.project(contract="10000.00")
    business.project_invoice(project, operations.Deposit(Decimal(10)))

    bookkeeper.send(f"invoices/new/project/{project.pk}/", basis="final")

    invoice = Invoice.objects.latest("pk")
    assert (invoice.subtotal, invoice.is_final) == (Decimal("9000.00"), True)


def test_the_print_tells_no_hidden_line_and_still_adds_up(bookkeeper, business, line):
    invoice = business.invoice(
        lines=[
            line("1.3125", quantity="160", description="New flashing"),
            line("50.00", kind="labor", description="Secret help", visible=False),
        ],
        tax_codes=[business.county],
    )

    printed = page(bookkeeper.open(f"invoices/{invoice.pk}/print/"))

    assert "Secret help" not in printed
    for shown in (
        "New flashing",
        "Labor",
        "$1.3125",
        "$50.00",
        "$260.00",
        "County 8.25 %",
        "$21.45",
        "$281.45",
    ):
        assert shown in printed


def test_the_payments_of_an_invoice_are_told_with_what_was_open_after_each(technician, business, now, today):
    invoice = business.invoice(amount="100.00")
    operations.receive_payment(
        company=invoice.bill_to,
        amount=Decimal("60.00"),
        received_on=today,
        reference="4711",
        parts=[operations.Part(invoice_id=invoice.pk, amount=Decimal("60.00"), discount=Decimal("5.00"))],
        now=now,
    )

    shown = page(technician.open(f"invoices/{invoice.pk}/payments/"))

    assert "4711" in shown
    assert "$35.00" in shown
    assert "Issued" in page(technician.open(f"invoices/{invoice.pk}/history/"))


def test_the_list_is_narrowed_by_name_and_adds_up_all_of_it(bookkeeper, business, now):
    for _ in range(60):
        business.invoice(amount="10.01")
    business.draft()
    operations.void_invoice(invoice=business.invoice(), now=now)

    overdue = bookkeeper.open("invoices/", preset="overdue")
    drafts = bookkeeper.open("invoices/", preset="draft")

    assert overdue.context["totals"].balance == Decimal("600.60")
    assert "$600.60" in page(overdue)
    assert [one.status for one in drafts.context["listing"].rows] == ["draft"]


def test_the_list_of_one_company_and_a_span_of_days(bookkeeper, business):
    wanted = business.invoice()
    business.invoice()

    def listed(**query):
        return [one.pk for one in bookkeeper.open("invoices/", **query).context["listing"].rows]

    assert listed(company=wanted.bill_to_id, since="2025-06-30", until="2025-06-30") == [wanted.pk]
    assert listed(company=wanted.bill_to_id, since="2025-07-01") == []
    assert "Enter a valid date." in page(bookkeeper.open("invoices/", since="soon"))


def test_the_file_of_the_list_tells_every_invoice(bookkeeper, business):
    invoice = business.invoice(amount="12.30")

    file = b"".join(bookkeeper.open("invoices/", format="csv").streaming_content).decode("utf-8-sig")

    assert file.splitlines()[1].split(",") == [
        invoice.number,
        "Overdue",
        "2025-06-30",
        "2025-07-30",
        invoice.bill_to.name,
        invoice.property.name,
        "12.30",
        "0.00",
        "12.30",
    ]


def test_a_page_of_invoices_costs_the_same_for_many(bookkeeper, business, django_assert_max_num_queries):
    company = business.company()
    for _ in range(55):
        business.invoice(business.ticket(company))

    with django_assert_max_num_queries(12):
        answer = bookkeeper.open("invoices/")

    assert len(answer.context["listing"].rows) == 50


PATHS = ("", "payments/", "history/", "print/", "void/", "discard/")


@pytest.mark.parametrize("path", PATHS)
def test_another_contractors_invoice_is_not_there(owner, another_business, path):
    assert owner.open(f"invoices/{another_business.draft().pk}/{path}").status_code == 404


def test_a_technician_reads_and_does_not_write(technician, business):
    invoice = business.draft()

    shown = page(technician.open(f"invoices/{invoice.pk}/"))

    assert "Repair" in shown
    assert "Save" not in shown
    assert technician.send(f"invoices/{invoice.pk}/", **typed(row())).status_code == 403
    for path in ("void/", "discard/"):
        assert technician.send(f"invoices/{invoice.pk}/{path}").status_code == 403
    for path in (f"ticket/{business.ticket().pk}/", f"project/{business.project().pk}/"):
        assert technician.open(f"invoices/new/{path}").status_code == 403
