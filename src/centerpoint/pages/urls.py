"""Every page's address. A contractor's pages begin with /c/<contractor>/, so that a bookmark means one contractor."""

from django.urls import URLPattern, include, path

from centerpoint.pages import companies, history, home, pickers

_OF_A_CONTRACTOR: list[URLPattern] = [
    *home.urls,
    *companies.urls,
    *history.urls,
    *pickers.urls,
]

urlpatterns = [
    path("", home.start, name="start"),
    path("c/<int:contractor>/", include(_OF_A_CONTRACTOR)),
]
