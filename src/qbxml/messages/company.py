"""The company file: its names, addresses and private fields."""

import datetime as dt
from typing import Annotated

from qbxml.messages.base import Address, AddressBlock, DataExtRet
from qbxml.messages.queries import OwnerId, RetElement
from qbxml.schema import Max, OneOf, Since, message

Month = Annotated[
    str,
    OneOf("January February March April May June July August September October November December"),
]
TaxForm = Annotated[
    str,
    OneOf("Form1040 Form1065 Form1120 Form1120S Form990 Form990PF Form990T OtherOrNone"),
]
ServiceStatus = Annotated[str, OneOf("Active Expired Never Pending Suspended Terminated Trial")]


@message
class CompanyQueryRq:
    include_ret_element: tuple[RetElement, ...] = ()
    owner_id: tuple[OwnerId, ...] = ()


@message
class Service:
    name: Annotated[str, Max(50)]
    domain: Annotated[str, Max(50)]
    service_status: ServiceStatus


@message
class SubscribedServices:
    service: tuple[Service, ...] = ()


@message
class AccountantCopy:
    accountant_copy_exists: bool
    dividing_date: dt.date | None = None


@message
class CompanyRet:
    """The Web Connector keeps its FileID and AppLock in `data_ext_ret`, under the OwnerID of the .qwc file."""

    is_sample_company: Annotated[bool | None, Since("3.0")] = None
    company_name: Annotated[str | None, Max(59)] = None
    legal_company_name: Annotated[str | None, Max(59)] = None
    address: Address | None = None
    address_block: Annotated[AddressBlock | None, Since("6.0")] = None
    legal_address: Address | None = None
    company_address_for_customer: Address | None = None
    company_address_block_for_customer: Annotated[AddressBlock | None, Since("6.0")] = None
    phone: Annotated[str | None, Max(51)] = None
    fax: Annotated[str | None, Max(51)] = None
    email: Annotated[str | None, Max(1023)] = None
    company_web_site: Annotated[str | None, Max(128)] = None
    first_month_fiscal_year: Month | None = None
    first_month_income_tax_year: Month | None = None
    company_type: Annotated[str | None, Max(255)] = None
    ein: Annotated[str | None, Max(20), Since("2.0")] = None
    ssn: Annotated[str | None, Max(11), Since("2.1")] = None
    tax_form: Annotated[TaxForm | None, Since("2.1")] = None
    subscribed_services: Annotated[SubscribedServices | None, Since("7.0")] = None
    accountant_copy: Annotated[AccountantCopy | None, Since("8.0")] = None
    data_ext_ret: Annotated[tuple[DataExtRet, ...], Since("2.0")] = ()
