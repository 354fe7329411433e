"""Items of every kind: services, charges, goods, sales tax items and their groups."""

import datetime as dt
from typing import Annotated, ClassVar

from qbxml.messages.base import DataExtRet, Ref
from qbxml.messages.queries import (
    ActiveStatus,
    ClassFilter,
    IteratingQuery,
    NameFilter,
    NameRangeFilter,
    OwnerId,
    RetElement,
)
from qbxml.schema import (
    Amount,
    AtLeast,
    Choices,
    DateTime,
    EditSequence,
    Guid,
    Id,
    Max,
    OneOf,
    Percent,
    Price,
    Quantity,
    Since,
    at_most_one,
    message,
    one_of,
    run,
)

SpecialItemType = Annotated[
    str,
    OneOf("FinanceCharge ReimbursableExpenseGroup ReimbursableExpenseSubtotal"),
]
AcquiredAs = Annotated[str, OneOf("New Old")]


@message
class ItemQueryRq(IteratingQuery):
    list_id: tuple[Id, ...] = ()
    full_name: tuple[str, ...] = ()
    max_returned: Annotated[int | None, AtLeast(1)] = None
    active_status: ActiveStatus | None = None
    from_modified_date: DateTime | None = None
    to_modified_date: DateTime | None = None
    name_filter: NameFilter | None = None
    name_range_filter: NameRangeFilter | None = None
    include_ret_element: tuple[RetElement, ...] = ()
    owner_id: tuple[OwnerId, ...] = ()

    CHOICES: ClassVar[Choices] = (
        at_most_one("list_id", "full_name", run("max_returned", "name_range_filter")),
        at_most_one("name_filter", "name_range_filter"),
    )


@message
class ItemSalesTaxGroupQueryRq(ItemQueryRq):
    """The same question, answered with items of this kind only."""


@message
class ItemKindQuery(IteratingQuery):
    """What a query of one kind of item may ask."""

    list_id: tuple[Id, ...] = ()
    full_name: tuple[str, ...] = ()
    max_returned: Annotated[int | None, AtLeast(1)] = None
    active_status: ActiveStatus | None = None
    from_modified_date: DateTime | None = None
    to_modified_date: DateTime | None = None
    name_filter: NameFilter | None = None
    name_range_filter: NameRangeFilter | None = None
    class_filter: Annotated[ClassFilter | None, Since("12.0")] = None
    include_ret_element: tuple[RetElement, ...] = ()
    owner_id: tuple[OwnerId, ...] = ()

    CHOICES: ClassVar[Choices] = (
        at_most_one("list_id", "full_name", run("max_returned", "class_filter")),
        at_most_one("name_filter", "name_range_filter"),
    )


@message
class ItemServiceQueryRq(ItemKindQuery):
    """The same question, answered with items of this kind only."""


@message
class ItemSalesTaxQueryRq(ItemKindQuery):
    """The same question, answered with items of this kind only."""


@message
class BarCode:
    bar_code_value: Annotated[str | None, Max(50)] = None
    assign_even_if_used: bool | None = None
    allow_override: bool | None = None


@message
class SalesOrPurchase:
    desc: Annotated[str | None, Max(4095)] = None
    price: Price | None = None
    price_percent: Percent | None = None
    account_ref: Annotated[Ref | None, Max(159)] = None

    CHOICES: ClassVar[Choices] = (at_most_one("price", "price_percent"),)


@message
class SalesAndPurchase:
    sales_desc: Annotated[str | None, Max(4095)] = None
    sales_price: Price | None = None
    income_account_ref: Annotated[Ref | None, Max(159)] = None
    purchase_desc: Annotated[str | None, Max(4095)] = None
    purchase_cost: Price | None = None
    expense_account_ref: Annotated[Ref | None, Max(159)] = None
    pref_vendor_ref: Annotated[Ref | None, Max(41)] = None


@message
class ItemServiceAdd:
    """What the company sells (SalesOrPurchase), or sells and buys (SalesAndPurchase)."""

    name: Annotated[str, Max(31)]
    bar_code: Annotated[BarCode | None, Since("12.0")] = None
    is_active: bool | None = None
    class_ref: Annotated[Ref | None, Max(159), Since("12.0")] = None
    parent_ref: Ref | None = None
    unit_of_measure_set_ref: Annotated[Ref | None, Max(31), Since("7.0")] = None
    sales_tax_code_ref: Annotated[Ref | None, Max(3)] = None
    sales_or_purchase: SalesOrPurchase | None = None
    sales_and_purchase: SalesAndPurchase | None = None
    external_guid: Annotated[Guid | None, Since("8.0")] = None

    CHOICES: ClassVar[Choices] = (one_of("sales_or_purchase", "sales_and_purchase"),)


