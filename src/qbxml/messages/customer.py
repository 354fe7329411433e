"""Customers and jobs."""

import datetime as dt
from typing import Annotated, ClassVar

from qbxml.messages.base import (
    AdditionalContactRef,
    Address,
    AddressBlock,
    CreditCardInfo,
    DataExtRet,
    PreferredDeliveryMethod,
    Ref,
)
from qbxml.messages.queries import (
    ActiveStatus,
    ClassFilter,
    CurrencyFilter,
    IteratingQuery,
    NameFilter,
    NameRangeFilter,
    OwnerId,
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
    OneOf,
    Since,
    at_most_one,
    message,
    run,
)

JobStatus = Annotated[str, OneOf("Awarded Closed InProgress None NotAwarded Pending")]


@message
class ShipToAddress:
    name: Annotated[str, Max(41)]
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
    default_ship_to: bool | None = None


@message
class Contacts:
    salutation: Annotated[str | None, Max(15)] = None
    first_name: Annotated[str, Max(25)]
    middle_name: Annotated[str | None, Max(5)] = None
    last_name: Annotated[str | None, Max(25)] = None
    job_title: Annotated[str | None, Max(41)] = None
    additional_contact_ref: tuple[AdditionalContactRef, ...] = ()


@message
class AdditionalNotes:
    note: Annotated[str, Max(4095)]


@message
class CustomerAdd:
    """A customer, or with a parent a job. Names are unique among customers, vendors, employees and other names."""

    name: Annotated[str, Max(41)]
    is_active: bool | None = None
    class_ref: Annotated[Ref | None, Max(159), Since("12.0")] = None
    parent_ref: Ref | None = None
    company_name: Annotated[str | None, Max(41)] = None
    salutation: Annotated[str | None, Max(15)] = None
    first_name: Annotated[str | None, Max(25)] = None
    middle_name: Annotated[str | None, Max(5)] = None
    last_name: Annotated[str | None, Max(25)] = None
    job_title: Annotated[str | None, Max(41), Since("12.0")] = None
    bill_address: Address | None = None
    ship_address: Address | None = None
    ship_to_address: Annotated[tuple[ShipToAddress, ...], Since("12.0")] = ()
    phone: Annotated[str | None, Max(21)] = None
    alt_phone: Annotated[str | None, Max(21)] = None
    fax: Annotated[str | None, Max(21)] = None
    email: Annotated[str | None, Max(1023)] = None
    cc: Annotated[str | None, Max(1023), Since("12.0")] = None
    contact: Annotated[str | None, Max(41)] = None
    alt_contact: Annotated[str | None, Max(41)] = None
    additional_contact_ref: Annotated[tuple[AdditionalContactRef, ...], Since("12.0")] = ()
    contacts: Annotated[tuple[Contacts, ...], Since("12.0")] = ()
    customer_type_ref: Annotated[Ref | None, Max(159)] = None
    terms_ref: Annotated[Ref | None, Max(31)] = None
    sales_rep_ref: Annotated[Ref | None, Max(5)] = None
    open_balance: Amount | None = None
    open_balance_date: dt.date | None = None
    sales_tax_code_ref: Annotated[Ref | None, Max(3)] = None
    item_sales_tax_ref: Annotated[Ref | None, Max(31)] = None
    resale_number: Annotated[str | None, Max(15)] = None
    account_number: Annotated[str | None, Max(99)] = None
    credit_limit: Amount | None = None
    preferred_payment_method_ref: Annotated[Ref | None, Max(31), Since("3.0")] = None
    credit_card_info: Annotated[CreditCardInfo | None, Since("3.0")] = None
    job_status: JobStatus | None = None
    job_start_date: dt.date | None = None
    job_projected_end_date: dt.date | None = None
    job_end_date: dt.date | None = None
    job_desc: Annotated[str | None, Max(99)] = None
    job_type_ref: Annotated[Ref | None, Max(159)] = None
    notes: Annotated[str | None, Max(4095), Since("3.0")] = None
    additional_notes: Annotated[tuple[AdditionalNotes, ...], Since("12.0")] = ()
    preferred_delivery_method: Annotated[PreferredDeliveryMethod | None, Since("12.0")] = None
    price_level_ref: Annotated[Ref | None, Max(31), Since("4.0")] = None
    external_guid: Annotated[Guid | None, Since("8.0")] = None
    currency_ref: Annotated[Ref | None, Max(64), Since("8.0")] = None


