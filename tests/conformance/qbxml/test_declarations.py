"""Every declaration beside Intuit's schema, element by element."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.qbxml.intuit import Schema, schema
from qbxml.schema import Aggregate, Element, Kind, declaration, message_names

# Elements of other editions (Canada, UK, Australia, Online), by Intuit's reference; US QuickBooks refuses them.
OTHER_EDITIONS = (
    "CompanyEmailForCustomer DeliveryMethod DetailAccountType DiscountLineAdd DiscountLineRet IsSalesTaxAgency "
    "IsStatementWithParent IsTaxAccount IsTaxAgency IsTaxIncluded IsTaxOnTax IsTaxTrackedOnPurchases "
    "IsTaxTrackedOnSales IsTaxable ItemPurchaseTaxRef LastCheckNumber Mobile Pager PrintAs PurchaseTaxCodeRef "
    "ReportingPeriod SalesTaxCountry SalesTaxLineAdd SalesTaxLineRet SalesTaxReturnLineRef SalesTaxReturnRef "
    "ShippingLineAdd ShippingLineRet Suffix TaxAmount TaxOnPurchasesAccountRef TaxOnSalesAccountRef "
    "TaxRegistrationNumber TxnLineDetail"
)
OTHER_EDITIONS_HERE = frozenset(
    {
        ("AccountRet", "SalesTaxCodeRef"),
        ("CreditMemoLineGroupAdd", "Desc"),
        ("CreditMemoLineGroupAdd", "ServiceDate"),
        ("CreditMemoLineGroupRet", "ServiceDate"),
        ("InvoiceLineGroupAdd", "Desc"),
        ("InvoiceLineGroupAdd", "ServiceDate"),
        ("InvoiceLineGroupRet", "ServiceDate"),
        ("SalesTaxCodeRet", "ItemSalesTaxRef"),
        ("SetCredit", "TxnLineID"),
        ("VendorRet", "SalesTaxCodeRef"),
    }
)
# Values that somebody added to Intuit's list in the copy of the schema at hand, and that US QuickBooks does not know.
ADDED_VALUES = "FormT1 FormT2 Form1044 Form3010 PayrollLiabilityAdjustment PayrollPriorPayment PayrollYearToDateAdjustment"
# The schema gives these a union of ID and macro; in a request of ours they are IDs.
ID_OR_MACRO = frozenset({("AppliedToTxnAdd", "TxnID"), ("SetCredit", "CreditTxnID")})

TOP_LEVEL = [name for name in message_names() if name.endswith(("Rq", "Rs", "Ret"))]


def places(name: str) -> Iterator[tuple[tuple[str, ...], Aggregate]]:
    """Every aggregate within a message, with its path."""

    def within(path: tuple[str, ...], aggregate: Aggregate) -> Iterator[tuple[tuple[str, ...], Aggregate]]:
        yield path, aggregate
        for element in aggregate.elements():
            if element.aggregate is not None:
                yield from within((*path, element.tag), element.aggregate)

    return within((name,), declaration(name))


@pytest.fixture
def intuit(schema_dir: Path) -> Schema:
    return schema(schema_dir)


@pytest.mark.parametrize("name", TOP_LEVEL)
def test_the_elements_are_intuits_in_intuits_order(intuit: Schema, name: str) -> None:
    for path, aggregate in places(name):
        ours = [element.tag for element in aggregate.elements()]
        theirs = [fact.tag for fact in intuit.facts(path)]
        if getattr(aggregate.type, "PARTIAL", False):
            assert ours == [tag for tag in theirs if tag in ours], path
        else:
            assert ours == [tag for tag in theirs if tag in ours or not left_out(path, tag)], path


def left_out(path: tuple[str, ...], tag: str) -> bool:
    return (
        tag in OTHER_EDITIONS.split()
        or (path[-1], tag) in OTHER_EDITIONS_HERE
        or (tag == "ErrorRecovery" and path[-1].endswith("Rs"))
    )


@pytest.mark.parametrize("name", TOP_LEVEL)
def test_types_lengths_repeats_and_values_are_intuits(intuit: Schema, name: str) -> None:
    for path, aggregate in places(name):
        theirs = {fact.tag: fact for fact in intuit.facts(path)}
        for element in aggregate.elements():
            fact = theirs[element.tag]
            assert element.repeats == fact.repeats, (path, element.tag)
            assert (element.minimum, element.maximum) == fact.bounds, (path, element.tag)
            if element.kind is not None and (path[-1], element.tag) not in ID_OR_MACRO:
                ours = (element.kind.value, element.max_length, set(element.values))
                assert ours == (fact.kind, fact.max_length, set(fact.values) - set(ADDED_VALUES.split())), (
                    path,
                    element.tag,
                )


@pytest.mark.parametrize("name", [name for name in TOP_LEVEL if name.endswith("Rq")])
def test_what_intuit_requires_of_a_request_is_required(intuit: Schema, name: str) -> None:
    for path, aggregate in places(name):
        ours = {element.tag for element in aggregate.elements() if element.required}
        theirs = {fact.tag for fact in intuit.facts(path) if fact.required}
        assert theirs - ours == set(), path


def test_a_record_requires_only_what_identifies_it() -> None:
    identity = {"ListID", "TxnID", "TimeModified", "EditSequence", "Name"}
    deleted = {"TxnDelType", "ListDelType", "TimeDeleted"}
    for name in TOP_LEVEL:
        if name.endswith("Ret") and name not in ("ContactsRet", "AdditionalNotesRet"):
            required = {element.tag for element in declaration(name).content if required_element(element)}
            assert required <= identity | deleted | INSIDE_RECORDS.get(name, set()), name


# Records that stand inside other records, where IncludeRetElement does not reach.
INSIDE_RECORDS = {
    "AppliedToTxnRet": {"TxnType"},
    "CreditMemoLineGroupRet": {"TxnLineID", "ItemGroupRef", "IsPrintItemsInGroup", "TotalAmount"},
    "CreditMemoLineRet": {"TxnLineID"},
    "DataExtRet": {"DataExtName", "DataExtType", "DataExtValue"},
    "InvoiceLineGroupRet": {"TxnLineID", "ItemGroupRef", "IsPrintItemsInGroup", "TotalAmount"},
    "InvoiceLineRet": {"TxnLineID"},
    "TaxLineInfoRet": {"TaxLineID"},
}


def required_element(particle: object) -> bool:
    return isinstance(particle, Element) and particle.required


def test_every_kind_of_value_is_declared_somewhere() -> None:
    used = {
        element.kind
        for name in TOP_LEVEL
        for _, aggregate in places(name)
        for element in aggregate.elements()
    }
    assert used - {None} == set(Kind)
