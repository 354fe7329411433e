"""The log is JSON, carries what is bound to the call, and never a secret."""

import io
import json
import logging

import pytest
import structlog

from centerpoint import logs


@pytest.fixture
def lines():
    """What was logged since, one object a line; afterwards logging is as it was."""
    root = logging.getLogger()
    handlers, level, before = root.handlers, root.level, structlog.get_config()
    structlog.contextvars.clear_contextvars()
    stream = io.StringIO()
    logs.configure(stream=stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers, root.level = handlers, level
    structlog.configure(**before)
    structlog.contextvars.clear_contextvars()


def test_a_line_carries_what_is_bound_to_the_call(lines):
    structlog.contextvars.bind_contextvars(session="3b1f", contractor=7)

    structlog.get_logger("centerpoint.test").info("answer stored", objects=3)

    [line] = lines()
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "answer stored",
        "level": "info",
        "logger": "centerpoint.test",
        "session": "3b1f",
        "contractor": 7,
        "objects": 3,
    }


@pytest.mark.parametrize(
    "name",
    ["password", "strPassword", "ticket", "wcTicket", "SECRET_KEY", "api_token", "Authorization", "Cookie"],
)
def test_a_secret_is_masked_wherever_it_stands(lines, name):
    structlog.get_logger("centerpoint.test").info("call", **{name: "k7mw9x2", "inside": {name: b"k7mw9x2"}})

    [line] = lines()
    assert (line[name], line["inside"]) == ("***", {name: "***"})


def test_numbers_of_tickets_are_no_secrets(lines):
    structlog.get_logger("centerpoint.test").info("posted", tickets=12)

    assert lines()[0]["tickets"] == 12


def test_the_logs_of_libraries_have_the_same_shape(lines):
    logging.getLogger("django.request").warning("Not Found: %s", "/x", extra={"status_code": 404})

    [line] = lines()
    assert (line["event"], line["level"], line["logger"], line["status_code"]) == (
        "Not Found: /x",
        "warning",
        "django.request",
        404,
    )


def test_a_bug_is_one_line_with_its_stack(lines):
    try:
        raise RuntimeError("no such posting")
    except RuntimeError:
        structlog.get_logger("centerpoint.test").exception("call failed", incident="1f2e")

    [line] = lines()
    assert line["incident"] == "1f2e"
    assert line["exception"].endswith("RuntimeError: no such posting")


def test_what_is_below_the_level_is_not_written(lines):
    structlog.get_logger("centerpoint.test").debug("chatter")

    assert lines() == []
