"""HostQuery, CompanyQuery, PreferencesQuery: which QuickBooks, which file, which features (samples 35)."""

from __future__ import annotations

from qbemulator.requests.answers import Outcome, Ret, address, address_block, line, lines, truth
from qbemulator.requests.context import Context
from qbemulator.requests.reading import Element, texts

SERVICES = (
    ("QuickBooks Online Banking", "banking.qb", "Never"),
    ("QuickBooks Online Billing", "billing.qb", "Never"),
    ("QuickBooks Payroll Service", "payroll.qb", "Never"),
)


def host(context: Context, element: Element) -> Outcome:
    known = context.books.host
    written = context.ret("HostRet", element)
    written.text("ProductName", known.product_name)
    written.text("MajorVersion", known.major_version)
    written.text("MinorVersion", known.minor_version)
    written.text("Country", known.country, since=30)
    for version in context.books.supported_versions:
        written.text("SupportedQBXMLVersion", version)
    written.flag("IsAutomaticLogin", False, since=30)
    written.text("QBFileMode", known.file_mode, since=30)
    return Outcome(body=written.close())


def company(context: Context, element: Element) -> Outcome:
    known = context.books.information
    written = context.ret("CompanyRet", element)
    written.flag("IsSampleCompany", known.is_sample, since=30)
    written.text("CompanyName", known.name)
    written.text("LegalCompanyName", known.legal_name or known.name)
    own, block = address(known.address, context.version), address_block(known.address)
    written.group("Address", own)
    written.group("AddressBlock", block, since=60)
    written.group("LegalAddress", own)
    written.group("CompanyAddressForCustomer", own)
    written.group("CompanyAddressBlockForCustomer", block, since=60)
    for tag, value in (
        ("Phone", known.phone),
        ("Fax", known.fax),
        ("Email", known.email),
        ("CompanyWebSite", known.web_site),
        ("FirstMonthFiscalYear", "January"),
        ("FirstMonthIncomeTaxYear", "January"),
        ("CompanyType", known.company_type),
    ):
        written.text(tag, value)
    written.text("TaxForm", known.tax_form, since=21)
    services = "".join(_service(*service) for service in SERVICES)
    written.group("SubscribedServices", services, since=70)
    written.group("AccountantCopy", line("AccountantCopyExists", "false"), since=80)
    for owner_id in texts(element, "OwnerID"):
        written.raw("DataExtRet", _private_fields(context, owner_id))
    return Outcome(body=written.close())


def preferences(context: Context, element: Element) -> Outcome:
    known = context.books.preferences
    written = context.ret("PreferencesRet", element)
    written.group("AccountingPreferences", _accounting(context))
    written.group(
        "FinanceChargePreferences",
        lines(
            [
                ("AnnualInterestRate", "0.00"),
                ("MinFinanceCharge", "0.00"),
                ("GracePeriod", "0"),
                ("IsAssessingForOverdueCharges", "false"),
                ("CalculateChargesFrom", "DueDate"),
                ("IsMarkedToBePrinted", "false"),
            ]
        ),
    )
    estimates = ("IsUsingEstimates", "IsUsingProgressInvoicing")
    jobs = lines([*((tag, "true") for tag in estimates), ("IsPrintingItemsWithZeroAmounts", "false")])
    written.group("JobsAndEstimatesPreferences", jobs)
    multi_currency = line("IsMultiCurrencyOn", truth(known.is_multi_currency_on))
    written.group("MultiCurrencyPreferences", multi_currency, since=80)
    locations = ("IsMultiLocationInventoryAvailable", "IsMultiLocationInventoryEnabled")
    written.group("MultiLocationInventoryPreferences", lines((tag, "false") for tag in locations), since=100)
    written.group(
        "PurchasesAndVendorsPreferences",
        lines(
            [
                ("IsUsingInventory", "false"),
                ("DaysBillsAreDue", "10"),
                ("IsAutomaticallyUsingDiscounts", "false"),
            ]
        ),
    )
    reports = lines([("AgingReportBasis", "AgeFromDueDate"), ("SummaryReportBasis", "Accrual")])
    written.group("ReportsPreferences", reports)
    written.group("SalesAndCustomersPreferences", _sales(context))
    if known.uses_sales_tax:
        written.group("SalesTaxPreferences", _sales_tax(context))
    written.group("TimeTrackingPreferences", line("FirstDayOfWeek", "Monday"))
    rights = lines(
        [
            ("IsAutomaticLoginAllowed", truth(known.allows_unattended_access)),
            ("AutomaticLoginUserName", "Admin" if known.allows_unattended_access else None),
            ("IsPersonalDataAccessAllowed", truth(known.allows_personal_data)),
        ]
    )
    written.group("CurrentAppAccessRights", rights)
    inventory = lines(
        [
            ("EnhancedInventoryReceivingEnabled", "false"),
            ("IsTrackingSerialOrLotNumber", "None"),
            ("FIFOEnabled", "false"),
        ]
    )
    written.group("ItemsAndInventoryPreferences", inventory, since=110)
    return Outcome(body=written.close())


def _accounting(context: Context) -> str:
    known = context.books.preferences
    return lines(
        [
            ("IsUsingAccountNumbers", "false"),
            ("IsRequiringAccounts", "true"),
            ("IsUsingClassTracking", truth(known.uses_classes)),
            ("IsUsingAuditTrail", "true"),
            ("IsAssigningJournalEntryNumbers", "true"),
            ("ClosingDate", known.closing_date or None),
        ]
    )


def _sales(context: Context) -> str:
    price_levels = line("IsUsingPriceLevels", "false") + line("IsRoundingSalesPriceUp", "false")
    written = Ret("SalesAndCustomersPreferences", context.version)
    written.text("DefaultMarkup", "0.00")
    written.flag("IsTrackingReimbursedExpensesAsIncome", False)
    written.flag("IsAutoApplyingPayments", context.books.preferences.auto_applies_payments)
    written.group("PriceLevels", price_levels, since=40)
    return written.inner()


def _sales_tax(context: Context) -> str:
    """Missing altogether when sales tax is off (protocol.md A.6)."""
    written = Ret("SalesTaxPreferences", context.version)
    item = context.named("Item", context.books.preferences.default_sales_tax_item)
    written.ref("DefaultItemSalesTaxRef", item)
    written.text("PaySalesTax", "Monthly")
    for tag, code in (("DefaultTaxableSalesTaxCodeRef", "Tax"), ("DefaultNonTaxableSalesTaxCodeRef", "Non")):
        row = context.storage.one(
            "SELECT list_id FROM list_records WHERE list = 'SalesTaxCode' AND name = ?", (code,)
        )
        written.ref(tag, context.named("SalesTaxCode", row["list_id"] if row else None))
    return written.inner()


def _service(name: str, domain: str, status: str) -> str:
    return f"<Service>\n{lines([('Name', name), ('Domain', domain), ('ServiceStatus', status)])}</Service>\n"


def _private_fields(context: Context, owner_id: str) -> str:
    rows = context.storage.all(
        "SELECT owner_id, name, value FROM private_fields WHERE owner_id = ? ORDER BY name",
        (owner_id.upper(),),
    )
    return "".join(
        f"<DataExtRet>\n{line('OwnerID', row['owner_id'])}{line('DataExtName', row['name'])}"
        f"{line('DataExtType', 'STR255TYPE')}{line('DataExtValue', row['value'])}</DataExtRet>\n"
        for row in rows
    )
