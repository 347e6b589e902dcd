"""Which edges lie between two units on a day, and so what a registered line consists of.

Two statements that follow the indexes, then a walk over the edges in memory: the cost grows with the lines
asked for, not with the registers, and no planner can mistake it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from uuid import UUID

from sqlalchemy import Select, any_, bindparam, cast, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Session

from gis_service.foundation.geojson import as_geojson
from gis_service.registers.boundaries.models import BoundaryLine, Edge
from gis_service.registers.boundaries.queries.statements import statement_on_edges

_IDS = ARRAY(PG_UUID(as_uuid=True))

# LATERAL … OFFSET 0 keeps the planner on the indexes: it cannot know how small a subtree is, and would read
# whole tables at national scale.
_HELD = (
    text("""
WITH RECURSIVE tree(root, id, code) AS (
    SELECT v.division_id, v.division_id, v.code FROM division_version v
    WHERE v.division_id = ANY(:units) AND v.valid @> :on
    UNION ALL
    SELECT tree.root, below.division_id, below.code FROM tree, LATERAL (
        SELECT division_id, code FROM division_version v
        WHERE v.superior_id = tree.id AND v.valid @> :on OFFSET 0
    ) below
)
SELECT tree.root, tree.code, held.face_id FROM tree, LATERAL (
    SELECT face_id FROM membership m WHERE m.division_id = tree.id AND m.valid @> :on OFFSET 0
) held
""")
    .bindparams(bindparam("units", type_=_IDS))
    .columns(root=PG_UUID(as_uuid=True), face_id=PG_UUID(as_uuid=True))
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """How a line runs between two lowest-level units (codes ascending), with its length in kilometres."""

    low: str
    high: str
    length_km: float


@dataclass(frozen=True, slots=True)
class EdgeAlong:
    """An edge of a line, with the codes of the lowest-level units on its two sides."""

    id: UUID
    left: str
    right: str
    length_m: float


@dataclass(frozen=True, slots=True)
class Drawn:
    """Edges sewn together as GeoJSON text, with what readers must be told about their sources."""

    geometry: str | None
    statement: str | None


def edges_along(
    session: Session, pairs: Mapping[frozenset[UUID], UUID], *, on: date
) -> dict[UUID, list[EdgeAlong]]:
    """The edges between the two units of each pair on a day, under the id the pair was given.

    For registered lines, `pairs` comes from `sides_of`. The two units of a pair must
    not contain one another.
    """
    code_of: dict[UUID, str] = {}
    holders: dict[UUID, list[UUID]] = defaultdict(list)
    units = list({unit for pair in pairs for unit in pair})
    for root, code, face in session.execute(_HELD, {"units": units, "on": on}):
        code_of[face] = code
        holders[face].append(root)
    along: dict[UUID, list[EdgeAlong]] = defaultdict(list)
    for edge, left, right, length_m in session.execute(_edges_between(list(code_of))):
        assert right is not None  # the condition says so
        found = EdgeAlong(edge, code_of[left], code_of[right], length_m)
        for one, other in product(holders[left], holders[right]):
            if (key := pairs.get(frozenset((one, other)))) is not None:
                along[key].append(found)
    return along


def _edges_between(faces: list[UUID]) -> Select[UUID, UUID, UUID | None, float]:
    held = cast(faces, _IDS)
    return select(Edge.id, Edge.left_face_id, Edge.right_face_id, Edge.length_m).where(
        Edge.left_face_id == any_(held), Edge.right_face_id == any_(held)
    )


def faces_under(session: Session, units: Iterable[UUID], *, on: date) -> dict[UUID, list[UUID]]:
    """The faces that belong to each unit, or to any unit below it, on a day."""
    faces: dict[UUID, list[UUID]] = {unit: [] for unit in units}
    for root, _, face in session.execute(_HELD, {"units": list(faces), "on": on}):
        faces[root].append(face)
    return faces


def sides_of(lines: Iterable[BoundaryLine]) -> dict[frozenset[UUID], UUID]:
    """The two units of each line, and the line's id."""
    return {frozenset((line.first_id, line.second_id)): line.id for line in lines}


def stretches_of(edges: Iterable[EdgeAlong]) -> list[Stretch]:
    """Edges summed up by the two lowest-level units they run between, codes ascending."""
    lengths_m: dict[tuple[str, str], float] = defaultdict(float)
    for edge in edges:
        lengths_m[min(edge.left, edge.right), max(edge.left, edge.right)] += edge.length_m
    return [Stretch(low, high, total / 1000.0) for (low, high), total in sorted(lengths_m.items())]


def drawn(session: Session, edges: Sequence[EdgeAlong]) -> Drawn:
    """Edges sewn together into as few lines as possible; no geometry where there is no edge."""
    ids = cast([edge.id for edge in edges], _IDS)
    merged = as_geojson(func.ST_Multi(func.ST_LineMerge(func.ST_Collect(Edge.geom))))
    geometry = session.scalar(select(merged).where(Edge.id == any_(ids)))
    return Drawn(geometry, statement_on_edges(session, (edge.id for edge in edges)))


def drawn_each(session: Session, along: Mapping[UUID, Sequence[EdgeAlong]]) -> dict[UUID, str]:
    """The edges of each line sewn together, as GeoJSON text; one statement for all."""
    pieces = [(line, edge.id) for line, edges in along.items() for edge in edges]
    member = (
        func.unnest(cast([line for line, _ in pieces], _IDS), cast([edge for _, edge in pieces], _IDS))
        .table_valued("line", "edge", name="piece")
        .render_derived()
    )
    merged = as_geojson(func.ST_Multi(func.ST_LineMerge(func.ST_Collect(Edge.geom))))
    wanted = select(member.c.line, merged).join(Edge, Edge.id == member.c.edge).group_by(member.c.line)
    return {row[0]: row[1] for row in session.execute(wanted)}
