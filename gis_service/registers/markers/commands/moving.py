"""Moving and adding markers: by the agreement of all sides, a joint survey and a filing (R-BND-13)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from shapely.geometry import Point

from gis_service.foundation.access import Act
from gis_service.foundation.errors import Conflict
from gis_service.foundation.findings import Finding, refuse_if_blocking
from gis_service.foundation.transaction import Transaction
from gis_service.registers.markers.commands.entering import NewMarker, register_markers
from gis_service.registers.markers.commands.in_hand import (
    codes_of,
    require_a_side,
    sides_by_line,
    take_in_hand,
)
from gis_service.registers.markers.commands.observing import Seen, point_element, write_observations
from gis_service.registers.markers.commands.succeeding import From, succeed
from gis_service.registers.markers.models import (
    MarkerAction,
    MarkerPaper,
    MarkerPosition,
    MarkerState,
    PaperRole,
)
from gis_service.registers.markers.queries import MarkerOnDay
from gis_service.registers.markers.rules import MoveFacts, judge_moves
from gis_service.registers.markers.rules.given import Position

_GIVEN = (
    *("system", "zone_width", "zone", "x", "y", "height", "height_system", "given"),
    *("method", "accuracy_m", "residual_m", "surveyed_on"),
)


@dataclass(frozen=True, slots=True)
class Consent:
    """What moving or adding takes: the agreement, the sides that signed it, the joint survey, the filing.

    The application and the approval are kept where there are any; 界线条例 Art 6 does not ask for them.
    """

    agreement_id: UUID
    agreed_by: frozenset[UUID]
    survey_id: UUID | None = None
    filing_id: UUID | None = None
    application_id: UUID | None = None
    approval_id: UUID | None = None

    def told(self) -> dict[str, Any]:
        """For the journal."""
        told = {"agreed_by": sorted(self.agreed_by), "survey": self.survey_id, "filing": self.filing_id}
        return told | {"application": self.application_id, "approval": self.approval_id}

    def papers(self) -> list[tuple[PaperRole, UUID]]:
        """The papers there are, in the order of the procedure."""
        known = (
            (PaperRole.application, self.application_id),
            (PaperRole.agreement, self.agreement_id),
            (PaperRole.approval, self.approval_id),
            (PaperRole.survey, self.survey_id),
            (PaperRole.filing, self.filing_id),
        )
        return [(role, paper) for role, paper in known if paper is not None]


def relocate_markers(
    tx: Transaction, moves: Sequence[tuple[UUID, Position]], *, on: date, consent: Consent
) -> list[Finding]:
    """Let markers have new registered positions from a day on; those before them stay on record.

    Raises:
        RuleViolated: a side has not agreed, or the joint survey or the filing is missing (R-BND-13).
        NotFound, NotPermitted: see `take_in_hand`.
    """
    hand = take_in_hand(tx, {marker for marker, _ in moves}, on=on)
    facts = [
        _facts(hand.markers[marker].number, hand.sides[marker], hand.codes, consent, position)
        for marker, position in moves
    ]
    findings = list(judge_moves(facts))
    refuse_if_blocking(findings, "界桩不能移动", way_out="请按各条意见补齐；登记簿未作任何改动")
    since = From(on, consent.agreement_id)
    for marker, position in moves:
        known = hand.markers[marker]
        _require_moved(known, position)
        succeed(tx, MarkerPosition, {"marker_id": marker}, [_row(position)], since)
        _tell(tx, known, position, on=on, consent=consent)
    _note(tx, [marker for marker, _ in moves], MarkerAction.relocated, on=on, consent=consent)
    return findings


def add_markers(tx: Transaction, markers: Sequence[NewMarker], *, on: date, consent: Consent) -> list[UUID]:
    """Enter markers that are added to a line that has its markers; the consent is that of all its sides.

    Raises:
        RuleViolated: see `relocate_markers`.
        Conflict: a number is taken, or was ever.
        NotPermitted: no side of a line is within the jurisdiction of the actor.
    """
    tx.require(Act.keep_markers)
    lines = {line for marker in markers for line in (marker.line_id, *marker.lines)}
    by_line = sides_by_line(tx, lines)
    sides = {marker.number: _all_sides(marker, by_line) for marker in markers}
    require_a_side(tx, sides)
    codes = codes_of(tx, frozenset().union(*sides.values()))
    facts = [_facts(each.number, sides[each.number], codes, consent, each.position) for each in markers]
    refuse_if_blocking(
        list(judge_moves(facts)), "界桩不能增设", way_out="请按各条意见补齐；登记簿未作任何改动"
    )
    entered = register_markers(tx, markers, on=on, instrument_id=consent.agreement_id)
    _note(tx, entered, MarkerAction.added, on=on, consent=consent)
    return entered


def _all_sides(marker: NewMarker, by_line: dict[UUID, frozenset[UUID]]) -> frozenset[UUID]:
    return frozenset().union(*(by_line.get(line, frozenset()) for line in (marker.line_id, *marker.lines)))


def _facts(
    number: str,
    sides: frozenset[UUID],
    codes: dict[UUID, str] | Any,
    consent: Consent,
    position: Position | None,
) -> MoveFacts:
    return MoveFacts(
        number,
        frozenset(codes.get(side, str(side)) for side in sides),
        frozenset(codes.get(side, str(side)) for side in consent.agreed_by),
        consent.survey_id is not None,
        consent.filing_id is not None,
        None if position is None or position.point is None else Point(position.point),
    )


def _require_moved(known: MarkerOnDay, position: Position) -> None:
    if known.point is not None and position.point == (known.point.x, known.point.y):
        raise Conflict(f"界桩 {known.number} 的新位置与登记位置相同", way_out="没有移动的，请登记为一次查看")


def _row(position: Position) -> dict[str, Any]:
    transform = None if position.transform is None else dict(position.transform)
    geom = None if position.point is None else point_element(position.point)
    return {name: getattr(position, name) for name in _GIVEN} | {"geom": geom, "transform": transform}


def _tell(tx: Transaction, known: MarkerOnDay, position: Position, *, on: date, consent: Consent) -> None:
    before = None if known.point is None else [known.point.x, known.point.y]
    tx.journal(
        "markers.relocate",
        known.number,
        instrument_id=consent.agreement_id,
        before={"position": before},
        after={"position": position.point},
        on=on,
        marker=known.marker.id,
        **consent.told(),
    )


def _note(
    tx: Transaction, markers: Iterable[UUID], action: MarkerAction, *, on: date, consent: Consent
) -> None:
    """That it was done, and by which papers, is seen in the history of the marker too."""
    markers = list(markers)
    seen = [
        Seen(marker, on, MarkerState.intact, tx.actor.authority, action, neighbour_present=True)
        for marker in markers
    ]
    write_observations(tx, seen, instrument_id=consent.agreement_id)
    tx.session.add_all(
        _paper(marker, role, paper, action, on=on, consent=consent)
        for marker in markers
        for role, paper in consent.papers()
    )
    tx.session.flush()


def _paper(
    marker: UUID, role: PaperRole, paper: UUID, action: MarkerAction, *, on: date, consent: Consent
) -> MarkerPaper:
    signed = sorted(consent.agreed_by) if role is PaperRole.agreement else []
    return MarkerPaper(
        marker_id=marker,
        done_on=on,
        action=action.value,
        role=role.value,
        instrument_id=paper,
        signed_by=signed,
    )
