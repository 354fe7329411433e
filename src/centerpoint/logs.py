"""Logs as JSON, one object a line on standard error, with whatever is bound to the call: session, contractor, company file.

Secrets never reach a line: a value whose name says secret is masked, wherever it comes from.
"""

import logging
import logging.config
import re
import sys
from typing import TextIO

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

MASK = "***"
_SECRET = re.compile(
    r"password|passphrase|secret|token|ticket|authorization|cookie|ciphertext|digest", re.IGNORECASE
)


def mask_secrets(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Hide the values of secrets, also those inside a mapping."""
    return _masked(event)


def _masked(event: EventDict) -> EventDict:
    return {
        name: MASK if _is_secret(name, value) else _masked(value) if isinstance(value, dict) else value
        for name, value in event.items()
    }


def _is_secret(name: object, value: object) -> bool:
    # Counts and identifiers of tickets are no secrets; texts and bytes may be.
    return (
        isinstance(value, str | bytes)
        and bool(value)
        and isinstance(name, str)
        and bool(_SECRET.search(name))
    )


_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    mask_secrets,
    structlog.processors.format_exc_info,
]


def configure(*, level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send the log of Centerpoint, Django and the libraries to `stream` (standard error), one shape for all."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(default=str),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # Wrong passwords are warnings; that nothing had to be cleaned up is no news.
    logging.getLogger("axes").setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
