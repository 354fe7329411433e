"""QuickBooks' small lists, mirrored."""

from decimal import Decimal

import pytest

from centerpoint.quickbooks import inbox
from centerpoint.quickbooks.models import ListEntry
from qbxml import messages

pytestmark = pytest.mark.django_db
STAMP = {"time_modified": "2025-06-30T10:00:00-06:00", "edit_sequence": "1751292000"}


def entries(books):
    return list(
        ListEntry.objects.filter(company_file=books.company_file)
        .order_by("pk")
        .values_list("kind", "full_name", "is_active", "percent", "facts")
    )


def test_entries_of_every_list_keep_what_is_needed_of_them(books):
    inbox.take_list_entries(
        books.company_file,
        [
            messages.ItemServiceRet(
                list_id="1-1",
                name="Leak",
                full_name="Roof:Leak",
                is_active=True,
                sales_tax_code_ref=messages.Ref(full_name="Tax"),
                **STAMP,
            ),
            messages.ItemSalesTaxRet(
                list_id="2-1", name="Travis", is_active=False, tax_rate=Decimal("8.25"), **STAMP
            ),
            messages.ItemSalesTaxGroupRet(
                list_id="3-1", name="Texas", item_sales_tax_ref=(messages.Ref(list_id="2-1"),), **STAMP
            ),
            messages.SalesTaxCodeRet(list_id="1-1", name="Tax", is_taxable=True, **STAMP),
            messages.StandardTermsRet(list_id="5-1", name="Net 30", std_due_days=30, **STAMP),
            messages.AccountRet(list_id="6-1", name="Sales", account_type="Income", **STAMP),
            messages.VendorRet(list_id="7-1", name="ABC Supply", **STAMP),
        ],
        now=books.now,
    )

    assert entries(books) == [
        ("service_item", "Roof:Leak", True, None, {"type": "ItemService", "tax_code": "Tax"}),
        ("sales_tax_item", "Travis", False, Decimal("8.25"), {}),
        ("sales_tax_group", "Texas", True, None, {"members": ["2-1"]}),
        ("sales_tax_code", "Tax", True, None, {"taxable": True}),
        ("terms", "Net 30", True, None, {"due_days": 30}),
        ("account", "Sales", True, None, {"type": "Income"}),
        ("vendor", "ABC Supply", True, None, {}),
    ]


def test_a_renamed_entry_is_renamed_and_the_rest_is_left_alone(books, at_most):
    vendors = [messages.VendorRet(list_id=f"{n}-1", name=f"Vendor {n}", **STAMP) for n in range(3)]
    inbox.take_list_entries(books.company_file, vendors, now=books.now)
    vendors[1] = messages.VendorRet(list_id="1-1", name="ABC Supply", **STAMP)

    with at_most(2):
        inbox.take_list_entries(books.company_file, vendors, now=books.now)

    assert [name for _, name, *_ in entries(books)] == ["Vendor 0", "ABC Supply", "Vendor 2"]


def test_the_same_chunk_twice_writes_nothing(books, at_most):
    chunk = [messages.VendorRet(list_id=f"{n}-1", name=f"Vendor {n}", **STAMP) for n in range(300)]
    inbox.take_list_entries(books.company_file, chunk, now=books.now)

    with at_most(1):
        inbox.take_list_entries(books.company_file, chunk, now=books.now)

    assert len(entries(books)) == 300
