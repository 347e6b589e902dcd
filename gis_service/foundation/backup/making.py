"""Making a backup: built beside its place, in an order in which every part vouches for the one before."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gis_service.foundation.backup.copying import Former, copied, finished, former
from gis_service.foundation.backup.database import (
    LOGICAL,
    PHYSICAL,
    Server,
    base_backup,
    dump,
    facts,
    snapshot_of,
)
from gis_service.foundation.backup.manifest import MANIFEST, Facts, Form, KeptFile, Manifest
from gis_service.foundation.backup.shelf import NAME, Shelf
from gis_service.foundation.cluster.machine import Say
from gis_service.foundation.files import write_whole
from gis_service.foundation.settings import Settings

DATABASE_FOLDER = "database"


@dataclass(frozen=True, slots=True)
class Sources:
    """What is to be backed up: a database, and an installation's files.

    `archive` is where the server keeps its write-ahead log for good, if it does.
    """

    server: Server
    settings: Settings
    service: str
    form: Form
    archive: Path | None = None
    with_keys: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """A finished backup."""

    folder: Path
    manifest: Manifest


def make_backup(sources: Sources, shelf: Shelf, clock: Callable[[], datetime], say: Say) -> Made:
    """One consistent backup on the shelf; the service goes on meanwhile.

    Checkpoints of the journal are copied before the database, so that none is of a later state than it; files
    after it, since a file is kept before the record that names it is committed.
    """
    begun = clock()
    before = former(shelf.backups)
    with shelf.place_for(begun, say) as place:
        files = [*_witnesses(sources, place, before)]
        told, first_segment = _database(sources, place, say)
        files += _database_files(sources, place)
        files += _documents(sources.settings, place, before, say)
        manifest = Manifest(
            service=sources.service,
            begun_at=begun,
            finished_at=clock(),
            form=sources.form,
            facts=told,
            first_segment=first_segment,
            archive=sources.archive,
            with_keys=sources.with_keys,
            files=tuple(files),
        )
        write_whole(place / MANIFEST, manifest.as_text().encode())
    return Made(shelf.folder / begun.strftime(NAME), manifest)


def _witnesses(sources: Sources, place: Path, before: Former) -> Iterable[KeptFile]:
    """Checkpoints, the public key that proves them, and what is secret only when asked for."""
    settings = sources.settings
    yield from copied(settings.checkpoints_dir, place, "checkpoints", before)
    private = settings.journal_key_file
    public = private.with_suffix(".pub.pem")
    secret = [private, settings.accounts_key_file] if sources.with_keys else []
    for key in [public, *secret]:
        if key.is_file():
            yield from copied(key, place, f"keys/{key.name}", before)


def _database(sources: Sources, place: Path, say: Say) -> tuple[Facts, str | None]:
    folder = place / DATABASE_FOLDER
    with snapshot_of(sources.server) as session:
        told = facts(session)
        if sources.form is Form.logical:
            dump(sources.server, session, folder, say)
            return told, None
    return told, base_backup(sources.server, folder, say)


def _database_files(sources: Sources, place: Path) -> Iterable[KeptFile]:
    name = PHYSICAL if sources.form is Form.physical else LOGICAL
    path = place / DATABASE_FOLDER / name
    yield finished(path, f"{DATABASE_FOLDER}/{name}")


def _documents(settings: Settings, place: Path, before: Former, say: Say) -> Iterable[KeptFile]:
    for folder in (settings.files_dir, settings.editions_dir):
        for number, file in enumerate(copied(folder, place, folder.name, before), start=1):
            say(f"{folder.name} 第 {number} 个文件")
            yield file
