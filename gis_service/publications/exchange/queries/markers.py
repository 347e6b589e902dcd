"""Markers as rows of text under known names, such that the intake reads them back without loss."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from shapely.geometry import Point
from sqlalchemy.orm import Session

from gis_service.foundation.readings import note_readings
from gis_service.registers.boundaries.queries import lines_by_id
from gis_service.registers.boundaries.queries.by_sides import line_reference
from gis_service.registers.divisions.queries import last_known
from gis_service.registers.instruments.models import Instrument
from gis_service.registers.markers.models import BearingObject, TriPoint
from gis_service.registers.markers.queries import MarkerOnDay, markers_on
from gis_service.registers.markers.queries.meeting import codes_of, tri_points_of_markers, units_of
from gis_service.registers.markers.queries.standing import point_of

_DECIMALS = 9  # as many as positions are kept with


@dataclass(frozen=True, slots=True)
class MarkerRow:
    """A marker as a row; `point` for files of places."""

    cells: Mapping[str, str]
    point: Point | None


def marker_rows(session: Session, *, on: date, lines: Iterable[UUID]) -> list[MarkerRow]:
    """The markers of lines on a day by number, each once; what is told above public is noted."""
    found = markers_on(session, on=on, lines=lines)
    names = _line_names(session, found, on=on)
    units = {side for each in found for side in each.sides}
    units |= {each.version.managing_id for each in found if each.version.managing_id}
    codes = {unit: known.code for unit, known in last_known(session, list(units)).items()}
    papers = {each.marker.registered_by for each in found}
    kept = {paper: session.get_one(Instrument, paper).classification for paper in papers}
    note_readings(session, ((kept[each.marker.registered_by], each.number) for each in found))
    met = tri_points_of_markers(session, (each.marker.id for each in found), on=on)
    codes |= codes_of(session, met.values(), on=on)
    return [MarkerRow(_cells(each, names, codes, met.get(each.marker.id)), each.point) for each in found]


def _line_names(session: Session, found: Iterable[MarkerOnDay], *, on: date) -> dict[UUID, str]:
    ids = {line for each in found for line in (each.marker.line_id, *each.lines)}
    running = {line.id: line_reference(session, line, on=on) for line in lines_by_id(session, ids, on=on)}
    return {line: running.get(line, str(line)) for line in ids}


def _cells(
    each: MarkerOnDay, lines: Mapping[UUID, str], codes: Mapping[UUID, str], met: TriPoint | None
) -> dict[str, str]:
    marker, version = each.marker, each.version
    others = [lines[line] for line in each.lines if line != marker.line_id and line in lines]
    told: dict[str, Any] = {
        "number": each.number,
        "kind": marker.kind,
        "line": lines.get(marker.line_id),
        "lines": "；".join(sorted(others)),
        "tri_point": met and met.name,
        "units": met and "；".join(codes[unit] for unit in units_of(met) if unit in codes),
        "placement": version.placement,
        "shape": version.shape,
        "material": version.material,
        "managing": codes.get(version.managing_id) if version.managing_id else None,
        "custodian": version.custodian,
        "note": version.note,
        "historic": "是" if marker.is_historic else None,
        "synthetic": "是" if marker.is_synthetic else None,
        "state": each.state.value if each.state else None,
        "seen_on": each.seen.seen_on if each.seen else None,
        "observer": each.seen.observer if each.seen else None,
    }
    for position, (unit, place) in enumerate(
        sorted(each.sides.items(), key=lambda side: codes.get(side[0], "")), start=1
    ):
        told |= {f"side{position}": codes.get(unit), f"location{position}": place}
    told |= _position(each)
    for bearing in each.bearings:
        told |= _bearing(bearing)
    return {name: _text(value) for name, value in told.items() if value not in (None, "")}


def _position(each: MarkerOnDay) -> dict[str, Any]:
    kept = each.position
    if kept is None:
        return {}
    told: dict[str, Any] = {
        name: getattr(kept, name)
        for name in ("x", "y", "system", "zone_width", "zone", "height", "height_system", "given", "method")
    }
    told |= {"accuracy": kept.accuracy_m, "residual": kept.residual_m, "surveyed_on": kept.surveyed_on}
    if kept.transform is not None:
        told["transform"] = json.dumps(kept.transform, ensure_ascii=False)
    elif each.point is not None:
        told |= _degrees(each.point)
    return told


def _degrees(point: Point) -> dict[str, str]:
    return {"lon": f"{point.x:.{_DECIMALS}f}", "lat": f"{point.y:.{_DECIMALS}f}"}


def _bearing(bearing: BearingObject) -> dict[str, Any]:
    known = {"name": bearing.name, "azimuth": bearing.azimuth_deg, "distance": bearing.distance_m}
    point = point_of(bearing)
    placed = known | (_degrees(point) if point is not None else {})
    return {f"bearing{bearing.ordinal}_{name}": value for name, value in placed.items()}


def _text(value: Any) -> str:
    return repr(value) if isinstance(value, float) else str(value)
