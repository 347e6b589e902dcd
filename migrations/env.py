"""Alembic environment: the caller hands in an open connection; every model module is imported here."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from geoalchemy2 import alembic_helpers
from sqlalchemy import text

from gis_service.foundation.database import PeriodColumn
from gis_service.schema import metadata


def include_object(thing: object, name: str | None, kind: str, reflected: bool, other: object) -> bool:
    """Leave PostGIS's own tables alone."""
    if kind == "table" and name == "spatial_ref_sys":
        return False
    return bool(alembic_helpers.include_object(thing, name, kind, reflected, other))


def render_item(kind: str, thing: object, autogen_context: Any) -> str | Literal[False]:
    """Write period columns as what they are in the database; migrations import nothing of ours."""
    if isinstance(thing, PeriodColumn):
        return "postgresql.DATERANGE()"
    rendered: str | Literal[False] = alembic_helpers.render_item(kind, thing, autogen_context)
    return rendered


def run() -> None:
    """Run migrations in one transaction, with timeouts so that a busy register is never locked for long."""
    connection = context.config.attributes["connection"]
    connection.execute(text("SET LOCAL lock_timeout = '2s'"))
    connection.execute(text("SET LOCAL statement_timeout = '15min'"))
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_object=include_object,
        process_revision_directives=alembic_helpers.writer,
        render_item=render_item,
        compare_type=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
