"""The small lists: sales tax codes, terms, classes, accounts."""

from typing import Annotated, ClassVar

from qbxml.messages.base import DataExtRet, Ref
from qbxml.messages.queries import (
    ActiveStatus,
    CurrencyFilter,
    ListQuery,
    NameFilter,
    NameRangeFilter,
    OwnerId,
    Query,
    RetElement,
)
from qbxml.schema import (
    Amount,
    AtLeast,
    AtMost,
    Choices,
    DateTime,
    EditSequence,
    Id,
    Max,
    OneOf,
    Percent,
    Since,
    at_most_one,
    message,
    run,
)

AccountType = Annotated[
    str,
    OneOf(
        "AccountsPayable AccountsReceivable Bank CostOfGoodsSold CreditCard Equity Expense FixedAsset "
        "Income LongTermLiability NonPosting OtherAsset OtherCurrentAsset OtherCurrentLiability "
        "OtherExpense OtherIncome"
    ),
]
SpecialAccountType = Annotated[
    str,
    OneOf(
        "AccountsPayable AccountsReceivable CondenseItemAdjustmentExpenses CostOfGoodsSold "
        "DirectDepositLiabilities Estimates ExchangeGainLoss InventoryAssets ItemReceiptAccount "
        "OpeningBalanceEquity PayrollExpenses PayrollLiabilities PettyCash PurchaseOrders "
        "ReconciliationDifferences RetainedEarnings SalesOrders SalesTaxPayable UncategorizedExpenses "
        "UncategorizedIncome UndepositedFunds"
    ),
]
CashFlowClassification = Annotated[str, OneOf("None Operating Investing Financing NotApplicable")]


@message
class SalesTaxCodeQueryRq(ListQuery):
    """Sales tax codes: whether a line is taxed."""


@message
class StandardTermsQueryRq(ListQuery):
    """Terms that count days from the invoice."""


@message
class TermsQueryRq(ListQuery):
    """Terms of both kinds."""


@message
class ClassQueryRq(ListQuery):
    """Classes."""


@message
class AccountQueryRq(Query):
    list_id: tuple[Id, ...] = ()
    full_name: tuple[str, ...] = ()
    max_returned: Annotated[int | None, AtLeast(1)] = None
    active_status: ActiveStatus | None = None
    from_modified_date: DateTime | None = None
    to_modified_date: DateTime | None = None
    name_filter: NameFilter | None = None
    name_range_filter: NameRangeFilter | None = None
    account_type: tuple[AccountType, ...] = ()
    currency_filter: Annotated[CurrencyFilter | None, Since("8.0")] = None
    include_ret_element: tuple[RetElement, ...] = ()
    owner_id: tuple[OwnerId, ...] = ()

    CHOICES: ClassVar[Choices] = (
        at_most_one("list_id", "full_name", run("max_returned", "currency_filter")),
        at_most_one("name_filter", "name_range_filter"),
    )


@message
class SalesTaxCodeRet:
    list_id: Id
    time_created: DateTime | None = None
    time_modified: DateTime
    edit_sequence: EditSequence
    name: Annotated[str, Max(3)]
    is_active: bool | None = None
    is_taxable: bool | None = None
    desc: Annotated[str | None, Max(31)] = None


@message
class StandardTermsRet:
    list_id: Id
    time_created: DateTime | None = None
    time_modified: DateTime
    edit_sequence: EditSequence
    name: Annotated[str, Max(31)]
    is_active: bool | None = None
    std_due_days: int | None = None
    std_discount_days: int | None = None
    discount_pct: Percent | None = None


@message
class DateDrivenTermsRet:
    """Terms that fall due on a day of the month."""

    list_id: Id
    time_created: DateTime | None = None
    time_modified: DateTime
    edit_sequence: EditSequence
    name: Annotated[str, Max(31)]
    is_active: bool | None = None
    day_of_month_due: Annotated[int | None, AtLeast(1), AtMost(31)] = None
    due_next_month_days: int | None = None
    discount_day_of_month: Annotated[int | None, AtLeast(1), AtMost(31)] = None
    discount_pct: Percent | None = None


@message
class ClassRet:
    list_id: Id
    time_created: DateTime | None = None
    time_modified: DateTime
    edit_sequence: EditSequence
    name: Annotated[str, Max(31)]
    full_name: Annotated[str | None, Max(159)] = None
    is_active: bool | None = None
    parent_ref: Ref | None = None
    sublevel: int | None = None


@message
class TaxLineInfoRet:
    tax_line_id: int
    tax_line_name: Annotated[str | None, Max(256)] = None


@message
class AccountRet:
    list_id: Id
    time_created: DateTime | None = None
    time_modified: DateTime
    edit_sequence: EditSequence
    name: Annotated[str, Max(31)]
    full_name: Annotated[str | None, Max(159)] = None
    is_active: bool | None = None
    parent_ref: Ref | None = None
    sublevel: int | None = None
    account_type: AccountType | None = None
    special_account_type: Annotated[SpecialAccountType | None, Since("2.1")] = None
    account_number: Annotated[str | None, Max(7)] = None
    bank_number: Annotated[str | None, Max(25), Since("2.0")] = None
    desc: Annotated[str | None, Max(200)] = None
    balance: Amount | None = None
    total_balance: Amount | None = None
    tax_line_info_ret: Annotated[TaxLineInfoRet | None, Since("2.1")] = None
    cash_flow_classification: Annotated[CashFlowClassification | None, Since("2.1")] = None
    currency_ref: Annotated[Ref | None, Max(64), Since("8.0")] = None
    data_ext_ret: Annotated[tuple[DataExtRet, ...], Since("2.0")] = ()
