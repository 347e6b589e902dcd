"""A desk check: everything is gathered from the registers, judged by their rules, and placed on the line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import shapely
from shapely.geometry import Point, mapping, shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from gis_service.foundation.errors import InvalidInput, NotFound, NotPermitted
from gis_service.foundation.findings import Finding, Severity, in_order_of_weight
from gis_service.foundation.readings import note_reading
from gis_service.publications.checks.queries.beside import judge_beside, judge_ends, judge_upkeep
from gis_service.publications.checks.queries.telling import (
    edition_told,
    encroachment_told,
    located,
    match_told,
    rules_told,
)
from gis_service.publications.checks.schemas import (
    CheckedSideOut,
    CheckOut,
)
from gis_service.registers.boundaries.models import LegalState
from gis_service.registers.boundaries.queries import (
    LineFile,
    LineInForce,
    Walked,
    edges_along,
    line_file_on,
    lines_in_force,
    sides_of,
    statement_on_edges,
    with_all_below,
)
from gis_service.registers.boundaries.queries.areas import extents_on
from gis_service.registers.boundaries.queries.chains import chains_of
from gis_service.registers.boundaries.queries.editions import course_before, last_day_of_former_edition
from gis_service.registers.boundaries.queries.record_evidence import agreed_by, record_evidence
from gis_service.registers.boundaries.rules import (
    Course,
    Edition,
    Encroachment,
    Following,
    Match,
    Parcel,
    SideArea,
    Station,
    course_text_findings,
    encroaching,
    judge_copy,
    judge_edition,
    judge_encroachments,
    judge_lengths,
    judge_record,
    judge_shape,
    legs_of,
    matched,
    threshold,
)
from gis_service.registers.boundaries.rules.line_records import R_BND_05
from gis_service.registers.divisions.queries import division_by_code, divisions_by_id, find_by_codes
from gis_service.registers.markers.queries.evidence import evidence_of
from gis_service.registers.markers.queries.standing import MarkerOnDay, markers_of_lines
from gis_service.registers.markers.rules import judge_line

_NOT_SETTLED = ("未定界", "争议")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a check is told beside the line: a section (metres), a text, copies by name, parcels, a day."""

    from_m: float | None = None
    to_m: float | None = None
    text: str | None = None
    copies: tuple[tuple[str, BaseGeometry], ...] = ()
    parcels: tuple[Parcel, ...] = ()
    since: date | None = None


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

    def within(self, from_m: float, to_m: float, *, whole: bool) -> list[tuple[Finding, float | None]]:
        """The grave ones first, each kind along the line; of a section only what has a place in it."""
        kept = [
            each
            for each in self.found
            if (each[1] is None and whole) or (each[1] is not None and from_m <= each[1] <= to_m)
        ]
        kept.sort(key=lambda each: -1.0 if each[1] is None else each[1])
        order = {id(finding): rank for rank, finding in enumerate(in_order_of_weight(f for f, _ in kept))}
        return sorted(kept, key=lambda each: order[id(each[0])])


