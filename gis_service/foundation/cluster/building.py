"""Making a cluster: beside its final place, then moved there in one step, so that none is ever half made."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from gis_service.foundation.cluster.account import Account
from gis_service.foundation.cluster.address import SUPERUSER
from gis_service.foundation.cluster.binaries import Binaries
from gis_service.foundation.cluster.conf import HBA, INCLUDE
from gis_service.foundation.cluster.machine import MIB
from gis_service.foundation.cluster.place import Place
from gis_service.foundation.cluster.trouble import NEEDED_MIB, from_server, full_disk
from gis_service.foundation.cluster.wishes import Wishes
from gis_service.foundation.errors import DatabaseUnavailable
from gis_service.foundation.files import sync_folder

UNFINISHED = "building-"
LOCALE = "C.UTF-8"  # keeps Chinese trigrams alive, and sorts alike on every machine


def build(place: Place, account: Account, binaries: Binaries, wishes: Wishes, *, lock: int) -> None:
    """Make the data directory of `place` with initdb.

    Raises:
        DatabaseUnavailable: no room, something else lies there, or initdb gave up; nothing is left behind.
    """
    clear_unfinished(place)
    _refuse_foreign_content(place)
    free = wishes.machine.free_bytes(place.folder)
    if free < NEEDED_MIB * MIB:
        raise full_disk(place.folder, free)
    wishes.say(f"正在建立私有数据库（PostgreSQL {binaries.major}，约需数秒）：{place.folder}")
    building = place.folder / f"{UNFINISHED}{os.getpid()}"
    try:
        outcome = account.run(
            _command(binaries, building, durable=wishes.durable), cwd=place.folder, keep_open=(lock,)
        )
        if outcome.returncode != 0:
            free = wishes.machine.free_bytes(place.folder)
            raise from_server(outcome.stdout + outcome.stderr, log=place.log, folder=place.folder, free=free)
        _configure(building)
        building.rename(place.data)
        sync_folder(place.folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def clear_unfinished(place: Place) -> None:
    """Remove what an interrupted initdb left; the caller holds the lock, so nobody works there any more."""
    for leftover in place.folder.glob(f"{UNFINISHED}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _refuse_foreign_content(place: Place) -> None:
    if not place.data.exists():
        return
    if place.data.is_dir() and not any(place.data.iterdir()):
        place.data.rmdir()
        return
    raise DatabaseUnavailable(
        f"{place.data} 已有内容，但不是完整的数据库集群，未作任何改动",
        way_out="请把它移到别处（其中若有数据，请从备份恢复），然后重试",
    )


def _command(binaries: Binaries, building: Path, *, durable: bool) -> list[str]:
    command = [
        binaries["initdb"],
        f"--pgdata={building.name}",
        f"--username={SUPERUSER}",
        "--encoding=UTF8",
        f"--locale={LOCALE}",
        "--auth-local=peer",
        "--auth-host=scram-sha-256",
        "--data-checksums",
        "--no-instructions",
    ]
    return command if durable else [*command, "--no-sync"]


def _configure(building: Path) -> None:
    with (building / "postgresql.conf").open("a", encoding="utf-8") as conf:
        conf.write(INCLUDE)
        os.fsync(conf.fileno())
    with (building / "pg_hba.conf").open("w", encoding="utf-8") as hba:
        hba.write(HBA)
        os.fsync(hba.fileno())
