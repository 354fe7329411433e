"""What the server answers at which address, before and behind Django's middleware; and that it really serves."""

import datetime as dt
import io
import os
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID


@pytest.fixture
def ask():
    from centerpoint.wsgi import application

    def request(path: str, verb: str = "GET", **environ: object) -> tuple[int, dict[str, str], bytes]:
        heard = {}

        def start_response(status, headers, exc_info=None):
            heard.update(status=int(status.split()[0]), headers=dict(headers))

        body = b"".join(
            application(
                {
                    "REQUEST_METHOD": verb,
                    "PATH_INFO": path,
                    "QUERY_STRING": "",
                    "SERVER_NAME": "localhost",
                    "SERVER_PORT": "8000",
                    "HTTP_HOST": "localhost:8000",
                    "REMOTE_ADDR": "127.0.0.1",
                    "wsgi.url_scheme": "http",
                    "wsgi.input": io.BytesIO(),
                    **environ,
                },
                start_response,
            )
        )
        return heard["status"], heard["headers"], body

    return request


@pytest.mark.parametrize("path", ["/quickbooks/webconnector", "/quickbooks/webconnector/"])
def test_the_web_connectors_door_is_there(ask, path):
    status, headers, body = ask(path)

    assert (status, headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert b"Web Connector" in body


def test_the_door_is_open_under_any_host_name_and_to_any_program(ask):
    status, _, _ = ask(
        "/quickbooks/webconnector",
        HTTP_HOST="another.example.com",
        HTTP_USER_AGENT="Mozilla/4.0 (compatible; MSIE 6.0; MS Web Services Client Protocol 4.0.30319.42000)",
    )

    assert status == 200


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        ("", b"ask the person who runs Centerpoint in your company"),
        ("call Ann & Bob at 512-555-0100", b"call Ann &amp; Bob at 512-555-0100"),
    ],
)
def test_the_support_page_says_whom_to_call_without_a_log_in(ask, settings, contact, shown):
    settings.SUPPORT_CONTACT = contact

    status, headers, body = ask("/support", HTTP_HOST="another.example.com")

    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert shown in body
    assert ask("/support", "HEAD")[2] == b""


def test_the_figures_are_behind_their_own_rule(ask):
    assert ask("/metrics")[0] == 200
    assert ask("/metrics", REMOTE_ADDR="192.0.2.7")[0] == 404


@pytest.mark.django_db
def test_everything_else_is_djangos(ask):
    status, headers, _ = ask("/nothing/of/this/name")

    assert status == 404
    assert headers["X-Frame-Options"] == "DENY"


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "certificate.pem", folder / "key.pem"
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return certificate_file, key_file


SERVE = """
import sys, django
django.setup()
from pathlib import Path
from django.core.management import call_command
from centerpoint.serve import serve
if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    serve(host="localhost", port=int(sys.argv[1]), certificate=Path(sys.argv[2]), key=Path(sys.argv[3]), workers=2)
"""


def test_the_server_serves_over_tls_1_2_with_two_processes(tmp_path):
    certificate, key = _certificate(tmp_path)
    program = tmp_path / "program.py"
    program.write_text(SERVE)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'centerpoint.sqlite3'}",
        "SECRET_KEY": "a key for the server of this test only, long enough",
        "DJANGO_SETTINGS_MODULE": "centerpoint.settings",
    }
    process = subprocess.Popen(
        [sys.executable, str(program), str(port), str(certificate), str(key)], env=environment, cwd=tmp_path
    )
    trusting = ssl.create_default_context(cafile=str(certificate))
    trusting.maximum_version = ssl.TLSVersion.TLSv1_2
    try:
        until = time.monotonic() + 40
        while True:
            try:
                address = f"https://localhost:{port}/quickbooks/webconnector"
                with urllib.request.urlopen(address, context=trusting, timeout=5) as answer:
                    body = answer.read()
                break
            except urllib.error.URLError:
                assert process.poll() is None, "the server ended at its start"
                assert time.monotonic() < until, "the server does not answer"
                time.sleep(0.2)
        assert b"Web Connector" in body
        with pytest.raises(urllib.error.HTTPError, match="500"):
            urllib.request.urlopen(address, data=b"<no-call/>", context=trusting, timeout=5)
        figures = f"https://localhost:{port}/metrics"
        with urllib.request.urlopen(figures, context=trusting, timeout=5) as answer:
            assert b'call_seconds_count{method="unknown",outcome="refused"} 1.0' in answer.read()
    finally:
        process.terminate()
        process.wait(timeout=20)
