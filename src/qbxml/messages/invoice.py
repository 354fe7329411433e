"""Invoices and their lines."""

import datetime as dt
from typing import Annotated, ClassVar

from qbxml.messages.base import (
    Address,
    AddressBlock,
    DataExt,
    DataExtRet,
    LinkedTxn,
    LinkToTxn,
    OptionForPriceRuleConflict,
    Ref,
    SetCredit,
)
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
    OneOf,
    Percent,
    Price,
    Quantity,
    Since,
    any_mix,
    at_most_one,
    message,
    run,
)

PaidStatus = Annotated[str, OneOf("All PaidOnly NotPaidOnly")]


@message
class InvoiceLineAdd:
    """Quantity times Rate gives the Amount; with Amount alone QuickBooks shows it as the Rate."""

    item_ref: Ref | None = None
    desc: Annotated[str | None, Max(4095)] = None
    quantity: Quantity | None = None
    unit_of_measure: Annotated[str | None, Max(31), Since("7.0")] = None
    rate: Price | None = None
    rate_percent: Percent | None = None
    price_level_ref: Annotated[Ref | None, Max(31), Since("4.0")] = None
    class_ref: Annotated[Ref | None, Max(159)] = None
    amount: Amount | None = None
    option_for_price_rule_conflict: Annotated[OptionForPriceRuleConflict | None, Since("13.0")] = None
    inventory_site_ref: Annotated[Ref | None, Max(31), Since("10.0")] = None
    inventory_site_location_ref: Annotated[Ref | None, Max(31), Since("12.0")] = None
    serial_number: Annotated[str | None, Max(4095)] = None
    lot_number: Annotated[str | None, Max(40)] = None
    service_date: dt.date | None = None
    sales_tax_code_ref: Annotated[Ref | None, Max(3)] = None
    override_item_account_ref: Annotated[Ref | None, Max(159), Since("2.0")] = None
    other1: Annotated[str | None, Max(29), Since("6.0")] = None
    other2: Annotated[str | None, Max(29), Since("6.0")] = None
    link_to_txn: Annotated[LinkToTxn | None, Since("6.0")] = None
    data_ext: Annotated[tuple[DataExt, ...], Since("5.0")] = ()

    CHOICES: ClassVar[Choices] = (
        at_most_one("rate", "rate_percent", "price_level_ref"),
        at_most_one("serial_number", "lot_number", since="11.0"),
    )


@message
class InvoiceLineGroupAdd:
    item_group_ref: Annotated[Ref, Max(31)]
    quantity: Quantity | None = None
    unit_of_measure: Annotated[str | None, Max(31), Since("7.0")] = None
    inventory_site_ref: Annotated[Ref | None, Max(31), Since("10.0")] = None
    inventory_site_location_ref: Annotated[Ref | None, Max(31), Since("12.0")] = None
    data_ext: Annotated[tuple[DataExt, ...], Since("5.0")] = ()


@message
class InvoiceAdd:
    """Customer first, lines last: QuickBooks refuses any other order. Send a RefNumber, else QuickBooks chooses."""

    customer_ref: Annotated[Ref, Max(209)]
    class_ref: Annotated[Ref | None, Max(159)] = None
    ar_account_ref: Annotated[Ref | None, Max(159)] = None
    template_ref: Annotated[Ref | None, Max(31), Since("3.0")] = None
    txn_date: dt.date | None = None
    ref_number: Annotated[str | None, Max(11)] = None
    bill_address: Address | None = None
    ship_address: Address | None = None
    is_pending: bool | None = None
    is_finance_charge: Annotated[bool | None, Since("8.0")] = None
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
    link_to_txn_id: Annotated[tuple[Id, ...], Since("6.0")] = ()
    set_credit: Annotated[tuple[SetCredit, ...], Since("10.0")] = ()
    invoice_line_add: tuple[InvoiceLineAdd, ...] = ()
    invoice_line_group_add: tuple[InvoiceLineGroupAdd, ...] = ()

    CHOICES: ClassVar[Choices] = (any_mix("invoice_line_add", "invoice_line_group_add"),)


@message
class InvoiceAddRq:
    invoice_add: InvoiceAdd
    include_ret_element: tuple[RetElement, ...] = ()


@message
class InvoiceLineMod:
    """A TxnLineID alone keeps the line, "-1" adds one."""

    txn_line_id: Id
    item_ref: Ref | None = None
    desc: Annotated[str | None, Max(4095)] = None
    quantity: Quantity | None = None
    unit_of_measure: Annotated[str | None, Max(31), Since("7.0")] = None
    override_uom_set_ref: Annotated[Ref | None, Max(31), Since("7.0")] = None
    rate: Price | None = None
    rate_percent: Percent | None = None
    price_level_ref: Annotated[Ref | None, Max(31), Since("4.0")] = None
    class_ref: Annotated[Ref | None, Max(159)] = None
    amount: Amount | None = None
    option_for_price_rule_conflict: Annotated[OptionForPriceRuleConflict | None, Since("13.0")] = None
    inventory_site_ref: Annotated[Ref | None, Max(31), Since("10.0")] = None
    inventory_site_location_ref: Annotated[Ref | None, Max(31), Since("12.0")] = None
    serial_number: Annotated[str | None, Max(4095)] = None
    lot_number: Annotated[str | None, Max(40)] = None
    service_date: dt.date | None = None
    sales_tax_code_ref: Annotated[Ref | None, Max(3)] = None
    override_item_account_ref: Annotated[Ref | None, Max(159)] = None
    other1: Annotated[str | None, Max(29), Since("6.0")] = None
    other2: Annotated[str | None, Max(29), Since("6.0")] = None

    CHOICES: ClassVar[Choices] = (
        at_most_one("rate", "rate_percent", "price_level_ref"),
        at_most_one("serial_number", "lot_number", since="11.0"),
    )


