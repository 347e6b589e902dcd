"""The three things one does with the cluster of a home: have it running, stop it, ask how it is."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum, auto
from pathlib import Path

from gis_service.foundation.cluster.account import Account, account_for, name_of
from gis_service.foundation.cluster.address import Address, Answer, ask, read_address
from gis_service.foundation.cluster.binaries import choose
from gis_service.foundation.cluster.building import build, clear_unfinished
from gis_service.foundation.cluster.contents import furnish, set_password
from gis_service.foundation.cluster.fitness import check_database
from gis_service.foundation.cluster.listening import read_password
from gis_service.foundation.cluster.lock import only_one
from gis_service.foundation.cluster.machine import Machine, Say, quiet
from gis_service.foundation.cluster.place import Place, find_place, prepare_place
from gis_service.foundation.cluster.processes import postmaster_of, working_in
from gis_service.foundation.cluster.server import settle, start, stop
from gis_service.foundation.cluster.trouble import from_system
from gis_service.foundation.cluster.wishes import START_WITHIN_S, Over, Wishes


class ClusterState(StrEnum):
    """How a cluster is."""

    absent = auto()
    stopped = auto()
    running = auto()
    unresponsive = auto()  # processes there, but no answer: starting, recovering, stopping or stuck


@dataclass(frozen=True, slots=True)
class ClusterStatus:
    """What there is to know about the cluster of a home, without touching it.

    `address` is an SQLAlchemy URL without a secret; `version` is PostgreSQL's, the major number when stopped.
    """

    state: ClusterState
    data: Path
    log: Path
    account: str | None = None
    version: str | None = None
    address: str | None = None
    pid: int | None = None


def ensure_cluster(
    home: Path,
    *,
    say: Say = quiet,
    over: Over = Over.socket,
    durable: bool = True,
    machine: Machine | None = None,
    start_within_s: int = START_WITHIN_S,
) -> str:
    """Make, mend and start the cluster of `home` as far as needed; return its SQLAlchemy URL.

    A server that already runs is used as it is. `over`, `durable` and `start_within_s` matter only when it is
    started.

    Raises:
        DatabaseUnavailable: says in Chinese what stands in the way, and the way out.
    """
    place = find_place(home)
    address = _serving(place)
    if address is not None:
        return address.url
    try:
        place.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise from_system(error, f"无法建立目录 {place.home}") from error
    with only_one(place.lock_file, say) as lock:
        wishes = Wishes(say, over, durable, start_within_s, machine or Machine())
        return _bring_up(find_place(home), wishes, lock).url


def stop_cluster(home: Path, *, say: Say = quiet) -> bool:
    """Stop the cluster of `home`; False when there is none or it was not running."""
    place = find_place(home)
    if not place.is_made:
        return False
    with only_one(place.lock_file, say):
        return stop(place)


def remove_cluster(home: Path, *, say: Say = quiet) -> bool:
    """Stop the cluster of `home` and delete its data, also when outside; False when there is none."""
    place = find_place(home)
    if not place.folder.is_dir():
        return False
    with only_one(place.lock_file, say):
        stop(place)
        shutil.rmtree(place.folder)
        if place.is_outside:
            place.link.unlink()
        place.password_file.unlink(missing_ok=True)
        place.lock_file.unlink(missing_ok=True)
    return True


def cluster_status(home: Path) -> ClusterStatus:
    """How the cluster of `home` is; starts and mends nothing."""
    place = find_place(home)
    if not place.is_made:
        return ClusterStatus(ClusterState.absent, place.data, place.log)
    processes = working_in(place.data)
    address = _serving(place)
    version = str(place.major)
    state = ClusterState.unresponsive if processes else ClusterState.stopped
    if address is not None:
        state, version = ClusterState.running, _version(address) or version
    return ClusterStatus(
        state=state,
        data=place.data,
        log=place.log,
        account=name_of(place.folder.stat().st_uid),
        version=version,
        address=address.url if address else None,
        pid=postmaster_of(place.data, processes),
    )


def _serving(place: Place) -> Address | None:
    """The address of a server that answers as this cluster's, furnished."""
    address = read_address(place)
    if not place.pid_file.exists():  # stopped in order: whoever listens there now is somebody else
        return None
    if address is None or ask(address, place.data) not in {Answer.serving, Answer.full}:
        return None
    return address


def _bring_up(place: Place, wishes: Wishes, lock: int) -> Address:
    address = _serving(place)  # another process may have started it while we waited for the lock
    if address is not None:
        return address
    account = account_for(place.home, place.folder)
    if not place.is_made:
        choose(wishes.machine)  # without PostgreSQL not even a folder is made
    place = prepare_place(place, account, wishes.machine, wishes.say)
    address = settle(place, wishes.say) or _make_and_start(place, account, wishes, lock)
    furnish(address)
    secret = read_password(place)
    if address.over is Over.tcp and secret is not None:
        set_password(address, secret)
    check_database(address.url)
    return address


def _make_and_start(place: Place, account: Account, wishes: Wishes, lock: int) -> Address:
    if place.is_made:
        binaries = choose(wishes.machine, major=place.major)
        clear_unfinished(place)
    else:
        binaries = choose(wishes.machine)
        build(place, account, binaries, wishes, lock=lock)
    return start(place, account, binaries, wishes)


def _version(address: Address) -> str | None:
    with closing(address.connect()) as server:
        return server.get_parameter_status("server_version")