@message
class ItemServiceAddRq:
    item_service_add: ItemServiceAdd
    include_ret_element: tuple[RetElement, ...] = ()


@message
class ItemServiceRet:
    list_id: Id
    time_created: DateTime | None = None
    time_modified: DateTime
    edit_sequence: EditSequence
    name: Annotated[str, Max(31)]
    full_name: Annotated[str | None, Max(159)] = None
    bar_code_value: Annotated[str | None, Max(50), Since("12.0")] = None
    is_active: bool | None = None
    class_ref: Annotated[Ref | None, Max(159), Since("12.0")] = None
    parent_ref: Ref | None = None
    sublevel: int | None = None
    unit_of_measure_set_ref: Annotated[Ref | None, Max(31), Since("7.0")] = None
    sales_tax_code_ref: Annotated[Ref | None, Max(3)] = None
    sales_or_purchase: SalesOrPurchase | None = None
    sales_and_purchase: SalesAndPurchase | None = None
    external_guid: Annotated[Guid | None, Since("8.0")] = None
    data_ext_ret: Annotated[tuple[DataExtRet, ...], Since("2.0")] = ()

    CHOICES: ClassVar[Choices] = (at_most_one("sales_or_purchase", "sales_and_purchase"),)


@message
class ItemNonInventoryRet:
    list_id: Id
    time_created: DateTime | None = None
    time_modified: DateTime
    edit_sequence: EditSequence
    name: Annotated[str, Max(31)]
    full_name: Annotated[str | None, Max(159)] = None
    bar_code_value: Annotated[str | None, Max(50), Since("12.0")] = None
    is_active: bool | None = None
    class_ref: Annotated[Ref | None, Max(159), Since("12.0")] = None
    parent_ref: Ref | None = None
    sublevel: int | None = None
    manufacturer_part_number: Annotated[str | None, Max(31), Since("7.0")] = None
    unit_of_measure_set_ref: Annotated[Ref | None, Max(31), Since("7.0")] = None
    sales_tax_code_ref: Annotated[Ref | None, Max(3)] = None
    sales_or_purchase: SalesOrPurchase | None = None
    sales_and_purchase: SalesAndPurchase | None = None
    external_guid: Annotated[Guid | None, Since("8.0")] = None
    data_ext_ret: Annotated[tuple[DataExtRet, ...], Since("2.0")] = ()

    CHOICES: ClassVar[Choices] = (at_most_one("sales_or_purchase", "sales_and_purchase"),)


@message
class ItemOtherChargeRet:
    list_id: Id
    time_created: DateTime | None = None
    time_modified: DateTime
    edit_sequence: EditSequence
    name: Annotated[str, Max(31)]
    full_name: Annotated[str | None, Max(159)] = None
    bar_code_value: Annotated[str | None, Max(50), Since("12.0")] = None
    is_active: bool | None = None
    class_ref: Annotated[Ref | None, Max(159), Since("12.0")] = None
    parent_ref: Ref | None = None
    sublevel: int | None = None
    sales_tax_code_ref: Annotated[Ref | None, Max(3)] = None
    sales_or_purchase: SalesOrPurchase | None = None
    sales_and_purchase: SalesAndPurchase | None = None
    special_item_type: Annotated[SpecialItemType | None, Since("6.0")] = None
    external_guid: Annotated[Guid | None, Since("8.0")] = None
    data_ext_ret: Annotated[tuple[DataExtRet, ...], Since("2.0")] = ()

    CHOICES: ClassVar[Choices] = (at_most_one("sales_or_purchase", "sales_and_purchase"),)


@message
class ItemInventoryRet:
    list_id: Id
    time_created: DateTime | None = None
    time_modified: DateTime
    edit_sequence: EditSequence
    name: Annotated[str, Max(31)]
    full_name: Annotated[str | None, Max(159)] = None
    bar_code_value: Annotated[str | None, Max(50), Since("12.0")] = None
    is_active: bool | None = None
    class_ref: Annotated[Ref | None, Max(159), Since("12.0")] = None
    parent_ref: Ref | None = None
    sublevel: int | None = None
    manufacturer_part_number: Annotated[str | None, Max(31), Since("7.0")] = None
    unit_of_measure_set_ref: Annotated[Ref | None, Max(31), Since("7.0")] = None
    sales_tax_code_ref: Annotated[Ref | None, Max(3)] = None
    sales_desc: Annotated[str | None, Max(4095)] = None
    sales_price: Price | None = None
    income_account_ref: Annotated[Ref | None, Max(159)] = None
    purchase_desc: Annotated[str | None, Max(4095)] = None
    purchase_cost: Price | None = None
    cogs_account_ref: Annotated[Ref | None, Max(159)] = None
    pref_vendor_ref: Annotated[Ref | None, Max(41)] = None
    asset_account_ref: Annotated[Ref | None, Max(159)] = None
    reorder_point: Quantity | None = None
    max: Annotated[Quantity | None, Since("13.0")] = None
    quantity_on_hand: Quantity | None = None
    average_cost: Price | None = None
    quantity_on_order: Quantity | None = None
    quantity_on_sales_order: Annotated[Quantity | None, Since("2.0")] = None
    external_guid: Annotated[Guid | None, Since("8.0")] = None
    data_ext_ret: Annotated[tuple[DataExtRet, ...], Since("2.0")] = ()


