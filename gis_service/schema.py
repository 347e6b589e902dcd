"""Every table of the service in one place, and how a database is brought up to date."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from gis_service.foundation.database import Base
from gis_service.foundation.journal import models as journal_models
from gis_service.procedures.changes import models as change_models
from gis_service.procedures.intake import models as intake_models
from gis_service.publications.maps import models as map_models
from gis_service.registers.boundaries import models as boundary_models
from gis_service.registers.divisions import models as division_models
from gis_service.registers.instruments import models as instrument_models

MODEL_MODULES = (
    journal_models,
    instrument_models,
    division_models,
    boundary_models,
    intake_models,
    change_models,
    map_models,
)
metadata = Base.metadata

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
    """Bring the database to `revision`; returns whether anything was done. Two at once queue."""
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('gis_service.migrations'))"))
        before = MigrationContext.configure(connection).get_current_revision()
        if revision == "head" and before == newest_revision():
            return False
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        return True
