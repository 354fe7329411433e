"""The server starts only when it can serve, and says in a sentence why not."""

import contextlib
import datetime as dt
import socket
import sys
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.db import connection

from centerpoint import serve

PKCS8 = serialization.PrivateFormat.PKCS8
TRADITIONAL = serialization.PrivateFormat.TraditionalOpenSSL


@pytest.fixture
def started(monkeypatch):
    """Arguments of the servers that were started."""
    servers = []

    class Server:
        def __init__(self, target, **options):
            servers.append({"target": target, **options})

        def serve(self):
            pass

    monkeypatch.setattr(serve, "Granian", Server)
    monkeypatch.setattr(serve, "beside_the_server", contextlib.nullcontext)
    monkeypatch.setattr(serve.multiprocessing, "set_start_method", lambda method, force: None)
    return servers


@pytest.fixture
def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def write_certificate(folder: Path, form: serialization.PrivateFormat = PKCS8) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "certificate.pem", folder / "key.pem"
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    return certificate_file, key_file


@pytest.mark.django_db
def test_a_server_that_can_serve_is_started_with_tls_1_2_for_the_web_connector(started, free_port, tmp_path):
    certificate, key = write_certificate(tmp_path)

    serve.serve(port=free_port, certificate=certificate, key=key, workers=1, threads=3)

    [server] = started
    assert (
        server["target"],
        server["port"],
        server["blocking_threads"],
        str(server["ssl_protocol_min"]),
    ) == (
        "centerpoint.wsgi:application",
        free_port,
        3,
        "tls1.2",
    )


def refusal(**options) -> str:
    with pytest.raises(serve.CannotServe) as refused:
        serve.serve(**options)
    return refused.value.sentence


def test_a_certificate_needs_its_key(started, tmp_path):
    certificate, key = write_certificate(tmp_path)

    assert refusal(certificate=certificate) == "Name both the TLS certificate and its key, or neither."
    assert refusal(key=key) == "Name both the TLS certificate and its key, or neither."
    assert refusal(certificate=certificate, key=tmp_path / "none") == f"There is no file {tmp_path / 'none'}."


def test_a_key_of_another_certificate_is_refused(started, tmp_path):
    certificate, _ = write_certificate(tmp_path)
    (tmp_path / "other").mkdir()
    _, other_key = write_certificate(tmp_path / "other")

    assert "are no TLS certificate and its key in PEM form" in refusal(certificate=certificate, key=other_key)


def test_a_key_in_a_form_the_server_cannot_read_is_refused_with_the_cure(started, tmp_path):
    certificate, key = write_certificate(tmp_path, TRADITIONAL)

    assert refusal(certificate=certificate, key=key) == (
        f"{key} is not in PKCS #8 form. Convert it: openssl pkcs8 -topk8 -nocrypt -in {key} -out {key}.pk8"
    )


def test_a_port_that_is_taken_is_refused(started):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        assert refusal(port=port) == (
            f"Cannot listen on 127.0.0.1 port {port}: Address already in use. "
            "Another program may have the port; choose another with --port."
        )


def test_what_is_no_port_is_refused(started):
    assert refusal(port=70000) == "70000 is no port; it lies between 1 and 65535."


@pytest.mark.django_db
def test_a_database_without_its_tables_is_refused(started, free_port, monkeypatch):
    from django.db.migrations.executor import MigrationExecutor

    monkeypatch.setattr(
        MigrationExecutor, "migration_plan", lambda self, targets: [("one", False), ("two", False)]
    )

    assert refusal(port=free_port) == "The database lacks 2 migrations; run: centerpoint migrate"


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL searches without its index, too")
def test_a_database_without_what_searches_look_in_is_refused(started, free_port):
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER work_project_trigrams_update")

    assert refusal(port=free_port) == (
        "The database lacks what searches look in, for work_project; run: centerpoint migrate"
    )


@pytest.mark.django_db
def test_on_windows_the_server_is_one_process(started, free_port, monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")

    assert serve.default_workers() == 1
    assert refusal(port=free_port, workers=2) == (
        "On Windows the server runs as one process; leave --workers out and raise --threads instead."
    )
