"""Deleting, voiding, and what was deleted."""

from typing import Annotated, ClassVar

from qbxml.messages.queries import DeletedDateRangeFilter, Query, RetElement
from qbxml.schema import DateTime, Id, OneOf, message

TxnDelType = Annotated[
    str,
    OneOf(
        "ARRefundCreditCard Bill BillPaymentCheck BillPaymentCreditCard BuildAssembly Charge Check "
        "CreditCardCharge CreditCardCredit CreditMemo Deposit Estimate InventoryAdjustment Invoice "
        "ItemReceipt JournalEntry PurchaseOrder ReceivePayment SalesOrder SalesReceipt "
        "SalesTaxPaymentCheck TimeTracking TransferInventory VehicleMileage VendorCredit"
    ),
]
TxnVoidType = Annotated[
    str,
    OneOf(
        "ARRefundCreditCard Bill BillPaymentCheck BillPaymentCreditCard Charge Check CreditCardCharge "
        "CreditCardCredit CreditMemo Deposit InventoryAdjustment Invoice ItemReceipt JournalEntry "
        "SalesReceipt VendorCredit"
    ),
]
ListDelType = Annotated[
    str,
    OneOf(
        "Account BillingRate Class Currency Customer CustomerMsg CustomerType DateDrivenTerms Employee "
        "InventorySite ItemDiscount ItemFixedAsset ItemGroup ItemInventory ItemInventoryAssembly "
        "ItemNonInventory ItemOtherCharge ItemPayment ItemSalesTax ItemSalesTaxGroup ItemService "
        "ItemSubtotal JobType OtherName PaymentMethod PayrollItemNonWage PayrollItemWage PriceLevel "
        "SalesRep SalesTaxCode ShipMethod StandardTerms ToDo UnitOfMeasureSet Vehicle Vendor VendorType "
        "WorkersCompCode"
    ),
]


@message
class TxnDelRq:
    txn_del_type: TxnDelType
    txn_id: Id

    SINCE: ClassVar[str] = "1.1"


@message
class TxnDelRs:
    """The content of the answer to TxnDel."""

    txn_del_type: TxnDelType | None = None
    txn_id: Id | None = None
    time_deleted: DateTime | None = None
    ref_number: str | None = None


@message
class TxnVoidRq:
    txn_void_type: TxnVoidType
    txn_id: Id

    SINCE: ClassVar[str] = "1.1"


@message
class TxnVoidRs:
    """The content of the answer to TxnVoid."""

    txn_void_type: TxnVoidType | None = None
    txn_id: Id | None = None
    time_created: DateTime | None = None
    time_modified: DateTime | None = None
    ref_number: str | None = None


@message
class ListDelRq:
    list_del_type: ListDelType
    list_id: Id

    SINCE: ClassVar[str] = "1.1"


@message
class ListDelRs:
    """The content of the answer to ListDel."""

    list_del_type: ListDelType | None = None
    list_id: Id | None = None
    time_deleted: DateTime | None = None
    full_name: str | None = None


@message
class TxnDeletedQueryRq(Query):
    txn_del_type: tuple[TxnDelType, ...]
    deleted_date_range_filter: DeletedDateRangeFilter | None = None
    include_ret_element: tuple[RetElement, ...] = ()

    SINCE: ClassVar[str] = "2.0"


@message
class TxnDeletedRet:
    """QuickBooks remembers deletions for 90 days. A voided transaction is not deleted."""

    txn_del_type: TxnDelType
    txn_id: Id
    time_created: DateTime | None = None
    time_deleted: DateTime
    ref_number: str | None = None


@message
class ListDeletedQueryRq(Query):
    list_del_type: tuple[ListDelType, ...]
    deleted_date_range_filter: DeletedDateRangeFilter | None = None
    include_ret_element: tuple[RetElement, ...] = ()

    SINCE: ClassVar[str] = "2.0"


@message
class ListDeletedRet:
    """QuickBooks remembers deletions for 90 days. A merged entry counts as deleted."""

    list_del_type: ListDelType
    list_id: Id
    time_created: DateTime | None = None
    time_deleted: DateTime
    full_name: str | None = None
