"""Reading the links around units, or all of them, as a graph that ways can be followed in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Session

from gis_service.registers.divisions.models import Certainty
from gis_service.registers.divisions.queries.links import LINK_COLUMNS, LinkRow, links_between
from gis_service.registers.divisions.queries.spans import Span, spans_of, spells_of
from gis_service.registers.divisions.rules import Graph, LinkFact, graph_of

# One row for each link that leaves or enters a unit on any way from these units and, from where these ways
# lead, on any way back. LATERAL … OFFSET 0 keeps the planner on the indexes: it cannot know how few they are.
_CONE = """
WITH RECURSIVE reached(unit, since) AS (
    SELECT unnest(:units), CAST(:start AS date)
    UNION
    SELECT next.unit, next.on_date FROM reached, LATERAL (
        SELECT l.{goal} AS unit, l.on_date FROM lineage l
        WHERE l.{origin} = reached.unit AND l.on_date {later} reached.since
            AND l.on_date > :first AND l.on_date <= :last AND l.certainty NOT IN ('存疑', '随下级') OFFSET 0
    ) next
),
back(unit, since) AS (
    SELECT DISTINCT unit, CAST(:turn AS date) FROM reached
    UNION
    SELECT next.unit, next.on_date FROM back, LATERAL (
        SELECT l.{origin} AS unit, l.on_date FROM lineage l
        WHERE l.{goal} = back.unit AND l.on_date {sooner} back.since
            AND l.on_date > :first AND l.on_date <= :last AND l.certainty NOT IN ('存疑', '随下级') OFFSET 0
    ) next
),
around AS (SELECT unit FROM reached UNION SELECT unit FROM back)
SELECT {columns} FROM around, LATERAL (
    SELECT * FROM lineage l
    WHERE (l.predecessor_id = around.unit OR l.successor_id = around.unit)
        AND l.on_date > :first AND l.on_date <= :last OFFSET 0
) l JOIN instrument act ON act.id = l.instrument_id
"""
_UNITS = bindparam("units", type_=ARRAY(PG_UUID(as_uuid=True)))
_FORWARD, _BACKWARD = (
    text(_CONE.format(origin=origin, goal=goal, later=later, sooner=sooner, columns=LINK_COLUMNS)).bindparams(
        _UNITS
    )
    for origin, goal, later, sooner in (
        ("predecessor_id", "successor_id", ">", "<"),
        ("successor_id", "predecessor_id", "<", ">"),
    )
)


@dataclass(frozen=True, slots=True)
class Known:
    """What a trace stands on: the graph between two days, and every version of the units in it."""

    on: date
    to: date
    graph: Graph
    spans: Mapping[UUID, list[Span]]
    links: tuple[LinkFact, ...]

    def reversed(self) -> Known:
        """The same links, to be followed back."""
        graph = graph_of(self.links, self.graph.spells, on=self.to, to=self.on)
        return Known(self.to, self.on, graph, self.spans, self.links)

    def span(self, unit: UUID, day: date) -> Span | None:
        """What a unit was on a day."""
        return next((span for span in self.spans.get(unit, ()) if span.holds(day)), None)


def links_around(session: Session, units: Iterable[UUID], *, on: date, to: date) -> list[LinkRow]:
    """The links on all ways from these units between two days, and on all ways back from where these lead."""
    first, last = min(on, to), max(on, to)
    after_last = last + timedelta(days=1)  # a link of the last day still counts
    start, turn = (after_last, first) if to < on else (first, after_last)
    asked = {"units": list(units), "start": start, "turn": turn, "first": first, "last": last}
    return [LinkRow(*row) for row in session.execute(_BACKWARD if to < on else _FORWARD, asked)]


def known_around(
    session: Session, units: Iterable[UUID], *, on: date, to: date, with_names: bool = True
) -> Known:
    """What is needed to follow units from one day to another, and to say what their heirs are made of."""
    sources = list(units)
    links = links_that_carry(links_around(session, sources, on=on, to=to))
    concerned = _sides(links) | set(sources)
    spans = spans_of(session, concerned, with_superior=False) if with_names else {}
    spells = (
        {unit: [(span.begins, span.ends) for span in held] for unit, held in spans.items()}
        if with_names
        else spells_of(session, concerned)
    )
    facts = tuple({fact_of(link): None for link in links})
    return Known(on, to, graph_of(facts, spells, on=on, to=to), spans, facts)


def known_between(session: Session, units: Iterable[UUID], *, on: date, to: date) -> Known:
    """All links between two days, read once, to follow many units; what these were called is not read."""
    links = links_that_carry(links_between(session, after=min(on, to), until=max(on, to)))
    spells = spells_of(session, _sides(links) | set(units))
    facts = tuple(fact_of(link) for link in links)
    return Known(on, to, graph_of(facts, spells, on=on, to=to), {}, facts)


def links_that_carry(links: Iterable[LinkRow]) -> list[LinkRow]:
    """All but the links between superiors: area travels with the units below them."""
    return [link for link in links if link.certainty != Certainty.derived.value]


def _sides(links: Iterable[LinkRow]) -> set[UUID]:
    return {side for link in links for side in (link.predecessor, link.successor)}


def fact_of(link: LinkRow) -> LinkFact:
    """What a link says to those who follow it."""
    return LinkFact(
        link.predecessor,
        link.successor,
        link.on,
        link.share_of_predecessor,
        link.share_of_successor,
        link.certainty == Certainty.doubtful.value,
        link.certainty == Certainty.certain.value,
        link,
    )


# The lowest units under some units on a day, each with the chain of units it hangs on up to the root.
_LEAVES = text("""
WITH RECURSIVE tree(root, unit, chain) AS (
    SELECT unit, unit, ARRAY[unit] FROM unnest(:units) AS asked(unit)
    UNION ALL
    SELECT tree.root, below.division_id, below.division_id || tree.chain FROM tree, LATERAL (
        SELECT v.division_id FROM division_version v
        WHERE v.superior_id = tree.unit AND v.valid @> :on OFFSET 0
    ) below
)
SELECT root, chain FROM tree WHERE NOT EXISTS (
    SELECT FROM division_version v WHERE v.superior_id = tree.unit AND v.valid @> :on OFFSET 0
)
""").bindparams(_UNITS)


def leaves_of(session: Session, units: Iterable[UUID], *, on: date) -> dict[UUID, list[list[UUID]]]:
    """The lowest units under each of these on a day, itself where nothing hangs on it, as chains up to it."""
    found: dict[UUID, list[list[UUID]]] = {}
    for root, chain in session.execute(_LEAVES, {"units": list(units), "on": on}):
        found.setdefault(root, []).append(list(chain))
    return found


_ABOVE = text("""
WITH RECURSIVE up(unit, level, superior_id) AS (
    SELECT v.division_id, v.level, v.superior_id FROM unnest(:units) AS asked(unit), LATERAL (
        SELECT * FROM division_version v WHERE v.division_id = asked.unit AND v.valid @> :on OFFSET 0
    ) v
    UNION
    SELECT v.division_id, v.level, v.superior_id FROM up, LATERAL (
        SELECT * FROM division_version v WHERE v.division_id = up.superior_id AND v.valid @> :on OFFSET 0
    ) v
)
SELECT unit, level, superior_id FROM up
""").bindparams(_UNITS)


def placed_on(session: Session, units: Iterable[UUID], *, on: date) -> dict[UUID, tuple[str, UUID | None]]:
    """Level and superior of these units and of all above them on a day."""
    rows = session.execute(_ABOVE, {"units": list(units), "on": on})
    return {unit: (level, superior) for unit, level, superior in rows}
