"""Versions with the acts that began and ended them, and the links of a unit to others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from gis_service.foundation.access import Classification, highest
from gis_service.foundation.readings import note_readings
from gis_service.registers.divisions.models import DivisionVersion, Lineage
from gis_service.registers.divisions.queries.published import (
    PublishedLink,
    PublishedVersion,
    published_links,
    published_versions,
)
from gis_service.registers.divisions.queries.standing import last_known, lineage_of
from gis_service.registers.instruments.models import Instrument
from gis_service.registers.instruments.queries import instruments_by_id, most_closely_kept


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version as people read it: the superior by its code, acts by number."""

    id: UUID
    code: str
    name: str
    level: str
    type: str | None
    seat: str | None
    superior: str | None
    valid_from: date
    valid_to: date | None
    begun_by: str
    ended_by: str | None
    classification: str
    begun_edtf: str | None
    ended_edtf: str | None


@dataclass(frozen=True, slots=True)
class Link:
    """A link between two units, seen from one of them; `unit` is the other, as last known."""

    unit: DivisionVersion
    kind: str
    on: date
    share_of_predecessor: float | None
    share_of_successor: float | None
    certainty: str
    instrument: str
    classification: Classification


@dataclass(frozen=True, slots=True)
class History:
    """All that is known about one unit in time: its versions, whence it came, what became of it."""

    id: UUID
    versions: tuple[VersionRow, ...]
    came_from: tuple[Link, ...]
    went_into: tuple[Link, ...]
    as_published: tuple[PublishedVersion, ...] = ()
    links_as_published: tuple[PublishedLink, ...] = ()


def note_history(session: Session, history: History) -> None:
    """Note that an answer holds a history, by the acts its parts stand by."""
    versions = ((version.classification, version.begun_by) for version in history.versions)
    links = ((each.classification, each.instrument) for each in (*history.came_from, *history.went_into))
    published = ((each.classification, each.begun_by) for each in history.as_published)
    note_readings(session, (*versions, *links, *published))


def _versions(units: list[UUID]) -> Select[Any]:
    """The columns of `VersionRow` in its order, oldest version first; superiors as on its first day."""
    superior, begun, ended = aliased(DivisionVersion), aliased(Instrument), aliased(Instrument)
    starts = func.lower(DivisionVersion.valid)
    above = superior.valid.op("@>", is_comparison=True)(starts)
    return (
        select(
            DivisionVersion.division_id,
            DivisionVersion.code,
            DivisionVersion.name,
            DivisionVersion.level,
            DivisionVersion.type,
            DivisionVersion.seat,
            superior.code,
            starts,
            func.upper(DivisionVersion.valid),
            begun.number,
            ended.number,
            most_closely_kept(begun.classification, ended.classification),
            DivisionVersion.begun_edtf,
            DivisionVersion.ended_edtf,
        )
        .join(begun, begun.id == DivisionVersion.begun_by)
        .outerjoin(ended, ended.id == DivisionVersion.ended_by)
        .outerjoin(superior, (superior.division_id == DivisionVersion.superior_id) & above)
        .where(DivisionVersion.division_id.in_(units))
        .order_by(starts)
    )


def histories_of(session: Session, ids: Iterable[UUID]) -> list[History]:
    """The histories of units, in the given order; seven statements, however many units."""
    units = list(ids)
    rows = [VersionRow(*row) for row in session.execute(_versions(units))]
    links = lineage_of(session, units)
    linked = _linked(session, links)
    published, former = published_versions(session, units), published_links(session, units)
    return [
        History(
            id=unit,
            versions=tuple(row for row in rows if row.id == unit),
            came_from=tuple(linked[link, "from"] for link in links if link.successor_id == unit),
            went_into=tuple(linked[link, "into"] for link in links if link.predecessor_id == unit),
            as_published=tuple(each for each in published if each.id == unit),
            links_as_published=tuple(
                each for each in former if unit in {each.predecessor_id, each.successor_id}
            ),
        )
        for unit in units
    ]


def _linked(session: Session, links: list[Lineage]) -> dict[tuple[Lineage, str], Link]:
    """Each link seen from its successor (`from`) and from its predecessor (`into`)."""
    others = last_known(
        session, {side for link in links for side in (link.predecessor_id, link.successor_id)}
    )
    acts = instruments_by_id(session, {link.instrument_id for link in links})
    return {
        (link, direction): Link(
            unit=others[other],
            kind=link.kind,
            on=link.on_date,
            share_of_predecessor=link.share_of_predecessor,
            share_of_successor=link.share_of_successor,
            certainty=link.certainty,
            instrument=acts[link.instrument_id].number,
            classification=highest(acts[link.instrument_id].classification, others[other].classification),
        )
        for link in links
        for direction, other in (("from", link.predecessor_id), ("into", link.successor_id))
    }
