"""Headers that keep strangers out of every page."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase


def policy() -> str:
    """Nothing is loaded from anywhere else, and no script stands in a page. Bootstrap's drawings are data: images.

    The form that goes to the OpenID provider is the one that may leave.
    """
    return (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        f"form-action 'self' {settings.OIDC_ISSUER}; frame-ancestors 'none'"
    )


def content_security_policy(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    written = policy()

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", written)
        return response

    return middleware
