"""Sample company files: what is in the lists before anybody works. Deterministic for a given `now`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qbemulator.company_file import customers, lists
from qbemulator.company_file.lists import ListRecord, Reference
from qbemulator.company_file.preferences import CompanyInformation, Preferences
from qbemulator.company_file.storage import Storage

SAMPLES = ("empty", "contractor", "crowded")
YEAR = 365 * 24 * 60 * 60

# Full name -> (AccountType, SpecialAccountType or "", CashFlowClassification)
ACCOUNTS = {
    "Checking": ("Bank", "", "NotApplicable"),
    "Accounts Receivable": ("AccountsReceivable", "AccountsReceivable", "Operating"),
    "Undeposited Funds": ("OtherCurrentAsset", "UndepositedFunds", "NotApplicable"),
    "Accounts Payable": ("AccountsPayable", "AccountsPayable", "Operating"),
    "Sales Tax Payable": ("OtherCurrentLiability", "SalesTaxPayable", "Operating"),
    "Opening Balance Equity": ("Equity", "OpeningBalanceEquity", "Financing"),
    "Retained Earnings": ("Equity", "RetainedEarnings", "Financing"),
    "Construction Income": ("Income", "", "None"),
    "Discounts Given": ("Income", "", "None"),
    "Job Materials": ("CostOfGoodsSold", "", "None"),
}
# Name -> (StdDueDays, StdDiscountDays, DiscountPct)
TERMS = {
    "Due on receipt": (0, 0, ""),
    "Net 15": (15, 0, ""),
    "Net 30": (30, 0, ""),
    "Net 60": (60, 0, ""),
    "2% 10 Net 30": (30, 10, "2.00"),
}
PAYMENT_METHODS = ("Cash", "Check", "American Express", "Discover", "MasterCard", "Visa", "E-Check")
TEMPLATES = ("Intuit Service Invoice", "Intuit Product Invoice", "Custom Credit Memo")
CUSTOMER_TYPES = ("Commercial", "Property Manager", "Residential")
JOB_TYPES = ("Re-roof", "Repair", "Maintenance")
CLASSES = ("Service", "Projects", "Overhead")

# Name -> (kind, description, price, sales tax code)
ITEMS = {
    "Service": ("ItemService", "Roof service", "0.00", "Tax"),
    "Roof Repair": ("ItemService", "Roof repair, labor and material", "95.00", "Tax"),
    "Inspection": ("ItemService", "Roof inspection", "275.00", "Non"),
    "Project": ("ItemService", "Roofing project", "0.00", "Tax"),
    "Project Billing": ("ItemService", "Project billing", "0.00", "Tax"),
    "Labor": ("ItemService", "Labor", "85.00", "Non"),
    "Materials": ("ItemNonInventory", "Roofing materials", "0.00", "Tax"),
    "Travel": ("ItemOtherCharge", "Travel", "65.00", "Non"),
    "Exact sales tax": ("ItemOtherCharge", "Sales tax", "0.00", "Non"),
}
TAX_RATES = {
    "Sales Tax": "8.25",
    "County Tax": "8.25",
    "City Tax": "1.00",
    "District Tax": "0.50",
    "Transit Tax": "0.50",
    "State Tax": "6.25",
    "Out of State": "0.00",
}
# The rates of the worked example that Intuit's help pages give for groups (protocol.md E.6).
COMBINED_TAX = ("City Tax", "District Tax", "Transit Tax", "State Tax")

# Customer -> its jobs.
CUSTOMERS: Mapping[str, tuple[str, ...]] = {
    "Lakeside Property Mgmt": ("Lakeside Plaza", "Harbor View Condos"),
    "Northgate Mall LLC": ("2201 Re-roof West Wing",),
    "Valley Unified School Dist": ("Elm Elementary", "Gymnasium"),
    "Bay Area Storage": (),
    "St. Mary's Hospital": ("Tower B Leak",),
    "Greenfield Apartments": (),
    "Acme Warehousing Inc": ("Dock 4",),
    "Sunrise Senior Living": (),
    "Pacific Crest Hotels": ("Downtown", "Airport"),
    "Hillside HOA": (),
    "Riverside Church": (),
    "Metro Transit Authority": (),
    "Oakwood Business Park": ("Building A", "Building C"),
    "Summit Dental Group": (),
    "City of Fairview": ("Fire Station 3",),
    "Golden Gate Foods": (),
    "Cedar Creek Townhomes": (),
    "Harrison & Sons": (),
    "Blue Heron Brewing Co": (),
    "First National Bank": ("Main Street Branch",),
    "Westfield Self Storage": (),
    "Maple Grove Cemetery": (),
    "Delta Logistics": (),
    "Grand Avenue Theater": (),
    "Orchard Supply": (),
    "Kestrel Aviation": ("Hangar 2",),
    "Redwood Credit Union": (),
    "Prairie Home Foods": (),
    "Stonebridge Capital": (),
    "Evergreen Nursery": (),
    "Quality Auto Body": (),
    "Mission Bay Lofts": (),
    "Tri-County Electric": (),
    "Union Hall Local 40": (),
    "Vista Point Resort": (),
    "Wagner Family Trust": (),
    "Yosemite Outfitters": (),
    "Zenith Manufacturing": (),
    "Abbott, Dr. Helen": (),
    "Crestline Builders": (),
}
INACTIVE_CUSTOMERS = ("Orchard Supply", "Prairie Home Foods")
# Entered in a hurry, as in every office: a name and nothing else.
BY_NAME_ONLY = (
    "Sunrise Senior Living",
    "Hillside HOA",
    "Riverside Church",
    "Kestrel Aviation",
    "Redwood Credit Union",
)
VENDORS = (
    "ABC Roofing Supply",
    "Pacific Metals",
    "County Tax Collector",
    "Delta Crane Rental",
    "Bayview Plumbing",
)
EMPLOYEES = ("Maria Lopez", "James Carter", "Dana Whitfield")
OTHER_NAMES = ("Petty Cash", "Owner Draw")
STREETS = ("Harbor Blvd", "Main St", "Industrial Way", "Oak Ave", "Cypress Hill Rd", "Mission St")
CITIES = (("Bayshore", "94326"), ("Middlefield", "94471"), ("Millbrae", "94030"), ("Fairview", "94552"))


def fill(storage: Storage, sample: str, *, now: int, customers: int) -> None:
    """Put a sample's lists into a new file. Lists are two years old, so that nothing looks changed just now."""
    made = now - 2 * YEAR
    _essential_lists(storage, now=made)
    if sample == "empty":
        CompanyInformation(storage).name = "New Company"
        return
    _company(storage)
    _items(storage, now=made)
    if sample == "contractor":
        _contractor_names(storage, now=made)
    else:
        _crowd(storage, customers, now=made)


