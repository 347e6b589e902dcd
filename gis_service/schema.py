"""Every table of the service in one place, and how a database is brought up to date."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, event, inspect, text
from sqlalchemy.exc import OperationalError

from gis_service.foundation import register_states
from gis_service.foundation.database import Base
from gis_service.foundation.errors import DatabaseUnavailable
from gis_service.foundation.journal import models as journal_models
from gis_service.foundation.revisions import leave_word, may_serve, revision_of, served
from gis_service.procedures.accounts import models as credential_models
from gis_service.procedures.changes import models as change_models
from gis_service.procedures.corrections import models as correction_models
from gis_service.procedures.disputes import models as dispute_models
from gis_service.procedures.intake import models as intake_models
from gis_service.procedures.resurveys import models as resurvey_models
from gis_service.procedures.settlements import models as settlement_models
from gis_service.publications.maps import models as map_models
from gis_service.registers.archives import models as archive_models
from gis_service.registers.authorities import models as authority_models
from gis_service.registers.boundaries import models as boundary_models
from gis_service.registers.divisions import models as division_models
from gis_service.registers.instruments import models as instrument_models
from gis_service.registers.markers import models as marker_models
from gis_service.registers.placenames import models as placename_models
from gis_service.walls import raise_walls

MODEL_MODULES = (
    journal_models,
    register_states,
    instrument_models,
    division_models,
    authority_models,
    credential_models,
    boundary_models,
    marker_models,
    archive_models,
    placename_models,
    intake_models,
    change_models,
    correction_models,
    resurvey_models,
    settlement_models,
    dispute_models,
    map_models,
)
metadata = Base.metadata


@event.listens_for(metadata, "after_create")
def _walled(_metadata: MetaData, connection: Connection, **_: Any) -> None:
    raise_walls(connection)


PAUSES_S = (0.5,) * 40  # after each attempt at the locks a migration needs
BUSY = {"55P03", "40P01"}  # lock not available, deadlock

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def newest_revision() -> str | None:
    """The revision this version of the service expects."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def is_known(revision: str) -> bool:
    """Whether this version of the service can bring a database of this revision up to date."""
    known = (script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())
    return revision in known


def upgrade(engine: Engine, revision: str = "head") -> bool:
    """Bring the database to `revision`; returns whether anything was done. Two at once queue.

    The engine must work as the owner of the database. Others may go on reading and writing: they are held up
    while the migration runs, and for a moment by each attempt to begin it.

    Raises:
        DatabaseUnavailable: the schema is newer than this program can serve on, or too busy for the locks.
    """
    for pause in PAUSES_S:
        try:
            return _upgrade(engine, revision)
        except OperationalError as error:
            if getattr(error.orig, "pgcode", None) not in BUSY:
                raise
        time.sleep(pause)
    raise DatabaseUnavailable(
        f"登记簿正忙，试了 {len(PAUSES_S)} 次仍不能升级数据库结构，未作任何改动",
        way_out="旧版程序照常服务；请在较空闲时重试，或查找长时间未结束的事务",
    )


def _upgrade(engine: Engine, revision: str) -> bool:
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('gis_service.migrations'))"))
        before = revision_of(connection)
        if revision == "head" and before == newest_revision():
            return raise_walls(connection)
        if before is not None and not is_known(before):
            _require_served(connection, before)
            return False
        _take_all_locks(connection)
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        if revision == "head":
            leave_word(connection, served(_chain()))
            raise_walls(connection)
        return True


def _take_all_locks(connection: Connection) -> None:
    """Every lock a migration may need, at once and within a second, or none.

    One that waits for a table while it holds another stands in the way of all who need both; where they wait
    for each other, PostgreSQL may turn the others down.
    """
    connection.execute(text("SET LOCAL lock_timeout = '50ms'"))
    there = set(inspect(connection).get_table_names()) & set(metadata.tables)
    if there:
        connection.execute(text(f"LOCK TABLE {', '.join(sorted(there))} IN ACCESS EXCLUSIVE MODE"))


def _require_served(connection: Connection, found: str) -> None:
    if not may_serve(connection, newest_revision()):
        raise DatabaseUnavailable(
            f"数据库结构的版本 {found} 比本程序新，本程序不能在其上服务",
            way_out="请换用升级数据库时所用的程序版本",
        )


def _chain() -> list[tuple[str, str | None]]:
    """Every revision from the first, with the oldest program it bears with."""
    scripts = reversed(list(ScriptDirectory.from_config(_config()).walk_revisions()))
    return [(script.revision, getattr(script.module, "oldest_program", None)) for script in scripts]
