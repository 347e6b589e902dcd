"""Telling what a change did (R-CHG-14): units, codes, who follows, what moved, lines, areas, duties."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import shapely
from shapely.geometry import MultiPolygon
from sqlalchemy.orm import Session

from gis_service.foundation.replaced import Replaced
from gis_service.procedures.changes.queries.corrected import corrections_told
from gis_service.procedures.changes.queries.markers import markers_told, tri_points_told
from gis_service.procedures.changes.rules import ChangeEvidence, Plan, Revised, duties, units_of
from gis_service.registers.boundaries.queries import LineOnDate, areas_on, lines_changed
from gis_service.registers.divisions.commands import Descent
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import divisions_by_id

# What a change touches in registers that do not exist yet; said, so that nobody takes silence for nothing.
NOT_YET_LISTED = ("地名及地名标志", "标准地名词条")


@dataclass(frozen=True, slots=True)
class PartMoved:
    """That a drawn part of one unit went to another: how large it is, and where it lies (lon/lat)."""

    giver: UUID
    taker: UUID
    area_km2: float
    shape: MultiPolygon

    def told(self, giver: str, taker: str) -> dict[str, Any]:
        """For people: the units by code, the area as GeoJSON."""
        geometry = json.loads(shapely.to_geojson(self.shape))
        return {"from": giver, "to": taker, "parts": [], "area_km2": self.area_km2, "geometry": geometry}


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the plan, who came out of whom, what moved in part, who held area."""

    evidence: ChangeEvidence
    plan: Plan
    links: Sequence[Descent]
    parted: Sequence[PartMoved]
    gave: tuple[UUID, ...]
    took: tuple[UUID, ...]
    replaced: tuple[Replaced, ...] = ()

    @property
    def units(self) -> list[str]:
        """Every unit that was written or whose area changed by itself."""
        moving = {unit for move in self.plan.moves for unit in (move.giver, move.taker)}
        revised = {each.after.id for each in self.plan.revised}
        begun = {unit.id for unit in self.plan.begun}
        return sorted(map(str, moving | revised | begun | set(self.plan.ended) | units_of(self.replaced)))


def tell(session: Session, written: Written, *, on: date, approved_on: date | None) -> dict[str, Any]:
    """What the registers say about a change after it was written; areas in km², lengths in km."""
    told = _Told(session, written, on)
    lines = lines_changed(session, on=on, before=written.gave, after=written.took)
    return {
        "effective_on": str(on),
        "units_ended": told.units(written.plan.ended, told.before),
        "units_begun": told.units([unit.id for unit in written.plan.begun], told.after),
        "units_revised": told.revised(follows=False),
        "followers": told.revised(follows=True),
        "corrected": corrections_told(session, written.replaced),
        "moved": told.moved(),
        "lineage": told.lineage(),
        "codes": told.codes(),
        "lines": {
            "ended": [_line(line) for line in lines.ended],
            "stayed": [_line(line) for line in lines.stayed],
            "begun": [_line(line) for line in lines.begun],
        },
        "markers": markers_told(session, lines, written.plan.ended, on=on),
        "tri_points": tri_points_told(session, written.plan.ended, told.before, on=on),
        "area_km2": {
            "before": sum(told.areas_before.get(unit, 0.0) for unit in written.gave),
            "after": sum(told.areas_after.get(unit, 0.0) for unit in written.took),
        },
        "duties": [_duty(duty.title, duty.due_on(approved_on) if approved_on else None) for duty in duties()],
        "not_listed": list(NOT_YET_LISTED),
    }


