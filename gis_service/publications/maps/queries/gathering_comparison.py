"""Gathering what a comparison of two days shows: both states of the ground, and what became of whom."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from gis_service.foundation.errors import NotFound
from gis_service.publications.maps.queries.drawn import (
    Drawn,
    around,
    imprint_of,
    shape_of,
    shapes_in,
    superiors_on,
    traces_of,
)
from gis_service.publications.maps.schemas import (
    ComparedUnit,
    ComparisonEvidence,
    LineState,
    UnitRole,
)
from gis_service.registers.boundaries.queries import extents_on, lines_along
from gis_service.registers.boundaries.queries.comparing import Changed, compare
from gis_service.registers.divisions.queries import Span, divisions_by_id, last_known


def gather_comparison(
    drawn: Drawn, division_id: UUID, *, since: date, on: date, edition: int, edition_on: date
) -> ComparisonEvidence:
    """A unit and what became of all below it between two days."""
    session = drawn.session
    extent = extents_on(session, [division_id], on=on).get(division_id)
    if extent is None:
        known = last_known(session, [division_id]).get(division_id)
        raise NotFound(
            f"{known.name if known else division_id} 在 {on} 没有登记范围，无法制图",
            way_out="请换一个日期，或先导入界线数据",
        )
    changes = compare(session, since, on, within=[division_id]).changes
    was, now = _ids(changes, "before"), _ids(changes, "after")
    drawn.units(was, on=since)
    drawn.units(now, on=on)
    bounds = around([extent])
    before, after = shapes_in(drawn, bounds, was, on=since), shapes_in(drawn, bounds, now, on=on)
    inside = [unit for unit, shape in after if extent.covers(shape.geometry.representative_point())]
    version = divisions_by_id(session, [division_id], on=on)[division_id]
    return ComparisonEvidence(
        since=since,
        on=on,
        subject=shape_of(version, extent, UnitRole.superior),
        units_before=tuple(shape for _, shape in before),
        units_after=tuple(shape for _, shape in after),
        changes=tuple(map(_compared, changes)),
        lines=tuple(traces_of(drawn, lines_along(session, inside, on=on), LineState.stayed, on=on)),
        superiors=(
            shape_of(version, extent, UnitRole.superior),
            *superiors_on(drawn, [division_id], on=on),
        ),
        imprint=imprint_of(drawn, [unit for unit, _ in after], edition, edition_on, on=on),
    )


def _ids(changes: tuple[Changed, ...], side: str) -> list[UUID]:
    return [span.id for change in changes if (span := getattr(change, side)) is not None]


def _compared(change: Changed) -> ComparedUnit:
    return ComparedUnit(
        code=change.told.code,
        level=change.told.level,
        kinds=tuple(kind.value for kind in change.kinds),
        before=_label(change.before),
        after=_label(change.after),
        acts=tuple(f"{act.on} {act.number}" for act in change.acts),
        area_before_km2=change.area_before_km2,
        area_after_km2=change.area_after_km2,
    )


def _label(span: Span | None) -> str:
    return f"{span.name} {span.code}" if span else ""
