"""Secrets that must be read again: sealed with a key that lies outside the database, in a file of its owner.

AES-256-GCM; what a secret belongs to is sealed in with it, so that none can be moved to somebody else.
"""

from __future__ import annotations

import os
import secrets
import stat
from base64 import b64decode, b64encode
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gis_service.foundation.errors import FilesUnavailable, InvalidInput
from gis_service.foundation.files import beside

_KEY_BYTES = 32
_NONCE_BYTES = 12


def seal(path: Path, secret: bytes, *, of: str) -> bytes:
    """A secret, sealed with the key in a file; the key is made at first use."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(_key(path)).encrypt(nonce, secret, of.encode())


def unseal(path: Path, sealed: bytes, *, of: str) -> bytes:
    """The secret again.

    Raises:
        FilesUnavailable: the key is not the one it was sealed with.
    """
    try:
        return AESGCM(_key(path)).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], of.encode())
    except InvalidTag as error:
        raise FilesUnavailable(
            "账户密钥与数据库不符，验证器的密钥无法解开",
            way_out="请管理员恢复原来的 accounts.key；已遗失的，逐个撤销第二重验证后重新登记",
        ) from error


def _key(path: Path) -> bytes:
    """The key in a file.

    Raises:
        InvalidInput: others may read the file, or it holds no such key.
    """
    if not path.exists():
        _make(path)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise InvalidInput(f"账户密钥 {path} 可被他人读取", way_out=f"请执行 chmod 600 {path}")
    with suppress(ValueError, PermissionError):
        key = b64decode(path.read_bytes().strip(), validate=True)
        if len(key) == _KEY_BYTES:
            return key
    raise InvalidInput(f"{path} 不是账户密钥", way_out="请恢复原来的密钥文件")


def _make(path: Path) -> None:
    """Two that make it at once end up with the same key."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with beside(path) as fresh, suppress(FileExistsError):  # somebody else was first: theirs holds
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(b64encode(secrets.token_bytes(_KEY_BYTES)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(fresh)
