"""A line held against what is brought: a description in words, copies, parcels; and its former edition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.findings import Finding
from gis_service.publications.checks.queries.scope import Scope
from gis_service.registers.boundaries.models import LineRecord
from gis_service.registers.boundaries.queries import LineInForce, Walked
from gis_service.registers.boundaries.queries.areas import extents_on
from gis_service.registers.boundaries.queries.chains import chains_of
from gis_service.registers.boundaries.queries.editions import FormerEdition, former_edition
from gis_service.registers.boundaries.rules import (
    Course,
    Edition,
    Encroachment,
    Match,
    Parcel,
    SideArea,
    course_text_findings,
    encroaching,
    judge_copy,
    judge_edition,
    judge_encroachments,
    legs_of,
    matched,
    threshold,
)
from gis_service.registers.divisions.queries import find_by_codes
from gis_service.registers.markers.queries.standing import MarkerOnDay
from gis_service.registers.markers.rules.stations import stations_of


@dataclass(frozen=True, slots=True)
class Asked:
    """What a check is told beside the line: a section (metres), a text, copies by name, parcels, a day.

    `within` is the code of a unit: only the stretches are checked of which it, or a unit below it, is a side.
    """

    from_m: float | None = None
    to_m: float | None = None
    text: str | None = None
    copies: tuple[tuple[str, BaseGeometry], ...] = ()
    parcels: tuple[Parcel, ...] = ()
    since: date | None = None
    within: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A line as it is checked, read once: walked, with its record and its markers."""

    line: LineInForce
    walked: Walked
    record: LineRecord | None
    markers: Sequence[MarkerOnDay]


@dataclass(frozen=True, slots=True)
class Brought:
    """What was found against what was brought."""

    findings: tuple[Finding, ...]
    edition: tuple[FormerEdition, Edition] | None
    matches: tuple[tuple[str, Match], ...]
    encroachments: tuple[Encroachment, ...]


def hold_against(session: Session, known: Known, asked: Asked, scope: Scope, *, on: date) -> Brought:
    """Hold a line against all of it; certificates are of the whole line, findings of what is checked."""
    name, course = known.line.name, known.walked.course
    edition = _edition(session, known, asked.since, on=on)
    matches = tuple((source, _matched(course, copy, source)) for source, copy in asked.copies)
    beyond = tuple(_encroachments(session, known.line, known.walked, asked.parcels, on=on))
    findings: list[Finding] = []
    if asked.text is not None:
        findings += _of_text(known, asked.text, scope)
    if edition is not None:
        told = edition[1]
        findings += judge_edition(name, replace(told, match=told.match and scope.of(told.match, course)))
    for source, match in matches:
        findings += judge_copy(name, source, scope.of(match, course))
    findings += judge_encroachments(beyond, _accuracy_m(known.walked))
    return Brought(tuple(findings), edition, matches, beyond)


def _of_text(known: Known, text: str, scope: Scope) -> Iterator[Finding]:
    """R-MRK-10: a description in words against the line, leg by leg; each finding lies amid its leg."""
    course, record = known.walked.course, known.record
    stones = [
        (each.number, None if each.point is None else course.foot(each.point).chainage_m)
        for each in known.markers
    ]
    stations = stations_of(
        course,
        stones,
        begins_at=record.begins_at if record else None,
        ends_at=record.ends_at if record else None,
    )
    legs = legs_of(course, stations, known.walked.followings())
    reach = {f"{leg.start.name}至{leg.end.name}": (leg.start.chainage_m, leg.end.chainage_m) for leg in legs}
    for finding in course_text_findings(text, legs, known.line.name):
        leg = reach.get(finding.subject)
        part = None if leg is None else scope.part_of(*leg)
        if part is not None:
            yield replace(finding, place=mapping(course.point_at(sum(part) / 2)))
        elif leg is None:
            yield finding


def _edition(
    session: Session, known: Known, since: date | None, *, on: date
) -> tuple[FormerEdition, Edition] | None:
    if since is not None and since >= on:
        raise InvalidInput(f"上一版的日期 {since} 不早于 {on}", way_out="请写更早的日期")
    walked = known.walked
    former = former_edition(session, known.line, walked.shapes.keys(), on=on, since=since)
    if former is None:
        return None
    if former.geometry is None:
        reason = f"{former.since} 时这两个单位之间没有界线"
        return former, Edition(former.since, None, None, reason)
    match = matched(walked.course, former.geometry, threshold("matching", "tolerance_m"))
    lines = tuple(f"{each.name}（{each.code}）" for each in former.lines)
    return former, Edition(former.since, former.length_m / 1000.0, match, lines=lines)


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
