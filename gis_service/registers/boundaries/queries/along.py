"""Which edges lie between two units on a day, and so what a registered line consists of.

Two statements that follow the indexes, then a walk over the edges in memory: the cost grows with the lines
asked for, not with the registers, and no planner can mistake it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any
from uuid import UUID

from sqlalchemy import Select, String, any_, bindparam, cast, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Session

from gis_service.foundation.access import Classification, highest
from gis_service.foundation.geojson import as_geojson
from gis_service.registers.boundaries.models import Edge
from gis_service.registers.boundaries.queries.standing import AnyLine
from gis_service.registers.boundaries.queries.statements import statement_on_edges
from gis_service.registers.instruments.models import Instrument

_IDS = ARRAY(PG_UUID(as_uuid=True))

# LATERAL … OFFSET 0 keeps the planner on the indexes: it cannot know how small a subtree is, and would read
# whole tables at national scale.
_HELD_SQL = """
WITH RECURSIVE kept AS MATERIALIZED (
    SELECT id, classification = '涉密' AS is_secret FROM instrument WHERE classification <> '公开'
),
tree(root, id, code, begun_by) AS (
    SELECT v.division_id, v.division_id, v.code, v.begun_by FROM division_version v
    WHERE v.division_id = ANY(:units) AND v.valid @> :on
    UNION ALL
    SELECT tree.root, below.division_id, below.code, below.begun_by FROM tree, LATERAL (
        SELECT division_id, code, begun_by FROM division_version v
        WHERE v.superior_id = tree.id AND v.valid @> :on OFFSET 0
    ) below
)
SELECT tree.root, tree.code, held.face_id,
    (SELECT CASE WHEN bool_or(is_secret) THEN '涉密' WHEN count(*) > 0 THEN '内部' ELSE '公开' END
        FROM kept WHERE kept.id IN (tree.begun_by, held.begun_by)) AS classification
FROM tree, LATERAL (
    SELECT face_id, begun_by FROM membership m WHERE m.division_id = tree.id AND m.valid @> :on OFFSET 0
) held
"""
# With the pairs between which something is not shown to the reader: their lengths would be told wrong.
_WITHHELD_SQL = """
UNION ALL SELECT first_id, CAST(second_id AS text), NULL, NULL FROM partly_hidden(:ones, :others, :on)
"""
_COLUMNS: dict[str, Any] = {
    "root": PG_UUID(as_uuid=True),
    "code": String(),
    "face_id": PG_UUID(as_uuid=True),
    "classification": String(),
}
_ARRAYS = [bindparam(name, type_=_IDS) for name in ("units", "ones", "others")]
_HELD = text(_HELD_SQL).bindparams(_ARRAYS[0]).columns(**_COLUMNS)
_HELD_OR_WITHHELD = text(_HELD_SQL + _WITHHELD_SQL).bindparams(*_ARRAYS).columns(**_COLUMNS)


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
    source: str
    classification: Classification


@dataclass(frozen=True, slots=True)
class Along:
    """The edges between the two units of each pair; none of a pair that the reader may see only in part."""

    edges: Mapping[UUID, list[EdgeAlong]]
    withheld: frozenset[UUID]

    def of(self, pair: UUID) -> list[EdgeAlong]:
        """The edges of one pair."""
        return self.edges.get(pair, [])

    def __iter__(self) -> Iterator[EdgeAlong]:
        """All edges of all pairs."""
        return (edge for edges in self.edges.values() for edge in edges)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Edges sewn together as GeoJSON text, with what readers must be told about their sources."""

    geometry: str | None
    statement: str | None


def edges_along(session: Session, pairs: Mapping[frozenset[UUID], UUID], *, on: date) -> Along:
    """The edges between the two units of each pair on a day, under the id the pair was given.

    For registered lines, `pairs` comes from `sides_of`. The two units of a pair must
    not contain one another.
    """
    code_of: dict[UUID, str] = {}
    kept_as: dict[UUID, str] = {}
    holders: dict[UUID, list[UUID]] = defaultdict(list)
    withheld: set[UUID] = set()
    for root, code, face, kept in session.execute(_HELD_OR_WITHHELD, _asked(pairs) | {"on": on}):
        if face is None:
            withheld.add(pairs[frozenset((root, UUID(code)))])
            continue
        code_of[face], kept_as[face] = code, kept
        holders[face].append(root)
    along: dict[UUID, list[EdgeAlong]] = defaultdict(list)
    for edge, left, right, length_m, source, level in session.execute(_edges_between(list(code_of))):
        assert right is not None  # the condition says so
        kept = highest(level, kept_as[left], kept_as[right])
        found = EdgeAlong(edge, code_of[left], code_of[right], length_m, source, kept)
        for one, other in product(holders[left], holders[right]):
            key = pairs.get(frozenset((one, other)))
            if key is not None and key not in withheld:
                along[key].append(found)
    return Along(along, frozenset(withheld))


def _asked(pairs: Iterable[frozenset[UUID]]) -> dict[str, list[UUID]]:
    sides = [tuple(pair) for pair in pairs]
    ones, others = [one for one, _ in sides], [other for _, other in sides]
    return {"units": list({*ones, *others}), "ones": ones, "others": others}


def _edges_between(faces: list[UUID]) -> Select[UUID, UUID, UUID | None, float, str, str]:
    held = cast(faces, _IDS)
    told = (Edge.length_m, Instrument.number, Instrument.classification)
    return (
        select(Edge.id, Edge.left_face_id, Edge.right_face_id, *told)
        .join(Instrument, Instrument.id == Edge.source_id)
        .where(Edge.left_face_id == any_(held), Edge.right_face_id == any_(held))
    )


def faces_under(session: Session, units: Iterable[UUID], *, on: date) -> dict[UUID, list[UUID]]:
    """The faces that belong to each unit, or to any unit below it, on a day."""
    faces: dict[UUID, list[UUID]] = {unit: [] for unit in units}
    for root, _, face, _ in session.execute(_HELD, {"units": list(faces), "on": on}):
        faces[root].append(face)
    return faces


def sides_of(lines: Iterable[AnyLine]) -> dict[frozenset[UUID], UUID]:
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


def drawn_each(session: Session, along: Along) -> dict[UUID, str]:
    """The edges of each line sewn together, as GeoJSON text; one statement for all."""
    pieces = [(line, edge.id) for line, edges in along.edges.items() for edge in edges]
    member = (
        func.unnest(cast([line for line, _ in pieces], _IDS), cast([edge for _, edge in pieces], _IDS))
        .table_valued("line", "edge", name="piece")
        .render_derived()
    )
    merged = as_geojson(func.ST_Multi(func.ST_LineMerge(func.ST_Collect(Edge.geom))))
    wanted = select(member.c.line, merged).join(Edge, Edge.id == member.c.edge).group_by(member.c.line)
    return {row[0]: row[1] for row in session.execute(wanted)}
