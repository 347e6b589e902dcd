"""Where the cluster of a home lies: below it, or, when the server cannot reach that, behind a link in it."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from gis_service.foundation.cluster.account import ROOT, Account, name_of
from gis_service.foundation.cluster.machine import Machine, Say
from gis_service.foundation.cluster.trouble import from_system
from gis_service.foundation.errors import DatabaseUnavailable

HOME_NOTE = "HOME"  # inside an outlying folder: the home it belongs to


@dataclass(frozen=True, slots=True)
class Place:
    """The paths of one cluster. `folder` (0700, the server account's) holds data, log and socket."""

    home: Path
    folder: Path

    @property
    def link(self) -> Path:
        """The folder itself, or a link to where it lies."""
        return self.home / "postgres"

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return self.folder / "data"

    @property
    def pid_file(self) -> Path:
        """Where a running server notes its process; gone after a stop in order."""
        return self.data / "postmaster.pid"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.folder / "server.log"

    @property
    def address_file(self) -> Path:
        """Where the server listens, or last did."""
        return self.folder / "address.json"

    @property
    def lock_file(self) -> Path:
        """Held while the cluster is made, started or stopped."""
        return self.home / "postgres.lock"

    @property
    def password_file(self) -> Path:
        """libpq's password file (0600), only for a server on a TCP port."""
        return self.home / "postgres.pgpass"

    @property
    def is_made(self) -> bool:
        """Whether there is a data directory."""
        return (self.data / "PG_VERSION").is_file()

    @property
    def major(self) -> int:
        """The major version of PostgreSQL the data are of."""
        return int((self.data / "PG_VERSION").read_text(encoding="ascii"))

    @property
    def is_outside(self) -> bool:
        """Whether the data lie outside the home."""
        return self.folder != self.link


def find_place(home: Path) -> Place:
    """The place of the cluster of `home`; changes nothing.

    Raises:
        DatabaseUnavailable: the folder belongs to another account, or to another home.
    """
    link = home.absolute() / "postgres"
    try:
        place = Place(home.absolute(), link.resolve() if link.is_symlink() else link)
        if place.folder.is_dir():
            _refuse_strangers(place)
            _refuse_other_homes(place)
    except OSError as error:
        raise from_system(error, f"无法读取 {link}") from error
    return place


def prepare_place(place: Place, account: Account, machine: Machine, say: Say) -> Place:
    """Make the folder the server lives in: owned by `account`, closed to all others, and within its reach."""
    try:
        if not place.folder.is_dir():
            place = _make_folder(place, account, machine, say)
        _close_to_others(place.folder, account)
    except OSError as error:
        raise from_system(error, f"无法建立数据库目录 {place.folder}") from error
    if not account.may_enter(place.folder):
        raise DatabaseUnavailable(
            f"系统账户 {account.name} 无法进入数据库目录 {place.folder}",
            way_out=f"请放开其上级目录的通行权限（chmod a+x），或执行 chown -R {account.name} {place.folder}",
        )
    return place


def _make_folder(place: Place, account: Account, machine: Machine, say: Say) -> Place:
    if place.is_outside:  # the link is there, its target is gone
        _make_owned(place.folder, account)
        _note_home(place, account)
        return place
    if _can_live_in_home(place, account):
        return place
    name = hashlib.sha256(os.fsencode(place.home.resolve())).hexdigest()[:16]
    machine.outside.mkdir(mode=0o755, parents=True, exist_ok=True)
    outside = Place(place.home, machine.outside / name)
    _make_owned(outside.folder, account)
    _note_home(outside, account)
    outside.link.symlink_to(outside.folder)
    found = "（沿用已有数据）" if outside.is_made else ""
    say(f"账户 {account.name} 无法进入 {place.home}，数据库在 {outside.folder}{found}，见 {outside.link}")
    return outside


def _can_live_in_home(place: Place, account: Account) -> bool:
    """Make the folder below the home; take it back when the account cannot own or reach it."""
    try:
        _make_owned(place.folder, account)
    except PermissionError:
        if os.geteuid() != ROOT:
            raise
        return False
    if account.may_enter(place.folder) or account.is_ours:
        return True
    place.folder.rmdir()
    return False


def _make_owned(folder: Path, account: Account) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    try:
        account.take(folder)
    except PermissionError:
        folder.rmdir()
        raise


def _close_to_others(folder: Path, account: Account) -> None:
    found = folder.stat()
    if found.st_uid == account.uid and stat.S_IMODE(found.st_mode) != 0o700:
        folder.chmod(0o700)


def _note_home(place: Place, account: Account) -> None:
    note = place.folder / HOME_NOTE
    note.write_text(str(place.home.resolve()), encoding="utf-8")
    account.take(note)


def _refuse_strangers(place: Place) -> None:
    owner = place.folder.stat().st_uid
    if os.geteuid() in {owner, ROOT}:
        return
    raise DatabaseUnavailable(
        f"{place.home} 中的数据库属于系统账户 {name_of(owner)}，当前用户 {name_of(os.geteuid())} 无权使用",
        way_out="请用建立它的账户运行，root 建立的请用 sudo；或把 GIS_HOME 设为自己的另一个目录",
    )


def _refuse_other_homes(place: Place) -> None:
    """A copied home must not share the data of its original; a moved home takes them along.

    Nor is a link to any other folder followed: root would close that folder to its users.
    """
    if not place.is_outside:
        return
    note = place.folder / HOME_NOTE
    if not note.is_file():
        raise DatabaseUnavailable(
            f"{place.link} 指向的 {place.folder} 不是本系统的数据库目录，未作任何改动",
            way_out=f"如确是移过去的数据库，请执行：echo '{place.home}' > '{note}'；否则请删除该链接",
        )
    first = Path(note.read_text(encoding="utf-8").removesuffix("\n"))
    if first == place.home.resolve() or (first / "postgres").resolve() != place.folder:
        return
    raise DatabaseUnavailable(
        f"{place.link} 指向另一个目录 {first} 的数据库，两个 GIS_HOME 不能共用一个集群",
        way_out=f"请删除链接 {place.link}，重新运行即建立新的数据库",
    )
