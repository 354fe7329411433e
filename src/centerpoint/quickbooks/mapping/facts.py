"""PURE: what the mapping needs to know of a record, of its counterpart and of the books. sync/snapshot.py fills these in."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from centerpoint.quickbooks.models import JobPolicy, LineMode, Posting, TaxMode
from qbxml import messages

# A message as flat text, element path -> value as written, such as {"BillAddress.City": "Austin"}: what is compared
# with QuickBooks' answer and kept as the last agreed content.
Content = dict[str, str]

Body = (
    messages.CustomerAddRq
    | messages.CustomerModRq
    | messages.InvoiceAddRq
    | messages.InvoiceModRq
    | messages.TxnVoidRq
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressFacts:
    street: str = ""
    street2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyFacts:
    name: str
    address: AddressFacts = AddressFacts()
    phone: str = ""
    email: str = ""
    contact: str = ""  # the billing contact's name
    tax_exempt: bool = False
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkFacts:
    """A service ticket, a project or, under JobPolicy.PER_PROPERTY, a property: what becomes a job."""

    kind: str  # RecordKind.TICKET, PROJECT or PROPERTY
    number: str  # empty for a property
    title: str  # the ticket's description, the project's or the property's name
    description: str = ""
    property_name: str = ""
    property_address: AddressFacts = AddressFacts()
    progress: str = ""  # ProjectStage.Progress; of a ticket UNDER_WAY or CLOSED
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    finished_on: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFacts:
    kind: str  # LineKind
    description: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    amount: Decimal
    taxable: bool
    visible: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceFacts:
    kind: str  # InvoiceKind
    number: str
    issued_on: dt.date
    due_on: dt.date | None
    purchase_order: str
    terms: str
    note: str
    bill_to: CompanyFacts
    property_name: str
    property_address: AddressFacts
    work_title: str  # "Service ticket 5431: Leak at the east wall"; the description of a one-line invoice
    lines: tuple[LineFacts, ...]
    subtotal: Decimal
    tax: Decimal
    total: Decimal
    taxes: tuple[tuple[str, Decimal, Decimal], ...] = ()  # title, percent, amount
    is_void: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFacts:
    list_id: str
    full_name: str
    type: str  # ListEntry.Kind
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxItemFacts:
    """A sales tax item (one rate) or group (the rates of its members, each rounded by itself)."""

    list_id: str
    name: str
    rates: tuple[Decimal, ...]  # percent
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class BooksFacts:
    """The bookkeeper's choices, looked up in the mirrors of QuickBooks' lists. None: there is no such entry."""

    item_names: Mapping[str, str]  # InvoiceKind -> the name chosen
    items: Mapping[str, ItemFacts | None]  # InvoiceKind -> the item of that name
    tax_item_names: Mapping[str, str]
    tax_items: Mapping[str, TaxItemFacts | None]
    tax_line_item_name: str = ""
    tax_line_item: ItemFacts | None = None
    sales_tax_is_on: bool = True
    taxable_code: str | None = "Tax"  # name of the sales tax code for a taxed line
    non_taxable_code: str | None = "Non"
    terms: Mapping[str, str] = field(
        default_factory=dict
    )  # name in lower case -> name as QuickBooks spells it
    closing_date: dt.date | None = None
    line_mode: str = LineMode.EVERY_LINE
    tax_mode: str = TaxMode.QUICKBOOKS
    job_policy: str = JobPolicy.PER_TICKET


@dataclass(frozen=True, slots=True, kw_only=True)
class Existing:
    """The object in the company file that a change goes to."""

    quickbooks_id: str
    edit_sequence: str
    agreed: Content
    line_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What goes out for one posting. `body` is None when QuickBooks already has all of it."""

    action: Posting.Action
    body: Body | None
    content: Content


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A value that is not the same on both sides; `field` is an element path of Content."""

    field: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What QuickBooks' answer says about the object, and where it differs from what was sent."""

    quickbooks_id: str
    edit_sequence: str
    name: str  # FullName or RefNumber
    external_guid: str
    content: Content
    differences: tuple[Difference, ...]
    line_ids: tuple[str, ...] = ()
    total: Decimal | None = None
    balance: Decimal | None = None


class Blocked(Exception):
    """A record cannot be sent as it is. `code` is a word of cures.py; `facts` fill its sentence."""

    def __init__(self, code: str, **facts: str) -> None:
        self.code = code
        self.facts = facts
        super().__init__(f"{code}: {facts}")
