"""The QuickBooks tab of a payment: what QuickBooks holds of it, and every answer that told of it."""

from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import path

from centerpoint.billing.models import Payment
from centerpoint.pages.access import OfficeRequest, reads, writes
from centerpoint.pages.integrations.connected import connected
from centerpoint.pages.payments.record import payment_of, payment_page
from centerpoint.pages.quickbooks.payments_received import discounts_of, paid_by
from centerpoint.quickbooks import connection, excerpts
from centerpoint.quickbooks.inbox import queries
from centerpoint.quickbooks.inbox.arrivals import arrivals
from centerpoint.quickbooks.models import CompanyFile, ReceivedPayment
from centerpoint.quickbooks.standing import payment_standing

# Answers that told of one payment; all of them are under Runs.
SHOWN = 20


@reads
def payment_quickbooks(request: OfficeRequest, pk: int) -> HttpResponseBase:
    payment = payment_of(request, pk)
    return payment_page(request, payment, "pages/quickbooks/of_payment.html", **_shown(request, payment))


def _shown(request: OfficeRequest, payment: Payment) -> dict[str, Any]:
    try:
        company_file = connection.connected(request.contractor)
    except connection.NotActivated:
        return {"standing": None}
    received = _received(company_file, payment)
    paid = paid_by(received) if received else []
    told = arrivals(company_file, payment, at_most=SHOWN)
    return {
        "standing": payment_standing(payment, received, was_told=bool(told)),
        "received": received,
        "paid": paid,
        "discounts": discounts_of(paid),
        "arrivals": told,
        "at_most": SHOWN,
    }


def _received(company_file: CompanyFile, payment: Payment) -> ReceivedPayment | None:
    return queries.payments_received(company_file).filter(payment=payment).first()


@writes
@connected
def payment_texts(
    request: OfficeRequest, company_file: CompanyFile, pk: int, exchange_pk: int
) -> HttpResponseBase:
    """What one answer said of this payment alone."""
    payment = payment_of(request, pk)
    received = _received(company_file, payment)
    if received is None:
        raise Http404("QuickBooks holds nothing of it")
    exchange = get_object_or_404(company_file.exchanges.select_related("session"), pk=exchange_pk)
    template = "own_texts" if request.htmx else "payment_texts"
    return render(
        request,
        f"pages/quickbooks/{template}.html",
        {
            "payment": payment,
            "exchange": exchange,
            "texts": excerpts.of_transaction(exchange, received.txn_id),
        },
    )


urls = [
    path("payments/<int:pk>/quickbooks/", payment_quickbooks, name="payment_quickbooks"),
    path("payments/<int:pk>/quickbooks/<int:exchange_pk>/", payment_texts, name="payment_texts"),
]
