"""The stations of a line: its beginning, its markers in their order along it, its end."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from gis_service.publications.forms.schemas import LineEvidence, MarkerEvidence
from gis_service.publications.forms.sheets.drafting.figures import dms
from gis_service.registers.boundaries.rules import Leg, Station, legs_of

_AT_THE_END_M = 1.0  # a marker this near to an end of the line is the end


def legs(evidence: LineEvidence) -> list[Leg]:
    """The sections between stations."""
    landmarks = [*evidence.landmarks, *_features(evidence)]
    landmarks.sort(key=lambda mark: mark.chainage_m)
    return legs_of(evidence.course, stations(evidence), evidence.followings, landmarks)


def stations(evidence: LineEvidence) -> list[Station]:
    """In the direction of the line; stones that share a serial number are one station, midway."""
    length = evidence.course.length_m
    known = sorted(
        (_station(group) for group in _numbered(evidence).values()), key=lambda each: each.chainage_m
    )
    begin = Station(_end(evidence, evidence.facts.begins_at, 0.0, "起点"), 0.0)
    end = Station(_end(evidence, evidence.facts.ends_at, length, "终点"), length)
    first = [] if known and known[0].chainage_m < _AT_THE_END_M else [begin]
    last = [] if known and known[-1].chainage_m > length - _AT_THE_END_M else [end]
    return [*first, *known, *last]


def runs_with_numbers(evidence: LineEvidence) -> bool:
    """Whether chainage rises with the serials, as it should (R-MRK-03)."""
    places = [_station(group).chainage_m for _, group in sorted(_numbered(evidence).items())]
    return all(one <= other for one, other in pairwise(places))


def _numbered(evidence: LineEvidence) -> dict[str, list[MarkerEvidence]]:
    """Placed markers by their number without the letter."""
    by_serial: dict[str, list[MarkerEvidence]] = defaultdict(list)
    for marker in evidence.markers:
        if marker.chainage_m is not None:
            by_serial[marker.number.rstrip("QABCDE")].append(marker)
    return by_serial


def _station(group: list[MarkerEvidence]) -> Station:
    places = [marker.chainage_m for marker in group if marker.chainage_m is not None]
    numbers = "、".join(marker.number for marker in group)
    return Station(f"{numbers}号界桩", sum(places) / len(places))


def _end(evidence: LineEvidence, told: str | None, chainage_m: float, word: str) -> str:
    if told:
        return f"{word}（{told}）"
    place = evidence.course.point_at(chainage_m)
    return f"{word}（东经{dms(place.x, 0)}、北纬{dms(place.y, 0)}）"


def _features(evidence: LineEvidence) -> list[Station]:
    """Places that measured points of the line are told at."""
    return [
        Station(point.feature, point.chainage_m)
        for point in evidence.points
        if point.feature and point.chainage_m is not None
    ]
