"""Coordinate and height systems of surveys, as archives name them.

CGCS2000 and WGS 84 are placed as they are. 1980西安 and 1954北京 are tens of metres off and more, differently
from place to place: they are kept as given, and placed only by local parameters.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from gis_service.foundation.crs import OFFSET_SYSTEMS
from gis_service.foundation.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Ellipsoid:
    """Semi-major axis in metres, and the inverse of the flattening."""

    semi_major_m: float
    inverse_flattening: float

    @property
    def words(self) -> str:
        """As PROJ reads it."""
        return f"+a={self.semi_major_m!r} +rf={self.inverse_flattening!r}"


class System(StrEnum):
    """A horizontal system; values are written into the register."""

    cgcs2000 = "CGCS2000"
    wgs84 = "WGS 84"
    xian80 = "1980西安坐标系"
    beijing54 = "1954北京坐标系"
    local = "地方独立坐标系"

    @property
    def ellipsoid(self) -> Ellipsoid:
        """The ellipsoid it computes on; that of a local system is a convention of who made it."""
        return _ELLIPSOIDS[self]

    @property
    def is_placed(self) -> bool:
        """Whether its coordinates may be stored as they are, without local parameters."""
        return self in (System.cgcs2000, System.wgs84)


class HeightSystem(StrEnum):
    """A height system; one is never turned into another."""

    huanghai85 = "1985国家高程基准"
    huanghai56 = "1956年黄海高程系"
    ellipsoidal = "大地高"
    local = "地方高程系"


_ELLIPSOIDS = {
    System.cgcs2000: Ellipsoid(6_378_137.0, 298.257222101),
    System.wgs84: Ellipsoid(6_378_137.0, 298.257223563),
    System.xian80: Ellipsoid(6_378_140.0, 298.257),
    System.beijing54: Ellipsoid(6_378_245.0, 298.3),
    System.local: Ellipsoid(6_378_137.0, 298.257222101),
}
_SYSTEM_WORDS = (
    (re.compile("CGCS2000|国家2000|2000国家|2000坐标|CHINA2000|CGCS_?2000|^2000$"), System.cgcs2000),
    (re.compile("WGS_?84|WGS1984"), System.wgs84),
    (re.compile("西安|XI'?AN|IAG75|80坐标|1980|^80$"), System.xian80),
    (re.compile("北京|BEIJING|PULKOVO|KRASS|54坐标|1954|^54$"), System.beijing54),
    (re.compile("独立|地方|LOCAL"), System.local),
)
_HEIGHT_WORDS = (
    (re.compile("85"), HeightSystem.huanghai85),
    (re.compile("56|黄海"), HeightSystem.huanghai56),
    (re.compile("大地高|椭球|ELLIPSOID"), HeightSystem.ellipsoidal),
    (re.compile("地方|独立|吴淞|假定|LOCAL"), HeightSystem.local),
)


def read_system(text: str) -> System:
    """The system that is named.

    Raises:
        InvalidInput: unknown, or an offset grid, which is no system of surveys.
    """
    word = _normal(text)
    if any(_normal(name) in word for name in OFFSET_SYSTEMS):
        raise InvalidInput(f"“{text}”是加偏坐标，不是测绘基准", way_out="请向提供方索取 CGCS2000 成果")
    for pattern, system in _SYSTEM_WORDS:
        if pattern.search(word):
            return system
    known = "、".join(system.value for system in System)
    raise InvalidInput(f"不认识坐标系“{text}”", way_out=f"请写：{known}")


def read_height_system(text: str) -> HeightSystem:
    """The height system that is named.

    Raises:
        InvalidInput: unknown.
    """
    word = _normal(text)
    for pattern, system in _HEIGHT_WORDS:
        if pattern.search(word):
            return system
    raise InvalidInput(
        f"不认识高程系“{text}”", way_out=f"请写：{'、'.join(system.value for system in HeightSystem)}"
    )


def _normal(text: str) -> str:
    return re.sub(r"[\s()（）\-]", "", unicodedata.normalize("NFKC", text)).upper()
