"""The figures are for this machine, or for who knows the token."""

from typing import Any

import pytest

from centerpoint import metrics


@pytest.fixture
def ask():
    def get(**environ: Any) -> tuple[str, bytes]:
        heard: list[str] = []
        body = metrics.page(
            {"REQUEST_METHOD": "GET", "REMOTE_ADDR": "127.0.0.1", **environ},
            lambda status, headers, exc_info=None: heard.append(status),  # type: ignore[arg-type]
        )
        return heard[0], b"".join(body)

    return get


def test_this_machine_reads_the_figures(ask):
    metrics.LOG_INS.labels("wrong password").inc()

    status, body = ask()

    assert status == "200 OK"
    assert b'centerpoint_web_connector_log_ins_total{verdict="wrong password"}' in body


@pytest.mark.parametrize(
    "environ",
    [
        {"REMOTE_ADDR": "192.0.2.7"},
        {"HTTP_X_FORWARDED_FOR": "192.0.2.7"},
        {"HTTP_FORWARDED": "for=192.0.2.7"},
        {"REMOTE_ADDR": "192.0.2.7", "HTTP_AUTHORIZATION": "Bearer "},
    ],
)
def test_for_everybody_else_the_page_does_not_exist(ask, environ):
    assert ask(**environ) == ("404 Not Found", b"Not found")


def test_who_knows_the_token_reads_the_figures(ask, settings):
    settings.METRICS_TOKEN = "t0ken"

    assert ask(REMOTE_ADDR="192.0.2.7", HTTP_AUTHORIZATION="Bearer t0ken")[0] == "200 OK"
    assert ask(REMOTE_ADDR="192.0.2.7", HTTP_AUTHORIZATION="Bearer other")[0] == "404 Not Found"