def check_line(session: Session, line: LineInForce, asked: Asked, *, on: date) -> CheckOut:
    """The check of a line on a day.

    Raises:
        NotPermitted: the reader may see the line only in part: it would be judged wrong.
        NotFound: no edge lies between its two sides that day.
        InvalidInput: the section lies outside the line, or a copy has no line.
    """
    file = line_file_on(session, line, on=on)
    walked = _walked(session, file, on=on)
    course = walked.course
    from_m, to_m = _section(asked, course, line)
    markers = markers_of_lines(session, [line.id], on=on)[line.id]
    places = {each.number: each.point for each in markers if each.point is not None}
    judged = _Findings(course, places)
    judged.add(_of_register(session, file, walked, markers, on=on))
    if asked.text is not None:
        judged.add(_of_text(line, walked, markers, asked.text))
    edition = _edition(session, line, course, asked.since, on=on)
    if edition is not None:
        judged.add(judge_edition(line.name, edition))
    matches = [(source, _matched(course, copy, source)) for source, copy in asked.copies]
    for source, match in matches:
        judged.add(judge_copy(line.name, source, match))
    beyond = _encroachments(session, line, walked, asked.parcels, on=on)
    judged.add(judge_encroachments(beyond, _accuracy_m(walked)))
    whole = (asked.from_m, asked.to_m) == (None, None)
    findings = judged.within(from_m, to_m, whole=whole)
    note_reading(session, file.classification, line.code)
    return CheckOut(
        on=on,
        id=line.id,
        code=line.code,
        name=line.name,
        level=line.level,
        sides=_sides(session, line, on=on),
        from_m=round(from_m, 1),
        to_m=round(to_m, 1),
        length_km=round(course.length_m / 1000.0, 6),
        markers=len(markers),
        synthetic=any(each.marker.is_synthetic for each in markers),
        passed=not any(finding.blocking for finding, _ in findings),
        counts={severity.value: _count(findings, severity) for severity in Severity},
        rules=rules_told(findings),
        findings=[located(finding, at) for finding, at in findings],
        previous=None if edition is None else edition_told(edition, course),
        matches=[match_told(source, match) for source, match in matches],
        encroachments=[encroachment_told(each) for each in beyond],
        statements=_statements(session, walked),
    )


def lines_within(session: Session, code: str, *, on: date) -> list[LineInForce]:
    """The lines of a jurisdiction on a day: those of which a side is the unit or lies below it."""
    unit = division_by_code(session, code, on=on).division_id
    sides = {unit} | with_all_below(session, [unit], on=on)
    return lines_in_force(session, on=on, sides=sides, told=True)


def _walked(session: Session, file: LineFile, *, on: date) -> Walked:
    if file.walked is not None:
        return file.walked
    if edges_along(session, sides_of([file.line]), on=on).withheld:
        raise NotPermitted(
            "这一界线的一部分不在您可知的范围内，不能检查", way_out="请由有相应密级权限的人员检查"
        )
    raise NotFound(f"{file.line.name}在 {on} 没有线形，不能检查", way_out="请核对日期和两侧单位的范围")


def _section(asked: Asked, course: Course, line: LineInForce) -> tuple[float, float]:
    from_m = 0.0 if asked.from_m is None else asked.from_m
    to_m = course.length_m if asked.to_m is None else asked.to_m
    if not 0.0 <= from_m < to_m <= course.length_m + 1.0:
        raise InvalidInput(
            f"{line.name}长 {course.length_m:.1f} 米，没有里程 {from_m:.1f} 至 {to_m:.1f} 米的一段",
            way_out="请写明起点小于终点、都在界线之内的里程（米）",
        )
    return from_m, to_m


def _of_register(
    session: Session, file: LineFile, walked: Walked, markers: Sequence[MarkerOnDay], *, on: date
) -> Iterator[Finding]:
    line, record = file.line, file.record.record if file.record else None
    agreed = agreed_by(
        session,
        record.agreement_id if record else None,
        record.approver if record else None,
        record.approved_on if record else None,
    )
    stored = (record.code, record.name) if record else (None, None)
    yield from judge_record(record_evidence(session, line, stored, agreed, on=on))
    yield from _unsettled(line, walked, is_agreed=not agreed.missing)
    yield from judge_shape(line.name, walked.course)
    if file.lengths is not None:
        yield from judge_lengths(line.name, file.lengths)
    yield from judge_beside(session, file, on=on)
    evidence = evidence_of(session, [line], on=on).get(line.id)
    yield from judge_line(evidence) if evidence is not None else ()
    yield from judge_upkeep(session, markers, on=on)
    yield from judge_ends(session, line, walked.course, on=on)


def _unsettled(line: LineInForce, walked: Walked, *, is_agreed: bool) -> Iterator[Finding]:
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
        state = section.common["legal_state"]
        if state in _NOT_SETTLED:
            yield R_BND_05.finding(
                Severity.info,
                line.name,
                f"里程 {section.from_m:.1f} 至 {section.to_m:.1f} 米登记为{state}",
                place=mapping(walked.course.point_at((section.from_m + section.to_m) / 2)),
                suggestion="已有协议书的请登记协议书和勘定情况（boundaries record、boundaries survey）",
            )


