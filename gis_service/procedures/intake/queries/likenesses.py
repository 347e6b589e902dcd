"""The features of a county as records of foreign lists are likened to them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis_service.foundation.access import Classification
from gis_service.procedures.intake.rules.placenames import STATISTICAL
from gis_service.procedures.intake.rules.placenames.scoring import Known

_KNOWN = text(f"""
WITH units AS (
    SELECT division_id AS id, code FROM division_version
    WHERE left(code, 6) = ANY(:counties) AND valid @> CAST(:on AS date)
)
SELECT f.id, n.standard, n.others, f.code, v.facts->>'{STATISTICAL}', v.class_code, u.code,
    ST_X(ST_Centroid(s.geom)), ST_Y(ST_Centroid(s.geom)), i.classification
FROM feature_version v
JOIN feature f ON f.id = v.feature_id
JOIN units u ON u.id = v.division_ids[1]
JOIN instrument i ON i.id = v.begun_by
JOIN LATERAL (
    SELECT max(text) FILTER (WHERE kind = '标准名称' AND valid @> CAST(:on AS date)) AS standard,
        array_agg(text) AS others
    FROM place_name WHERE feature_id = f.id AND kind <> '少数民族语书写'
) n ON n.standard IS NOT NULL
LEFT JOIN LATERAL (
    SELECT geom FROM feature_shape
    WHERE feature_id = f.id AND valid @> CAST(:on AS date) ORDER BY role LIMIT 1
) s ON true
WHERE v.valid @> CAST(:on AS date) AND v.division_ids && (SELECT array_agg(id) FROM units)
""")


def features_of(session: Session, counties: Iterable[str], *, on: date) -> dict[UUID, Known]:
    """Every feature listed under these counties (six digits), or under what lies below them, on a day."""
    found = {}
    for row in session.execute(_KNOWN, {"counties": list(counties), "on": on}):
        id_, name, others, code, statistical, class_code, unit, lon, lat, kept = row
        beside = tuple(sorted({each for each in others if each != name}))
        codes = tuple(filter(None, (code, statistical)))
        place = None if lon is None else (lon, lat)
        found[id_] = Known(id_, name, beside, codes, class_code, unit, place, Classification(kept))
    return found
