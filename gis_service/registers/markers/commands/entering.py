"""Entering markers with all that is known of them; in bulk, since a province hands in thousands at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from json import dumps
from operator import attrgetter
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import shapely
from shapely.geometry import Point
from sqlalchemy import insert, select

from gis_service.foundation.database import Base, copy_rows, table_of
from gis_service.foundation.errors import Conflict
from gis_service.foundation.periods import Period
from gis_service.foundation.transaction import Transaction
from gis_service.foundation.wkb import write_ewkb
from gis_service.registers.markers.models import (
    BearingObject,
    Marker,
    MarkerKind,
    MarkerLine,
    MarkerObservation,
    MarkerPosition,
    MarkerSide,
    MarkerState,
    MarkerVersion,
    Placement,
)
from gis_service.registers.markers.rules.given import Bearing, Position


@dataclass(frozen=True, slots=True)
class NewMarker:
    """A marker to enter. `lines` are all the lines it stands on, the one it is numbered for included.

    `sides` tells where it stands as each side tells it, by the id of the lowest-level unit known.
    """

    number: str
    line_id: UUID
    placement: Placement = Placement.single
    kind: MarkerKind = MarkerKind.boundary
    shape: str | None = None
    material: str | None = None
    managing_id: UUID | None = None
    management_id: UUID | None = None
    custodian: str | None = None
    note: str | None = None
    is_historic: bool = False
    is_synthetic: bool = False
    sides: Mapping[UUID, str] = field(default_factory=dict)
    lines: tuple[UUID, ...] = ()
    position: Position | None = None
    bearings: tuple[Bearing, ...] = ()
    state: MarkerState | None = None
    seen_on: date | None = None
    observer: str = ""
    id: UUID = field(default_factory=uuid4)


def register_markers(
    tx: Transaction, markers: Sequence[NewMarker], *, on: date, instrument_id: UUID
) -> list[UUID]:
    """Enter markers from a day on by the act, the agreement or the dataset that tells of them.

    Whoever calls has judged them as markers.

    Raises:
        Conflict: a number is taken on its line, or was ever; it names them (R-MRK-11).
    """
    _require_free(tx, markers)
    dated = _Dated(on, instrument_id)
    tx.session.execute(insert(Marker), [_identity(marker, instrument_id) for marker in markers])
    _copy(tx, MarkerVersion, _VERSION, (_version(marker, dated) for marker in markers))
    _copy(tx, MarkerLine, ("marker_id", "line_id"), _lines(markers), dated)
    _copy(tx, MarkerSide, ("marker_id", "division_id", "location"), _sides(markers), dated)
    _copy(tx, MarkerPosition, ("marker_id", *POSITION), _positions(markers), dated)
    _copy(tx, BearingObject, ("marker_id", *_BEARING), _bearings(markers), dated)
    _observe(tx, markers, on=on, instrument_id=instrument_id)
    _tell(tx, markers, dated)
    return [marker.id for marker in markers]


def _require_free(tx: Transaction, markers: Sequence[NewMarker]) -> None:
    wanted = Counter((marker.line_id, marker.number) for marker in markers)
    known = select(Marker.line_id, Marker.number).where(Marker.line_id.in_({line for line, _ in wanted}))
    taken = {(line, number) for line, number in tx.session.execute(known)}
    again = sorted({key[1] for key, times in wanted.items() if times > 1 or key in taken})
    if again:
        shown = "、".join(again[:_SHOWN]) + ("……" if len(again) > _SHOWN else "")
        raise Conflict(
            f"界桩编号在同一界线上只能用一次，永不重用：{shown}",
            way_out="请核对编号；已登记界桩的变化请登记为新的位置或状况",
        )


_SHOWN = 5


@dataclass(frozen=True, slots=True)
class _Dated:
    on: date
    instrument_id: UUID


_VERSION = (
    "marker_id",
    "placement",
    "shape",
    "material",
    "managing_id",
    "management_id",
    "custodian",
    "note",
)
_GIVEN = ("system", "zone_width", "zone", "x", "y", "height", "height_system", "given")
_HOW = ("method", "accuracy_m", "residual_m", "surveyed_on")
POSITION = ("geom", *_GIVEN, "transform", *_HOW)
_BEARING = ("ordinal", "name", "azimuth_deg", "distance_m", "geom")


def _copy(
    tx: Transaction,
    model: type[Base],
    columns: tuple[str, ...],
    rows: Iterable[Sequence[Any]],
    dated: _Dated | None = None,
) -> None:
    end = () if dated is None else (Period(dated.on), dated.instrument_id)
    names = ("id", *columns, "valid", "begun_by")
    copy_rows(tx.session, table_of(model), names, ((uuid4(), *row, *end) for row in rows))


def _identity(marker: NewMarker, instrument_id: UUID) -> dict[str, Any]:
    return {
        "id": marker.id,
        "number": marker.number,
        "kind": marker.kind.value,
        "line_id": marker.line_id,
        "is_historic": marker.is_historic,
        "is_synthetic": marker.is_synthetic,
        "registered_by": instrument_id,
    }


def _version(marker: NewMarker, dated: _Dated) -> tuple[Any, ...]:
    known = (marker.placement.value, *(getattr(marker, name) for name in _VERSION[2:]))
    return marker.id, *known, Period(dated.on), dated.instrument_id


def _lines(markers: Iterable[NewMarker]) -> Iterator[tuple[UUID, UUID]]:
    for marker in markers:
        yield from ((marker.id, line) for line in dict.fromkeys((marker.line_id, *marker.lines)))


def _sides(markers: Iterable[NewMarker]) -> Iterator[tuple[UUID, UUID, str]]:
    for marker in markers:
        yield from ((marker.id, division, location) for division, location in marker.sides.items())


def _positions(markers: Iterable[NewMarker]) -> Iterator[tuple[Any, ...]]:
    for marker in markers:
        if marker.position is not None:
            yield marker.id, *position_row(marker.position)


def position_row(position: Position) -> tuple[Any, ...]:
    """The columns `POSITION` of a position, geometry as EWKB."""
    return _ewkb(position.point), *_beside_the_place(position)


def position_rows(positions: Sequence[Position]) -> Iterator[tuple[Any, ...]]:
    """The same of many, their geometries made at once."""
    placed = [each.point for each in positions if each.point is not None]
    shapes = np.asarray(shapely.points(np.asarray(placed).reshape(-1, 2)), dtype=object)
    written = iter(write_ewkb(shapes.reshape(-1)))
    for each in positions:
        yield None if each.point is None else next(written), *_beside_the_place(each)


_given_of, _how_of = attrgetter(*_GIVEN), attrgetter(*_HOW)


def _beside_the_place(position: Position) -> tuple[Any, ...]:
    transform = None if position.transform is None else dumps(dict(position.transform), ensure_ascii=False)
    return *_given_of(position), transform, *_how_of(position)


def _ewkb(point: tuple[float, float] | None) -> str | None:
    return None if point is None else write_ewkb([Point(point)])[0]


def _bearings(markers: Iterable[NewMarker]) -> Iterator[tuple[Any, ...]]:
    for marker in markers:
        for each in marker.bearings:
            known = (each.ordinal, each.name, each.azimuth_deg, each.distance_m)
            yield marker.id, *known, _ewkb(each.point)


def _observe(tx: Transaction, markers: Iterable[NewMarker], *, on: date, instrument_id: UUID) -> None:
    seen = [
        {
            "marker_id": marker.id,
            "seen_on": marker.seen_on or on,
            "state": marker.state.value,
            "observer": marker.observer or tx.actor.authority,
            "instrument_id": instrument_id,
            "recorded_at": tx.at,
        }
        for marker in markers
        if marker.state is not None
    ]
    if seen:
        tx.session.execute(insert(MarkerObservation), seen)


def _tell(tx: Transaction, markers: Iterable[NewMarker], dated: _Dated) -> None:
    """One entry for each line: what was entered, and the positions it was entered with."""
    by_line: dict[UUID, list[NewMarker]] = defaultdict(list)
    for marker in markers:
        by_line[marker.line_id].append(marker)
    for line, own in by_line.items():
        after = {marker.number: marker.position and marker.position.point for marker in own}
        tx.journal("markers.register", str(line), instrument_id=dated.instrument_id, after=after, on=dated.on)
