"""Vendors, employees and other names: they share one name space with customers, so their names are read."""

from typing import Annotated, ClassVar

from qbxml.messages.base import AdditionalContactRef, Address, AddressBlock, DataExtRet, Ref
from qbxml.messages.customer import AdditionalNotesRet, ContactsRet
from qbxml.messages.queries import (
    ActiveStatus,
    ClassFilter,
    CurrencyFilter,
    IteratingQuery,
    NameFilter,
    NameRangeFilter,
    OwnerId,
    Query,
    RetElement,
    TotalBalanceFilter,
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
    Since,
    at_most_one,
    message,
    run,
)


@message
class VendorQueryRq(IteratingQuery):
    list_id: tuple[Id, ...] = ()
    full_name: tuple[str, ...] = ()
    max_returned: Annotated[int | None, AtLeast(1)] = None
    active_status: ActiveStatus | None = None
    from_modified_date: DateTime | None = None
    to_modified_date: DateTime | None = None
    name_filter: NameFilter | None = None
    name_range_filter: NameRangeFilter | None = None
    total_balance_filter: TotalBalanceFilter | None = None
    currency_filter: Annotated[CurrencyFilter | None, Since("8.0")] = None
    class_filter: Annotated[ClassFilter | None, Since("12.0")] = None
    include_ret_element: tuple[RetElement, ...] = ()
    owner_id: tuple[OwnerId, ...] = ()

    CHOICES: ClassVar[Choices] = (
        at_most_one("list_id", "full_name", run("max_returned", "class_filter")),
        at_most_one("name_filter", "name_range_filter"),
    )


@message
class VendorRet:
    list_id: Id
    time_created: DateTime | None = None
    time_modified: DateTime
    edit_sequence: EditSequence
    name: Annotated[str, Max(41)]
    is_active: bool | None = None
    class_ref: Annotated[Ref | None, Max(159), Since("12.0")] = None
    company_name: Annotated[str | None, Max(41)] = None
    salutation: Annotated[str | None, Max(15)] = None
    first_name: Annotated[str | None, Max(25)] = None
    middle_name: Annotated[str | None, Max(5)] = None
    last_name: Annotated[str | None, Max(25)] = None
    job_title: Annotated[str | None, Max(41), Since("12.0")] = None
    vendor_address: Address | None = None
    vendor_address_block: Annotated[AddressBlock | None, Since("6.0")] = None
    ship_address: Annotated[Address | None, Since("11.0")] = None
    phone: Annotated[str | None, Max(21)] = None
    alt_phone: Annotated[str | None, Max(21)] = None
    fax: Annotated[str | None, Max(21)] = None
    email: Annotated[str | None, Max(1023)] = None
    cc: Annotated[str | None, Max(1023), Since("12.0")] = None
    contact: Annotated[str | None, Max(41)] = None
    alt_contact: Annotated[str | None, Max(41)] = None
    additional_contact_ref: Annotated[tuple[AdditionalContactRef, ...], Since("12.0")] = ()
    contacts_ret: Annotated[tuple[ContactsRet, ...], Since("12.0")] = ()
    name_on_check: Annotated[str | None, Max(41)] = None
    account_number: Annotated[str | None, Max(99)] = None
    notes: Annotated[str | None, Max(4095)] = None
    additional_notes_ret: Annotated[tuple[AdditionalNotesRet, ...], Since("12.0")] = ()
    vendor_type_ref: Annotated[Ref | None, Max(159)] = None
    terms_ref: Annotated[Ref | None, Max(31)] = None
    credit_limit: Amount | None = None
    vendor_tax_ident: Annotated[str | None, Max(15)] = None
    is_vendor_eligible_for1099: bool | None = None
    balance: Amount | None = None
    billing_rate_ref: Annotated[Ref | None, Max(31), Since("6.0")] = None
    external_guid: Annotated[Guid | None, Since("8.0")] = None
    prefill_account_ref: Annotated[tuple[Ref, ...], Max(159), Since("8.0")] = ()
    currency_ref: Annotated[Ref | None, Max(64), Since("8.0")] = None
    data_ext_ret: Annotated[tuple[DataExtRet, ...], Since("2.0")] = ()


@message
class NameQuery(Query):
    """Employees and other names cannot be read page by page: the schema gives these queries no iterator."""

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
class EmployeeQueryRq(NameQuery):
    """Employees. Wages and personal data are neither asked for nor read."""


@message
class OtherNameQueryRq(NameQuery):
    """Names that are neither customer, vendor nor employee."""


@message
class EmployeeRet:
    """The name only; the rest of the record is passed over."""

    list_id: Id
    time_created: DateTime | None = None
    time_modified: DateTime
    edit_sequence: EditSequence
    name: Annotated[str, Max(41)]
    is_active: bool | None = None

    PARTIAL: ClassVar[bool] = True


@message
class OtherNameRet:
    """The name only; the rest of the record is passed over."""

    list_id: Id
    time_created: DateTime | None = None
    time_modified: DateTime
    edit_sequence: EditSequence
    name: Annotated[str, Max(41)]
    is_active: bool | None = None
    company_name: Annotated[str | None, Max(41)] = None

    PARTIAL: ClassVar[bool] = True
