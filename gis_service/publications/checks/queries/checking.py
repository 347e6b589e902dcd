"""A desk check: everything is gathered from the registers, judged by their rules, and placed on the line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import shapely
from shapely.geometry import Point, mapping, shape
from sqlalchemy.orm import Session

from gis_service.foundation.findings import Finding, Severity, in_order_of_weight
from gis_service.foundation.readings import note_reading
from gis_service.publications.checks.queries.against import Asked, Brought, Known, hold_against
from gis_service.publications.checks.queries.beside import judge_beside, judge_ends, judge_upkeep
from gis_service.publications.checks.queries.scope import Scope, scope_of
from gis_service.publications.checks.queries.telling import (
    edition_told,
    encroachment_told,
    located,
    match_told,
    rules_told,
)
from gis_service.publications.checks.schemas import (
    CheckedSideOut,
    CheckedSpanOut,
    CheckOut,
)
from gis_service.registers.boundaries.models import LegalState
from gis_service.registers.boundaries.queries import (
    LineFile,
    LineInForce,
    Walked,
    line_file_on,
    lines_along,
    lines_in_force,
    statement_on_edges,
    walked_whole,
    with_all_below,
)
from gis_service.registers.boundaries.queries.record_evidence import agreed_by, record_evidence
from gis_service.registers.boundaries.rules import (
    Course,
    judge_lengths,
    judge_record,
    judge_shape,
)
from gis_service.registers.boundaries.rules.line_records import R_BND_05
from gis_service.registers.divisions.queries import division_by_code, divisions_by_id
from gis_service.registers.markers.queries.evidence import evidence_of
from gis_service.registers.markers.queries.standing import MarkerOnDay, markers_of_lines
from gis_service.registers.markers.rules import judge_line

_NOT_SETTLED = ("未定界", "争议")


@dataclass(slots=True)
class _Findings:
    course: Course
    places: dict[str, Point]
    found: list[tuple[Finding, float | None]] = field(default_factory=list)

    def add(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            place = finding.place or _place_of(self.places.get(finding.subject))
            at = None if place is None else self.course.foot(_middle(place)).chainage_m
            self.found.append((replace(finding, place=place), at))

    def within(self, scope: Scope) -> list[tuple[Finding, float | None]]:
        """The grave ones first, each kind along the line; of a part only what has a place in it."""
        kept = [each for each in self.found if _is_within(each, scope)]
        kept.sort(key=lambda each: -1.0 if each[1] is None else each[1])
        order = {id(finding): rank for rank, finding in enumerate(in_order_of_weight(f for f, _ in kept))}
        return sorted(kept, key=lambda each: order[id(each[0])])


def _is_within(found: tuple[Finding, float | None], scope: Scope) -> bool:
    finding, at = found
    if at is None:
        return scope.whole or finding.subject in scope.unplaced
    return scope.holds(at)


def check_line(session: Session, line: LineInForce, asked: Asked, *, on: date) -> CheckOut:
    """The check of a line on a day.

    Raises:
        NotPermitted: the reader may see the line only in part: it would be judged wrong.
        NotFound: no edge lies between its two sides that day.
        InvalidInput: the section lies outside the line, the unit is nowhere a side of it, a copy has no line.
    """
    walked = walked_whole(session, line, "检查", on=on)
    file = line_file_on(session, line, on=on, walked=walked)
    markers = markers_of_lines(session, [line.id], on=on)[line.id]
    scope = scope_of(session, line, walked, markers, (asked.from_m, asked.to_m, asked.within), on=on)
    known = Known(line, walked, file.record.record if file.record else None, markers)
    brought = hold_against(session, known, asked, scope, on=on)
    places = {each.number: each.point for each in markers if each.point is not None}
    judged = _Findings(walked.course, places)
    judged.add(_of_register(session, file, known, scope, on=on))
    judged.add(brought.findings)
    note_reading(session, file.classification, line.code)
    return _told(session, known, scope, judged.within(scope), brought, on=on)


def _told(
    session: Session,
    known: Known,
    scope: Scope,
    findings: list[tuple[Finding, float | None]],
    brought: Brought,
    *,
    on: date,
) -> CheckOut:
    line, course = known.line, known.walked.course
    checked = [each for each in known.markers if _is_checked(each, course, scope)]
    return CheckOut(
        on=on,
        id=line.id,
        code=line.code,
        name=line.name,
        level=line.level,
        sides=_sides(session, line, on=on),
        unit=scope.unit,
        from_m=round(scope.from_m, 1),
        to_m=round(scope.to_m, 1),
        stretches=[CheckedSpanOut(from_m=round(one, 1), to_m=round(other, 1)) for one, other in scope.spans],
        whole=scope.whole,
        length_km=round(course.length_m / 1000.0, 6),
        markers=len(checked),
        synthetic=any(each.marker.is_synthetic for each in checked),
        passed=not any(finding.blocking for finding, _ in findings),
        counts={severity.value: _count(findings, severity) for severity in Severity},
        rules=rules_told(findings),
        findings=[located(finding, at) for finding, at in findings],
        previous=None if brought.edition is None else edition_told(*brought.edition, course),
        matches=[match_told(source, match) for source, match in brought.matches],
        encroachments=[encroachment_told(each) for each in brought.encroachments],
        statements=_statements(session, known.walked),
    )


def _is_checked(marker: MarkerOnDay, course: Course, scope: Scope) -> bool:
    if marker.point is None:
        return scope.whole or marker.number in scope.unplaced
    return scope.whole or scope.holds(course.foot(marker.point).chainage_m)


def lines_within(session: Session, code: str, *, on: date) -> list[LineInForce]:
    """The lines of a jurisdiction on a day: all that run along a border of the unit or of one below it.

    A line of a higher level is among them where a stretch of it is the unit's own border.
    """
    unit = division_by_code(session, code, on=on).division_id
    below = {unit} | with_all_below(session, [unit], on=on)
    own = lines_in_force(session, on=on, sides=below, told=True)
    above = lines_along(session, below, on=on)
    both = {side for line in above for side in (line.first_id, line.second_id)}
    sides = divisions_by_id(session, both, on=on)
    shown = [line for line in above if {line.first_id, line.second_id} <= sides.keys()]
    found = {line.id: line for line in (*own, *shown)}
    return sorted(found.values(), key=lambda line: (line.code, str(line.id)))


def _of_register(
    session: Session, file: LineFile, known: Known, scope: Scope, *, on: date
) -> Iterator[Finding]:
    line, walked, record, markers = known.line, known.walked, known.record, known.markers
    agreed = agreed_by(
        session,
        record.agreement_id if record else None,
        record.approver if record else None,
        record.approved_on if record else None,
    )
    stored = (record.code, record.name) if record else (None, None)
    yield from judge_record(record_evidence(session, line, stored, agreed, walked, on=on))
    yield from _unsettled(line, walked, scope, is_agreed=not agreed.missing)
    yield from judge_shape(line.name, walked.course)
    if file.lengths is not None:
        yield from judge_lengths(line.name, file.lengths)
    yield from judge_beside(session, file, on=on)
    courses, stand = {line.id: walked.course}, {line.id: list(markers)}
    evidence = evidence_of(session, [line], on=on, courses=courses, markers=stand).get(line.id)
    yield from judge_line(evidence) if evidence is not None else ()
    yield from judge_upkeep(session, markers, on=on)
    yield from judge_ends(session, line, walked.course, scope, on=on)


def _unsettled(line: LineInForce, walked: Walked, scope: Scope, *, is_agreed: bool) -> Iterator[Finding]:
    """R-BND-05: where a line is not settled is no fault, but the office should see it; silence is one."""
    silent_km = walked.lengths_km(lambda facts: facts.legal_state).get(LegalState.unknown.value, 0.0)
    if silent_km and not is_agreed:
        yield R_BND_05.finding(
            Severity.warning,
            line.name,
            f"没有登记协议书、批准机关和批准日期，有 {silent_km:.3f} 千米也没有登记为未定界或争议",
            suggestion="请按协议书登记（boundaries record、boundaries survey）；没有协议书的登记为未定界",
        )
    for section in walked.sections("state"):
        state, part = section.common["legal_state"], scope.part_of(section.from_m, section.to_m)
        if state in _NOT_SETTLED and part is not None:
            yield R_BND_05.finding(
                Severity.info,
                line.name,
                f"里程 {section.from_m:.1f} 至 {section.to_m:.1f} 米登记为{state}",
                place=mapping(walked.course.point_at(sum(part) / 2)),
                suggestion="已有协议书的请登记协议书和勘定情况（boundaries record、boundaries survey）",
            )


def _sides(session: Session, line: LineInForce, *, on: date) -> list[CheckedSideOut]:
    units = divisions_by_id(session, (line.first_id, line.second_id), on=on)
    return [
        CheckedSideOut(code=units[side].code, name=units[side].name)
        for side in (line.first_id, line.second_id)
    ]


def _statements(session: Session, walked: Walked) -> list[str]:
    told = statement_on_edges(session, walked.shapes) or ""
    return [each for each in told.split("\n") if each]


def _place_of(point: Point | None) -> dict[str, Any] | None:
    return None if point is None else dict(mapping(point))


def _middle(place: Mapping[str, Any]) -> Point:
    return shapely.point_on_surface(shape(dict(place)))


def _count(findings: Iterable[tuple[Finding, float | None]], severity: Severity) -> int:
    return sum(finding.severity is severity for finding, _ in findings)