class _Told:
    """What the reader may know of the units concerned, on the eve and on the day."""

    def __init__(self, session: Session, written: Written, on: date) -> None:
        plan, eve = written.plan, on - timedelta(days=1)
        self.written = written
        sides = {side for link in written.links for side in (link.predecessor_id, link.successor_id)}
        revised = {each.after.id for each in plan.revised}
        above = {each.before.superior_id for each in plan.revised} - {None}
        above |= {each.after.superior_id for each in plan.revised} - {None}
        concerned = sides | revised | set(plan.ended) | {unit.id for unit in plan.begun}
        asked = concerned | {each for each in above if each is not None}
        self.before = divisions_by_id(session, asked, on=eve)
        self.after = divisions_by_id(session, asked, on=on)
        self.areas_before = _areas(session, {*plan.ended, *written.gave}, on=eve)
        self.areas_after = _areas(session, {*(u.id for u in plan.begun), *written.took}, on=on)

    def units(self, ids: Sequence[UUID], known: Mapping[UUID, DivisionVersion]) -> list[dict[str, Any]]:
        areas = {**self.areas_before, **self.areas_after}
        return [_unit(known[unit], areas) for unit in ids if unit in known]

    def revised(self, *, follows: bool) -> list[dict[str, Any]]:
        """Each revised unit as it was and as it is."""
        shown = (each for each in self.written.plan.revised if each.follows is follows)
        return [
            {
                "id": str(each.after.id),
                "level": each.after.level.value,
                "before": _state(self.before[each.before.id], self.before),
                "after": _state(self.after[each.after.id], self.after),
            }
            for each in sorted(shown, key=_by_level_and_code)
            if each.before.id in self.before and each.after.id in self.after
        ]

    def moved(self) -> list[dict[str, Any]]:
        """What went from one unit to another in part: as lower units, or as drawn."""
        standing = self.written.evidence.standing
        lists = [
            {
                "from": self.before[move.giver].code,
                "to": self.after[move.taker].code,
                "parts": [standing[part].code for part in move.parts if part in self.before],
                "area_km2": None,
                "geometry": None,
            }
            for move in self.written.plan.moves
            if move.parts and move.giver in self.before and move.taker in self.after
        ]
        drawn = [
            part.told(self.before[part.giver].code, self.after[part.taker].code)
            for part in self.written.parted
            if part.giver in self.before and part.taker in self.after
        ]
        return [*lists, *drawn]

    def lineage(self) -> list[dict[str, Any]]:
        return [
            {
                "from": self.before[link.predecessor_id].code,
                "to": self.after[link.successor_id].code,
                "kind": link.kind.value,
                "share_of_predecessor": link.share_of_predecessor,
                "share_of_successor": link.share_of_successor,
            }
            for link in self.written.links
            if link.predecessor_id in self.before and link.successor_id in self.after
        ]

    def codes(self) -> dict[str, list[str]]:
        """Codes given up and taken into use, by units that end and begin and by those that live on."""
        plan = self.written.plan
        recoded = {each.after.id for each in plan.revised if each.after.code != each.before.code}
        ended = {*plan.ended, *recoded} & set(self.before)
        begun = {*(unit.id for unit in plan.begun), *recoded} & set(self.after)
        return {
            "ended": sorted(self.before[unit].code for unit in ended),
            "begun": sorted(self.after[unit].code for unit in begun),
        }


def _by_level_and_code(each: Revised) -> tuple[int, str]:
    return each.after.level.rank, each.after.code


def _state(version: DivisionVersion, known: Mapping[UUID, DivisionVersion]) -> dict[str, Any]:
    superior = known.get(version.superior_id) if version.superior_id else None
    return {
        "code": version.code,
        "name": version.name,
        "type": version.type,
        "superior": superior.code if superior else None,
        "seat": version.seat,
    }


def _areas(session: Session, units: set[UUID], *, on: date) -> dict[UUID, float]:
    return {unit: area_km2 for unit, (_, area_km2) in areas_on(session, units, on=on).items()}


def _unit(version: DivisionVersion, areas: Mapping[UUID, float]) -> dict[str, Any]:
    return {
        "id": str(version.division_id),
        "code": version.code,
        "name": version.name,
        "type": version.type,
        "valid_from": str(version.valid.start),
        "valid_to": str(version.valid.end) if version.valid.end else None,
        "area_km2": areas.get(version.division_id),
    }


def _line(measured: LineOnDate) -> dict[str, Any]:
    line = measured.line
    return {"code": line.code, "name": line.name, "level": line.level, "length_km": measured.length_km}


def _duty(title: str, due_on: date | None) -> dict[str, Any]:
    return {"title": title, "due_on": str(due_on) if due_on else None}
