"""Edges and faces: nothing twice, nothing lost, whatever the coverage and in whatever order it comes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Polygon

from gis_service.foundation.topology import (
    NOTHING,
    Edges,
    NotEdgeMatched,
    edges_of,
    face_from_edges,
    faces_of,
)
from tests.support.strategies import FRAME, partitions

# Enough to find planted faults in every run; a thousand examples each take minutes and found nothing more.
seldom = settings(max_examples=15)
often = settings(max_examples=50)

Segment = tuple[tuple[float, float], tuple[float, float]]


def segments(line: LineString) -> list[Segment]:
    return list(pairwise((lon, lat) for lon, lat in shapely.get_coordinates(line)))


def rings_with_the_face_on_their_left(face: Polygon) -> set[Segment]:
    oriented = shapely.orient_polygons(face)
    return {segment for ring in shapely.get_rings(oriented) for segment in segments(ring)}


def around(edges: Edges, face: int) -> list[LineString]:
    return [line for line, *sides in zip(edges.lines, edges.left, edges.right, strict=True) if face in sides]


@seldom
@given(partitions())
def test_the_drawn_partitions_are_coverages(faces: list[Polygon]) -> None:
    assert shapely.coverage_is_valid(faces)
    assert shapely.union_all(faces).equals(FRAME)


@seldom
@given(partitions())
def test_every_stretch_of_border_is_stored_once(faces: list[Polygon]) -> None:
    stored = Counter(frozenset(segment) for line in edges_of(faces).lines for segment in segments(line))
    wanted = {frozenset(segment) for face in faces for segment in rings_with_the_face_on_their_left(face)}
    assert stored == Counter(wanted)


@seldom
@given(partitions())
def test_an_edge_has_its_left_face_on_the_left_and_its_right_face_on_the_right(faces: list[Polygon]) -> None:
    edges = edges_of(faces)
    for line, left, right in zip(edges.lines, edges.left, edges.right, strict=True):
        assert set(segments(line)) <= rings_with_the_face_on_their_left(faces[left])
        if right == NOTHING:
            assert FRAME.boundary.covers(line)
        else:
            assert set(segments(line.reverse())) <= rings_with_the_face_on_their_left(faces[right])


@seldom
@given(partitions())
def test_every_face_comes_back_exactly_from_its_edges(faces: list[Polygon]) -> None:
    edges = edges_of(faces)
    for index, face in enumerate(faces):
        rebuilt = face_from_edges(around(edges, index))
        assert shapely.equals_exact(rebuilt.normalize(), face.normalize(), tolerance=0)


@seldom
@given(partitions())
def test_edges_are_half_as_long_as_all_outlines_and_the_frame_together(faces: list[Polygon]) -> None:
    total = sum(line.length for line in edges_of(faces).lines)
    assert total == pytest.approx((sum(face.length for face in faces) + FRAME.length) / 2, rel=1e-12)


@seldom
@given(partitions())
def test_edges_end_only_where_borders_part(faces: list[Polygon]) -> None:
    ends = Counter(
        tuple(end) for line in edges_of(faces).lines for end in shapely.get_coordinates(line)[[0, -1]]
    )
    closed = {tuple(shapely.get_coordinates(line)[0]) for line in edges_of(faces).lines if line.is_closed}
    assert all(count >= 3 or (count == 2 and end in closed) for end, count in ends.items())


@often
@given(partitions(min_faces=2), st.data())
def test_two_loads_in_any_order_give_the_edges_of_one(faces: list[Polygon], data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(faces))))
    parting = data.draw(st.integers(1, len(faces) - 1))
    first, second = order[:parting], order[parting:]
    assert borders(loaded_in_two(faces, first, second)) == borders(told(edges_of(faces), range(len(faces))))


Told = list[tuple[LineString, frozenset[int]]]


def told(edges: Edges, numbers: Sequence[int]) -> Told:
    """Each edge with the faces on its sides, by the number they have outside."""
    sides = zip(edges.left, edges.right, strict=True)
    faces = [frozenset(numbers[side] for side in pair if side != NOTHING) for pair in sides]
    return list(zip(edges.lines, faces, strict=True))


def loaded_in_two(faces: list[Polygon], first: Sequence[int], second: Sequence[int]) -> Told:
    """Load some faces, then the others onto the edges that stayed open, as the register does."""
    before = edges_of([faces[index] for index in first])
    is_open = before.right == NOTHING
    after = edges_of(
        [faces[index] for index in second],
        given=before.lines[is_open],
        given_left=before.left[is_open] + len(second),
    )
    assert set(after.chain[after.chain != NOTHING]) == set(range(int(is_open.sum())))
    closed = [edge for edge, still in zip(told(before, first), is_open, strict=True) if not still]
    return closed + told(after, [*second, *first])


def borders(edges: Told) -> dict[frozenset[int], set[bytes]]:
    """Undirected borders by the faces they part; pieces cut only where a ring began are sewn together."""
    lines: dict[frozenset[int], list[LineString]] = defaultdict(list)
    for line, faces in edges:
        lines[faces].append(line)
    return {faces: set(map(_shape, _sewn(own))) for faces, own in lines.items()}


def _sewn(lines: list[LineString]) -> Sequence[LineString]:
    return list(shapely.get_parts(shapely.line_merge(shapely.multilinestrings(lines))))


def _shape(line: LineString) -> bytes:
    return bytes(shapely.to_wkb(shapely.normalize(line)))


@seldom
@given(partitions(), st.permutations(range(4)))
def test_the_order_of_faces_does_not_change_the_borders(faces: list[Polygon], start: list[int]) -> None:
    order = sorted(range(len(faces)), key=lambda index: (start[index % 4], index))
    turned = edges_of([faces[index] for index in order])
    assert borders(told(turned, order)) == borders(told(edges_of(faces), range(len(faces))))


def test_an_enclave_without_a_corner_to_others_is_one_closed_edge() -> None:
    outer = shapely.box(0, 0, 3, 3).difference(shapely.box(1, 1, 2, 2))
    edges = edges_of([outer, shapely.box(1, 1, 2, 2)])
    inner = [line for line, right in zip(edges.lines, edges.right, strict=True) if right != NOTHING]
    assert len(inner) == 1
    assert inner[0].is_closed


@pytest.mark.parametrize(
    "faces",
    [
        pytest.param([shapely.box(0, 0, 1, 1), shapely.box(0, 0, 1, 1)], id="the same ground twice"),
        pytest.param(
            [shapely.box(0, 0, 2, 2), Polygon([(0, 0), (2, 0), (1, 1)])], id="a face inside another"
        ),
        pytest.param(
            [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), Polygon([(1, 0), (1, 1), (0.5, 0.5)])],
            id="three faces at one border",
        ),
    ],
)
def test_a_border_claimed_from_the_same_side_twice_is_refused_with_its_place(faces: list[Polygon]) -> None:
    with pytest.raises(NotEdgeMatched) as refused:
        edges_of(faces)
    assert shapely.Point(refused.value.lon, refused.value.lat).within(shapely.union_all(faces).buffer(1e-6))


def test_ground_of_a_registered_face_cannot_be_claimed_again() -> None:
    registered = edges_of([shapely.box(0, 0, 1, 1)])
    with pytest.raises(NotEdgeMatched):
        edges_of([shapely.box(0, 0, 1, 1)], given=registered.lines, given_left=registered.left + 1)


def test_borders_that_share_no_vertices_are_never_taken_for_one() -> None:
    """The vertex (1, 1) is missing on the left: the border is left open on both sides, not guessed at."""
    left, right = Polygon([(0, 0), (1, 0), (1, 2), (0, 2)]), Polygon([(1, 0), (2, 0), (2, 2), (1, 2), (1, 1)])
    assert not shapely.coverage_is_valid([left, right])
    assert set(edges_of([left, right]).right) == {NOTHING}


def test_parts_of_a_unit_are_faces_of_their_own() -> None:
    islands = shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 0, 3, 1)])
    faces, owner = faces_of([shapely.box(5, 5, 6, 6), islands])
    assert owner.tolist() == [0, 1, 1]
    assert all(face.exterior.is_ccw for face in faces)


def test_coordinates_keep_every_digit_of_the_grid() -> None:
    corner = (119.1234567, 31.7654321)
    [line] = edges_of([Polygon([corner, (120.0, 31.0), (120.0, 32.0)])]).lines
    assert corner in set(map(tuple, np.asarray(line.coords)))
