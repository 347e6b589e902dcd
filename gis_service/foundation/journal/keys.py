"""The key that signs checkpoints: made at first use, readable by its owner alone."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.files import beside

UNREADABLE = (ValueError, TypeError, UnsupportedAlgorithm)


def signing_key(path: Path) -> Ed25519PrivateKey:
    """The key in a file; a new one, with its public half beside it, where there is none.

    Raises:
        InvalidInput: others may read the file, or it holds no such key.
    """
    if not path.exists():
        _make(path)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise InvalidInput(f"签名私钥 {path} 可被他人读取", way_out=f"请执行 chmod 600 {path}")
    with suppress(*UNREADABLE, PermissionError):
        key = load_pem_private_key(path.read_bytes(), password=None)
        if isinstance(key, Ed25519PrivateKey):
            return key
    raise InvalidInput(f"{path} 不是 Ed25519 私钥", way_out="请恢复原来的私钥文件；移走该文件则另立新钥")


def public_file(path: Path) -> Path:
    """Where the public half of the key in `path` lies."""
    return path.with_suffix(".pub.pem")


def public_key(path: Path) -> str:
    """The public key in a PEM file, as checkpoints name it.

    Raises:
        InvalidInput: the file holds no such key.
    """
    with suppress(*UNREADABLE):
        key = load_pem_public_key(path.read_bytes())
        if isinstance(key, Ed25519PublicKey):
            return key.public_bytes_raw().hex()
    raise InvalidInput(f"{path} 不是 Ed25519 公钥", way_out="请用私钥旁的 .pub.pem 文件")


def _make(path: Path) -> None:
    """Two that make it at once end up with the same key."""
    key = Ed25519PrivateKey.generate()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with beside(path) as fresh, suppress(FileExistsError):  # somebody else was first: theirs holds
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        path.hardlink_to(fresh)
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        public_file(path).write_bytes(public)
