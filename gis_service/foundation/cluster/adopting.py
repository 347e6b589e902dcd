"""A cluster made from a copy of another's files, brought to a moment by its write-ahead log."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import tarfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gis_service.foundation.cluster.account import Account, account_for
from gis_service.foundation.cluster.binaries import choose
from gis_service.foundation.cluster.building import UNFINISHED
from gis_service.foundation.cluster.conf import (
    ARCHIVE_CONF_FILE,
    HBA,
    RECOVERY_CONF_FILE,
    lines,
)
from gis_service.foundation.cluster.keeping import ensure_cluster
from gis_service.foundation.cluster.lock import only_one
from gis_service.foundation.cluster.machine import Machine, Say, quiet
from gis_service.foundation.cluster.place import Place, find_place, prepare_place
from gis_service.foundation.cluster.trouble import from_system
from gis_service.foundation.errors import Conflict, DatabaseUnavailable
from gis_service.foundation.files import sync_folder

REPLAY_WITHIN_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class Replay:
    """Where the log lies that is played after the copy's own, and up to when; None means all there is."""

    archive: Path
    until: datetime | None


def adopt_cluster(
    home: Path, copy: Path, *, major: int, replay: Replay | None = None, say: Say = quiet
) -> str:
    """Unpack a base backup as the cluster of `home` and start it; returns its URL.

    Without `replay` it becomes what it was when the copy was finished. Either way it goes on with a timeline
    of its own, and keeps no archive: its log must not mix with that of the cluster it comes from.

    Raises:
        Conflict: `home` has a cluster.
        DatabaseUnavailable: the server this copy needs is missing, or its log does not reach the moment.
    """
    choose(Machine(), major=major)
    home.mkdir(parents=True, exist_ok=True)
    place = find_place(home)
    with only_one(place.lock_file, say):
        if place.is_made:
            raise Conflict(f"{home} 中已有数据库", way_out="请换一个空目录")
        account = account_for(place.home, place.folder)
        place = prepare_place(place, account, Machine(), say)
        _unpack(place, account, copy, replay)
    try:
        url = ensure_cluster(home, say=say, start_within_s=REPLAY_WITHIN_S)
    except DatabaseUnavailable as error:
        raise DatabaseUnavailable(f"{error.message}{_reached(place)}", way_out=error.way_out) from error
    (place.data / RECOVERY_CONF_FILE).unlink()
    return url


def _unpack(place: Place, account: Account, copy: Path, replay: Replay | None) -> None:
    building = place.folder / f"{UNFINISHED}{os.getpid()}"
    try:
        building.mkdir(mode=0o700)
        with tarfile.open(copy, "r|gz") as tar:
            for member in tar:
                _refuse_foreign(member, building)
                _put(tar, member, building / member.name)
        (building / ARCHIVE_CONF_FILE).unlink(missing_ok=True)
        (building / "pg_hba.conf").write_text(HBA, encoding="utf-8")
        (building / "recovery.signal").touch()
        (building / RECOVERY_CONF_FILE).write_text(lines(_recovery(replay)), encoding="utf-8")
        for path in (building, *building.rglob("*")):
            path.chmod(0o700 if path.is_dir() else 0o600)
            account.take(path)
        building.rename(place.data)
        sync_folder(place.folder)
    except OSError as error:
        raise from_system(error, f"无法恢复数据库到 {place.folder}") from error
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _refuse_foreign(member: tarfile.TarInfo, building: Path) -> None:
    """Files and folders of the cluster itself are taken, nothing that lies or points elsewhere.

    `tarfile` sees to that itself only from Python 3.11.4 on, and Debian 12 has an older one.
    """
    inside = (building / member.name).resolve().is_relative_to(building.resolve())
    if not (inside and (member.isreg() or member.isdir())):
        raise Conflict(f"备份中的“{member.name[:200]}”不是数据库自己的文件", way_out="请换一份备份")


def _put(tar: tarfile.TarFile, member: tarfile.TarInfo, place: Path) -> None:
    content = tar.extractfile(member)
    if content is None:
        place.mkdir(parents=True, exist_ok=True)
        return
    with content, place.open("wb") as file:
        shutil.copyfileobj(content, file)


def _reached(place: Place) -> str:
    """How far the log was played, by the server's own words."""
    words = place.log.read_text(encoding="utf-8", errors="replace") if place.log.is_file() else ""
    found = re.findall(r"last completed transaction was at log time (\S+ \S+)", words)
    return f"（最后一次写入在 {found[-1]} UTC）" if found else ""


def _recovery(replay: Replay | None) -> dict[str, str]:
    """Nobody is let in before the end: a register that is still changing back must not be seen."""
    always = {"hot_standby": "off", "recovery_target_action": "promote"}
    if replay is None:
        return always | {"restore_command": "/bin/false", "recovery_target": "immediate"}
    source = f"{shlex.quote(str(replay.archive)).replace('%', '%%')}/%f"
    moment = {"recovery_target_time": replay.until.isoformat(" ")} if replay.until else {}
    return always | {"restore_command": f"cp {source} %p"} | moment
