"""The sections of a line between its stations, with the objects it passes, as forms tell them."""

from __future__ import annotations

from collections.abc import Iterator

from gis_service.publications.forms.schemas import LineEvidence
from gis_service.registers.boundaries.rules import Leg, Station, legs_of
from gis_service.registers.markers.rules.stations import Stone, runs_with_numbers, stations_of


def legs(evidence: LineEvidence) -> list[Leg]:
    """The sections between stations."""
    landmarks = [*evidence.landmarks, *_features(evidence)]
    landmarks.sort(key=lambda mark: mark.chainage_m)
    return legs_of(evidence.course, stations(evidence), evidence.followings, landmarks)


def stations(evidence: LineEvidence) -> list[Station]:
    """The ends of the line and its markers in their order along it."""
    facts = evidence.facts
    return stations_of(evidence.course, _stones(evidence), begins_at=facts.begins_at, ends_at=facts.ends_at)


def is_in_order(evidence: LineEvidence) -> bool:
    """Whether chainage rises with the serials, as it should (R-MRK-03)."""
    return runs_with_numbers(_stones(evidence))


def _stones(evidence: LineEvidence) -> list[Stone]:
    return [(marker.number, marker.chainage_m) for marker in evidence.markers]


def _features(evidence: LineEvidence) -> Iterator[Station]:
    """Places that measured points of the line are told at."""
    for point in evidence.points:
        if point.feature and point.chainage_m is not None:
            yield Station(point.feature, point.chainage_m)
