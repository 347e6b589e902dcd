"""An issuer of tokens on this machine that may lie, drip, swell and fall silent, as a test has it answer."""

from __future__ import annotations

import json
import ssl
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from jwt.algorithms import get_default_algorithms

from gis_service.foundation.oidc import Provider, Verifier

AUDIENCE = "registers"
DISCOVERY, KEYS = "/.well-known/openid-configuration", "/keys"
Answer = Callable[[BaseHTTPRequestHandler], None]


@cache
def key_for(algorithm: str, number: int = 0) -> Any:
    """A private key; another one for each number, the same one when asked again."""
    del number
    if algorithm.startswith("ES"):
        return ec.generate_private_key(ec.SECP256R1() if algorithm == "ES256" else ec.SECP384R1())
    return (
        ed25519.Ed25519PrivateKey.generate()
        if algorithm == "EdDSA"
        else rsa.generate_private_key(65537, 2048)
    )


def published(key: Any, key_id: str | None, algorithm: str, **more: Any) -> dict[str, Any]:
    """The public half of a key, as providers publish it."""
    told = get_default_algorithms()[algorithm].to_jwk(key.public_key(), as_dict=True)
    return {**told, **({"kid": key_id} if key_id else {}), **more}


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def goes_on(self, **span: float) -> None:
        self.now += timedelta(**span)


class Issuer:
    """What it publishes stands in `keys` and `documents`; what it was asked for, in `asked`."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.clock = Clock()
        self.keys = [published(key_for("RS256"), "first", "RS256")]
        self.documents: dict[str, Any] = {
            DISCOVERY: {"issuer": self.address, "jwks_uri": f"{self.address}{KEYS}"}
        }
        self.away = False
        self.instead: Answer | None = None
        self.asked: list[str] = []

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        self.asked.append(request.path)
        document = {"keys": self.keys} if request.path == KEYS else self.documents.get(request.path)
        if self.instead is not None and request.path == KEYS:
            self.instead(request)
        elif self.away or document is None:
            request.send_error(503)
        else:
            send(request, json.dumps(document).encode())

    def provider(self, **other: str) -> Provider:
        return Provider(**{"issuer": self.address, "audience": AUDIENCE, **other})

    def verifier(self, **other: str) -> Verifier:
        return Verifier(self.provider(**other), clock=self.clock)

    def claims(self, **other: Any) -> dict[str, Any]:
        """What a sound token says, but for the given claims; None leaves one out."""
        now = int(self.clock.now.timestamp())
        sound = {"iss": self.address, "aud": AUDIENCE, "sub": "zhang.san", "iat": now, "exp": now + 300}
        return {name: value for name, value in {**sound, **other}.items() if value is not None}

    def token(
        self, *, algorithm: str = "RS256", key: Any = None, header: dict[str, Any] | None = None, **other: Any
    ) -> str:
        """A sound token, but for what is given."""
        header = {"kid": "first", "alg": algorithm, **(header or {})}
        return signed(header, self.claims(**other), algorithm, key or key_for(algorithm))


def send(request: BaseHTTPRequestHandler, body: bytes) -> None:
    request.send_response(200)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)


def part(content: Any) -> str:
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    return urlsafe_b64encode(text).rstrip(b"=").decode()


def signed(header: Any, claims: Any, algorithm: str, key: Any) -> str:
    """A token put together by hand, so that no library objects to what it says."""
    said = f"{part(header)}.{part(claims)}"
    method = jwt.get_algorithm_by_name(algorithm)
    return f"{said}.{part(method.sign(said.encode(), key))}"


_USAGE = x509.KeyUsage(
    digital_signature=True,
    key_cert_sign=True,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)


def certificate(folder: Path) -> Path:
    """A file with a key and a certificate of its own for this machine."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "issuer of tests")])
    begins = datetime.now(UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(_USAGE, critical=True)
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "issuer.pem").write_bytes(private + made.public_bytes(Encoding.PEM))
    return folder / "issuer.pem"


@contextmanager
def issuing(own_certificate: Path | None = None) -> Iterator[Issuer]:
    """An issuer that answers while the block runs; over TLS where it has a certificate."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer.answer(self)

        def handle(self) -> None:
            with suppress(ssl.SSLError):  # the other side did not like the certificate
                super().handle()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if own_certificate is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(own_certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    scheme = "http" if own_certificate is None else "https"
    issuer = Issuer(f"{scheme}://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
