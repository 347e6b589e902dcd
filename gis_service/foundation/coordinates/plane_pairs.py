"""Plane coordinates as a table gives them, X the northing and Y the easting: which zone, and what is wrong.

Tables come with X and Y exchanged, in feet, with degrees in them, or with a prefix of another zone than the
one they name (R-MAP-02). Each is told with its repair, and none is repaired unasked.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gis_service.foundation.coordinates.zones import PREFIX_M, Zone, zone_of_prefix
from gis_service.foundation.errors import InvalidInput

METRES_PER_FOOT = 0.3048

_NORTHINGS = (330_000.0, 6_000_000.0)  # 3°N to 54°N
_EASTINGS = (100_000.0, 900_000.0)  # without a prefix
_ANY_ZONE = Zone(3, 40)  # where it is only asked whether figures would fit one


class PairFault(StrEnum):
    """What is wrong with a pair of figures."""

    swapped = "X、Y 疑似颠倒"
    feet = "疑似以英尺为单位"
    degrees = "像经纬度，不是平面坐标"
    other_zone = "带号与所写的分带不符"
    no_zone = "没有带号"
    outside = "超出平面坐标的取值范围"


class PairRefused(InvalidInput):
    """Figures that are no plane coordinates as they stand; `repaired` are those they would be, if any."""

    def __init__(
        self, fault: PairFault, message: str, *, way_out: str, repaired: tuple[float, float] | None = None
    ) -> None:
        super().__init__(message, way_out=way_out)
        self.fault = fault
        self.repaired = repaired


@dataclass(frozen=True, slots=True)
class PlanePair:
    """Northing and easting in metres, the easting without prefix, in a zone; `prefixed` as it was written."""

    x: float
    y: float
    zone: Zone
    prefixed: bool

    @property
    def written(self) -> tuple[float, float]:
        """The figures as they were given."""
        return self.x, self.zone.easting(self.y) if self.prefixed else self.y


def read_pair(x: float, y: float, zone: Zone | None = None) -> PlanePair:
    """A pair of plane coordinates; the prefix tells the zone where nothing else does.

    Raises:
        PairRefused: it cannot be one as it stands.
    """
    if max(abs(x), abs(y)) <= 180:
        way_out = "请改用经度、纬度两列" if max(abs(x), abs(y)) > 90 else "请核对单位"
        raise PairRefused(PairFault.degrees, f"X={x:g}、Y={y:g} 像经纬度，不是平面坐标", way_out=way_out)
    found = _as_pair(x, y, zone)
    if found is not None:
        return _agreeing(found, zone)
    if _as_pair(y, x, zone or _ANY_ZONE) is not None:
        raise PairRefused(
            PairFault.swapped,
            f"X={x:.3f}、Y={y:.3f} 疑似颠倒：X 为纵坐标（北），Y 为横坐标（东）",
            way_out="核实后请对调两列，或加 --swap-xy 装入",
            repaired=(y, x),
        )
    _refuse_feet(x, y, zone)
    _refuse_unplaced(x, y)
    raise PairRefused(
        PairFault.outside,
        f"X={x:.3f}、Y={y:.3f} 超出取值范围",
        way_out="X（北）应在 330000～6000000 米，Y（东）不带带号时应在 100000～900000 米",
    )


def _as_pair(x: float, y: float, zone: Zone | None) -> PlanePair | None:
    if not _within(x, _NORTHINGS):
        return None
    prefix, bare = divmod(y, PREFIX_M)
    if not _within(bare, _EASTINGS):
        return None
    if prefix == 0:
        return None if zone is None else PlanePair(x, y, zone, prefixed=False)
    told = zone_of_prefix(int(prefix))
    return None if told is None else PlanePair(x, bare, told, prefixed=True)


def _agreeing(pair: PlanePair, zone: Zone | None) -> PlanePair:
    if zone is not None and pair.zone != zone:
        raise PairRefused(
            PairFault.other_zone,
            f"Y 坐标带号为 {pair.zone.number}，所写分带为{zone.word}",
            way_out=f"请核对分带；按带号应为{pair.zone.word}",
        )
    return pair


def _refuse_feet(x: float, y: float, zone: Zone | None) -> None:
    metres = (round(x * METRES_PER_FOOT, 4), round(y * METRES_PER_FOOT, 4))
    if _as_pair(*metres, zone or _ANY_ZONE) is not None and x > _NORTHINGS[1]:
        raise PairRefused(
            PairFault.feet,
            f"X={x:.3f}、Y={y:.3f} 疑似以英尺为单位，折合 {metres[0]:.3f}、{metres[1]:.3f} 米",
            way_out="核实后请换算为米，或加 --unit feet 装入",
            repaired=metres,
        )


def _refuse_unplaced(x: float, y: float) -> None:
    if _within(x, _NORTHINGS) and _within(y, _EASTINGS):
        raise PairRefused(
            PairFault.no_zone,
            f"X={x:.3f}、Y={y:.3f} 没有带号，也没有写明分带",
            way_out="请增加“分带”“带号”或“中央经线”列，或加 --zone 3:40",
        )


def _within(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]
