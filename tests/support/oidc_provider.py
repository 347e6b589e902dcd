"""A real OpenID Connect provider on this machine: Canaille, with one person who signs in with two factors.

Run as a program it serves until it is ended, and tells its address in one line.
"""

from __future__ import annotations

import base64
import re
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pyotp

ROOT = Path(__file__).resolve().parents[2]
PERSON, PASSWORD, OTP_SECRET = "zhang.san", "correct horse battery staple", "0123456789abcdef"
NAME = "张三"


def serve() -> None:
    """Serve on a free port, from memory."""
    from canaille import create_app
    from canaille.app import models
    from canaille.backends import Backend
    from werkzeug.serving import make_server

    listening = socket.create_server(("127.0.0.1", 0))
    place = f"127.0.0.1:{listening.getsockname()[1]}"
    app = create_app(_configuration(place))
    with app.app_context(), Backend.instance.session():
        told = {"formatted_name": NAME, "family_name": "张", "emails": ["zhang@example.org"]}
        second = {"secret_token": OTP_SECRET, "hotp_counter": 0, "last_otp_login": datetime.now(UTC)}
        Backend.instance.save(models.User(user_name=PERSON, password=PASSWORD, **told, **second))
    server = make_server("127.0.0.1", 0, app, threaded=False, fd=listening.fileno())
    sys.stdout.write(f"http://{place}\n")
    sys.stdout.flush()
    server.serve_forever()


def _configuration(place: str) -> dict[str, Any]:
    return {
        "SECRET_KEY": secrets.token_hex(),
        "SERVER_NAME": place,
        "PREFERRED_URL_SCHEME": "http",
        "CANAILLE": {
            "DATABASE": "memory",
            "FORCE_HTTPS": False,
            "AUTHENTICATION_FACTORS": ["password", "otp"],
            "OTP_METHOD": "HOTP",
        },
        "CANAILLE_OIDC": {"DYNAMIC_CLIENT_REGISTRATION_OPEN": True},
    }


@dataclass
class RunningProvider:
    """The provider in a process of its own."""

    process: subprocess.Popen[str]
    issuer: str
    _sign_ins: Iterator[int] = field(default_factory=count)

    def stop(self) -> None:
        """End the process; done already, nothing happens."""
        self.process.terminate()
        self.process.communicate(timeout=20)

    def registered(self, algorithm: str) -> str:
        """The id of a new client whose tokens are signed by an algorithm."""
        client = {
            "client_name": "registers",
            "client_uri": "http://127.0.0.1/",
            "redirect_uris": ["http://127.0.0.1/back"],
            "grant_types": ["authorization_code"],
            "response_types": ["code"],
            "token_endpoint_auth_method": "none",
            "scope": "openid profile",
            "id_token_signed_response_alg": algorithm,
        }
        answer = httpx.post(f"{self.issuer}/oauth/register", json=client)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["client_id"])

    def tokens(self, client_id: str) -> dict[str, Any]:
        """What is given to who signs in: authorization code with PKCE, by password and one-time code."""
        proof = secrets.token_urlsafe(48)
        with httpx.Client(base_url=self.issuer, follow_redirects=False) as browser:
            code = _code(browser, client_id, proof, next(self._sign_ins))
            asked = {
                "grant_type": "authorization_code",
                "client_id": client_id,
                "redirect_uri": "http://127.0.0.1/back",
                "code": code,
                "code_verifier": proof,
            }
            answer = browser.post("/oauth/token", data=asked)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


def _code(browser: httpx.Client, client_id: str, proof: str, sign_in: int) -> str:
    asked = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": "http://127.0.0.1/back",
        "scope": "openid profile",
        "nonce": secrets.token_urlsafe(),
        "code_challenge": base64.urlsafe_b64encode(sha256(proof.encode()).digest()).decode().rstrip("="),
        "code_challenge_method": "S256",
    }
    one_time = pyotp.HOTP(base64.b32encode(OTP_SECRET.encode()).decode()).at(sign_in)
    answer = browser.get("/oauth/authorize", params=asked)
    for entered in ({"login": PERSON}, {"password": PASSWORD}, {"otp": one_time}):
        answer = _filled_in(browser, answer.headers["location"], entered)
    answer = browser.get(answer.headers["location"])
    [code] = parse_qs(urlsplit(answer.headers["location"]).query)["code"]
    return code


def _filled_in(browser: httpx.Client, address: str, entered: dict[str, str]) -> httpx.Response:
    """The answer to a form, which must lead on."""
    page = browser.get(address)
    mark = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert mark, page.text
    answer = browser.post(address, data={**entered, "csrf_token": mark[1]})
    assert answer.status_code == 302, answer.text
    return answer


@contextmanager
def running() -> Iterator[RunningProvider]:
    """A provider that answers, and is ended with the block."""
    command = [sys.executable, "-m", __name__]
    process = subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE)
    assert process.stdout is not None
    provider = RunningProvider(process, process.stdout.readline().strip())
    try:
        assert provider.issuer, "it did not start; its own words are on standard error"
        yield provider
    finally:
        provider.stop()


if __name__ == "__main__":
    serve()
