"""Codes of authenticators (TOTP, RFC 6238) and the codes that stand in for a lost one."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest

import pyotp

from gis_service.procedures.accounts.rules.limits import limit

ISSUER = "行政区划登记"
_RECOVERY_LETTERS = 16
_GROUP = 4


def new_secret() -> str:
    """A secret of 160 bits, as authenticators take it."""
    return pyotp.random_base32(32)


def _totp(secret: str) -> pyotp.TOTP:
    return pyotp.TOTP(secret, digits=limit("code", "digits"), interval=limit("code", "seconds"))


def address_of(secret: str, name: str) -> str:
    """The `otpauth:` address that a QR code holds."""
    return str(_totp(secret).provisioning_uri(name=name, issuer_name=ISSUER))


def accepted_step(secret: str, code: str, at: datetime, last: int | None) -> int | None:
    """The time step whose code this is, if it lies near and after the last one accepted; else None."""
    digits = "".join(code.split())
    now = int(at.timestamp()) // limit("code", "seconds")
    drift = limit("code", "drift_steps")
    totp = _totp(secret)
    fitting = [
        step
        for step in range(now - drift, now + drift + 1)
        if compare_digest(totp.generate_otp(step).encode(), digits.encode())
    ]
    return next((step for step in fitting if last is None or step > last), None)


def is_recovery_code(text: str) -> bool:
    """Whether somebody types a recovery code where a code of an authenticator is asked for."""
    return len(_plain(text)) == _RECOVERY_LETTERS


def new_recovery_code() -> str:
    """Sixteen letters and digits in groups of four: 80 bits."""
    text = base64.b32encode(secrets.token_bytes(_RECOVERY_LETTERS * 5 // 8)).decode().lower()
    return "-".join(text[begin : begin + _GROUP] for begin in range(0, len(text), _GROUP))


def recovery_digest(text: str) -> str:
    """What is kept of a recovery code, however it was typed."""
    return sha256(_plain(text).encode()).hexdigest()


def _plain(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())
