"""Markers in the shapes of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from shapely.geometry import Point

from gis_service.foundation.crs import GEOJSON_DECIMALS
from gis_service.foundation.web import Feature
from gis_service.registers.boundaries.rules import Foot
from gis_service.registers.divisions.schemas import UnitOut
from gis_service.registers.instruments.models import Instrument
from gis_service.registers.markers.models import MarkerPaper
from gis_service.registers.markers.queries.histories import MarkerHistory
from gis_service.registers.markers.queries.standing import point_of
from gis_service.registers.markers.queries.telling import Told
from gis_service.registers.markers.schemas import (
    BearingOut,
    LineNamedOut,
    MarkerDetailOut,
    MarkerFileOut,
    MarkerOnLineOut,
    MarkerOut,
    MarkerPaperOut,
    ObservationOut,
    PositionOut,
    SideOut,
)

Papers = Mapping[UUID, Instrument]


def marker_out(told: Told) -> MarkerOut:
    """A marker of a list."""
    return MarkerOut(**_known(told))


def on_line_out(told: Told, foot: Foot | None) -> MarkerOnLineOut:
    """A marker with its foot on the line asked for."""
    where = {
        "chainage_m": foot and round(foot.chainage_m, 3),
        "offset_m": foot and round(foot.offset_m, 3),
        "side": foot and foot.side,
    }
    return MarkerOnLineOut(**_known(told), **where)


def detail_out(told: Told, history: MarkerHistory, papers: Papers, *, on: date) -> MarkerDetailOut:
    """A marker with all that is known of it."""
    marker = told.marker
    sides = [(told.units[unit], words) for unit, words in marker.sides.items() if unit in told.units]
    return MarkerDetailOut(
        **_known(told),
        on=on,
        sides=[SideOut(unit=UnitOut.model_validate(unit), location=words) for unit, words in sides],
        bearings=[BearingOut.model_validate(each) for each in marker.bearings],
        is_entrusted=marker.version.custodian is not None,
        note=marker.version.note,
        positions=[_position(each, papers) for each in history.positions],
        observations=[_observation(each, papers) for each in history.observations],
        papers=[
            _moved_by(each, papers[each.instrument_id], history)
            for each in history.moved_by
            if each.instrument_id in papers
        ],
        files=[MarkerFileOut.model_validate(each) for each in history.files],
    )


def feature_of(told: MarkerOut) -> Feature:
    """A marker as GeoJSON."""
    place = None if told.lon is None or told.lat is None else Point(told.lon, told.lat)
    return Feature(told.id, point_text(place), told)


def point_text(point: Point | None) -> str | None:
    """A place as GeoJSON text, lon/lat."""
    if point is None:
        return None
    lon, lat = round(point.x, GEOJSON_DECIMALS), round(point.y, GEOJSON_DECIMALS)
    return f'{{"type":"Point","coordinates":[{lon},{lat}]}}'


def _known(told: Told) -> dict[str, Any]:
    marker = told.marker
    identity, version, seen, point = marker.marker, marker.version, marker.seen, marker.point
    return {
        "id": identity.id,
        "number": identity.number,
        "kind": identity.kind,
        "placement": version.placement,
        "shape": version.shape,
        "material": version.material,
        "lines": [LineNamedOut.model_validate(line) for line in told.lines],
        "managing": told.managing and UnitOut.model_validate(told.managing),
        "state": seen and seen.state,
        "seen_on": seen and seen.seen_on,
        "lon": point and point.x,
        "lat": point and point.y,
        "height": marker.position and marker.position.height,
        "is_historic": identity.is_historic,
        "is_synthetic": identity.is_synthetic,
        "classification": told.classification,
        "valid_from": version.valid.start,
        "valid_to": version.valid.end,
    }


def _position(row: Any, papers: Papers) -> PositionOut:
    point = point_of(row)
    names = PositionOut.model_fields.keys() - {"lon", "lat", "valid_from", "valid_to", "begun_by"}
    return PositionOut(
        lon=point and point.x,
        lat=point and point.y,
        valid_from=row.valid.start,
        valid_to=row.valid.end,
        begun_by=_number(papers, row.begun_by),
        **{name: getattr(row, name) for name in names},
    )


def _observation(row: Any, papers: Papers) -> ObservationOut:
    found = point_of(row, "found")
    return ObservationOut(
        seen_on=row.seen_on,
        state=row.state,
        action=row.action,
        lon=found and found.x,
        lat=found and found.y,
        observer=row.observer,
        neighbour_present=row.neighbour_present,
        note=row.note,
        instrument=_number(papers, row.instrument_id),
    )


def _moved_by(row: MarkerPaper, paper: Instrument, history: MarkerHistory) -> MarkerPaperOut:
    signers = [history.signers[side] for side in row.signed_by if side in history.signers]
    return MarkerPaperOut(
        on=row.done_on,
        action=row.action,
        role=row.role,
        instrument=paper.number,
        instrument_id=paper.id,
        title=paper.title,
        issuer=paper.issuer,
        issued_on=paper.issued_on,
        signed_by=[UnitOut.model_validate(unit) for unit in sorted(signers, key=lambda unit: unit.code)],
        files=sorted(history.digests.get(paper.id, ())),
    )


def _number(papers: Papers, paper: UUID) -> str | None:
    return papers[paper].number if paper in papers else None
