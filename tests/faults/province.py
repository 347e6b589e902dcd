"""A province of square counties, and far more lawful changes to it than anybody can enact in an hour.

Every prefecture is four counties by four. In the first wave each county (县) becomes a county-level city
(县级市); in the later ones neighbours merge, until one unit is left.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.transaction import transaction
from tests.support.factories import NOW, REGISTRAR, registered

SIDE = 4  # counties along each side of a prefecture
ABREAST = 6  # prefectures from west to east
CELL_DEGREES = 0.05
WEST, NORTH = 112.0, 36.0
FIRST_COUNTY, FIRST_CITY = 21, 81  # bands of the last two digits of a code, by type
MERGER_DAYS = (date(2021, 3, 1), date(2021, 6, 1), date(2021, 9, 1), date(2021, 12, 1))
CONVERSION_DAY = date(2021, 1, 1)
# Every county is one face, and every merger doubles what a unit is made of.
FACES_MOVED = {CONVERSION_DAY: 1} | {day: 2**wave for wave, day in enumerate(MERGER_DAYS, start=1)}


@dataclass(frozen=True, slots=True)
class Change:
    """A change to be enacted, with the act that approves it: both are its own alone."""

    proposal: dict[str, Any]
    act: dict[str, Any]

    @property
    def act_number(self) -> str:
        """The document number (文号) by which everything it wrote can be found."""
        return str(self.act["number"])


def register_province(sessions: sessionmaker[Session], prefectures: int) -> None:
    """Register so many prefectures with all their counties as of 2020-01-01."""
    units = {
        f"{prefecture}.{place}": (
            _code(prefecture, FIRST_COUNTY + place),
            f"{_name(prefecture, place)}县",
            _square(prefecture, place),
        )
        for prefecture in range(prefectures)
        for place in range(SIDE * SIDE)
    }
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        registered(tx, units)


def changes_to(prefecture: int) -> Iterator[Change]:
    """All changes to a prefecture, in an order in which each can be enacted after the one before."""
    for place in range(SIDE * SIDE):
        yield _change(
            prefecture,
            f"{_name(prefecture, place)}撤县设市",
            "conversion",
            [FIRST_COUNTY + place],
            FIRST_CITY + place,
            CONVERSION_DAY,
        )
    places = list(range(SIDE * SIDE))
    for wave, on in enumerate(MERGER_DAYS):
        former, new = (FIRST_CITY, FIRST_COUNTY) if wave % 2 == 0 else (FIRST_COUNTY, FIRST_CITY)
        places = list(_merged(places, step=_step(wave)))
        for place in places:
            other = place + _step(wave)
            yield _change(
                prefecture,
                f"{_name(prefecture, place)}与{_name(prefecture, other)}合并（第 {wave + 1} 轮）",
                "merge",
                [former + place, former + other],
                new + place,
                on,
            )


def _step(wave: int) -> int:
    """How far apart two units lie that merge: first along the rows, then across them."""
    return (1, 2, SIDE, 2 * SIDE)[wave]


def _merged(places: list[int], *, step: int) -> Iterator[int]:
    return (place for place in places if place // step % 2 == 0)


def _change(prefecture: int, title: str, kind: str, former: list[int], new: int, on: date) -> Change:
    first, generic = (FIRST_CITY, "市") if new >= FIRST_CITY else (FIRST_COUNTY, "县")
    code, name = _code(prefecture, new), _name(prefecture, new - first)
    into = {"code": code, "name": f"{name}{generic}", "seat": "某街道"}
    operation = {"kind": kind, "from": [_code(prefecture, each) for each in former], "into": into}
    act = {
        "number": f"国函〔2020〕{code}号{kind}{on:%m}",
        "title": f"关于{title}的批复",
        "issuer": "国务院",
        "issued_on": "2020-12-01",
    }
    proposal = {"title": title, "effective_on": str(on), "operations": [operation]}
    return Change(proposal, act)


def _code(prefecture: int, last: int) -> str:
    return f"41{prefecture + 1:02d}{last:02d}"


def _name(prefecture: int, place: int) -> str:
    """Two characters that no other unit has."""
    return chr(0x4E10 + prefecture) + chr(0x5B50 + place)


def _square(prefecture: int, place: int) -> BaseGeometry:
    column = prefecture % ABREAST * SIDE + place % SIDE
    row = prefecture // ABREAST * SIDE + place // SIDE
    west, north = WEST + column * CELL_DEGREES, NORTH - row * CELL_DEGREES
    cell = shapely.box(west, north - CELL_DEGREES, west + CELL_DEGREES, north)
    return shapely.transform(cell, lambda xy: np.round(xy, 7))
