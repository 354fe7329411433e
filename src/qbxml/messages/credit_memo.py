"""Credit memos: what a customer is owed."""

import datetime as dt
from typing import Annotated, ClassVar

from qbxml.messages.base import Address, AddressBlock, DataExt, DataExtRet, LinkedTxn, Ref
from qbxml.messages.queries import (
    AccountFilter,
    CurrencyFilter,
    EntityFilter,
    IteratingQuery,
    ModifiedDateRangeFilter,
    OwnerId,
    RefNumberFilter,
    RefNumberRangeFilter,
    RetElement,
    TxnDateRangeFilter,
)
from qbxml.messages.receive_payment import CreditCardTxnInfo
from qbxml.schema import (
    Amount,
    AtLeast,
    Choices,
    DateTime,
    EditSequence,
    Float,
    Guid,
    Id,
    Max,
    Percent,
    Price,
    Quantity,
    Since,
    any_mix,
    at_most_one,
    message,
    run,
)


@message
class CreditMemoLineAdd:
    item_ref: Ref | None = None
    desc: Annotated[str | None, Max(4095)] = None
    quantity: Quantity | None = None
    unit_of_measure: Annotated[str | None, Max(31), Since("7.0")] = None
    rate: Price | None = None
    rate_percent: Percent | None = None
    price_level_ref: Annotated[Ref | None, Max(31), Since("4.0")] = None
    class_ref: Annotated[Ref | None, Max(159)] = None
    amount: Amount | None = None
    inventory_site_ref: Annotated[Ref | None, Max(31), Since("10.0")] = None
    inventory_site_location_ref: Annotated[Ref | None, Max(31), Since("12.0")] = None
    serial_number: Annotated[str | None, Max(4095)] = None
    lot_number: Annotated[str | None, Max(40)] = None
    service_date: dt.date | None = None
    sales_tax_code_ref: Annotated[Ref | None, Max(3)] = None
    override_item_account_ref: Annotated[Ref | None, Max(159), Since("2.0")] = None
    other1: Annotated[str | None, Max(29), Since("6.0")] = None
    other2: Annotated[str | None, Max(29), Since("6.0")] = None
    credit_card_txn_info: Annotated[CreditCardTxnInfo | None, Since("7.0")] = None
    data_ext: Annotated[tuple[DataExt, ...], Since("5.0")] = ()

    CHOICES: ClassVar[Choices] = (
        at_most_one("rate", "rate_percent", "price_level_ref"),
        at_most_one("serial_number", "lot_number", since="11.0"),
    )


@message
class CreditMemoLineGroupAdd:
    item_group_ref: Annotated[Ref, Max(31)]
    quantity: Quantity | None = None
    unit_of_measure: Annotated[str | None, Max(31), Since("7.0")] = None
    inventory_site_ref: Annotated[Ref | None, Max(31), Since("10.0")] = None
    inventory_site_location_ref: Annotated[Ref | None, Max(31), Since("12.0")] = None
    data_ext: Annotated[tuple[DataExt, ...], Since("5.0")] = ()


@message
class CreditMemoAdd:
    customer_ref: Annotated[Ref, Max(209)]
    class_ref: Annotated[Ref | None, Max(159)] = None
    ar_account_ref: Annotated[Ref | None, Max(159)] = None
    template_ref: Annotated[Ref | None, Max(31), Since("3.0")] = None
    txn_date: dt.date | None = None
    ref_number: Annotated[str | None, Max(11)] = None
    bill_address: Address | None = None
    ship_address: Address | None = None
    is_pending: bool | None = None
    po_number: Annotated[str | None, Max(25)] = None
    terms_ref: Annotated[Ref | None, Max(31)] = None
    due_date: dt.date | None = None
    sales_rep_ref: Annotated[Ref | None, Max(5)] = None
    fob: Annotated[str | None, Max(13)] = None
    ship_date: dt.date | None = None
    ship_method_ref: Annotated[Ref | None, Max(15)] = None
    item_sales_tax_ref: Annotated[Ref | None, Max(31)] = None
    memo: Annotated[str | None, Max(4095)] = None
    customer_msg_ref: Annotated[Ref | None, Max(101)] = None
    is_to_be_printed: bool | None = None
    is_to_be_emailed: Annotated[bool | None, Since("6.0")] = None
    customer_sales_tax_code_ref: Annotated[Ref | None, Max(3)] = None
    other: Annotated[str | None, Max(29), Since("6.0")] = None
    exchange_rate: Annotated[Float | None, Since("8.0")] = None
    external_guid: Annotated[Guid | None, Since("9.0")] = None
    credit_memo_line_add: tuple[CreditMemoLineAdd, ...] = ()
    credit_memo_line_group_add: tuple[CreditMemoLineGroupAdd, ...] = ()

    CHOICES: ClassVar[Choices] = (any_mix("credit_memo_line_add", "credit_memo_line_group_add", at_least=1),)


@message
class CreditMemoAddRq:
    credit_memo_add: CreditMemoAdd
    include_ret_element: tuple[RetElement, ...] = ()