def _essential_lists(storage: Storage, *, now: int) -> None:
    for name, (kind, special, flow) in ACCOUNTS.items():
        fields = {"AccountType": kind, "CashFlowClassification": flow}
        if special:
            fields["SpecialAccountType"] = special
        lists.add(storage, "Account", "Account", name, now=now, fields=fields)
    for code, taxable, description in (("Tax", True, "Taxable Sales"), ("Non", False, "Non-Taxable Sales")):
        fields_of_code = {"IsTaxable": taxable, "Desc": description}
        lists.add(storage, "SalesTaxCode", "SalesTaxCode", code, now=now, fields=fields_of_code)
    for name, (due, discount_days, percent) in TERMS.items():
        terms: dict[str, Any] = {"StdDueDays": due, "StdDiscountDays": discount_days}
        if percent:
            terms["DiscountPct"] = percent
        lists.add(storage, "Terms", "StandardTerms", name, now=now, fields=terms)
    for list_name, names in (
        ("PaymentMethod", PAYMENT_METHODS),
        ("Template", TEMPLATES),
        ("CustomerType", CUSTOMER_TYPES),
        ("JobType", JOB_TYPES),
        ("CustomerMsg", ("Thank you for your business.",)),
    ):
        for name in names:
            lists.add(storage, list_name, list_name, name, now=now)


