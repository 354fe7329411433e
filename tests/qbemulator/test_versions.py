"""Each answer has exactly what the version asked in knows, by the since-versions of the declarations."""

import pytest
from by_hand.desktop import Desktop
from by_hand.requests import (
    Element,
    applied_to,
    customer_add,
    customer_query,
    invoice_add,
    payment_add,
    rated_line,
    text,
)

from qbxml import schema
from qbxml.schema import Aggregate, version_number

NEWEST = "13.0"
LIST_QUERIES = ("Vendor", "Item", "StandardTerms", "Class", "Account", "SalesTaxCode", "ItemSalesTax")


@pytest.mark.parametrize("version", ["2.0", "3.0", "5.0", "6.0", "8.0", "9.0", "11.0", "12.0"])
def test_an_answer_has_what_its_version_knows_and_nothing_newer(desktop: Desktop, version: str) -> None:
    requests = everything(desktop)

    for request in requests:
        newest = desktop.ask(request, version=NEWEST)
        older = desktop.ask(request, version=version)
        for full, reduced in zip(newest, older, strict=True):
            aggregate = schema.declaration(str(full.tag))
            assert paths(reduced, aggregate, NEWEST) == paths(full, aggregate, version)


def everything(desktop: Desktop) -> list[str]:
    """Queries whose answers have as many elements as the emulator can give."""
    desktop.office.use_classes(True)
    address = "<Addr1>1</Addr1><Addr2>2</Addr2><Addr3>3</Addr3><Addr4>4</Addr4><Addr5>5</Addr5><Note>back door</Note>"
    desktop.ask(
        customer_add(
            "Acme",
            "<JobTitle>Owner</JobTitle>"
            f"<BillAddress>{address}</BillAddress><ShipAddress>{address}</ShipAddress><Phone>1</Phone>"
            "<Cc>a@example.com</Cc><Contact>Ann</Contact>"
            "<PreferredPaymentMethodRef><FullName>Check</FullName></PreferredPaymentMethodRef><Notes>Note</Notes>"
            "<ExternalGUID>{6b474085-9943-46e2-ad71-d0a5aba9e948}</ExternalGUID>",
        ).replace("</Name>", "</Name><ClassRef><FullName>Service</FullName></ClassRef>")
    )
    guid = "<Other>x</Other><ExternalGUID>{6b474085-9943-46e2-ad71-d0a5aba9e949}</ExternalGUID>"
    other = rated_line("1", "10").replace("</InvoiceLineAdd>", "<Other1>x</Other1></InvoiceLineAdd>")
    txn_id = text(desktop.ask(invoice_add("Acme", other, after_tax=guid)), "InvoiceRet/TxnID") or ""
    discount = (
        "<DiscountAmount>1.00</DiscountAmount><DiscountAccountRef><FullName>Discounts Given</FullName>"
        "</DiscountAccountRef><DiscountClassRef><FullName>Service</FullName></DiscountClassRef>"
    )
    desktop.ask(payment_add("Acme", "2.00", applied_to(txn_id, "2.00", discount)))
    desktop.ask(payment_add("Acme", "1.00", applied_to(txn_id, "1.00")))
    desktop.office.credit_memo("Acme", "5.00")
    return [
        "<HostQueryRq/>",
        "<CompanyQueryRq/>",
        "<PreferencesQueryRq/>",
        customer_query("<FullName>Acme</FullName>"),
        *(f"<{name}QueryRq/>" for name in LIST_QUERIES),
        "<InvoiceQueryRq><IncludeLineItems>1</IncludeLineItems><IncludeLinkedTxns>1</IncludeLinkedTxns></InvoiceQueryRq>",
        "<CreditMemoQueryRq><IncludeLineItems>1</IncludeLineItems></CreditMemoQueryRq>",
        "<ReceivePaymentQueryRq><IncludeLineItems>1</IncludeLineItems></ReceivePaymentQueryRq>",
    ]


def paths(element: Element, aggregate: Aggregate, version: str) -> list[str]:
    """The paths of all elements inside that `version` knows, in order."""
    known = {each.tag: each for each in aggregate.elements()}
    found = []
    for child in element:
        declared = known[str(child.tag)]
        if declared.since is None or version_number(declared.since) <= version_number(version):
            found.append(declared.tag)
            if declared.aggregate is not None:
                found += [f"{declared.tag}/{path}" for path in paths(child, declared.aggregate, version)]
    return found