@message
class InvoiceLineGroupMod:
    txn_line_id: Id
    item_group_ref: Annotated[Ref | None, Max(31)] = None
    quantity: Quantity | None = None
    unit_of_measure: Annotated[str | None, Max(31), Since("7.0")] = None
    override_uom_set_ref: Annotated[Ref | None, Max(31), Since("7.0")] = None
    invoice_line_mod: tuple[InvoiceLineMod, ...] = ()


@message
class InvoiceMod:
    """Any line given means that lines not named are deleted; no line at all leaves them as they are."""

    txn_id: Id
    edit_sequence: EditSequence
    customer_ref: Annotated[Ref | None, Max(209)] = None
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
    set_credit: Annotated[tuple[SetCredit, ...], Since("10.0")] = ()
    invoice_line_mod: tuple[InvoiceLineMod, ...] = ()
    invoice_line_group_mod: tuple[InvoiceLineGroupMod, ...] = ()

    CHOICES: ClassVar[Choices] = (any_mix("invoice_line_mod", "invoice_line_group_mod"),)


@message
class InvoiceModRq:
    invoice_mod: InvoiceMod
    include_ret_element: tuple[RetElement, ...] = ()

    SINCE: ClassVar[str] = "2.1"


@message
class InvoiceQueryRq(IteratingQuery):
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
    paid_status: PaidStatus | None = None
    include_line_items: bool | None = None
    include_linked_txns: Annotated[bool | None, Since("1.1")] = None
    include_ret_element: tuple[RetElement, ...] = ()
    owner_id: tuple[OwnerId, ...] = ()

    CHOICES: ClassVar[Choices] = (
        at_most_one("txn_id", "ref_number", "ref_number_case_sensitive", run("max_returned", "paid_status")),
        at_most_one("modified_date_range_filter", "txn_date_range_filter"),
        at_most_one("ref_number_filter", "ref_number_range_filter"),
    )


@message
class InvoiceLineRet:
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
    data_ext_ret: Annotated[tuple[DataExtRet, ...], Since("2.0")] = ()

    CHOICES: ClassVar[Choices] = (
        at_most_one("rate", "rate_percent"),
        at_most_one("serial_number", "lot_number", since="11.0"),
    )


@message
class InvoiceLineGroupRet:
    """A group item as one line, with the lines it stands for."""

    txn_line_id: Annotated[Id, Since("2.1")]
    item_group_ref: Annotated[Ref, Max(31)]
    desc: Annotated[str | None, Max(4095)] = None
    quantity: Quantity | None = None
    unit_of_measure: Annotated[str | None, Max(31), Since("7.0")] = None
    override_uom_set_ref: Annotated[Ref | None, Max(31), Since("7.0")] = None
    is_print_items_in_group: bool
    total_amount: Amount
    invoice_line_ret: tuple[InvoiceLineRet, ...] = ()
    data_ext_ret: Annotated[tuple[DataExtRet, ...], Since("2.0")] = ()


@message
class InvoiceRet:
    """BalanceRemaining is Subtotal plus SalesTaxTotal plus AppliedAmount, which is negative. Lines and links come when asked for."""

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
    is_finance_charge: bool | None = None
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
    applied_amount: Amount | None = None
    balance_remaining: Amount | None = None
    currency_ref: Annotated[Ref | None, Max(64), Since("8.0")] = None
    exchange_rate: Annotated[Float | None, Since("8.0")] = None
    balance_remaining_in_home_currency: Annotated[Amount | None, Since("8.0")] = None
    memo: Annotated[str | None, Max(4095)] = None
    is_paid: Annotated[bool | None, Since("2.0")] = None
    customer_msg_ref: Annotated[Ref | None, Max(101)] = None
    is_to_be_printed: bool | None = None
    is_to_be_emailed: Annotated[bool | None, Since("6.0")] = None
    customer_sales_tax_code_ref: Annotated[Ref | None, Max(3)] = None
    suggested_discount_amount: Amount | None = None
    suggested_discount_date: dt.date | None = None
    other: Annotated[str | None, Max(29), Since("6.0")] = None
    external_guid: Annotated[Guid | None, Since("9.0")] = None
    linked_txn: Annotated[tuple[LinkedTxn, ...], Since("1.1")] = ()
    invoice_line_ret: tuple[InvoiceLineRet, ...] = ()
    invoice_line_group_ret: tuple[InvoiceLineGroupRet, ...] = ()
    data_ext_ret: Annotated[tuple[DataExtRet, ...], Since("2.0")] = ()

    CHOICES: ClassVar[Choices] = (any_mix("invoice_line_ret", "invoice_line_group_ret"),)
