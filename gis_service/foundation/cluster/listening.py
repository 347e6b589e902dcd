"""Where the server is to listen: its own folder, else a short one, else a loopback port with a password."""

from __future__ import annotations

import secrets
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from gis_service.foundation.cluster.account import Account
from gis_service.foundation.cluster.address import (
    ROLE,
    SOCKET_PORT,
    SUPERUSER,
    Address,
    read_address,
    suits_a_socket,
)
from gis_service.foundation.cluster.binaries import Binaries
from gis_service.foundation.cluster.machine import Machine
from gis_service.foundation.cluster.place import Place
from gis_service.foundation.cluster.trouble import from_server
from gis_service.foundation.cluster.wishes import Over, Wishes
from gis_service.foundation.cluster.writing import write_private

PORTS_TRIED = 4


def possible_addresses(place: Place, account: Account, wishes: Wishes) -> Iterator[Address]:
    """Addresses to try, best first: a former port is kept while it is free, so that others find it."""
    folder = _socket_folder(place, account, wishes.machine) if wishes.over is Over.socket else None
    if folder is not None:
        yield Address(Over.socket, SOCKET_PORT, folder=folder)
        return
    former = read_address(place)
    if former is not None and former.over is Over.tcp:
        yield former
    for _ in range(PORTS_TRIED):
        yield Address(Over.tcp, wishes.machine.free_port(), password_file=place.password_file)


def ensure_password(place: Place, account: Account, binaries: Binaries, machine: Machine) -> str:
    """The password of the roles on a TCP port; made anew, with the server at rest, when its file is gone."""
    secret = read_password(place)
    if secret is not None:
        return secret
    secret = secrets.token_urlsafe(24)
    command = [binaries["postgres"], "--single", "-D", place.data.name, "postgres"]
    outcome = account.run(command, cwd=place.folder, text_in=f"ALTER ROLE {SUPERUSER} PASSWORD '{secret}';\n")
    if outcome.returncode != 0:
        free = machine.free_bytes(place.folder)
        raise from_server(outcome.stderr, log=place.log, folder=place.folder, free=free)
    lines = "".join(f"127.0.0.1:*:*:{role}:{secret}\n" for role in (SUPERUSER, ROLE))
    write_private(place.password_file, lines, like=place.home)
    return secret


def read_password(place: Place) -> str | None:
    """The password in use, from its file; None where the server was never on a TCP port."""
    try:
        first = place.password_file.read_text(encoding="ascii").splitlines()[0]
    except (FileNotFoundError, IndexError):
        return None
    return first.rpartition(":")[2] or None


def forget_short_folder(place: Place) -> None:
    """Remove the socket folder that was made outside the cluster's own."""
    address = read_address(place)
    if address is None or address.folder is None or address.folder == place.folder:
        return
    if address.folder.is_dir() and not any(address.folder.iterdir()):
        address.folder.rmdir()


def _socket_folder(place: Place, account: Account, machine: Machine) -> Path | None:
    if suits_a_socket(place.folder):
        return place.folder
    former = read_address(place)
    if former is not None and former.folder is not None and _is_private(former.folder, account):
        return former.folder
    for parent in machine.short_folders():
        folder = _make_short_folder(parent, account)
        if folder is not None:
            return folder
    return None


def _make_short_folder(parent: Path, account: Account) -> Path | None:
    try:
        folder = Path(tempfile.mkdtemp(prefix="gis-", dir=parent))
        account.take(folder)
    except OSError:
        return None
    if suits_a_socket(folder) and account.may_enter(folder):
        return folder
    folder.rmdir()
    return None


def _is_private(folder: Path, account: Account) -> bool:
    """Whether nobody else can have put something there: such folders lie among those of other users."""
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return False
    mode_ok = stat.S_ISDIR(found.st_mode) and stat.S_IMODE(found.st_mode) == 0o700
    return mode_ok and found.st_uid == account.uid and suits_a_socket(folder)
