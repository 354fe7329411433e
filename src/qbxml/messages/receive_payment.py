"""Payments from customers, and what they pay."""

import datetime as dt
from typing import Annotated, ClassVar

from qbxml.messages.base import DataExtRet, LinkedTxn, Ref, SetCredit, TxnType
from qbxml.messages.queries import (
    AccountFilter,
    CurrencyFilter,
    EntityFilter,
    IteratingQuery,
    ModifiedDateRangeFilter,
    OwnerId,
    RefNumberFilter,
    RefNumberRangeFilter,
    RetElement,
    TxnDateRangeFilter,
)
from qbxml.schema import (
    Amount,
    AtLeast,
    AtMost,
    Choices,
    DateTime,
    EditSequence,
    Float,
    Guid,
    Id,
    Max,
    OneOf,
    Since,
    at_most_one,
    message,
    one_of,
    run,
)

TransactionMode = Annotated[str, OneOf("CardNotPresent CardPresent")]
CreditCardTxnType = Annotated[str, OneOf("Authorization Capture Charge Refund VoiceAuthorization")]
AddressCheck = Annotated[str, OneOf("Pass Fail NotAvailable")]
PaymentStatus = Annotated[str, OneOf("Unknown Completed")]


@message
class CreditCardTxnInputInfo:
    credit_card_number: Annotated[str, Max(25)]
    expiration_month: Annotated[int, AtLeast(1), AtMost(12)]
    expiration_year: int
    name_on_card: Annotated[str, Max(41)]
    credit_card_address: Annotated[str | None, Max(41)] = None
    credit_card_postal_code: Annotated[str | None, Max(18)] = None
    commercial_card_code: Annotated[str | None, Max(24)] = None
    transaction_mode: Annotated[TransactionMode | None, Since("6.0")] = None
    credit_card_txn_type: Annotated[CreditCardTxnType | None, Since("7.0")] = None


@message
class CreditCardTxnResultInfo:
    result_code: int
    result_message: Annotated[str, Max(60)]
    credit_card_trans_id: Annotated[str, Max(24)]
    merchant_account_number: Annotated[str, Max(32)]
    authorization_code: Annotated[str | None, Max(12)] = None
    avs_street: AddressCheck | None = None
    avs_zip: AddressCheck | None = None
    card_security_code_match: Annotated[AddressCheck | None, Since("6.0")] = None
    recon_batch_id: Annotated[str | None, Max(84)] = None
    payment_grouping_code: int | None = None
    payment_status: PaymentStatus
    txn_authorization_time: DateTime
    txn_authorization_stamp: int | None = None
    client_trans_id: Annotated[str | None, Max(16), Since("6.0")] = None


@message
class CreditCardTxnInfo:
    credit_card_txn_input_info: CreditCardTxnInputInfo
    credit_card_txn_result_info: CreditCardTxnResultInfo


@message
class AppliedToTxnAdd:
    txn_id: Id
    payment_amount: Amount | None = None
    set_credit: tuple[SetCredit, ...] = ()
    discount_amount: Amount | None = None
    discount_account_ref: Annotated[Ref | None, Max(159)] = None
    discount_class_ref: Annotated[Ref | None, Max(159), Since("11.0")] = None


@message
class ReceivePaymentAdd:
    """Either applied to named transactions or, with IsAutoApply, to the oldest ones."""

    customer_ref: Annotated[Ref, Max(209)]
    ar_account_ref: Annotated[Ref | None, Max(159)] = None
    txn_date: dt.date | None = None
    ref_number: Annotated[str | None, Max(20)] = None
    total_amount: Amount | None = None
    exchange_rate: Annotated[Float | None, Since("8.0")] = None
    payment_method_ref: Annotated[Ref | None, Max(31)] = None
    memo: Annotated[str | None, Max(4095)] = None
    deposit_to_account_ref: Annotated[Ref | None, Max(159)] = None
    credit_card_txn_info: Annotated[CreditCardTxnInfo | None, Since("4.1")] = None
    external_guid: Annotated[Guid | None, Since("9.0")] = None
    is_auto_apply: bool | None = None
    applied_to_txn_add: tuple[AppliedToTxnAdd, ...] = ()

    CHOICES: ClassVar[Choices] = (one_of("is_auto_apply", "applied_to_txn_add"),)