@message
class ItemInventoryAssemblyLine:
    item_inventory_ref: Annotated[Ref, Max(159)]
    quantity: Quantity | None = None


@message
class ItemInventoryAssemblyRet:
    list_id: Id
    time_created: DateTime | None = None
    time_modified: DateTime
    edit_sequence: EditSequence
    name: Annotated[str, Max(31)]
    full_name: Annotated[str | None, Max(159)] = None
    bar_code_value: Annotated[str | None, Max(50), Since("12.0")] = None
    is_active: bool | None = None
    class_ref: Annotated[Ref | None, Max(159), Since("12.0")] = None
    parent_ref: Ref | None = None
    sublevel: int | None = None
    manufacturer_part_number: Annotated[str | None, Max(31), Since("12.0")] = None
    unit_of_measure_set_ref: Annotated[Ref | None, Max(31), Since("7.0")] = None
    sales_tax_code_ref: Annotated[Ref | None, Max(3)] = None
    sales_desc: Annotated[str | None, Max(4095)] = None
    sales_price: Price | None = None
    income_account_ref: Annotated[Ref | None, Max(159)] = None
    purchase_desc: Annotated[str | None, Max(4095)] = None
    purchase_cost: Price | None = None
    cogs_account_ref: Annotated[Ref | None, Max(159)] = None
    pref_vendor_ref: Annotated[Ref | None, Max(41)] = None
    asset_account_ref: Annotated[Ref | None, Max(159)] = None
    build_point: Quantity | None = None
    max: Annotated[Quantity | None, Since("13.0")] = None
    quantity_on_hand: Quantity | None = None
    average_cost: Price | None = None
    quantity_on_order: Quantity | None = None
    quantity_on_sales_order: Quantity | None = None
    external_guid: Annotated[Guid | None, Since("8.0")] = None
    item_inventory_assembly_line: tuple[ItemInventoryAssemblyLine, ...] = ()
    data_ext_ret: tuple[DataExtRet, ...] = ()


@message
class FixedAssetSalesInfo:
    sales_desc: Annotated[str, Max(50)]
    sales_date: dt.date
    sales_price: Price | None = None
    sales_expense: Price | None = None


@message
class ItemFixedAssetRet:
    list_id: Id
    time_created: DateTime | None = None
    time_modified: DateTime
    edit_sequence: EditSequence
    name: Annotated[str, Max(31)]
    bar_code_value: Annotated[str | None, Max(50), Since("12.0")] = None
    is_active: bool | None = None
    class_ref: Annotated[Ref | None, Max(159), Since("12.0")] = None
    acquired_as: AcquiredAs | None = None
    purchase_desc: Annotated[str | None, Max(50)] = None
    purchase_date: dt.date | None = None
    purchase_cost: Price | None = None
    vendor_or_payee_name: Annotated[str | None, Max(50)] = None
    asset_account_ref: Annotated[Ref | None, Max(159)] = None
    fixed_asset_sales_info: FixedAssetSalesInfo | None = None
    asset_desc: Annotated[str | None, Max(50)] = None
    location: Annotated[str | None, Max(50)] = None
    po_number: Annotated[str | None, Max(30)] = None
    serial_number: Annotated[str | None, Max(30)] = None
    warranty_exp_date: dt.date | None = None
    notes: Annotated[str | None, Max(4095)] = None
    asset_number: Annotated[str | None, Max(10)] = None
    cost_basis: Amount | None = None
    year_end_accumulated_depreciation: Amount | None = None
    year_end_book_value: Amount | None = None
    external_guid: Annotated[Guid | None, Since("8.0")] = None
    data_ext_ret: tuple[DataExtRet, ...] = ()