def _of_text(
    line: LineInForce, walked: Walked, markers: Sequence[MarkerOnDay], text: str
) -> Iterator[Finding]:
    """R-MRK-10: a description in words against the line, leg by leg; each finding lies amid its leg."""
    legs = legs_of(walked.course, _stations(walked.course, markers), _followings(walked))
    middles = {
        f"{leg.start.name}至{leg.end.name}": (leg.start.chainage_m + leg.end.chainage_m) / 2 for leg in legs
    }
    for finding in course_text_findings(text, legs, line.name):
        at = middles.get(finding.subject)
        yield finding if at is None else replace(finding, place=mapping(walked.course.point_at(at)))


def _stations(course: Course, markers: Iterable[MarkerOnDay]) -> list[Station]:
    """Markers in their order along the line, stones of one serial together, and the two ends."""
    by_serial: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for each in markers:
        if each.point is not None:
            chainage = course.foot(each.point).chainage_m
            by_serial[each.number.rstrip("QABCDE")].append((each.number, chainage))
    known = [
        Station(f"{'、'.join(number for number, _ in group)}号界桩", sum(at for _, at in group) / len(group))
        for group in by_serial.values()
    ]
    known.sort(key=lambda each: each.chainage_m)
    first = [] if known and known[0].chainage_m < 1.0 else [Station("起点", 0.0)]
    last = (
        [] if known and known[-1].chainage_m > course.length_m - 1.0 else [Station("终点", course.length_m)]
    )
    return [*first, *known, *last]


def _followings(walked: Walked) -> list[Following]:
    return [
        Following(place.from_m, place.to_m, facts.follows, facts.follows_name)
        for place, facts in walked.placed
        if facts.follows != "未说明" or facts.follows_name
    ]


def _edition(
    session: Session, line: LineInForce, course: Course, since: date | None, *, on: date
) -> Edition | None:
    if since is not None and since >= on:
        raise InvalidInput(f"上一版的日期 {since} 不早于 {on}", way_out="请写更早的日期")
    day = since or last_day_of_former_edition(session, line, on=on)
    if day is None:
        return None
    before = course_before(session, line, since=day)
    if before is None:
        return Edition(day, None, None, f"{day} 时这两个单位之间没有界线")
    match = matched(course, before.geometry, threshold("matching", "tolerance_m"))
    return Edition(day, before.length_m / 1000.0, match)


def _matched(course: Course, copy: BaseGeometry, source: str) -> Match:
    lines = [part for part in shapely.get_parts(copy) if part.geom_type == "LineString" and part.length > 0]
    if not lines:
        raise InvalidInput(f"{source}中没有线", way_out="请给出界线的线状要素（LineString、MultiLineString）")
    return matched(course, shapely.multilinestrings(lines), threshold("matching", "tolerance_m"))


def _encroachments(
    session: Session, line: LineInForce, walked: Walked, parcels: Sequence[Parcel], *, on: date
) -> list[Encroachment]:
    if not parcels:
        return []
    codes = {code for _, facts in walked.placed for code in facts.pair}
    units = find_by_codes(session, codes, on=on)
    chains = chains_of(session, {unit.division_id for unit in units.values()}, on=on)
    extents = extents_on(session, chains, on=on)
    sides = {line.first_id, line.second_id}
    areas = [
        SideArea(chain[-1].code, chain[-1].name, next(u.code for u in chain if u.id in sides), extents[leaf])
        for leaf, chain in chains.items()
        if leaf in extents and any(u.id in sides for u in chain)
    ]
    return encroaching(parcels, areas)


def _accuracy_m(walked: Walked) -> float | None:
    known = [facts.accuracy_m for _, facts in walked.placed if facts.accuracy_m is not None]
    return max(known, default=None)


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
