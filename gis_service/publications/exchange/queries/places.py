"""Which units hold the points of a list or a table, each on its day. Unknown stays empty, never guessed."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy.orm import Session

from gis_service.foundation.errors import InvalidInput
from gis_service.registers.boundaries.queries.chains import Chain, chains_of, sides_of_point
from gis_service.registers.boundaries.queries.locating import Point, locate
from gis_service.registers.boundaries.rules.points import remark_on_point
from gis_service.registers.divisions.rules import DivisionLevel

MOST_POINTS = 10_000
LON, LAT, ON = ("lon", "lng", "经度"), ("lat", "纬度"), ("on", "日期")
BETWEEN_SIDES = ";"  # of a point on a border every side is written


@dataclass(frozen=True, slots=True)
class Place:
    """A point on a day with the chains of the units it lies in: none where no area is known."""

    point: Point
    on: date
    sides: tuple[Chain, ...]
    remark: str | None


def places_of(session: Session, points: Sequence[Point], days: Sequence[date]) -> list[Place]:
    """Where each point lies on its day."""
    of_day: dict[date, list[int]] = defaultdict(list)
    for index, day in enumerate(days):
        of_day[day].append(index)
    found: dict[int, Place] = {}
    for day, indexes in of_day.items():
        held = locate(session, [points[index] for index in indexes], on=day)
        chains = chains_of(session, {unit for units in held for unit in units}, on=day)
        sides = {units: tuple(sides_of_point(units, chains)) for units in set(held)}
        for index, units in zip(indexes, held, strict=True):
            found[index] = Place(points[index], day, sides[units], remark_on_point(*points[index]))
    return [found[index] for index in range(len(points))]


def place_table(session: Session, table: pd.DataFrame, *, on: date) -> pd.DataFrame:
    """The table with code and name of the unit of each level added to every row.

    Raises:
        InvalidInput: no columns of coordinates, too many rows, or a row that cannot be read.
    """
    if len(table) > MOST_POINTS:
        raise InvalidInput(f"表格超过 {MOST_POINTS} 行", way_out="请拆分后分几次查询")
    points = list(zip(_numbers(table, LON, 180), _numbers(table, LAT, 180), strict=True))
    day = _column(table, ON)
    days = [on] * len(points) if day is None else [_day(text, on, row) for row, text in _rows(table, day)]
    told = pd.DataFrame(_columns(places_of(session, points, days)), index=table.index)
    return pd.concat([table.drop(columns=[name for name in told if name in table]), told], axis=1)


def _columns(places: Iterable[Place]) -> list[dict[str, str]]:
    told: dict[int, dict[str, str]] = {}  # by the sides that all points in the same units have
    rows = []
    for place in places:
        if id(place.sides) not in told:
            told[id(place.sides)] = _codes_and_names(place.sides)
        rows.append(told[id(place.sides)] | {"remark": place.remark or ""})
    return rows


def _codes_and_names(sides: Iterable[Chain]) -> dict[str, str]:
    told = {}
    for level in DivisionLevel:
        units = [unit for side in sides for unit in side if unit.level == level.value]
        told[f"{level.value}_code"] = BETWEEN_SIDES.join(_once(unit.code for unit in units))
        told[f"{level.value}_name"] = BETWEEN_SIDES.join(_once(unit.name for unit in units))
    return told


def _once(texts: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(texts)


def _column(table: pd.DataFrame, names: Sequence[str]) -> str | None:
    by_lower = {str(name).strip().lower(): str(name) for name in table.columns}
    return next((by_lower[name] for name in names if name in by_lower), None)


def _rows(table: pd.DataFrame, column: str) -> Iterable[tuple[int, str]]:
    return enumerate(table[column].fillna("").astype(str), start=2)  # the head is line 1


def _numbers(table: pd.DataFrame, names: Sequence[str], most: float) -> list[float]:
    column = _column(table, names)
    if column is None:
        raise InvalidInput(f"表格没有 {names[0]} 列", way_out=f"列名请写 {'、'.join(names)} 之一")
    return [_number(text, column, row, most) for row, text in _rows(table, column)]


def _number(text: str, column: str, row: int, most: float) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not abs(value) <= most:
        raise InvalidInput(
            f"第 {row} 行的 {column}“{text[:40]}”不是度数", way_out="请写十进制度数，如 120.86"
        )
    return value


def _day(text: str, otherwise: date, row: int) -> date:
    if not text.strip():
        return otherwise
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise InvalidInput(f"第 {row} 行的日期“{text[:40]}”无法识别", way_out="请写成 YYYY-MM-DD") from error
