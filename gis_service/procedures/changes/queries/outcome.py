"""Telling what a change did (R-CHG-14): units, codes, lines, areas, duties."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from gis_service.procedures.changes.rules import duties
from gis_service.procedures.changes.rules.outcome import Share
from gis_service.registers.boundaries.queries import LineOnDate, areas_on, lines_changed
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import divisions_by_id

# What a change touches in registers that do not exist yet; said, so that nobody takes silence for nothing.
NOT_YET_LISTED = ("界桩", "地名及地名标志", "标准地名词条")


def tell(
    session: Session,
    *,
    on: date,
    approved_on: date | None,
    ended: Sequence[UUID],
    begun: Sequence[UUID],
    shares: Sequence[tuple[Share, str]],
) -> dict[str, Any]:
    """What the registers say about a change after it was written; areas in km², lengths in km."""
    eve = on - timedelta(days=1)
    before, after = divisions_by_id(session, ended, on=eve), divisions_by_id(session, begun, on=on)
    areas = {**_areas(session, ended, on=eve), **_areas(session, begun, on=on)}
    lines = lines_changed(session, on=on, before=ended, after=begun)
    return {
        "effective_on": str(on),
        "units_ended": [_unit(before[unit], areas) for unit in ended],
        "units_begun": [_unit(after[unit], areas) for unit in begun],
        "lineage": [_share(share, kind, before) for share, kind in shares],
        "codes": {
            "ended": sorted(unit.code for unit in before.values()),
            "begun": sorted(unit.code for unit in after.values()),
        },
        "lines": {
            "ended": [_line(line) for line in lines.ended],
            "stayed": [_line(line) for line in lines.stayed],
            "begun": [_line(line) for line in lines.begun],
        },
        "area_km2": {
            "before": sum(areas.get(unit, 0.0) for unit in ended),
            "after": sum(areas.get(unit, 0.0) for unit in begun),
        },
        "duties": [_duty(duty.title, duty.due_on(approved_on) if approved_on else None) for duty in duties()],
        "not_listed": list(NOT_YET_LISTED),
    }


def _areas(session: Session, units: Sequence[UUID], *, on: date) -> dict[UUID, float]:
    return {unit: area_km2 for unit, (_, area_km2) in areas_on(session, units, on=on).items()}


def _unit(version: DivisionVersion, areas: dict[UUID, float]) -> dict[str, Any]:
    return {
        "id": str(version.division_id),
        "code": version.code,
        "name": version.name,
        "type": version.type,
        "valid_from": str(version.valid.start),
        "valid_to": str(version.valid.end) if version.valid.end else None,
        "area_km2": areas.get(version.division_id),
    }


def _share(share: Share, kind: str, before: dict[UUID, DivisionVersion]) -> dict[str, Any]:
    return {
        "from": before[share.giver].code,
        "to": share.taker_code,
        "kind": kind,
        "share_of_predecessor": share.share_of_giver,
        "share_of_successor": share.share_of_taker,
    }


def _line(measured: LineOnDate) -> dict[str, Any]:
    line = measured.line
    return {"code": line.code, "name": line.name, "level": line.level, "length_km": measured.length_km}


def _duty(title: str, due_on: date | None) -> dict[str, Any]:
    return {"title": title, "due_on": str(due_on) if due_on else None}
