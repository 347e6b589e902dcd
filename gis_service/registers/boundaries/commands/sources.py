"""Naming the sources of areas that were derived before they were kept with them."""

from __future__ import annotations

from sqlalchemy import text

from gis_service.foundation.standing import full_sight
from gis_service.foundation.transaction import Transaction
from gis_service.registers.instruments.events import InstrumentReclassified

_NAME = text("""
WITH RECURSIVE below(extent_id, unit, valid) AS (
    SELECT id, division_id, valid FROM extent WHERE sources = '{}'
    UNION
    SELECT below.extent_id, v.division_id, below.valid
    FROM below JOIN division_version v ON v.superior_id = below.unit AND v.valid && below.valid
)
UPDATE extent SET sources = found.sources FROM (
    SELECT below.extent_id, array_agg(DISTINCT face.source_id) AS sources
    FROM below
    JOIN membership m ON m.division_id = below.unit AND m.valid && below.valid
    JOIN face ON face.id = m.face_id
    GROUP BY below.extent_id
) found WHERE found.extent_id = extent.id
""")


def name_sources(tx: Transaction, _event: InstrumentReclassified) -> None:
    """See to it that no area stays known whose source is kept closely: older programs name none."""
    with full_sight(tx.session):
        tx.session.execute(_NAME)
