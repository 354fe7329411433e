"""What messages have in common: references, addresses, custom fields, credits."""

import datetime as dt
from typing import Annotated, ClassVar

from qbxml.schema import (
    Amount,
    AtLeast,
    AtMost,
    Choices,
    EditSequence,
    Guid,
    Id,
    Max,
    OneOf,
    Since,
    message,
    one_of,
)

DataExtType = Annotated[
    str,
    OneOf("AMTTYPE DATETIMETYPE INTTYPE PERCENTTYPE PRICETYPE QUANTYPE STR1024TYPE STR255TYPE"),
]
TxnType = Annotated[
    str,
    OneOf(
        "ARRefundCreditCard Bill BillPaymentCheck BillPaymentCreditCard BuildAssembly Charge Check "
        "CreditCardCharge CreditCardCredit CreditMemo Deposit Estimate InventoryAdjustment Invoice "
        "ItemReceipt JournalEntry LiabilityAdjustment Paycheck PayrollLiabilityCheck PurchaseOrder "
        "ReceivePayment SalesOrder SalesReceipt SalesTaxPaymentCheck Transfer VendorCredit YTDAdjustment"
    ),
]
LinkType = Annotated[str, OneOf("AMTTYPE QUANTYPE")]
# "Mail" is in no list of Intuit's, but QuickBooks has it (jsgoupil/quickbooks-sync's amended schema).
PreferredDeliveryMethod = Annotated[str, OneOf("None Email Fax Mail")]
OptionForPriceRuleConflict = Annotated[str, OneOf("Zero BasePrice")]


@message
class Ref:
    """A reference by ListID or FullName. QuickBooks takes the ListID when both are given: send one."""

    list_id: Id | None = None
    full_name: str | None = None


@message
class Address:
    """Addr1 to Addr5 are the printed lines; QuickBooks prints the city line behind them."""

    addr1: Annotated[str | None, Max(41)] = None
    addr2: Annotated[str | None, Max(41)] = None
    addr3: Annotated[str | None, Max(41)] = None
    addr4: Annotated[str | None, Max(41), Since("2.0")] = None
    addr5: Annotated[str | None, Max(41), Since("6.0")] = None
    city: Annotated[str | None, Max(31)] = None
    state: Annotated[str | None, Max(21)] = None
    postal_code: Annotated[str | None, Max(13)] = None
    country: Annotated[str | None, Max(31)] = None
    note: Annotated[str | None, Max(41), Since("6.0")] = None


@message
class AddressBlock:
    """The address as QuickBooks prints it, in whole lines. In answers only."""

    addr1: Annotated[str | None, Max(41)] = None
    addr2: Annotated[str | None, Max(41)] = None
    addr3: Annotated[str | None, Max(41)] = None
    addr4: Annotated[str | None, Max(41)] = None
    addr5: Annotated[str | None, Max(41)] = None


@message
class AdditionalContactRef:
    contact_name: Annotated[str, Max(40)]
    contact_value: Annotated[str, Max(255)]


@message
class CreditCardInfo:
    credit_card_number: Annotated[str | None, Max(25)] = None
    expiration_month: Annotated[int | None, AtLeast(1), AtMost(12)] = None
    expiration_year: int | None = None
    name_on_card: Annotated[str | None, Max(41)] = None
    credit_card_address: Annotated[str | None, Max(41)] = None
    credit_card_postal_code: Annotated[str | None, Max(41)] = None


@message
class DataExt:
    """A custom field of a line being added."""

    owner_id: Guid
    data_ext_name: Annotated[str, Max(31)]
    data_ext_value: str


@message
class DataExtRet:
    """A custom field (no OwnerID, or "0") or a private one (OwnerID of an application)."""

    owner_id: Guid | None = None
    data_ext_name: Annotated[str, Max(31)]
    data_ext_type: DataExtType
    data_ext_value: str


@message
class SetCredit:
    """Applies a part of a credit memo or payment to what is being saved."""

    credit_txn_id: Id
    applied_amount: Amount
    override: Annotated[bool | None, Since("10.0")] = None


@message
class LinkToTxn:
    """The line of a sales order or estimate this line comes from."""

    txn_id: Id
    txn_line_id: Id


@message
class LinkedTxn:
    """Another transaction tied to this one. Amount is negative where it lowers the balance (payments, credits)."""

    txn_id: Id
    txn_type: TxnType
    txn_date: dt.date
    ref_number: Annotated[str | None, Max(20)] = None
    link_type: Annotated[LinkType | None, Since("3.0")] = None
    amount: Amount


@message
class ErrorRecovery:
    """The identity of what a request made or changed, given when the record itself may be missing (since 11.0)."""

    list_id: Id | None = None
    owner_id: Guid | None = None
    txn_id: Id | None = None
    txn_number: int | None = None
    edit_sequence: EditSequence | None = None
    external_guid: Guid | None = None

    CHOICES: ClassVar[Choices] = (one_of("list_id", "owner_id", "txn_id"),)
