"""What the interactive map shows, as GeoJSON with texts ready to be read, one set for each date."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.crs import GEOJSON_DECIMALS
from gis_service.publications.maps.schemas import (
    ChangeEvidence,
    ComparisonEvidence,
    Level,
    LineState,
    LineTrace,
    SheetEvidence,
    SheetPlan,
    UnitRole,
    UnitShape,
)
from gis_service.publications.maps.sheets.drafting.ground import (
    STATE_ZH,
    GroundChange,
    borders_gone,
    ground_change,
)
from gis_service.publications.maps.sheets.drafting.linework import (
    Segments,
    borders_of,
    line_of,
    segments_of,
    stated_levels,
)
from gis_service.publications.maps.sheets.drafting.symbols import fill_style

Feature = dict[str, Any]
Collection = dict[str, Any]
_LEVEL_ZH = {Level.province: "省级", Level.prefecture: "地级", Level.county: "县级", Level.township: "乡级"}


@dataclass(frozen=True, slots=True)
class Scene:
    """One date: areas, ordinary borders, lines that can be asked, and where names stand."""

    key: str
    areas: Collection
    borders: Collection
    lines: Collection
    names: Collection


def scenes(plan: SheetPlan) -> list[Scene]:
    """Both dates of a change, or the one date of a division."""
    evidence = plan.evidence
    if isinstance(evidence, ComparisonEvidence):
        none = GroundChange(*[frozenset[Any]()] * 3)
        gone = borders_gone(evidence.units_before, evidence.units_after)
        return [
            _with_line(_scene(plan, "before", evidence.units_before, (), none), gone),
            _with_line(_scene(plan, "after", evidence.units_after, evidence.lines, none), gone),
        ]
    if not isinstance(evidence, ChangeEvidence):
        units = (evidence.subject, *evidence.neighbours)
        return [_scene(plan, "after", units, evidence.lines, GroundChange(*[frozenset[Any]()] * 3))]
    change = ground_change(evidence.lines)
    earlier = [line for line in evidence.lines if line.state is not LineState.begun]
    later = [line for line in evidence.lines if line.state is not LineState.ended]
    return [
        _scene(plan, "before", evidence.units_before, earlier, change),
        _scene(plan, "after", evidence.units_after, later, change),
    ]


def land(evidence: SheetEvidence) -> Collection:
    """Outlines of the superiors, as the ground on which everything lies."""
    ordered = sorted(evidence.superiors, key=lambda unit: (list(Level).index(unit.level), unit.code))
    return _collection(_feature(unit.geometry, level=unit.level.value) for unit in ordered)


def bounds(evidence: SheetEvidence) -> list[list[float]]:
    """South-west and north-east corner (lat, lon) of the subject."""
    subjects = (
        [unit for unit in (*evidence.units_before, *evidence.units_after) if unit.role is UnitRole.affected]
        if isinstance(evidence, ChangeEvidence)
        else [evidence.subject]
    )
    west, south, east, north = shapely.total_bounds(
        np.array([unit.geometry for unit in subjects], dtype=object)
    )
    return [[float(south), float(west)], [float(north), float(east)]]


def _scene(
    plan: SheetPlan, key: str, units: Sequence[UnitShape], lines: Sequence[LineTrace], change: GroundChange
) -> Scene:
    ordered = sorted(units, key=lambda unit: (unit.code, unit.name))
    fills = _fills(plan, key)
    other = (isinstance(plan.evidence, ComparisonEvidence) and fill_style("unchanged").fill) or "#eceadf"
    changed = change.ended if key == "before" else change.begun
    borders = borders_of(ordered, stated_levels(lines))
    asked: Segments = frozenset(segment for line in lines for segment in segments_of(line.geometry))
    return Scene(
        key=key,
        areas=_collection(_area(unit, fills.get(unit.code, other)) for unit in ordered),
        borders=_collection(
            _feature(line_of(segments - asked), level=level.value)
            for level, segments in sorted(borders.by_level.items())
            if segments - asked
        ),
        lines=_collection(_line_parts(lines, changed, change.ended if key == "after" else frozenset())),
        names=_collection(_name(unit) for unit in ordered),
    )


def _with_line(scene: Scene, gone: Segments) -> Scene:
    """With what parted units on the earlier day only, as the legend shows it."""
    blank = dict.fromkeys(("code", "level_zh", "length"), "—")
    told = {"name": "原界线", "level": "county", "state": STATE_ZH[LineState.ended], "mark": "ended"}
    line = [_feature(line_of(gone), **told, **blank)] if gone else []
    return replace(scene, lines=_collection([*scene.lines["features"], *line]))


def _fills(plan: SheetPlan, key: str) -> dict[str, str]:
    frames = [frame for frame in plan.frames if frame.key in {key, "main"}]
    return {
        layer.key.removeprefix("unit-"): layer.style.fill
        for frame in frames
        for layer in frame.layers
        if layer.closed and layer.style.fill
    }


def _area(unit: UnitShape, fill: str) -> Feature:
    return _feature(
        unit.geometry,
        name=unit.name,
        code=unit.code,
        kind=unit.kind,
        role="变更涉及" if unit.role is UnitRole.affected else "相邻政区",
        fill=fill,
        subject=unit.role is UnitRole.affected,
    )


def _line_parts(lines: Iterable[LineTrace], changed: Segments, trace: Segments) -> Iterator[Feature]:
    """Each line by its stretches, those that changed on the ground marked; then traces of what ended."""
    for line in sorted(lines, key=lambda line: (line.level, line.code, line.name)):
        own = frozenset(segments_of(line.geometry))
        for part, mark in ((own - changed, "same"), (own & changed, line.state.value)):
            if part:
                yield _feature(
                    line_of(part),
                    name=line.name,
                    code=line.code,
                    level=line.level.value,
                    level_zh=_LEVEL_ZH[line.level],
                    state=STATE_ZH[line.state],
                    length=f"{line.length_km:.2f} km",
                    mark=mark,
                )
    if trace:
        blank = dict.fromkeys(("code", "level_zh", "length"), "—")
        yield _feature(line_of(trace), name="原界线位置", level="county", state="撤销", mark="trace", **blank)


def _name(unit: UnitShape) -> Feature:
    part = max(shapely.get_parts(unit.geometry), key=lambda piece: piece.area)
    circle = shapely.maximum_inscribed_circle(part)
    return _feature(circle.interpolate(0), name=unit.name, subject=unit.role is UnitRole.affected)


def _feature(geometry: BaseGeometry, **properties: Any) -> Feature:
    """A feature whose texts are safe inside HTML, since tooltips take them as markup."""
    rounded = shapely.transform(geometry, lambda xy: np.round(xy, GEOJSON_DECIMALS))
    safe = {key: html.escape(text) if isinstance(text, str) else text for key, text in properties.items()}
    return {"type": "Feature", "properties": safe, "geometry": mapping(rounded)}


def _collection(features: Iterable[Feature]) -> Collection:
    return {"type": "FeatureCollection", "features": list(features)}
