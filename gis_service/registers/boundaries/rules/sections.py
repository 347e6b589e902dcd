"""Edges placed on the course of their line, and sections: runs of edges that have something in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import Any
from uuid import UUID

import shapely
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.access import Classification, highest
from gis_service.foundation.topology import vertex_keys
from gis_service.registers.boundaries.rules.courses import Course

Step = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an edge lies on a course, in metres, and whether it runs the way of the course."""

    edge: UUID
    from_m: float
    to_m: float
    forward: bool


def placed_along(course: Course, edges: Mapping[UUID, BaseGeometry]) -> list[Placed]:
    """The edges of a course in its order: they partition it."""
    owners = dict(_owners(edges))
    ends, chainages = course.steps()
    keys = zip(vertex_keys(ends[:, :2]).tolist(), vertex_keys(ends[:, 2:]).tolist(), strict=True)
    steps = [(owners[step], chainage) for step, chainage in zip(keys, chainages.tolist(), strict=True)]
    placed = []
    for (edge, forward), run in groupby(steps, key=lambda step: step[0]):
        passed = [chainage for _, chainage in run]
        placed.append(Placed(edge, passed[0][0], passed[-1][1], forward))
    return placed


def _owners(edges: Mapping[UUID, BaseGeometry]) -> Iterator[tuple[Step, tuple[UUID, bool]]]:
    for edge, line in edges.items():
        for one, other in pairwise(vertex_keys(shapely.get_coordinates(line)).tolist()):
            yield (one, other), (edge, True)
            yield (other, one), (edge, False)


@dataclass(frozen=True, slots=True)
class EdgeFacts:
    """What is known of an edge on a day, its sides named as its line runs, and the acts it stands by."""

    left: str
    right: str
    legal_state: str
    follows: str
    follows_name: str | None
    moves: bool
    accuracy_m: float | None
    agreement: str | None
    source: str
    classification: Classification = field(default=Classification.public, compare=False)
    papers: frozenset[UUID] = field(default=frozenset(), compare=False)

    @property
    def pair(self) -> tuple[str, str]:
        """The two lowest-level units, codes ascending."""
        return min(self.left, self.right), max(self.left, self.right)


@dataclass(frozen=True, slots=True)
class Section:
    """A run of edges from one chainage to another, in metres, with what they have in common.

    What differs among them is None; `sides` are the pairs (left, right) in the order they are passed.
    """

    number: int
    from_m: float
    to_m: float
    sides: tuple[tuple[str, str], ...]
    common: Mapping[str, Any]
    edges: tuple[UUID, ...]
    classification: Classification

    @property
    def length_km(self) -> float:
        """Its length on the ellipsoid."""
        return (self.to_m - self.from_m) / 1000.0


COMMON = ("legal_state", "follows", "follows_name", "moves", "accuracy_m", "agreement", "source")

Key = Callable[[EdgeFacts], Any]
SECTIONS_BY: Mapping[str, Key] = {
    "units": lambda facts: (facts.left, facts.right),
    "state": lambda facts: facts.legal_state,
    "follows": lambda facts: (facts.follows, facts.follows_name),
    "survey": lambda facts: facts,
}


def sections_of(placed: Sequence[tuple[Placed, EdgeFacts]], key: Key) -> list[Section]:
    """Runs of edges with the same `key`, in order; together they are the whole line."""
    runs = [list(run) for _, run in groupby(placed, key=lambda pair: key(pair[1]))]
    return [_section(number, run) for number, run in enumerate(runs, start=1)]


def _section(number: int, run: Sequence[tuple[Placed, EdgeFacts]]) -> Section:
    facts = [each for _, each in run]
    return Section(
        number=number,
        from_m=run[0][0].from_m,
        to_m=run[-1][0].to_m,
        sides=tuple(dict.fromkeys((each.left, each.right) for each in facts)),
        common={name: _common({getattr(each, name) for each in facts}) for name in COMMON},
        edges=tuple(place.edge for place, _ in run),
        classification=highest(*(each.classification for each in facts)),
    )


def _common(values: set[Any]) -> Any:
    return next(iter(values)) if len(values) == 1 else None
