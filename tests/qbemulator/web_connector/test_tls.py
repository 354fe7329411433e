"""Certificates are checked, as Windows does for .NET."""

import datetime as dt
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from qbemulator.transport import HttpTransport, Unreachable


def certificate(folder: Path, host: str) -> tuple[Path, Path]:
    """A certificate for `host` that signs itself, and its key, as PEM files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / f"{host}.pem", folder / f"{host}.key"
    certificate_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return certificate_file, key_file


class Echo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Not among the results of tests."""


class Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up at the handshake is what two of these tests are about."""


@dataclass(frozen=True)
class Secure:
    port: int
    certificate: str


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[Secure]:
    certificate_file, key_file = certificate(tmp_path, "localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate_file, key_file)
    server = Server(("127.0.0.1", 0), Echo)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield Secure(server.server_port, str(certificate_file))
    server.shutdown()
    server.server_close()
    thread.join()


def post(transport: HttpTransport, url: str) -> bytes:
    return transport.post(url, {"Expect": "100-continue"}, b"<soap/>").body


def test_calls_go_over_a_connection_whose_certificate_is_trusted(secure: Secure) -> None:
    with HttpTransport(trusted_certificates=secure.certificate) as transport:
        answers = [post(transport, f"https://localhost:{secure.port}/") for _ in range(3)]

    assert answers == [b"<soap/>"] * 3


def test_a_certificate_that_nobody_trusts_is_refused(secure: Secure) -> None:
    with HttpTransport() as transport, pytest.raises(Unreachable, match="certificate verify failed"):
        post(transport, f"https://localhost:{secure.port}/")


def test_a_certificate_of_another_host_is_refused(secure: Secure) -> None:
    with (
        HttpTransport(trusted_certificates=secure.certificate) as transport,
        pytest.raises(Unreachable, match="IP address mismatch"),
    ):
        post(transport, f"https://127.0.0.1:{secure.port}/")