@message
class ItemSubtotalRet:
    list_id: Id
    time_created: DateTime | None = None
    time_modified: DateTime
    edit_sequence: EditSequence
    name: Annotated[str, Max(31)]
    bar_code_value: Annotated[str | None, Max(50), Since("12.0")] = None
    is_active: bool | None = None
    item_desc: str | None = None
    special_item_type: Annotated[SpecialItemType | None, Since("6.0")] = None
    external_guid: Annotated[Guid | None, Since("8.0")] = None
    data_ext_ret: Annotated[tuple[DataExtRet, ...], Since("2.0")] = ()


@message
class ItemDiscountRet:
    list_id: Id
    time_created: DateTime | None = None
    time_modified: DateTime
    edit_sequence: EditSequence
    name: Annotated[str, Max(31)]
    full_name: Annotated[str | None, Max(159)] = None
    bar_code_value: Annotated[str | None, Max(50), Since("12.0")] = None
    is_active: bool | None = None
    class_ref: Annotated[Ref | None, Max(159), Since("12.0")] = None
    parent_ref: Ref | None = None
    sublevel: int | None = None
    item_desc: Annotated[str | None, Max(4095)] = None
    sales_tax_code_ref: Annotated[Ref | None, Max(3)] = None
    discount_rate: Price | None = None
    discount_rate_percent: Percent | None = None
    account_ref: Annotated[Ref | None, Max(159)] = None
    external_guid: Annotated[Guid | None, Since("8.0")] = None
    data_ext_ret: Annotated[tuple[DataExtRet, ...], Since("2.0")] = ()

    CHOICES: ClassVar[Choices] = (at_most_one("discount_rate", "discount_rate_percent"),)


@message
class ItemPaymentRet:
    list_id: Id
    time_created: DateTime | None = None
    time_modified: DateTime
    edit_sequence: EditSequence
    name: Annotated[str, Max(31)]
    bar_code_value: Annotated[str | None, Max(50), Since("12.0")] = None
    is_active: bool | None = None
    class_ref: Annotated[Ref | None, Max(159), Since("12.0")] = None
    item_desc: Annotated[str | None, Max(4095)] = None
    deposit_to_account_ref: Annotated[Ref | None, Max(159)] = None
    payment_method_ref: Annotated[Ref | None, Max(31)] = None
    external_guid: Annotated[Guid | None, Since("8.0")] = None
    data_ext_ret: Annotated[tuple[DataExtRet, ...], Since("2.0")] = ()


@message
class ItemSalesTaxRet:
    list_id: Id
    time_created: DateTime | None = None
    time_modified: DateTime
    edit_sequence: EditSequence
    name: Annotated[str, Max(31)]
    bar_code_value: Annotated[str | None, Max(50), Since("12.0")] = None
    is_active: bool | None = None
    class_ref: Annotated[Ref | None, Max(159), Since("12.0")] = None
    item_desc: Annotated[str | None, Max(4095)] = None
    tax_rate: Percent | None = None
    tax_vendor_ref: Annotated[Ref | None, Max(41)] = None
    external_guid: Annotated[Guid | None, Since("8.0")] = None
    data_ext_ret: Annotated[tuple[DataExtRet, ...], Since("2.0")] = ()


@message
class ItemSalesTaxGroupRet:
    list_id: Id
    time_created: DateTime | None = None
    time_modified: DateTime
    edit_sequence: EditSequence
    name: Annotated[str, Max(31)]
    bar_code_value: Annotated[str | None, Max(50), Since("12.0")] = None
    is_active: bool | None = None
    item_desc: Annotated[str | None, Max(4095)] = None
    external_guid: Annotated[Guid | None, Since("8.0")] = None
    item_sales_tax_ref: Annotated[tuple[Ref, ...], Max(31)] = ()
    data_ext_ret: Annotated[tuple[DataExtRet, ...], Since("2.0")] = ()


@message
class ItemGroupLine:
    item_ref: Ref | None = None
    quantity: Quantity | None = None
    unit_of_measure: Annotated[str | None, Max(31), Since("7.0")] = None


@message
class ItemGroupRet:
    list_id: Id
    time_created: DateTime | None = None
    time_modified: DateTime
    edit_sequence: EditSequence
    name: Annotated[str, Max(31)]
    bar_code_value: Annotated[str | None, Max(50), Since("12.0")] = None
    is_active: bool | None = None
    item_desc: Annotated[str | None, Max(4095)] = None
    unit_of_measure_set_ref: Annotated[Ref | None, Max(31), Since("7.0")] = None
    is_print_items_in_group: bool | None = None
    special_item_type: Annotated[SpecialItemType | None, Since("6.0")] = None
    external_guid: Annotated[Guid | None, Since("8.0")] = None
    item_group_line: tuple[ItemGroupLine, ...] = ()
    data_ext_ret: Annotated[tuple[DataExtRet, ...], Since("2.0")] = ()
