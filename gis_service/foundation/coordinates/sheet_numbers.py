"""Sheet numbers of national maps at eleven scales, both ways, and their neighbours (R-MAP-03).

Computed in thousandths of a second of arc, as whole numbers, so that no edge is missed by rounding. A point
on an edge is on the sheet north or east of it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from gis_service.foundation.errors import InvalidInput

_DEGREE = 3_600_000  # thousandths of a second
_ROW_LETTERS = "ABCDEFGHIJKLMNOPQRSTUV"
_COLUMNS = 60
_MILLIONTH = re.compile(r"([A-V])(\d{2})")
_FINER = re.compile(r"([A-V]\d{2})([B-K])(\d+)")


@dataclass(frozen=True, slots=True)
class SheetScale:
    """A scale of the series: the sheet's extent in thousandths of a second."""

    letter: str
    scale: int
    height: int
    width: int
    digits: int


@dataclass(frozen=True, slots=True)
class SheetFrame:
    """A sheet: its scale, and its south-west corner in thousandths of a second."""

    scale: SheetScale
    south: int
    west: int

    @property
    def number(self) -> str:
        """Its number: J50E001010."""
        top = _by_letter()["A"]
        row, column = self.south // top.height, self.west // top.width
        million = f"{_ROW_LETTERS[row]}{column + 31:02d}"
        if not self.scale.digits:
            return million
        down = (top.height - self.south % top.height) // self.scale.height
        along = self.west % top.width // self.scale.width + 1
        return f"{million}{self.scale.letter}{down:0{self.scale.digits}d}{along:0{self.scale.digits}d}"

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees."""
        edges = (self.west, self.south, self.west + self.scale.width, self.south + self.scale.height)
        return tuple(edge / _DEGREE for edge in edges)  # type: ignore[return-value]

    def neighbour(self, east: int, north: int) -> SheetFrame | None:
        """The sheet so many places east and north; None beyond the series."""
        return _framed(
            self.scale, self.south + north * self.scale.height, self.west + east * self.scale.width
        )

    @property
    def neighbours(self) -> Mapping[str, str]:
        """The numbers of the eight sheets around it, by direction."""
        found = {word: self.neighbour(*step) for word, step in _AROUND.items()}
        return {word: frame.number for word, frame in found.items() if frame is not None}


_AROUND = {
    "北": (0, 1),
    "东北": (1, 1),
    "东": (1, 0),
    "东南": (1, -1),
    "南": (0, -1),
    "西南": (-1, -1),
    "西": (-1, 0),
    "西北": (-1, 1),
}


@cache
def sheet_scales() -> tuple[SheetScale, ...]:
    """All scales, the smallest first."""
    text = files(__package__).joinpath("sheets.toml").read_text(encoding="utf-8")
    return tuple(SheetScale(**row) for row in tomllib.loads(text)["sheet"])


@cache
def _by_letter() -> Mapping[str, SheetScale]:
    return {scale.letter: scale for scale in sheet_scales()}


def sheet_scale(scale: int) -> SheetScale:
    """The scale 1 : `scale` of the series.

    Raises:
        InvalidInput: the series has none.
    """
    for known in sheet_scales():
        if known.scale == scale:
            return known
    listed = "、".join(f"1:{known.scale}" for known in sheet_scales())
    raise InvalidInput(f"没有 1:{scale} 的国家基本比例尺图幅", way_out=f"可选：{listed}")


def sheet_at(lon: float, lat: float, scale: int) -> SheetFrame:
    """The sheet of a scale that a point is on.

    Raises:
        InvalidInput: the series does not reach there, or has no such scale.
    """
    wanted = sheet_scale(scale)
    south, west = (_floored(value, step) for value, step in ((lat, wanted.height), (lon, wanted.width)))
    frame = _framed(wanted, south, west)
    if frame is None:
        raise InvalidInput(f"经度 {lon:g}、纬度 {lat:g} 不在图幅编号的范围内", way_out="纬度应在 0°～88°")
    return frame


def _floored(degrees: float, step: int) -> int:
    # to a millionth of a second first, so that what was meant to lie on an edge does
    thousandths = round(degrees * _DEGREE * 1000) // 1000
    return thousandths // step * step


def _framed(scale: SheetScale, south: int, west: int) -> SheetFrame | None:
    whole = _COLUMNS * 6 * _DEGREE
    west = (west + whole // 2) % whole - whole // 2
    if not 0 <= south < len(_ROW_LETTERS) * 4 * _DEGREE:
        return None
    return SheetFrame(scale, south, west)


def sheet_numbered(number: str) -> SheetFrame:
    """The sheet with a number.

    Raises:
        InvalidInput: no such number.
    """
    word = number.strip().upper()
    million, letter, place = _split(word)
    scale, top = _by_letter()[letter], _by_letter()["A"]
    south = _ROW_LETTERS.index(million[0]) * top.height
    west = (int(million[1:]) - 31) * top.width
    if len(place) != 2 * scale.digits or not 1 <= int(million[1:]) <= _COLUMNS:
        raise _no_sheet(number)
    if not scale.digits:
        return SheetFrame(scale, south, west)
    down, along = int(place[: scale.digits]), int(place[scale.digits :])
    if not (1 <= down <= top.height // scale.height and 1 <= along <= top.width // scale.width):
        raise _no_sheet(number)
    return SheetFrame(scale, south + top.height - down * scale.height, west + (along - 1) * scale.width)


def _split(word: str) -> tuple[str, str, str]:
    if _MILLIONTH.fullmatch(word):
        return word, "A", ""
    found = _FINER.fullmatch(word)
    if found is None:
        raise _no_sheet(word)
    return found[1], found[2], found[3]


def _no_sheet(number: str) -> InvalidInput:
    return InvalidInput(
        f"“{number}”不是图幅编号", way_out="编号如 J50、J50E001010（1:50000）、I50K22761831（1:500）"
    )
