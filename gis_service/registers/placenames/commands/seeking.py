"""Keeping the names that are searched equal to the names on record."""

from __future__ import annotations

from sqlalchemy import text

from gis_service.foundation.database import copy_rows, table_of, written_array
from gis_service.foundation.standing import full_sight
from gis_service.foundation.transaction import Transaction
from gis_service.registers.placenames.events import FeaturesChanged
from gis_service.registers.placenames.models import SoughtName
from gis_service.registers.placenames.queries.searching.rows import COLUMNS, SOME, names_of, sought_row

BATCH = 20_000  # features read, and rows written, at a time
_FORGET = text(f"DELETE FROM sought_name WHERE {SOME.format(id='feature_id')}")


def index_names(tx: Transaction, event: FeaturesChanged) -> None:
    """Let the names of these features be found as they now are."""
    ids = sorted(set(event.feature_ids))
    with full_sight(tx.session):
        for at in range(0, len(ids), BATCH):
            some = {"ids": written_array(ids[at : at + BATCH])}
            tx.session.execute(_FORGET, some)
            names = names_of(tx.session, SOME, some)
            copy_rows(tx.session, table_of(SoughtName), COLUMNS, map(sought_row, names))
