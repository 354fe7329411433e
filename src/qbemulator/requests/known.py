"""The requests of qbXML 13.0 by name, so that what is not emulated can be told from what does not exist."""

from __future__ import annotations

# Verbs -> the objects that have exactly these.
_OBJECTS = {
    ("Add", "Query"): """
        ARRefundCreditCard BillPaymentCreditCard BillingRate CustomerMsg CustomerType DateDrivenTerms
        JobType PaymentMethod PayrollItemWage ShipMethod StandardTerms UnitOfMeasureSet VehicleMileage
        VendorType
    """,
    ("Add", "Mod", "Query"): """
        Account Bill BillPaymentCheck BuildAssembly Charge Check Class CreditCardCharge CreditCardCredit
        CreditMemo Currency Customer Deposit Employee Estimate InventoryAdjustment InventorySite Invoice
        ItemDiscount ItemFixedAsset ItemGroup ItemInventory ItemInventoryAssembly ItemNonInventory
        ItemOtherCharge ItemPayment ItemReceipt ItemSalesTax ItemSalesTaxGroup ItemService ItemSubtotal
        JournalEntry Lead OtherName PriceLevel PurchaseOrder ReceivePayment SalesOrder SalesReceipt SalesRep
        SalesTaxCode SalesTaxPaymentCheck TimeTracking ToDo Transfer TransferInventory Vehicle Vendor
        VendorCredit WorkersCompCode
    """,
    ("Query",): """
        AccountTaxLineInfo AgingReport BarCode BillToPay BudgetSummaryReport CompanyActivity Company
        CustomDetailReport CustomSummaryReport Entity GeneralDetailReport GeneralSummaryReport Host
        ItemAssembliesCanBuild Item ItemSites JobReport ListDeleted PayrollDetailReport PayrollItemNonWage
        PayrollLastPeriod PayrollSummaryReport Preferences ReceivePaymentToDeposit SalesTaxPayable
        SalesTaxReturnLine SalesTaxReturn Template Terms TimeReport Transaction TxnDeleted
    """,
    ("Mod",): """
        ClearedStatus
    """,
    ("Del", "Query"): """
        DataEventRecoveryInfo
    """,
    ("Add", "Del", "Mod"): """
        DataExt
    """,
    ("Add", "Del", "Mod", "Query"): """
        DataExtDef
    """,
    ("Mod", "Query"): """
        Form1099CategoryAccountMapping
    """,
    ("Del", "Merge"): """
        List
    """,
    ("Add", "Mod"): """
        ListDisplay TxnDisplay
    """,
    ("Add",): """
        SpecialAccount SpecialItem
    """,
    ("Del", "Void"): """
        Txn
    """,
}

REQUEST_NAMES = frozenset(
    f"{name}{verb}Rq" for verbs, names in _OBJECTS.items() for name in names.split() for verb in verbs
)
