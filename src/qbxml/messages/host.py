"""The QuickBooks program and the qbXML versions it speaks."""

from typing import Annotated

from qbxml.messages.queries import RetElement
from qbxml.schema import Max, OneOf, Since, message

QBFileMode = Annotated[str, OneOf("MultiUser SingleUser")]


@message
class IncludeListMetaData:
    include_max_capacity: bool


@message
class HostQueryRq:
    include_list_meta_data: Annotated[IncludeListMetaData | None, Since("6.0")] = None
    include_ret_element: tuple[RetElement, ...] = ()


@message
class ListCapacity:
    """How many entries a list can hold."""

    max_capacity: int


@message
class ListMetaData:
    account_meta_data: ListCapacity
    billing_rate_meta_data: ListCapacity
    class_meta_data: ListCapacity
    customer_msg_meta_data: ListCapacity
    customer_type_meta_data: ListCapacity
    entity_meta_data: ListCapacity
    item_meta_data: ListCapacity
    job_type_meta_data: ListCapacity
    payment_method_meta_data: ListCapacity
    payroll_item_meta_data: ListCapacity
    price_level_meta_data: ListCapacity
    sales_rep_meta_data: ListCapacity
    sales_tax_code_meta_data: ListCapacity
    ship_method_meta_data: ListCapacity
    template_meta_data: ListCapacity
    terms_meta_data: ListCapacity
    to_do_meta_data: ListCapacity
    vehicle_meta_data: ListCapacity
    vendor_type_meta_data: ListCapacity


@message
class HostRet:
    product_name: Annotated[str | None, Max(255)] = None
    major_version: Annotated[str | None, Max(5)] = None
    minor_version: Annotated[str | None, Max(5)] = None
    country: Annotated[str | None, Max(2), Since("3.0")] = None
    supported_qbxml_version: Annotated[tuple[str, ...], Max(10)] = ()
    is_automatic_login: Annotated[bool | None, Since("3.0")] = None
    qb_file_mode: Annotated[QBFileMode | None, Since("3.0")] = None
    list_meta_data: Annotated[ListMetaData | None, Since("6.0")] = None
