"""What stands beside a line and is judged with it: indicators, uses, enclaves, upkeep, tri-points."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from shapely.geometry import Point, mapping
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis_service.foundation.findings import Finding, Severity
from gis_service.foundation.measure import distance_m
from gis_service.publications.checks.queries.scope import Scope
from gis_service.registers.boundaries.models import Indicator
from gis_service.registers.boundaries.queries import LineFile, LineInForce, indicators_on, uses_on
from gis_service.registers.boundaries.queries.chains import Chain, chains_of
from gis_service.registers.boundaries.queries.locating import locate
from gis_service.registers.boundaries.rules import (
    Course,
    UseEvidence,
    judge_change_of_indicator,
    judge_use,
    threshold,
)
from gis_service.registers.boundaries.rules.cross_line_use import R_BND_16
from gis_service.registers.divisions.queries import divisions_by_id
from gis_service.registers.markers.models import MarkerObservation
from gis_service.registers.markers.queries.meeting import tri_points_on
from gis_service.registers.markers.queries.standing import MarkerOnDay, point_of
from gis_service.registers.markers.rules import ActionFacts, judge_actions
from gis_service.registers.markers.rules.registering import R_BND_09

_THREE = 3


def judge_beside(session: Session, file: LineFile, *, on: date) -> Iterator[Finding]:
    """R-BND-15 and R-BND-16 of what is on record, and enclaves that no record tells of."""
    line = file.line
    for each in indicators_on(session, line, on=on):
        if _is_changed(session, each.row):
            for finding in judge_change_of_indicator(
                each.row.name,
                resurveyed=each.row.resurvey_id is not None,
                filed=each.row.filing_id is not None,
            ):
                yield _placed(finding, each.geometry)
    uses = uses_on(session, line, on=on)
    for each in uses:
        row = each.row
        judged = judge_use(
            UseEvidence(
                row.place, row.kind, len(row.consents), row.decision_id is not None, row.filing_id is not None
            )
        )
        yield from (_placed(finding, each.geometry) for finding in judged)
    recorded = {(use.row.user_id, use.row.host_id) for use in uses}
    names = {unit.division_id: unit.name for unit in divisions_by_id(session, _units(file), on=on).values()}
    for enclave in file.enclaves:
        if (enclave.user_id, enclave.host_id) not in recorded:
            yield R_BND_16.finding(
                Severity.warning,
                line.name,
                f"{names.get(enclave.user_id, '')}有一块 {enclave.area_km2:.3f} 平方千米的飞地在"
                f"{names.get(enclave.host_id, '')}境内，没有登记协议或批准机关的决定",
                place=mapping(enclave.shape.representative_point()),
                suggestion="请登记飞地及其协议或决定：boundaries use",
            )


def _units(file: LineFile) -> set[UUID]:
    return {unit for each in file.enclaves for unit in (each.user_id, each.host_id)}


def _is_changed(session: Session, row: Indicator) -> bool:
    earlier = select(func.count()).where(
        Indicator.object_id == row.object_id, func.lower(Indicator.valid) < row.valid.start
    )
    return bool(session.scalar(earlier))


def _placed(finding: Finding, geometry: str | None) -> Finding:
    return replace(finding, place=json.loads(geometry)) if geometry and finding.place is None else finding


def judge_upkeep(session: Session, markers: Sequence[MarkerOnDay], *, on: date) -> Iterator[Finding]:
    """R-BND-12 and R-BND-13 of all that is on record of the upkeep of markers, up to a day."""
    known = {each.marker.id: each for each in markers}
    wanted = select(MarkerObservation).where(
        MarkerObservation.marker_id.in_(list(known)),
        MarkerObservation.seen_on <= on,
        MarkerObservation.action.is_not(None),
    )
    rows = session.scalars(wanted.order_by(MarkerObservation.seen_on, MarkerObservation.ordinal))
    yield from judge_actions(
        ActionFacts(
            known[row.marker_id].number, row.action, row.neighbour_present, known[row.marker_id].point
        )
        for row in rows
    )


def judge_ends(
    session: Session, line: LineInForce, course: Course, scope: Scope, *, on: date
) -> Iterator[Finding]:
    """R-BND-09: where a line ends and three units of its level meet, a tri-point is to be registered.

    So it is where a unit of a lower level ceases to be a side of it, and three of that level meet.
    """
    ends = _ends(course, scope, line.level)
    held = locate(session, [(end.x, end.y) for end, _ in ends], on=on)
    chains = chains_of(session, {unit for units in held for unit in units}, on=on)
    meetings = [_meeting(units, chains, level) for units, (_, level) in zip(held, ends, strict=True)]
    units = {line.first_id, line.second_id, *(unit for each in meetings for unit in each)}
    known = [point_of(each) for each in tri_points_on(session, on=on, units=units)]
    for (end, _), meeting in zip(ends, meetings, strict=True):
        if len(meeting) >= _THREE and not _is_near(end, known):
            names = "、".join(sorted(meeting.values()))
            yield R_BND_09.finding(
                Severity.warning,
                names,
                f"{names}在此交会，没有登记三交点",
                place=mapping(end),
                suggestion="请登记三交点，并列入相交各线的界桩清单（markers tri-point）",
            )


def _ends(course: Course, scope: Scope, level: str) -> list[tuple[Point, str]]:
    """The ends of a line, and of the stretches of a unit below its sides, with the level that meets there."""
    ends = [
        (Point(end), level)
        for part in course.parts
        if not part.is_closed
        for end in (part.coords[0], part.coords[-1])
    ]
    if scope.unit is not None and scope.unit_level != level:
        ends += [(course.point_at(at), scope.unit_level) for span in scope.spans for at in span]
    return ends


def _meeting(units: Iterable[UUID], chains: Mapping[UUID, Chain], level: str) -> dict[UUID, str]:
    """The names of the units of a level that meet at a place held by lowest-level units."""
    return {unit.id: unit.name for leaf in units for unit in chains.get(leaf, ()) if unit.level == level}


def _is_near(end: Point, known: Iterable[Point | None]) -> bool:
    near = threshold("tri_point", "near_m")
    return any(distance_m(end.x, end.y, each.x, each.y) <= near for each in known if each is not None)
