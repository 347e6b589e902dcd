"""What was published of units, before an act took it back or put it right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from gis_service.registers.divisions.models import SupersededLink, SupersededVersion
from gis_service.registers.divisions.queries.standing import last_known
from gis_service.registers.instruments.models import Instrument


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """A version as it was published, by which act, and by which act and when that came to an end."""

    id: UUID
    code: str
    name: str
    level: str
    type: str | None
    seat: str | None
    valid_from: date
    valid_to: date | None
    begun_by: str
    superseded_at: datetime
    superseded_by: str
    classification: str


@dataclass(frozen=True, slots=True)
class PublishedLink:
    """A link between two units as it was published; units by name and code."""

    predecessor_id: UUID
    successor_id: UUID
    predecessor: str
    successor: str
    kind: str
    on: date
    share_of_predecessor: float | None
    share_of_successor: float | None
    superseded_at: datetime
    superseded_by: str


def published_versions(session: Session, units: Iterable[UUID]) -> list[PublishedVersion]:
    """What was published of units and holds no more, in the order in which it was superseded."""
    begun, by = aliased(Instrument), aliased(Instrument)
    wanted = (
        select(
            SupersededVersion.division_id,
            SupersededVersion.code,
            SupersededVersion.name,
            SupersededVersion.level,
            SupersededVersion.type,
            SupersededVersion.seat,
            func.lower(SupersededVersion.valid),
            func.upper(SupersededVersion.valid),
            begun.number,
            SupersededVersion.superseded_at,
            by.number,
            begun.classification,
        )
        .join(begun, begun.id == SupersededVersion.begun_by)
        .join(by, by.id == SupersededVersion.superseded_by)
        .where(SupersededVersion.division_id.in_(list(units)))
        .order_by(
            SupersededVersion.superseded_at, func.lower(SupersededVersion.valid), SupersededVersion.code
        )
    )
    return [PublishedVersion(*row) for row in session.execute(wanted)]


def published_links(session: Session, units: Iterable[UUID]) -> list[PublishedLink]:
    """The links of units that were published and hold no more."""
    ids = list(units)
    sides = (SupersededLink.predecessor_id, SupersededLink.successor_id)
    wanted = (
        select(SupersededLink, Instrument.number)
        .join(Instrument, Instrument.id == SupersededLink.superseded_by)
        .where(or_(*(side.in_(ids) for side in sides)))
        .order_by(SupersededLink.superseded_at, SupersededLink.on_date)
    )
    rows = session.execute(wanted).all()
    names = _names(session, {side for link, _ in rows for side in (link.predecessor_id, link.successor_id)})
    return [
        PublishedLink(
            link.predecessor_id,
            link.successor_id,
            names.get(link.predecessor_id, ""),
            names.get(link.successor_id, ""),
            link.kind,
            link.on_date,
            link.share_of_predecessor,
            link.share_of_successor,
            link.superseded_at,
            number,
        )
        for link, number in rows
    ]


def _names(session: Session, units: set[UUID]) -> dict[UUID, str]:
    published = select(SupersededVersion).where(SupersededVersion.division_id.in_(units))
    named = {each.division_id: f"{each.name}（{each.code}）" for each in session.scalars(published)}
    return named | {key: f"{each.name}（{each.code}）" for key, each in last_known(session, units).items()}


def ids_published(session: Session, reference: UUID | str) -> list[UUID]:
    """The units that were published under a code or id and hold it no more."""
    column = SupersededVersion.code if isinstance(reference, str) else SupersededVersion.division_id
    return list(session.scalars(select(SupersededVersion.division_id).where(column == reference).distinct()))
