"""Pages that need a connected company file; without one they lead to the Integrations tab, which says what to do."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from centerpoint.pages.access import OfficeRequest
from centerpoint.quickbooks import connection
from centerpoint.quickbooks.models import CompanyFile

P = ParamSpec("P")


def connected(
    view: Callable[Concatenate[OfficeRequest, CompanyFile, P], HttpResponseBase],
) -> Callable[Concatenate[OfficeRequest, P], HttpResponseBase]:
    """Give `view` the contractor's company file, active or paused. Stands below `reads`, `writes` or `owns`."""

    @wraps(view)
    def page(request: OfficeRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            company_file = connection.connected(request.contractor)
        except connection.NotActivated as refusal:
            messages.info(request, refusal.sentence)
            return redirect("integrations", request.contractor.pk)
        return view(request, company_file, *args, **kwargs)

    return page