@message
class CreditMemoQueryRq(IteratingQuery):
    txn_id: tuple[Id, ...] = ()
    ref_number: tuple[str, ...] = ()
    ref_number_case_sensitive: Annotated[tuple[str, ...], Since("4.0")] = ()
    max_returned: Annotated[int | None, AtLeast(1)] = None
    modified_date_range_filter: ModifiedDateRangeFilter | None = None
    txn_date_range_filter: TxnDateRangeFilter | None = None
    entity_filter: EntityFilter | None = None
    account_filter: AccountFilter | None = None
    ref_number_filter: RefNumberFilter | None = None
    ref_number_range_filter: RefNumberRangeFilter | None = None
    currency_filter: Annotated[CurrencyFilter | None, Since("8.0")] = None
    include_line_items: bool | None = None
    include_linked_txns: Annotated[bool | None, Since("1.1")] = None
    include_ret_element: tuple[RetElement, ...] = ()
    owner_id: tuple[OwnerId, ...] = ()

    CHOICES: ClassVar[Choices] = (
        at_most_one(
            "txn_id", "ref_number", "ref_number_case_sensitive", run("max_returned", "currency_filter")
        ),
        at_most_one("modified_date_range_filter", "txn_date_range_filter"),
        at_most_one("ref_number_filter", "ref_number_range_filter"),
    )


@message
class CreditMemoLineRet:
    txn_line_id: Id
    item_ref: Ref | None = None
    desc: Annotated[str | None, Max(4095)] = None
    quantity: Quantity | None = None
    unit_of_measure: Annotated[str | None, Max(31), Since("7.0")] = None
    override_uom_set_ref: Annotated[Ref | None, Max(31), Since("7.0")] = None
    rate: Price | None = None
    rate_percent: Percent | None = None
    class_ref: Annotated[Ref | None, Max(159)] = None
    amount: Amount | None = None
    inventory_site_ref: Annotated[Ref | None, Max(31), Since("10.0")] = None
    inventory_site_location_ref: Annotated[Ref | None, Max(31), Since("12.0")] = None
    serial_number: Annotated[str | None, Max(4095)] = None
    lot_number: Annotated[str | None, Max(40)] = None
    service_date: dt.date | None = None
    sales_tax_code_ref: Annotated[Ref | None, Max(3)] = None
    other1: Annotated[str | None, Max(29), Since("6.0")] = None
    other2: Annotated[str | None, Max(29), Since("6.0")] = None
    credit_card_txn_info: Annotated[CreditCardTxnInfo | None, Since("7.0")] = None
    data_ext_ret: Annotated[tuple[DataExtRet, ...], Since("2.0")] = ()

    CHOICES: ClassVar[Choices] = (
        at_most_one("rate", "rate_percent"),
        at_most_one("serial_number", "lot_number", since="11.0"),
    )


@message
class CreditMemoLineGroupRet:
    txn_line_id: Annotated[Id, Since("3.0")]
    item_group_ref: Annotated[Ref, Max(31)]
    desc: Annotated[str | None, Max(4095)] = None
    quantity: Quantity | None = None
    unit_of_measure: Annotated[str | None, Max(31), Since("7.0")] = None
    override_uom_set_ref: Annotated[Ref | None, Max(31), Since("7.0")] = None
    is_print_items_in_group: bool
    total_amount: Amount
    credit_memo_line_ret: tuple[CreditMemoLineRet, ...] = ()
    data_ext_ret: Annotated[tuple[DataExtRet, ...], Since("2.0")] = ()


@message
class CreditMemoRet:
    txn_id: Id
    time_created: DateTime | None = None
    time_modified: DateTime
    edit_sequence: EditSequence
    txn_number: int | None = None
    customer_ref: Annotated[Ref | None, Max(209)] = None
    class_ref: Annotated[Ref | None, Max(159)] = None
    ar_account_ref: Annotated[Ref | None, Max(159)] = None
    template_ref: Annotated[Ref | None, Max(31), Since("3.0")] = None
    txn_date: dt.date | None = None
    ref_number: Annotated[str | None, Max(11)] = None
    bill_address: Address | None = None
    bill_address_block: Annotated[AddressBlock | None, Since("6.0")] = None
    ship_address: Address | None = None
    ship_address_block: Annotated[AddressBlock | None, Since("6.0")] = None
    is_pending: bool | None = None
    po_number: Annotated[str | None, Max(25)] = None
    terms_ref: Annotated[Ref | None, Max(31)] = None
    due_date: dt.date | None = None
    sales_rep_ref: Annotated[Ref | None, Max(5)] = None
    fob: Annotated[str | None, Max(13)] = None
    ship_date: dt.date | None = None
    ship_method_ref: Annotated[Ref | None, Max(15)] = None
    subtotal: Amount | None = None
    item_sales_tax_ref: Annotated[Ref | None, Max(31)] = None
    sales_tax_percentage: Percent | None = None
    sales_tax_total: Amount | None = None
    total_amount: Amount | None = None
    credit_remaining: Annotated[Amount | None, Since("2.0")] = None
    currency_ref: Annotated[Ref | None, Max(64), Since("8.0")] = None
    exchange_rate: Annotated[Float | None, Since("8.0")] = None
    credit_remaining_in_home_currency: Annotated[Amount | None, Since("8.0")] = None
    memo: Annotated[str | None, Max(4095)] = None
    customer_msg_ref: Annotated[Ref | None, Max(101)] = None
    is_to_be_printed: bool | None = None
    is_to_be_emailed: Annotated[bool | None, Since("6.0")] = None
    customer_sales_tax_code_ref: Annotated[Ref | None, Max(3)] = None
    other: Annotated[str | None, Max(29), Since("6.0")] = None
    external_guid: Annotated[Guid | None, Since("9.0")] = None
    linked_txn: Annotated[tuple[LinkedTxn, ...], Since("1.1")] = ()
    credit_memo_line_ret: tuple[CreditMemoLineRet, ...] = ()
    credit_memo_line_group_ret: tuple[CreditMemoLineGroupRet, ...] = ()
    data_ext_ret: Annotated[tuple[DataExtRet, ...], Since("2.0")] = ()

    CHOICES: ClassVar[Choices] = (any_mix("credit_memo_line_ret", "credit_memo_line_group_ret"),)
