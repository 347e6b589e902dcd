"""What a map of some units needs besides them: who lies around, how lines run, whose data it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from shapely.geometry import MultiLineString, MultiPolygon
from sqlalchemy import any_, cast, exists, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Session

from gis_service.foundation.database import envelope, holds_on
from gis_service.foundation.wkb import read_wkb
from gis_service.registers.boundaries.models import Edge, Extent, Face, Membership
from gis_service.registers.boundaries.queries.along import edges_along, sides_of
from gis_service.registers.boundaries.queries.between import merged
from gis_service.registers.boundaries.queries.standing import AnyLine
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.instruments.models import Instrument

Bounds = tuple[float, float, float, float]


def units_meeting(
    session: Session, bounds: Bounds, *, on: date
) -> list[tuple[DivisionVersion, MultiPolygon]]:
    """The lowest-level units whose extent meets a box (west, south, east, north) on a day, by code."""
    has_faces = exists().where(
        Membership.division_id == DivisionVersion.division_id, holds_on(Membership.valid, on)
    )
    wanted = (
        select(DivisionVersion, Extent.geom.ST_AsBinary())
        .join(Extent, Extent.division_id == DivisionVersion.division_id)
        .where(
            holds_on(DivisionVersion.valid, on),
            holds_on(Extent.valid, on),
            Extent.geom.intersects(envelope(*bounds)),
            has_faces,
        )
        .order_by(DivisionVersion.code)
    )
    rows = session.execute(wanted).all()
    shapes = read_wkb(row[1] for row in rows)
    return [(row[0], shape) for row, shape in zip(rows, shapes, strict=True)]


def courses_of(session: Session, lines: Iterable[AnyLine], *, on: date) -> dict[UUID, MultiLineString]:
    """How lines run on a day, lon/lat; a line without edges that day is absent."""
    along = edges_along(session, sides_of(lines), on=on)
    ids = cast([edge.id for edge in along], ARRAY(PG_UUID(as_uuid=True)))
    shapes = session.execute(select(Edge.id, Edge.geom.ST_AsBinary()).where(Edge.id == any_(ids)))
    geometry: dict[UUID, bytes] = {row[0]: row[1] for row in shapes}
    return {line: merged(geometry[edge.id] for edge in edges) for line, edges in along.edges.items()}


def sources_of(session: Session, units: Iterable[UUID], *, on: date) -> list[Instrument]:
    """The datasets the faces of these lowest-level units came from, by number."""
    wanted = (
        select(Instrument)
        .join(Face, Face.source_id == Instrument.id)
        .join(Membership, Membership.face_id == Face.id)
        .where(Membership.division_id.in_(list(units)), holds_on(Membership.valid, on))
        .distinct()
        .order_by(Instrument.number)
    )
    return list(session.scalars(wanted))


def stood_by(session: Session, units: Iterable[UUID], *, on: date) -> list[Instrument]:
    """The instruments by which units of any level and their areas stand on a day."""
    ids = list(units)
    versions = select(DivisionVersion.begun_by).where(
        DivisionVersion.division_id.in_(ids), holds_on(DivisionVersion.valid, on)
    )
    areas = select(func.unnest(Extent.sources)).where(Extent.division_id.in_(ids), holds_on(Extent.valid, on))
    return list(session.scalars(select(Instrument).where(Instrument.id.in_(versions.union(areas)))))
