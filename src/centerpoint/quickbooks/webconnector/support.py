"""The page behind AppSupport of the .qwc file: whom to call. The Web Connector wants 200 without a log-in (QBWC1003)."""

from collections.abc import Iterable
from html import escape
from wsgiref.types import StartResponse, WSGIEnvironment

from django.conf import settings

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Centerpoint: help with the QuickBooks Web Connector</title>
<link rel="icon" href="data:,">
</head>
<body>
<main>
<h1>Help with the QuickBooks Web Connector</h1>
<p>Centerpoint talks to QuickBooks Desktop through the Web Connector on the PC where the company file is open.</p>
<ul>
<li>An update does not start: open QuickBooks with the company file, close its dialogs, then choose Update Selected.</li>
<li>The password is not taken: Integration Settings in Centerpoint shows it; paste it and press Enter.</li>
<li>Anything else: {contact}. Have the text of the Web Connector's status column at hand.</li>
</ul>
</main>
</body>
</html>
"""


def support_page(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    contact: str = settings.SUPPORT_CONTACT or "ask the person who runs Centerpoint in your company"
    body = _PAGE.format(contact=escape(contact)).encode()
    start_response(
        "200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]
    )
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
