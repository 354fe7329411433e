"""What is switched on in the company file, and what this application may do."""

import datetime as dt
from typing import Annotated, ClassVar

from qbxml.messages.base import Ref
from qbxml.messages.queries import RetElement
from qbxml.schema import Amount, Max, OneOf, Percent, Since, Tag, message

AssignClassesTo = Annotated[str, OneOf("None Accounts Items Names")]
CalculateChargesFrom = Annotated[str, OneOf("DueDate InvoiceOrBilledDate")]
AgingReportBasis = Annotated[str, OneOf("AgeFromDueDate AgeFromTransactionDate")]
SummaryReportBasis = Annotated[str, OneOf("Accrual Cash")]
PaySalesTax = Annotated[str, OneOf("Monthly Quarterly Annually")]
Weekday = Annotated[str, OneOf("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")]
IsTrackingSerialOrLotNumber = Annotated[str, OneOf("None SerialNumber LotNumber")]


@message
class PreferencesQueryRq:
    include_ret_element: tuple[RetElement, ...] = ()

    SINCE: ClassVar[str] = "1.1"


@message
class AccountingPreferences:
    is_using_account_numbers: bool
    is_requiring_accounts: bool
    is_using_class_tracking: bool
    assign_classes_to: Annotated[AssignClassesTo | None, Since("12.0")] = None
    is_using_audit_trail: bool
    is_assigning_journal_entry_numbers: bool
    closing_date: dt.date | None = None


@message
class FinanceChargePreferences:
    annual_interest_rate: Percent | None = None
    min_finance_charge: Amount | None = None
    grace_period: int
    finance_charge_account_ref: Annotated[Ref | None, Max(159)] = None
    is_assessing_for_overdue_charges: bool
    calculate_charges_from: CalculateChargesFrom
    is_marked_to_be_printed: bool


@message
class JobsAndEstimatesPreferences:
    is_using_estimates: bool
    is_using_progress_invoicing: bool
    is_printing_items_with_zero_amounts: bool


@message
class MultiCurrencyPreferences:
    is_multi_currency_on: bool | None = None
    home_currency_ref: Annotated[Ref | None, Max(64)] = None


@message
class MultiLocationInventoryPreferences:
    is_multi_location_inventory_available: bool | None = None
    is_multi_location_inventory_enabled: bool | None = None


@message
class PurchasesAndVendorsPreferences:
    is_using_inventory: bool
    days_bills_are_due: int
    is_automatically_using_discounts: bool
    default_discount_account_ref: Annotated[Ref | None, Max(159)] = None


@message
class ReportsPreferences:
    aging_report_basis: AgingReportBasis
    summary_report_basis: SummaryReportBasis


@message
class PriceLevels:
    is_using_price_levels: bool
    is_rounding_sales_price_up: bool | None = None


@message
class SalesAndCustomersPreferences:
    default_ship_method_ref: Annotated[Ref | None, Max(15)] = None
    default_fob: Annotated[str | None, Max(13)] = None
    default_markup: Percent | None = None
    is_tracking_reimbursed_expenses_as_income: bool
    is_auto_applying_payments: bool
    price_levels: Annotated[PriceLevels | None, Since("4.0")] = None


@message
class SalesTaxPreferences:
    default_item_sales_tax_ref: Annotated[Ref, Max(31)]
    pay_sales_tax: PaySalesTax
    default_taxable_sales_tax_code_ref: Annotated[Ref, Max(3)]
    default_non_taxable_sales_tax_code_ref: Annotated[Ref, Max(3)]
    is_using_vendor_tax_code: bool | None = None
    is_using_customer_tax_code: bool | None = None
    is_using_amounts_include_tax: bool | None = None


@message
class TimeTrackingPreferences:
    first_day_of_week: Weekday


@message
class CurrentAppAccessRights:
    is_automatic_login_allowed: bool
    automatic_login_user_name: Annotated[str | None, Max(29)] = None
    is_personal_data_access_allowed: bool


@message
class ItemsAndInventoryPreferences:
    enhanced_inventory_receiving_enabled: bool | None = None
    is_tracking_serial_or_lot_number: IsTrackingSerialOrLotNumber | None = None
    is_tracking_on_sales_transactions_enabled: Annotated[
        bool | None, Tag("isTrackingOnSalesTransactionsEnabled")
    ] = None
    is_tracking_on_purchase_transactions_enabled: Annotated[
        bool | None, Tag("isTrackingOnPurchaseTransactionsEnabled")
    ] = None
    is_tracking_on_inventory_adjustment_enabled: Annotated[
        bool | None, Tag("isTrackingOnInventoryAdjustmentEnabled")
    ] = None
    is_tracking_on_build_assembly_enabled: Annotated[bool | None, Tag("isTrackingOnBuildAssemblyEnabled")] = (
        None
    )
    fifo_enabled: bool | None = None
    fifo_effective_date: dt.date | None = None
    is_rsb_enabled: Annotated[bool | None, Since("12.0")] = None
    is_barcode_enabled: Annotated[bool | None, Since("12.0")] = None


@message
class PreferencesRet:
    """SalesTaxPreferences is missing when sales tax is off."""

    accounting_preferences: AccountingPreferences | None = None
    finance_charge_preferences: FinanceChargePreferences | None = None
    jobs_and_estimates_preferences: JobsAndEstimatesPreferences | None = None
    multi_currency_preferences: Annotated[MultiCurrencyPreferences | None, Since("8.0")] = None
    multi_location_inventory_preferences: Annotated[
        MultiLocationInventoryPreferences | None, Since("10.0")
    ] = None
    purchases_and_vendors_preferences: PurchasesAndVendorsPreferences | None = None
    reports_preferences: ReportsPreferences | None = None
    sales_and_customers_preferences: SalesAndCustomersPreferences | None = None
    sales_tax_preferences: SalesTaxPreferences | None = None
    time_tracking_preferences: TimeTrackingPreferences | None = None
    current_app_access_rights: CurrentAppAccessRights | None = None
    items_and_inventory_preferences: Annotated[ItemsAndInventoryPreferences | None, Since("11.0")] = None