def _company(storage: Storage) -> None:
    information = CompanyInformation(storage)
    information.name = "Practice Roofing Company"
    information.legal_name = "Practice Roofing Company, Inc."
    information.is_sample = True
    information.phone = "650-555-1212"
    information.email = "office@practice-roofing.example"
    information.company_type = "GeneralContractor"
    information.tax_form = "Form1120S"
    information.address = {
        "Addr1": "110 Sampson Way", "City": "Middlefield", "State": "CA", "PostalCode": "94471", "Country": "US",
    }  # fmt: skip


def _items(storage: Storage, *, now: int) -> None:
    income = _id(storage, "Account", "Construction Income")
    for name, (kind, description, price, code) in ITEMS.items():
        fields = {"SalesTaxCodeRef": _id(storage, "SalesTaxCode", code), "Desc": description, "Price": price}
        lists.add(storage, "Item", kind, name, now=now, fields={**fields, "AccountRef": income})
    lists.add(storage, "Item", "ItemSubtotal", "Subtotal", now=now, fields={"ItemDesc": "Subtotal"})
    discount = {
        "ItemDesc": "Discount",
        "SalesTaxCodeRef": _id(storage, "SalesTaxCode", "Tax"),
        "DiscountRatePercent": "5.00",
        "AccountRef": _id(storage, "Account", "Discounts Given"),
    }
    lists.add(storage, "Item", "ItemDiscount", "Discount", now=now, fields=discount)
    for name, rate in TAX_RATES.items():
        fields = {"ItemDesc": f"{name}, {rate}%", "TaxRate": rate}
        lists.add(storage, "Item", "ItemSalesTax", name, now=now, fields=fields)
    members = [_id(storage, "Item", name) for name in COMBINED_TAX]
    group = {"ItemDesc": "City, district, transit and state tax", "ItemSalesTaxRef": members}
    lists.add(storage, "Item", "ItemSalesTaxGroup", "Combined Tax", now=now, fields=group)
    for name in CLASSES:
        lists.add(storage, "Class", "Class", name, now=now)
    preferences = Preferences(storage)
    preferences.uses_sales_tax = True
    preferences.default_sales_tax_item = _id(storage, "Item", "County Tax")


def _contractor_names(storage: Storage, *, now: int) -> None:
    for position, (name, jobs) in enumerate(CUSTOMERS.items()):
        if name in BY_NAME_ONLY:
            customer, _ = customers.add(storage, {"Name": name}, now=now + position)
        else:
            customer = _customer(storage, name, position, now=now + position)
        for job in jobs:
            fields = {"Name": job, "ParentRef": Reference(customer.list_id), "JobStatus": "InProgress"}
            customers.add(storage, fields, now=now + position)
        if name in INACTIVE_CUSTOMERS:
            customers.change(storage, customer, {"IsActive": False}, now=now + position)
    for kind, names in (("Vendor", VENDORS), ("Employee", EMPLOYEES), ("OtherName", OTHER_NAMES)):
        for name in names:
            lists.add(storage, "Name", kind, name, now=now)


def _crowd(storage: Storage, count: int, *, now: int) -> None:
    for position in range(count):
        _customer(storage, f"Customer {position + 1:05}", position, now=now + position // 10)


def _customer(storage: Storage, name: str, position: int, *, now: int) -> ListRecord:
    city, postal_code = CITIES[position % len(CITIES)]
    street = f"{100 + 17 * position} {STREETS[position % len(STREETS)]}"
    address = {"Addr1": name, "Addr2": street, "City": city, "State": "CA", "PostalCode": postal_code}
    fields = {
        "Name": name,
        "CompanyName": name,
        "BillAddress": address,
        "ShipAddress": address,
        "Phone": f"650-555-{1000 + position % 9000:04}",
        "Email": f"office{position + 1}@customers.example",
        "Contact": "Accounts Payable",
        "CustomerTypeRef": Reference(full_name=CUSTOMER_TYPES[position % len(CUSTOMER_TYPES)]),
        "TermsRef": Reference(full_name="Net 30"),
        "SalesTaxCodeRef": Reference(full_name="Tax"),
        "ItemSalesTaxRef": Reference(full_name="County Tax"),
    }
    return customers.add(storage, fields, now=now)[0]


def _id(storage: Storage, list_name: str, full_name: str) -> str:
    entry = lists.find(storage, list_name, Reference(full_name=full_name))
    assert entry is not None, full_name
    return entry.list_id
