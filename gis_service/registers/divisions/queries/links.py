"""Links between units read fast and by the thousand, with the acts that made them."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session


class LinkRow(NamedTuple):
    """That (part of) the area of one unit went to another, by an act."""

    predecessor: UUID
    successor: UUID
    on: date
    kind: str
    share_of_predecessor: float | None
    share_of_successor: float | None
    certainty: str
    number: str
    title: str
    classification: str


LINK_COLUMNS = """l.predecessor_id, l.successor_id, l.on_date, l.kind, l.share_of_predecessor,
    l.share_of_successor, l.certainty, act.number, act.title, act.classification"""

_BETWEEN = text(
    f"SELECT {LINK_COLUMNS} FROM lineage l JOIN instrument act ON act.id = l.instrument_id"
    " WHERE l.on_date > :after AND l.on_date <= :until"
    " ORDER BY l.on_date, l.predecessor_id, l.successor_id"
)


def links_between(session: Session, *, after: date, until: date) -> list[LinkRow]:
    """Every link of the days after one day, up to another, in their order."""
    rows = session.execute(_BETWEEN, {"after": after, "until": until})
    return [LinkRow(*row) for row in rows]
