"""Every page's address. A contractor's pages begin with /c/<contractor>/, so that a bookmark means one contractor."""

from django.urls import URLPattern, include, path

from centerpoint.pages import (
    account,
    companies,
    company_settings,
    conflicts,
    history,
    home,
    integrations,
    invoices,
    notices,
    pairing,
    payments,
    pickers,
    practice,
    projects,
    properties,
    quickbooks,
    search,
    sign_in,
    tickets,
    users,
)

_OF_A_CONTRACTOR: list[URLPattern] = [
    *home.urls,
    *account.urls,
    *companies.urls,
    *conflicts.urls,
    *company_settings.urls,
    *history.urls,
    *integrations.urls,
    *invoices.urls,
    *notices.urls,
    *pairing.urls,
    *payments.urls,
    *pickers.urls,
    *practice.urls,
    *projects.urls,
    *properties.urls,
    *quickbooks.urls,
    *search.urls,
    *tickets.urls,
    *users.urls,
]

urlpatterns = [
    path("", home.start, name="start"),
    *sign_in.urls,
    path("accounts/", include("allauth.urls")),
    path("c/<int:contractor>/", include(_OF_A_CONTRACTOR)),
]