@message
class CustomerAddRq:
    customer_add: CustomerAdd
    include_ret_element: tuple[RetElement, ...] = ()


@message
class ContactsMod:
    list_id: Id
    edit_sequence: EditSequence
    salutation: Annotated[str | None, Max(15)] = None
    first_name: Annotated[str, Max(25)]
    middle_name: Annotated[str | None, Max(5)] = None
    last_name: Annotated[str | None, Max(25)] = None
    job_title: Annotated[str | None, Max(41)] = None
    additional_contact_ref: tuple[AdditionalContactRef, ...] = ()


@message
class AdditionalNotesMod:
    note_id: int
    note: Annotated[str, Max(4095)]


@message
class CustomerMod:
    """Fields not given stay; CLEAR empties one. A stale EditSequence is refused with 3200 and the current record."""

    list_id: Id
    edit_sequence: EditSequence
    name: Annotated[str | None, Max(41)] = None
    is_active: Annotated[bool | None, Since("3.0")] = None
    class_ref: Annotated[Ref | None, Max(159), Since("12.0")] = None
    parent_ref: Annotated[Ref | None, Since("3.0")] = None
    company_name: Annotated[str | None, Max(41)] = None
    salutation: Annotated[str | None, Max(15)] = None
    first_name: Annotated[str | None, Max(25)] = None
    middle_name: Annotated[str | None, Max(5)] = None
    last_name: Annotated[str | None, Max(25)] = None
    job_title: Annotated[str | None, Max(41), Since("12.0")] = None
    bill_address: Address | None = None
    ship_address: Address | None = None
    ship_to_address: Annotated[tuple[ShipToAddress, ...], Since("12.0")] = ()
    phone: Annotated[str | None, Max(21)] = None
    alt_phone: Annotated[str | None, Max(21)] = None
    fax: Annotated[str | None, Max(21)] = None
    email: Annotated[str | None, Max(1023)] = None
    cc: Annotated[str | None, Max(1023), Since("12.0")] = None
    contact: Annotated[str | None, Max(41)] = None
    alt_contact: Annotated[str | None, Max(41)] = None
    additional_contact_ref: Annotated[tuple[AdditionalContactRef, ...], Since("12.0")] = ()
    contacts_mod: Annotated[tuple[ContactsMod, ...], Since("12.0")] = ()
    customer_type_ref: Annotated[Ref | None, Max(159), Since("3.0")] = None
    terms_ref: Annotated[Ref | None, Max(31), Since("3.0")] = None
    sales_rep_ref: Annotated[Ref | None, Max(5), Since("3.0")] = None
    sales_tax_code_ref: Annotated[Ref | None, Max(3), Since("3.0")] = None
    item_sales_tax_ref: Annotated[Ref | None, Max(31), Since("3.0")] = None
    resale_number: Annotated[str | None, Max(15), Since("3.0")] = None
    account_number: Annotated[str | None, Max(99)] = None
    credit_limit: Annotated[Amount | None, Since("3.0")] = None
    preferred_payment_method_ref: Annotated[Ref | None, Max(31), Since("3.0")] = None
    credit_card_info: Annotated[CreditCardInfo | None, Since("3.0")] = None
    job_status: Annotated[JobStatus | None, Since("3.0")] = None
    job_start_date: Annotated[dt.date | None, Since("3.0")] = None
    job_projected_end_date: Annotated[dt.date | None, Since("3.0")] = None
    job_end_date: Annotated[dt.date | None, Since("3.0")] = None
    job_desc: Annotated[str | None, Max(99), Since("3.0")] = None
    job_type_ref: Annotated[Ref | None, Max(159), Since("3.0")] = None
    notes: Annotated[str | None, Max(4095), Since("3.0")] = None
    additional_notes_mod: Annotated[tuple[AdditionalNotesMod, ...], Since("12.0")] = ()
    preferred_delivery_method: Annotated[PreferredDeliveryMethod | None, Since("12.0")] = None
    price_level_ref: Annotated[Ref | None, Max(31), Since("4.0")] = None
    currency_ref: Annotated[Ref | None, Max(64), Since("8.0")] = None


@message
class CustomerModRq:
    customer_mod: CustomerMod
    include_ret_element: tuple[RetElement, ...] = ()


