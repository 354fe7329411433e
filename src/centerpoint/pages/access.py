"""Who may see a page. Every page of a contractor is one of `reads`, `writes` or `owns`.

Who does not belong to the contractor finds nothing there (404); who belongs but may not is told so (403).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from centerpoint.contractors.history import acting
from centerpoint.contractors.models import Contractor, Membership, Role, User

P = ParamSpec("P")
RANK = {Role.TECHNICIAN: 0, Role.BOOKKEEPER: 1, Role.OWNER: 2}


class OfficeRequest(HttpRequest):
    """A request of somebody who is signed in and belongs to `contractor`."""

    user: User
    contractor: Contractor
    role: Role
    may_write: bool
    may_own: bool
    htmx: HtmxDetails


Page = Callable[Concatenate[OfficeRequest, P], HttpResponseBase]


def _page(least: Role) -> Callable[[Page[P]], Callable[..., HttpResponseBase]]:
    def decorate(view: Page[P]) -> Callable[..., HttpResponseBase]:
        @login_required
        @wraps(view)
        def page(request: Any, contractor: int, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            membership = (
                Membership.objects.filter(user=request.user, contractor=contractor)
                .select_related("contractor")
                .first()
            )
            if membership is None:
                raise Http404("no such contractor for this user")
            request.contractor, request.role = membership.contractor, Role(membership.role)
            request.may_write = RANK[request.role] >= RANK[Role.BOOKKEEPER]
            request.may_own = request.role == Role.OWNER
            if RANK[request.role] < RANK[least]:
                raise PermissionDenied(
                    f"This needs the role {least.label}; yours is {request.role.label}. "
                    f"Ask an owner of {request.contractor}."
                )
            with timezone.override(request.contractor.time_zone), acting(request.user):
                return view(request, *args, **kwargs)

        # A test asks every page whom it is for.
        vars(page)["least"] = least
        return page

    return decorate


def by_method(
    *, get: Callable[..., HttpResponseBase], post: Callable[..., HttpResponseBase]
) -> Callable[..., HttpResponseBase]:
    """One address, read by more people than may write there."""

    @wraps(get)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return (post if request.method == "POST" else get)(request, *args, **kwargs)

    return page


# Reading is for everybody who belongs to the contractor; the office's work for bookkeepers and owners.
reads = _page(Role.TECHNICIAN)
writes = _page(Role.BOOKKEEPER)
owns = _page(Role.OWNER)
