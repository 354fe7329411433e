"""The WSGI application: the Web Connector's door and a few plain pages first, Django for everything else.

The door stands before Django's middleware, because it needs neither session nor CSRF token nor template, and is called
all day long (performance.md).
"""

import gc
import os
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "centerpoint.settings")
_django = get_wsgi_application()

# Models can be imported only now that Django knows its settings.
from django.conf import settings  # noqa: E402

from centerpoint import logs, metrics  # noqa: E402
from centerpoint.quickbooks.sync import session  # noqa: E402
from centerpoint.quickbooks.webconnector.door import Door  # noqa: E402
from centerpoint.quickbooks.webconnector.qwc import SERVICE_PATH, SUPPORT_PATH  # noqa: E402
from centerpoint.quickbooks.webconnector.support import support_page  # noqa: E402

logs.configure(level=settings.LOG_LEVEL)

_door = Door(session)
_BEFORE_DJANGO: dict[str, WSGIApplication] = {
    SERVICE_PATH: _door,
    f"{SERVICE_PATH}/": _door,
    SUPPORT_PATH: support_page,
    metrics.PATH: metrics.page,
}


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    return _BEFORE_DJANGO.get(environ["PATH_INFO"], _django)(environ, start_response)


# What is loaded by now stays for good: looked through for garbage again and again, it cost a message 2 ms and a call
# now and then 90.
gc.collect()
gc.freeze()