@message
class CustomerQueryRq(IteratingQuery):
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
class ContactsRet:
    list_id: Id
    time_created: DateTime
    time_modified: DateTime
    edit_sequence: EditSequence
    contact: Annotated[str | None, Max(41)] = None
    salutation: Annotated[str | None, Max(15)] = None
    first_name: Annotated[str, Max(25)]
    middle_name: Annotated[str | None, Max(5)] = None
    last_name: Annotated[str | None, Max(25)] = None
    job_title: Annotated[str | None, Max(41)] = None
    additional_contact_ref: tuple[AdditionalContactRef, ...] = ()


@message
class AdditionalNotesRet:
    note_id: int
    date: dt.date
    note: Annotated[str, Max(4095)]


@message
class CustomerRet:
    """A customer or a job (Sublevel above 0). Balance is its own, TotalBalance includes its jobs."""

    list_id: Id
    time_created: DateTime | None = None
    time_modified: DateTime
    edit_sequence: EditSequence
    name: Annotated[str, Max(41)]
    full_name: Annotated[str | None, Max(209)] = None
    is_active: bool | None = None
    class_ref: Annotated[Ref | None, Max(159), Since("12.0")] = None
    parent_ref: Ref | None = None
    sublevel: int | None = None
    company_name: Annotated[str | None, Max(41)] = None
    salutation: Annotated[str | None, Max(15)] = None
    first_name: Annotated[str | None, Max(25)] = None
    middle_name: Annotated[str | None, Max(5)] = None
    last_name: Annotated[str | None, Max(25)] = None
    job_title: Annotated[str | None, Max(41), Since("12.0")] = None
    bill_address: Address | None = None
    bill_address_block: Annotated[AddressBlock | None, Since("6.0")] = None
    ship_address: Address | None = None
    ship_address_block: Annotated[AddressBlock | None, Since("6.0")] = None
    ship_to_address: Annotated[tuple[ShipToAddress, ...], Since("12.0")] = ()
    phone: Annotated[str | None, Max(21)] = None
    alt_phone: Annotated[str | None, Max(21)] = None
    fax: Annotated[str | None, Max(21)] = None
    email: Annotated[str | None, Max(1023)] = None
    cc: Annotated[str | None, Max(1023), Since("12.0")] = None
    contact: Annotated[str | None, Max(41)] = None
    alt_contact: Annotated[str | None, Max(41)] = None
    additional_contact_ref: Annotated[tuple[AdditionalContactRef, ...], Since("12.0")] = ()
    contacts_ret: Annotated[tuple[ContactsRet, ...], Since("12.0")] = ()
    customer_type_ref: Annotated[Ref | None, Max(159)] = None
    terms_ref: Annotated[Ref | None, Max(31)] = None
    sales_rep_ref: Annotated[Ref | None, Max(5)] = None
    balance: Amount | None = None
    total_balance: Amount | None = None
    sales_tax_code_ref: Annotated[Ref | None, Max(3)] = None
    item_sales_tax_ref: Annotated[Ref | None, Max(31)] = None
    resale_number: Annotated[str | None, Max(15)] = None
    account_number: Annotated[str | None, Max(99)] = None
    credit_limit: Amount | None = None
    preferred_payment_method_ref: Annotated[Ref | None, Max(31), Since("3.0")] = None
    credit_card_info: Annotated[CreditCardInfo | None, Since("3.0")] = None
    job_status: JobStatus | None = None
    job_start_date: dt.date | None = None
    job_projected_end_date: dt.date | None = None
    job_end_date: dt.date | None = None
    job_desc: Annotated[str | None, Max(99)] = None
    job_type_ref: Annotated[Ref | None, Max(159)] = None
    notes: Annotated[str | None, Max(4095)] = None
    additional_notes_ret: Annotated[tuple[AdditionalNotesRet, ...], Since("12.0")] = ()
    preferred_delivery_method: Annotated[PreferredDeliveryMethod | None, Since("12.0")] = None
    price_level_ref: Annotated[Ref | None, Max(31), Since("4.0")] = None
    external_guid: Annotated[Guid | None, Since("8.0")] = None
    currency_ref: Annotated[Ref | None, Max(64), Since("8.0")] = None
    data_ext_ret: Annotated[tuple[DataExtRet, ...], Since("2.0")] = ()
