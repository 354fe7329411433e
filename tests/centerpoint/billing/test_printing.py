from decimal import Decimal

from centerpoint.billing.printing import PrintedLine, printed_lines


def test_hidden_lines_fold_into_their_kind_and_what_is_printed_adds_up(business, line):
    invoice = business.draft(
        lines=[
            line("40.00", kind="labor", visible=False),
            line("120.00", quantity="2.5", unit="h", kind="labor", description="Two roofers"),
            line("15.50", kind="labor", visible=False),
            line("9.00", kind="material", taxable=False, visible=False),
            line("0.00", kind="travel", visible=False),
        ]
    )

    printed = printed_lines(invoice.lines.all())

    assert printed == [
        PrintedLine(
            description="Two roofers",
            amount=Decimal("300.00"),
            taxable=True,
            quantity=Decimal("2.5"),
            unit="h",
            unit_price=Decimal("120.00"),
        ),
        PrintedLine(description="Labor", amount=Decimal("55.50"), taxable=True),
        PrintedLine(description="Material", amount=Decimal("9.00"), taxable=False),
    ]
    assert sum(one.amount for one in printed) == invoice.subtotal
