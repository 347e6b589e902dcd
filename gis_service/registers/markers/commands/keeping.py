"""Who keeps markers, where each side says they stand, and by which objects they are found again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from shapely.geometry import Point

from gis_service.foundation.findings import Finding, refuse_if_blocking
from gis_service.foundation.transaction import Transaction
from gis_service.registers.boundaries.queries import with_all_below
from gis_service.registers.markers.commands.in_hand import InHand, codes_of, take_in_hand
from gis_service.registers.markers.commands.observing import point_element
from gis_service.registers.markers.commands.succeeding import From, as_row, succeed
from gis_service.registers.markers.models import BearingObject, MarkerSide, MarkerVersion
from gis_service.registers.markers.queries.evidence import position_facts
from gis_service.registers.markers.rules import BearingFacts, MarkerFacts, judge_bearings
from gis_service.registers.markers.rules.given import Bearing
from gis_service.registers.markers.rules.registering import judge_keeper


@dataclass(frozen=True, slots=True)
class Keeping:
    """Which side keeps a marker, and who looks after it in its name (委托管理), where somebody does."""

    marker_id: UUID
    managing_id: UUID
    custodian: str | None = None


def set_keepers(tx: Transaction, keepers: Sequence[Keeping], *, on: date, instrument_id: UUID) -> None:
    """Let markers be kept so from a day on, by the agreement on it.

    Raises:
        RuleViolated: the keeper is no side of a line of the marker, nor below one (R-MRK-14).
        NotFound, NotPermitted: see `take_in_hand`.
    """
    hand = take_in_hand(tx, {each.marker_id for each in keepers}, on=on)
    codes = codes_of(tx, {each.managing_id for each in keepers})
    findings = [finding for each in keepers for finding in _judged(tx, hand, each, codes, on=on)]
    refuse_if_blocking(findings, "管理方不能登记", way_out="请按各条意见核对管理协议")
    for each in keepers:
        version = hand.markers[each.marker_id].version
        changes = {"managing_id": each.managing_id, "custodian": each.custodian}
        _revise(tx, hand, version, changes | {"management_id": instrument_id}, From(on, instrument_id))


def _judged(
    tx: Transaction, hand: InHand, each: Keeping, codes: Mapping[UUID, str], *, on: date
) -> list[Finding]:
    marker = hand.markers[each.marker_id]
    is_side = each.managing_id in with_all_below(tx.session, hand.sides[each.marker_id], on=on)
    keeper = codes.get(each.managing_id, str(each.managing_id))
    facts = MarkerFacts(
        marker.number,
        point=marker.point,
        managing=keeper,
        managing_is_side=is_side,
        is_managed_by_agreement=True,
    )
    return list(judge_keeper("所在界线", facts))


def describe_markers(
    tx: Transaction, changes: Mapping[UUID, Mapping[str, Any]], *, on: date, instrument_id: UUID
) -> None:
    """Revise shape, material or note of markers from a day on; what is not named stays.

    Raises:
        NotFound, NotPermitted: see `take_in_hand`.
    """
    hand = take_in_hand(tx, changes, on=on)
    for marker, wanted in changes.items():
        assert wanted.keys() <= {"shape", "material", "note"}, wanted
        _revise(tx, hand, hand.markers[marker].version, wanted, From(on, instrument_id))


def _revise(
    tx: Transaction, hand: InHand, version: MarkerVersion, changes: Mapping[str, Any], since: From
) -> None:
    marker = version.marker_id
    before = as_row(version)
    succeed(tx, MarkerVersion, {"marker_id": marker}, [before | dict(changes)], since)
    tx.journal(
        "markers.revise",
        hand.markers[marker].number,
        instrument_id=since.instrument_id,
        before={name: before[name] for name in changes},
        after=dict(changes),
        on=since.on,
        marker=marker,
    )


def set_locations(
    tx: Transaction, locations: Mapping[UUID, Mapping[UUID, str]], *, on: date, instrument_id: UUID
) -> None:
    """Where markers stand as each side tells it, from a day on: marker → lowest unit known → words.

    The sides of a marker that are not named keep what they told.

    Raises:
        NotFound, NotPermitted: see `take_in_hand`.
    """
    hand = take_in_hand(tx, locations, on=on)
    since = From(on, instrument_id)
    for marker, told in locations.items():
        for division, location in told.items():
            keys = {"marker_id": marker, "division_id": division}
            succeed(tx, MarkerSide, keys, [{"location": location}], since)
        known = hand.markers[marker]
        tx.journal(
            "markers.locate",
            known.number,
            instrument_id=instrument_id,
            before={str(side): known.sides.get(side) for side in told},
            after={str(side): words for side, words in told.items()},
            on=on,
        )


def choose_bearings(
    tx: Transaction, bearings: Mapping[UUID, Sequence[Bearing]], *, on: date, instrument_id: UUID
) -> list[Finding]:
    """Let markers be found by these objects from a day on, in place of all those before.

    Raises:
        RuleViolated: too few, out of bounds, or not as coordinates tell (R-MRK-08).
        NotFound, NotPermitted: see `take_in_hand`.
    """
    hand = take_in_hand(tx, bearings, on=on)
    findings = [finding for marker in bearings for finding in _judge(hand, marker, bearings[marker])]
    refuse_if_blocking(findings, "方位物不能登记", way_out="请按各条意见补测")
    for marker, several in bearings.items():
        known = hand.markers[marker]
        succeed(
            tx,
            BearingObject,
            {"marker_id": marker},
            [_row(each) for each in several],
            From(on, instrument_id),
        )
        tx.journal(
            "markers.choose_bearings",
            known.number,
            instrument_id=instrument_id,
            before={
                str(each.ordinal): [each.name, each.azimuth_deg, each.distance_m] for each in known.bearings
            },
            after={str(each.ordinal): [each.name, each.azimuth_deg, each.distance_m] for each in several},
            on=on,
        )
    return findings


def _judge(hand: InHand, marker: UUID, bearings: Sequence[Bearing]) -> list[Finding]:
    known = hand.markers[marker]
    facts = tuple(_facts(each) for each in bearings)
    position = position_facts(known.position)
    return list(
        judge_bearings(MarkerFacts(known.number, point=known.point, position=position, bearings=facts))
    )


def _facts(each: Bearing) -> BearingFacts:
    point = None if each.point is None else Point(each.point)
    return BearingFacts(each.ordinal, each.name, each.azimuth_deg, each.distance_m, point)


def _row(each: Bearing) -> dict[str, Any]:
    return {
        "ordinal": each.ordinal,
        "name": each.name,
        "azimuth_deg": each.azimuth_deg,
        "distance_m": each.distance_m,
        "geom": None if each.point is None else point_element(each.point),
    }
