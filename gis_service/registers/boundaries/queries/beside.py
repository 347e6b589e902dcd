"""What is told of a line beside its edges on a day: claims, indicators, uses, enclaves, descent of edges."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import shapely
from shapely.geometry import Polygon
from sqlalchemy import Select, any_, cast, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Session

from gis_service.foundation.database import holds_on
from gis_service.foundation.geojson import as_geojson
from gis_service.foundation.measure import area_km2
from gis_service.foundation.noding import segments_of
from gis_service.foundation.wkb import Geometries
from gis_service.registers.boundaries.models import ClaimedLine, CrossLineUse, EdgeDescent, Indicator
from gis_service.registers.boundaries.queries.areas import extents_on
from gis_service.registers.boundaries.queries.standing import AnyLine
from gis_service.registers.instruments.models import Instrument


@dataclass(frozen=True, slots=True)
class Beside:
    """A record of a line with its shape (GeoJSON) and the act it stands by."""

    row: Any
    geometry: str | None
    instrument: str
    classification: str


def claims_on(session: Session, line: AnyLine, *, on: date) -> list[Beside]:
    """What either side claims on a day, by section."""
    wanted = select(ClaimedLine).where(ClaimedLine.line_id == line.id, holds_on(ClaimedLine.valid, on))
    return _beside(session, ClaimedLine, wanted.order_by(ClaimedLine.section, ClaimedLine.id))


def indicators_on(session: Session, line: AnyLine, *, on: date) -> list[Beside]:
    """The indicators that fix a line on a day, by kind and name."""
    wanted = select(Indicator).where(Indicator.line_id == line.id, holds_on(Indicator.valid, on))
    return _beside(session, Indicator, wanted.order_by(Indicator.kind, Indicator.name, Indicator.id))


def uses_on(session: Session, line: AnyLine, *, on: date) -> list[Beside]:
    """The enclaves and uses of land beyond a line on record on a day."""
    wanted = select(CrossLineUse).where(CrossLineUse.line_id == line.id, holds_on(CrossLineUse.valid, on))
    return _beside(session, CrossLineUse, wanted.order_by(CrossLineUse.kind, CrossLineUse.place))


def _beside(session: Session, model: Any, wanted: Select[Any]) -> list[Beside]:
    told = wanted.add_columns(as_geojson(model.geom), Instrument.number, Instrument.classification)
    return [Beside(*row) for row in session.execute(told.join(Instrument, Instrument.id == model.begun_by))]


def descents_of(session: Session, edges: Iterable[UUID]) -> list[EdgeDescent]:
    """Which of these edges were cut from which, or had others cut from them."""
    ids = cast(list(edges), ARRAY(PG_UUID(as_uuid=True)))
    cut = or_(EdgeDescent.edge_id == any_(ids), EdgeDescent.cut_from_id == any_(ids))
    return list(session.scalars(select(EdgeDescent).where(cut).order_by(EdgeDescent.edge_id)))


@dataclass(frozen=True, slots=True)
class Enclave:
    """A part of one side (`user_id`) that lies wholly inside the other (`host_id`)."""

    user_id: UUID
    host_id: UUID
    area_km2: float
    shape: Polygon


def enclaves_on(session: Session, line: AnyLine, edges: Geometries, *, on: date) -> list[Enclave]:
    """Parts of either side that the line alone surrounds, the largest first; its largest part is none."""
    extents = extents_on(session, (line.first_id, line.second_id), on=on)
    border = {tuple(segment) for segment in segments_of(edges).tolist()}
    found = [
        Enclave(user, host, area_km2(part), part)
        for user, host in ((line.first_id, line.second_id), (line.second_id, line.first_id))
        if user in extents
        for part in _lesser_parts(extents[user])
        if _border_of(part) <= border
    ]
    return sorted(found, key=lambda each: -each.area_km2)


def _lesser_parts(extent: Any) -> Sequence[Polygon]:
    return sorted(shapely.get_parts(extent), key=lambda part: -part.area)[1:]


def _border_of(part: Polygon) -> set[tuple[int, ...]]:
    return {tuple(segment) for segment in segments_of(shapely.get_parts(part.exterior)).tolist()}
