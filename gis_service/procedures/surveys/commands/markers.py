"""Entering what agreements and surveys say of markers and boundary points, judged as registered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from gis_service.foundation.access import Act
from gis_service.foundation.coordinates import Zone, place, read_height_system, read_pair, read_system
from gis_service.foundation.database import lock_registers
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.findings import Finding, Severity, in_order_of_weight, refuse_if_blocking
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.surveys.commands.papers import papers_of
from gis_service.procedures.surveys.schemas.markers import (
    AddedIn,
    BearingIn,
    BearingsIn,
    KeepersIn,
    LocationsIn,
    NewMarkerIn,
    PlaceIn,
    PointsIn,
)
from gis_service.registers.boundaries.queries import LineInForce
from gis_service.registers.boundaries.queries.by_sides import line_referred_to
from gis_service.registers.divisions.queries import division_by_code
from gis_service.registers.markers import commands as markers
from gis_service.registers.markers.commands.in_hand import require_a_side, units_at
from gis_service.registers.markers.models import Placement
from gis_service.registers.markers.queries import markers_on
from gis_service.registers.markers.queries.evidence import evidence_of
from gis_service.registers.markers.queries.named import marker_named
from gis_service.registers.markers.rules import judge_line, normalised

# The register may hold a generalised line, and numbers follow from what else stands: told, not refused.
_TOLD_ONLY = frozenset({"R-MRK-06", "R-MRK-07", "R-MRK-08"})
_PAPERS = ("survey", "filing", "application", "approval")
_BY_TYPE = {"A": Placement.double, "B": Placement.double}
_BY_TYPE |= dict.fromkeys("CDE", Placement.triple)


@dataclass(frozen=True, slots=True)
class Entered:
    """What was entered: the things by what they are called, and everything found in doing so."""

    subjects: tuple[str, ...]
    findings: tuple[Finding, ...] = ()


def add_to_lines(tx: Transaction, sent: AddedIn, *, on: date) -> Entered:
    """Add markers to lines that have theirs, by the agreement of all sides (R-BND-13).

    Raises:
        NotFound: no such line or unit that day.
        NotPermitted: no side of a line is within the jurisdiction of the actor.
        RuleViolated: a consent, the joint survey or the filing is missing, or a number breaks a rule.
        Conflict: a number was used before.
    """
    lock_registers(tx.session)
    named = {name for each in sent.markers for name in (each.line, *each.lines)}
    lines = {name: line_referred_to(tx.session, name, on=on) for name in sorted(named)}
    acts = papers_of(tx, sent, _PAPERS, within=_sides(lines.values()))
    agreed = frozenset(_unit(tx, code, on) for code in sent.agreed)
    consent = markers.Consent(
        acts[sent.instrument], agreed, *(acts.get(getattr(sent, name)) for name in _PAPERS)
    )
    new = [_new(tx, each, lines, acts[sent.instrument], on) for each in sent.markers]
    markers.add_markers(tx, new, on=on, consent=consent)
    tx.session.flush()
    findings = _judged(tx, {line.id: line for line in lines.values()}.values(), new, on)
    refuse_if_blocking(findings, "界桩不能增设", way_out="请按各条意见修正；登记簿未作任何改动")
    return Entered(tuple(each.number for each in new), tuple(findings))


def _new(
    tx: Transaction, each: NewMarkerIn, lines: dict[str, LineInForce], agreement: UUID, on: date
) -> markers.NewMarker:
    number = normalised(each.number)[0]
    return markers.NewMarker(
        number=number,
        line_id=lines[each.line].id,
        placement=each.placement or _BY_TYPE.get(number[-1:], Placement.single),
        kind=each.kind,
        shape=each.shape and each.shape.value,
        material=each.material,
        managing_id=_unit(tx, each.managing, on),
        management_id=agreement,
        custodian=each.custodian,
        note=each.note,
        sides={_unit(tx, side.unit, on): side.location for side in each.sides},
        lines=tuple(lines[name].id for name in each.lines),
        position=position_of(each.place),
        bearings=_bearings(each.bearings),
    )


def _judged(
    tx: Transaction, lines: Iterable[LineInForce], new: Sequence[markers.NewMarker], on: date
) -> list[Finding]:
    """What the rules of the register say of the markers that were added, and of the sets they belong to."""
    own = {each.number for each in new} | {each.number[:7] for each in new}
    evidence = evidence_of(tx.session, list(lines), on=on)
    found = [finding for line in evidence.values() for finding in judge_line(line) if finding.subject in own]
    return in_order_of_weight(
        replace(each, severity=Severity.warning) if each.rule in _TOLD_ONLY and each.blocking else each
        for each in found
    )


def enter_keepers(tx: Transaction, sent: KeepersIn, *, on: date) -> Entered:
    """Let markers be kept so from a day on, by the management agreement; raises as `set_keepers`."""
    found = _markers(tx, (each.marker for each in sent.markers), on)
    act = papers_of(tx, sent)[sent.instrument]
    keepers = [
        markers.Keeping(found[each.marker][0], _unit(tx, each.managing, on), each.custodian)
        for each in sent.markers
    ]
    markers.set_keepers(tx, keepers, on=on, instrument_id=act)
    return _entered(found)


def enter_locations(tx: Transaction, sent: LocationsIn, *, on: date) -> Entered:
    """Where markers stand as each side tells it, from a day on; raises as `set_locations`."""
    found = _markers(tx, (each.marker for each in sent.markers), on)
    told = {
        found[each.marker][0]: {_unit(tx, side.unit, on): side.location for side in each.sides}
        for each in sent.markers
    }
    act = papers_of(tx, sent)[sent.instrument]
    markers.set_locations(tx, told, on=on, instrument_id=act)
    return _entered(found)


def enter_bearings(tx: Transaction, sent: BearingsIn, *, on: date) -> Entered:
    """Let markers be found by other objects from a day on; raises as `choose_bearings`."""
    found = _markers(tx, (each.marker for each in sent.markers), on)
    chosen = {found[each.marker][0]: _bearings(each.bearings) for each in sent.markers}
    act = papers_of(tx, sent)[sent.instrument]
    findings = markers.choose_bearings(tx, chosen, on=on, instrument_id=act)
    return _entered(found, findings)


def enter_points(tx: Transaction, reference: str, sent: PointsIn, *, on: date) -> Entered:
    """Enter boundary points of a line from a day on.

    Raises:
        NotFound: no such line that day.
        NotPermitted: no side of it, and no unit where a point lies, is within the jurisdiction of the actor.
        InvalidInput: a marker is named that does not stand on the line.
        Conflict: a number is taken.
    """
    tx.require(Act.keep_markers)
    lock_registers(tx.session)
    line = line_referred_to(tx.session, reference, on=on)
    sides = frozenset((line.first_id, line.second_id))
    standing = {each.number: each.marker.id for each in markers_on(tx.session, on=on, lines=[line.id])}
    new = [
        markers.NewPoint(
            line_id=line.id,
            number=each.number,
            position=position_of(each.place),
            after_marker_id=_standing(standing, each.after, line),
            before_marker_id=_standing(standing, each.before, line),
            feature=each.feature,
        )
        for each in sent.points
    ]
    at = units_at(tx, [each.position.point for each in new], on=on)
    require_a_side(tx, {each.number: sides | units for each, units in zip(new, at, strict=True)})
    act = papers_of(tx, sent, within=sides)[sent.instrument]
    markers.register_boundary_points(tx, new, on=on, instrument_id=act)
    return Entered(tuple(each.number for each in new))


def _standing(known: dict[str, UUID], number: str | None, line: LineInForce) -> UUID | None:
    if number is None:
        return None
    found = known.get(normalised(number)[0])
    if found is None:
        raise InvalidInput(f"{line.name}上没有编号为 {number[:40]} 的界桩", way_out="请核对编号和日期")
    return found


def position_of(sent: PlaceIn) -> markers.Position:
    """Coordinates as they are kept, with the place they mean in the storage system.

    Raises:
        InvalidInput: a system that is refused or unknown, or a pair that can be none in its zone.
    """
    system, told = read_system(sent.system), None
    if sent.zone_width is not None and sent.zone is not None:
        told = Zone(sent.zone_width, sent.zone)
    pair = None if sent.x is None or sent.y is None else read_pair(sent.x, sent.y, told)
    angles = None if sent.lon is None or sent.lat is None else (sent.lon, sent.lat)
    plane = None if pair is None else (pair.x, pair.y)
    zone = None if pair is None else pair.zone
    height = sent.height_system and read_height_system(sent.height_system).value
    kept = ("height", "method", "accuracy_m", "residual_m", "surveyed_on")
    return markers.Position(
        point=place(plane, angles, zone, system, None),
        system=system.value,
        zone_width=None if zone is None else zone.width,
        zone=None if zone is None else zone.number,
        x=sent.x,
        y=sent.y,
        height_system=height or None,
        **{name: getattr(sent, name) for name in kept},
    )


def _bearings(sent: Iterable[BearingIn]) -> tuple[markers.Bearing, ...]:
    return tuple(
        markers.Bearing(
            ordinal,
            each.name,
            each.azimuth_deg,
            each.distance_m,
            None if each.lon is None or each.lat is None else (each.lon, each.lat),
        )
        for ordinal, each in enumerate(sent, start=1)
    )


def _markers(tx: Transaction, named: Iterable[str], on: date) -> dict[str, tuple[UUID, str]]:
    """Markers by what they are called: id and number.

    Raises:
        InvalidInput: one is named twice.
    """
    found: dict[str, tuple[UUID, str]] = {}
    for name in named:
        marker = marker_named(tx.session, name, on=on)
        if (marker.marker.id, marker.number) in found.values():
            raise InvalidInput(f"界桩 {marker.number} 写了两次", way_out="请删去重复的一项")
        found[name] = marker.marker.id, marker.number
    return found


def _entered(found: dict[str, tuple[UUID, str]], findings: Iterable[Finding] = ()) -> Entered:
    return Entered(tuple(number for _, number in found.values()), tuple(findings))


def _unit(tx: Transaction, code: str, on: date) -> UUID:
    return division_by_code(tx.session, code, on=on).division_id


def _sides(lines: Iterable[LineInForce]) -> frozenset[UUID]:
    return frozenset(side for line in lines for side in (line.first_id, line.second_id))
