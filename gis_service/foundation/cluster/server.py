"""Starting and stopping the server of a cluster, and clearing up after one that was killed."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from gis_service.foundation.cluster.account import Account, name_of
from gis_service.foundation.cluster.address import Address, Answer, as_note, ask, read_address, socket_path
from gis_service.foundation.cluster.binaries import Binaries
from gis_service.foundation.cluster.conf import CONF_FILE, ident, settings
from gis_service.foundation.cluster.listening import ensure_password, forget_short_folder, possible_addresses
from gis_service.foundation.cluster.machine import MIB, Say
from gis_service.foundation.cluster.place import Place
from gis_service.foundation.cluster.processes import postmaster_of, working_in
from gis_service.foundation.cluster.trouble import from_server
from gis_service.foundation.cluster.wishes import Over, Wishes
from gis_service.foundation.cluster.writing import write_private
from gis_service.foundation.errors import DatabaseUnavailable

STOP_WITHIN_S = 120.0
SETTLE_WITHIN_S = 120.0
STEP_S = 0.02
LARGEST_LOG_BYTES = 10 * MIB
PORT_TAKEN = "could not bind"


def settle(place: Place, say: Say, *, within_s: float = SETTLE_WITHIN_S) -> Address | None:
    """Wait until the server answers (its address) or no process of it is left (None).

    Covers a server that is starting, recovering or stopping, and backends that outlive a killed postmaster:
    to start beside those would damage the data.
    """
    deadline = time.monotonic() + within_s
    announced = False
    while processes := working_in(place.data):
        address = read_address(place)
        if address and ask(address, place.data) in {Answer.serving, Answer.full, Answer.unfurnished}:
            return address
        if address is None or time.monotonic() > deadline:
            raise _not_settled(place, processes)
        if not announced:
            say("数据库的进程正在启动或退出，请稍候……")
            announced = True
        time.sleep(STEP_S)
    return None


def start(place: Place, account: Account, binaries: Binaries, wishes: Wishes) -> Address:
    """Start the server; the caller holds the lock and has made sure that none runs.

    Raises:
        DatabaseUnavailable: it did not come up; says why in the words of `trouble`.
    """
    _refuse_wrong_owner(place, account)
    _turn_over_log(place)
    words = ""
    for address in possible_addresses(place, account, wishes):
        if address.over is Over.tcp:
            ensure_password(place, account, binaries, wishes.machine)
        _prepare(place, account, address, wishes)
        said_before = place.log.stat().st_size if place.log.exists() else 0
        words = _launch(place, account, binaries, wishes) or _replayed(place, address, wishes)
        words += _said_since(place.log, said_before) if words else ""
        if not words:
            return address
        if address.over is Over.socket or PORT_TAKEN not in words:
            break
        wishes.say(f"端口 {address.port} 已被其他程序占用，改用另一个端口")
    raise from_server(words, log=place.log, folder=place.folder, free=wishes.machine.free_bytes(place.folder))


def stop(place: Place) -> bool:
    """Stop the server in order and wait for its last process; False when none was running."""
    processes = working_in(place.data)
    if not processes:
        _refuse_unseen(place)
        return False
    postmaster = postmaster_of(place.data, processes)
    if postmaster is not None:
        os.kill(postmaster, signal.SIGINT)
    deadline = time.monotonic() + STOP_WITHIN_S
    while processes := working_in(place.data):
        if time.monotonic() > deadline:
            raise _not_settled(place, processes)
        time.sleep(STEP_S)
    forget_short_folder(place)
    return postmaster is not None


def _launch(place: Place, account: Account, binaries: Binaries, wishes: Wishes) -> str:
    """Start the server; what it complained of, or nothing.

    Relative paths, because pg_ctl hands them to a shell: the home may hold any character.
    """
    options = ["--wait", "--silent", f"--timeout={wishes.start_within_s}"]
    command = [
        binaries["pg_ctl"],
        "start",
        f"--pgdata={place.data.name}",
        f"--log={place.log.name}",
        *options,
    ]
    outcome = account.run(command, cwd=place.folder)
    if outcome.returncode == 0:
        return ""
    return outcome.stderr or outcome.stdout or "pg_ctl failed"


def _replayed(place: Place, address: Address, wishes: Wishes) -> str:
    """Wait for a server that replays its log behind closed doors; a word if it gives up, or nothing."""
    deadline = time.monotonic() + wishes.start_within_s
    while ask(address, place.data) in {Answer.busy, Answer.silent}:
        if not working_in(place.data):
            return "the server has ended"
        if time.monotonic() > deadline:
            return "the server does not answer"
        time.sleep(STEP_S)
    return ""


def _prepare(place: Place, account: Account, address: Address, wishes: Wishes) -> None:
    _clear_leftovers(place, address)
    write_private(
        place.data / CONF_FILE, settings(address, wishes.machine, durable=wishes.durable), like=place.folder
    )
    write_private(place.data / "pg_ident.conf", ident(account), like=place.folder)
    write_private(place.address_file, as_note(place, address), like=place.folder)


def _clear_leftovers(place: Place, address: Address) -> None:
    """Remove lock files of a killed server that name another, living process, or nothing readable.

    PostgreSQL clears those of dead processes itself, but would take a process that was given the same number
    since for its own. No process works in the data directory: the caller has asked the kernel.
    """
    leftovers = [place.pid_file]
    if address.folder is not None:
        socket = socket_path(address.folder, address.port)
        leftovers += [socket.with_name(f"{socket.name}.lock")]
    for leftover in leftovers:
        if leftover.is_file() and _misleads(leftover):
            leftover.unlink()


def _misleads(lock_file: Path) -> bool:
    first_line = lock_file.read_text(encoding="utf-8", errors="replace").split("\n", 1)[0].strip().lstrip("-")
    return not first_line.isdigit() or Path(f"/proc/{first_line}").exists()


def _refuse_wrong_owner(place: Place, account: Account) -> None:
    found = place.data.stat()
    if found.st_uid != account.uid:
        raise DatabaseUnavailable(
            f"数据目录 {place.data} 的属主是 {name_of(found.st_uid)}，应为 {account.name}，未作任何改动",
            way_out=f"请执行：sudo chown -R {account.name} '{place.folder}'",
        )
    if found.st_mode & 0o027:  # PostgreSQL takes 0700 and 0750 only
        place.data.chmod(0o700)


def _refuse_unseen(place: Place) -> None:
    """A server that answers without a process we can see runs in another container on the same folder."""
    address = read_address(place)
    if address is not None and ask(address, place.data) is not Answer.silent:
        raise DatabaseUnavailable(
            "数据库由另一个容器中的进程运行，从这里停不了", way_out="请在启动它的容器中停止"
        )


def _not_settled(place: Place, processes: frozenset[int]) -> DatabaseUnavailable:
    numbers = " ".join(str(pid) for pid in sorted(processes))
    postmaster = postmaster_of(place.data, processes)
    if postmaster is not None:
        return DatabaseUnavailable(
            f"数据库进程 {postmaster} 没有应答（可能仍在恢复数据，或目录被移动过）",
            way_out=f"请查看日志 {place.log}；确认无进展后先停止数据库（make stop）再重试",
        )
    return DatabaseUnavailable(
        f"上次异常退出的数据库进程仍在运行（{numbers}），此时启动会损坏数据",
        way_out=f"请等待其结束，或执行 kill -QUIT {numbers} 后重试",
    )


def _turn_over_log(place: Place) -> None:
    if place.log.exists() and place.log.stat().st_size > LARGEST_LOG_BYTES:
        place.log.replace(place.log.with_suffix(".log.1"))


def _said_since(log: Path, offset: int) -> str:
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(offset)
        return file.read().decode("utf-8", errors="replace")
