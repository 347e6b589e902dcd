"""What lies between units on a day: the border of any two, and who borders whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

import shapely
from shapely.geometry import MultiLineString
from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Session

from gis_service.foundation.wkb import read_wkb

# The edges between the faces of two units and all below them, in one statement, so that no list of faces goes
# to and fro. LATERAL … OFFSET 0 keeps the planner on the indexes: it cannot know how small a subtree is, and
# would read whole tables at national scale.
# IN … IS TRUE is looked up in a hash, never joined row by row: behind the walls the planner expects fewer
# rows than there are.
_BETWEEN = text("""
WITH RECURSIVE tree(root, id) AS (
    SELECT unit, unit FROM unnest(ARRAY[CAST(:one AS uuid), CAST(:other AS uuid)]) AS unit
    UNION ALL
    SELECT tree.root, below.division_id FROM tree, LATERAL (
        SELECT division_id FROM division_version v WHERE v.superior_id = tree.id AND v.valid @> :on OFFSET 0
    ) below
),
held AS MATERIALIZED (
    SELECT tree.root, own.face_id FROM tree, LATERAL (
        SELECT face_id FROM membership m WHERE m.division_id = tree.id AND m.valid @> :on OFFSET 0
    ) own
)
SELECT DISTINCT ON (across.id) ST_AsBinary(across.geom) FROM held here, LATERAL (
    SELECT e.id, e.right_face_id AS face_id, e.geom FROM edge e WHERE e.left_face_id = here.face_id
    UNION ALL
    SELECT e.id, e.left_face_id, e.geom FROM edge e WHERE e.right_face_id = here.face_id OFFSET 0
) across
WHERE here.root = CAST(:one AS uuid)
    AND (across.face_id IN (SELECT face_id FROM held WHERE root = CAST(:other AS uuid))) IS TRUE
""")


def border_between(session: Session, one: UUID, other: UUID, *, on: date) -> MultiLineString:
    """The common border of any two units on a day, lon/lat; empty where they do not touch along a line."""
    return merged(session.scalars(_BETWEEN, {"one": one, "other": other, "on": on}))


_NEIGHBOURS = text("""
WITH held AS (SELECT face_id, division_id FROM membership WHERE division_id = ANY(:units) AND valid @> :on),
across AS (
    SELECT held.division_id AS unit, e.right_face_id AS face
    FROM held JOIN edge e ON e.left_face_id = held.face_id
    UNION ALL
    SELECT held.division_id, e.left_face_id FROM held JOIN edge e ON e.right_face_id = held.face_id
)
SELECT DISTINCT across.unit, m.division_id AS neighbour
FROM across JOIN membership m ON m.face_id = across.face AND m.valid @> :on
WHERE m.division_id <> across.unit
""").bindparams(bindparam("units", type_=ARRAY(PG_UUID(as_uuid=True))))


def neighbours_of(session: Session, units: Iterable[UUID], *, on: date) -> dict[UUID, set[UUID]]:
    """The lowest-level units that share a stretch of border with each of these, on a day."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for row in session.execute(_NEIGHBOURS, {"units": list(units), "on": on}):
        found[row.unit].add(row.neighbour)
    return found


def merged(wkb: Iterable[bytes | memoryview]) -> MultiLineString:
    """Edges sewn together into as few lines as possible."""
    edges = MultiLineString(list(read_wkb(wkb)))
    return MultiLineString(list(shapely.get_parts(shapely.line_merge(edges))))