@message
class ReceivePaymentAddRq:
    receive_payment_add: ReceivePaymentAdd
    include_ret_element: tuple[RetElement, ...] = ()

    SINCE: ClassVar[str] = "1.1"


@message
class ReceivePaymentQueryRq(IteratingQuery):
    txn_id: tuple[Id, ...] = ()
    ref_number: tuple[str, ...] = ()
    ref_number_case_sensitive: Annotated[tuple[str, ...], Since("4.0")] = ()
    max_returned: Annotated[int | None, AtLeast(1)] = None
    modified_date_range_filter: ModifiedDateRangeFilter | None = None
    txn_date_range_filter: TxnDateRangeFilter | None = None
    entity_filter: EntityFilter | None = None
    account_filter: AccountFilter | None = None
    ref_number_filter: RefNumberFilter | None = None
    ref_number_range_filter: RefNumberRangeFilter | None = None
    currency_filter: Annotated[CurrencyFilter | None, Since("8.0")] = None
    include_line_items: bool | None = None
    include_ret_element: tuple[RetElement, ...] = ()
    owner_id: tuple[OwnerId, ...] = ()

    CHOICES: ClassVar[Choices] = (
        at_most_one(
            "txn_id", "ref_number", "ref_number_case_sensitive", run("max_returned", "currency_filter")
        ),
        at_most_one("modified_date_range_filter", "txn_date_range_filter"),
        at_most_one("ref_number_filter", "ref_number_range_filter"),
    )

    SINCE: ClassVar[str] = "1.1"


@message
class AppliedToTxnRet:
    """The part of a payment that pays one transaction. BalanceRemaining is that transaction's, as of now."""

    txn_id: Id
    txn_type: TxnType
    txn_date: dt.date | None = None
    ref_number: Annotated[str | None, Max(20)] = None
    balance_remaining: Amount | None = None
    amount: Amount | None = None
    discount_amount: Amount | None = None
    discount_account_ref: Annotated[Ref | None, Max(159)] = None
    discount_class_ref: Annotated[Ref | None, Max(159), Since("11.0")] = None
    linked_txn: Annotated[tuple[LinkedTxn, ...], Since("10.0")] = ()


@message
class ReceivePaymentRet:
    """UnusedPayment is the part that pays nothing yet."""

    txn_id: Id | None = None
    time_created: DateTime | None = None
    time_modified: DateTime | None = None
    edit_sequence: EditSequence | None = None
    txn_number: int | None = None
    customer_ref: Annotated[Ref | None, Max(209)] = None
    ar_account_ref: Annotated[Ref | None, Max(159)] = None
    txn_date: dt.date | None = None
    ref_number: Annotated[str | None, Max(20)] = None
    total_amount: Amount | None = None
    currency_ref: Annotated[Ref | None, Max(64), Since("8.0")] = None
    exchange_rate: Annotated[Float | None, Since("8.0")] = None
    total_amount_in_home_currency: Annotated[Amount | None, Since("8.0")] = None
    payment_method_ref: Annotated[Ref | None, Max(31)] = None
    memo: Annotated[str | None, Max(4095)] = None
    deposit_to_account_ref: Annotated[Ref | None, Max(159)] = None
    credit_card_txn_info: Annotated[CreditCardTxnInfo | None, Since("4.1")] = None
    unused_payment: Amount | None = None
    unused_credits: Amount | None = None
    external_guid: Annotated[Guid | None, Since("9.0")] = None
    applied_to_txn_ret: tuple[AppliedToTxnRet, ...] = ()
    data_ext_ret: Annotated[tuple[DataExtRet, ...], Since("2.0")] = ()
