"""Declarations as facts: what the emulator's own grammar reads."""

import pytest

from qbxml.schema import (
    Attribute,
    Choice,
    Element,
    Kind,
    declaration,
    element_name,
    message_names,
    request_names,
)

MISSION = (
    "HostQuery CompanyQuery PreferencesQuery CustomerQuery CustomerAdd CustomerMod VendorQuery EmployeeQuery "
    "OtherNameQuery ItemQuery ItemServiceAdd ItemSalesTaxQuery ItemSalesTaxGroupQuery SalesTaxCodeQuery "
    "StandardTermsQuery ClassQuery AccountQuery InvoiceAdd InvoiceMod InvoiceQuery ReceivePaymentQuery "
    "CreditMemoQuery TxnVoid TxnDel TxnDeletedQuery ListDeletedQuery"
)


def test_every_request_of_the_mission_is_declared() -> None:
    assert {f"{name}Rq" for name in MISSION.split()} <= set(request_names())


def test_every_declaration_can_be_put_together() -> None:
    assert [declaration(name).tag for name in message_names()] == list(message_names())


@pytest.mark.parametrize(
    ("field", "element"),
    [
        ("list_id", "ListID"),
        ("po_number", "PONumber"),
        ("external_guid", "ExternalGUID"),
        ("fob", "FOB"),
        ("addr1", "Addr1"),
        ("ar_account_ref", "ARAccountRef"),
        ("supported_qbxml_version", "SupportedQBXMLVersion"),
        ("qb_file_mode", "QBFileMode"),
        ("list_id_with_children", "ListIDWithChildren"),
    ],
)
def test_a_field_is_named_after_its_element(field: str, element: str) -> None:
    assert element_name(field) == element


def test_an_element_carries_its_limits() -> None:
    [name] = [element for element in declaration("CustomerAdd").elements() if element.tag == "Name"]
    assert name == Element(
        tag="Name",
        name="name",
        kind=Kind.TEXT,
        aggregate=None,
        required=True,
        repeats=False,
        max_length=41,
        since=None,
        values=(),
        minimum=None,
    )


def test_a_reference_carries_the_length_of_what_it_refers_to() -> None:
    lengths = {
        element.tag: next(
            inner.max_length for inner in element.aggregate.elements() if inner.tag == "FullName"
        )
        for element in declaration("InvoiceAdd").elements()
        if element.aggregate is not None and element.tag.endswith("Ref")
    }
    assert (lengths["CustomerRef"], lengths["TermsRef"], lengths["CustomerSalesTaxCodeRef"]) == (209, 31, 3)


def test_a_choice_lies_where_its_first_element_lies() -> None:
    outer, ret_element, owner = declaration("CustomerQueryRq").content
    assert isinstance(outer, Choice)
    assert (outer.minimum, outer.maximum, len(outer.branches)) == (0, 1, 3)
    tags = [part.tag if isinstance(part, Element) else "choice" for part in outer.branches[2]]
    assert tags == [
        "MaxReturned",
        "ActiveStatus",
        "FromModifiedDate",
        "ToModifiedDate",
        "choice",
        "TotalBalanceFilter",
        "CurrencyFilter",
        "ClassFilter",
    ]
    assert isinstance(ret_element, Element)
    assert (ret_element.tag, ret_element.repeats, ret_element.max_length, ret_element.since) == (
        "IncludeRetElement",
        True,
        50,
        "4.0",
    )
    assert isinstance(owner, Element)
    assert owner.kind is Kind.GUID


def test_lines_may_come_in_any_mix() -> None:
    lines = declaration("InvoiceAdd").content[-1]
    assert isinstance(lines, Choice)
    assert (lines.minimum, lines.maximum) == (0, None)
    assert [
        element.tag for branch in lines.branches for element in branch if isinstance(element, Element)
    ] == [
        "InvoiceLineAdd",
        "InvoiceLineGroupAdd",
    ]


def test_a_query_may_carry_an_iterator_and_an_add_may_not() -> None:
    assert [attribute.tag for attribute in declaration("CustomerQueryRq").attributes] == [
        "requestID",
        "metaData",
        "iterator",
        "iteratorID",
    ]
    assert declaration("CustomerAddRq").attributes == (Attribute("requestID", "request_id", (), 50),)
    assert declaration("EmployeeQueryRq").attributes[-1].tag == "metaData"


def test_a_request_knows_since_when_it_exists() -> None:
    assert (declaration("InvoiceModRq").since, declaration("InvoiceAddRq").since) == ("2.1", None)
