"""What the rules of intake judge: units as delivered, the registered neighbours, and a reference layer.

Plain frozen values; `Evidence` adds what several rules need and what is dear to compute, each once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import MultiPolygon, Point, Polygon, mapping
from shapely.geometry.base import BaseGeometry

from gis_service.procedures.intake.rules.faults import Fault, Geometries, faults_of
from gis_service.procedures.intake.rules.thresholds import METRES_PER_DEGREE, limit
from gis_service.registers.divisions.rules import DivisionLevel, DivisionType

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """One unit of a delivery. `row` counts from 1; `geometry` is EPSG:4490 lon/lat on the storage grid."""

    row: int
    code: str
    name: str
    level: DivisionLevel
    type: DivisionType | None
    superior_code: str | None
    geometry: Polygon | MultiPolygon
    superior_as_given: str | None = None

    @property
    def subject(self) -> str:
        """How findings name this unit: row, code, name."""
        return f"第{self.row}行 {self.code} {self.name}"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one file says holds on `valid_on`. `superiors` maps province and prefecture codes to names.

    `crs` is the system the coordinates came in, before they were brought to EPSG:4490.
    """

    units: tuple[UnitRecord, ...]
    superiors: Mapping[str, str]
    source: str
    sha256: str
    crs: str
    valid_on: date


@dataclass(frozen=True, slots=True)
class Registered:
    """A unit already in the register on the day of the delivery, EPSG:4490 lon/lat.

    One that is `withheld` counts, but is not named: not all who read the report may know of it.
    """

    code: str
    name: str
    geometry: Polygon | MultiPolygon
    withheld: bool = False

    @property
    def subject(self) -> str:
        """How findings name this unit."""
        return "已登记的某单位（不便示明）" if self.withheld else f"已登记 {self.code} {self.name}"


@dataclass(frozen=True)
class Evidence:
    """All that one judgement looks at.

    `reference` is None when there is nothing to compare positions with; `registered` are the neighbours in
    the register, the delivered units themselves left out.
    """

    delivery: Delivery
    registered: tuple[Registered, ...] = ()
    reference: tuple[Registered, ...] | None = None

    @property
    def units(self) -> tuple[UnitRecord, ...]:
        """The delivered units."""
        return self.delivery.units

    @cached_property
    def geometries(self) -> Geometries:
        """Delivered geometries, in the order of the units."""
        return as_array([unit.geometry for unit in self.units])

    @cached_property
    def valid(self) -> Flags:
        """Per unit: whether its geometry is valid by itself."""
        flags: Flags = np.asarray(shapely.is_valid(self.geometries), dtype=np.bool_)
        return flags

    @cached_property
    def claimants(self) -> tuple[UnitRecord | Registered, ...]:
        """Everyone who claims ground: delivered units, then registered neighbours with another code."""
        delivered = {unit.code for unit in self.units}
        return (*self.units, *(other for other in self.registered if other.code not in delivered))

    @cached_property
    def claims(self) -> Geometries:
        """The ground of each claimant, invalid geometries mended so that they can be laid side by side."""
        mended = self.geometries.copy()
        mended[~self.valid] = mend(mended[~self.valid])
        others = as_array([claimant.geometry for claimant in self.claimants[len(self.units) :]])
        return np.concatenate([mended, others])

    @cached_property
    def suspect_edges(self) -> Geometries:
        """Per claimant: edges no neighbour matches, or that stand closer to one than a sliver is wide."""
        width_degrees = limit("coverage", "sliver_width_m") / METRES_PER_DEGREE
        edges = shapely.coverage_invalid_edges(self.claims, gap_width=width_degrees)
        return np.asarray(edges, dtype=object)

    @cached_property
    def faults(self) -> tuple[Fault, ...]:
        """Gaps and overlaps among the claims."""
        return tuple(faults_of(self.claims))


def as_array(geometries: Sequence[BaseGeometry]) -> Geometries:
    """An object array, also for an empty or a one-element list."""
    array = np.empty(len(geometries), dtype=object)
    array[:] = geometries
    return array


def mend(geometries: Geometries) -> Geometries:
    """Valid polygons from invalid ones by structure; what collapses to lines is dropped."""
    made: Geometries = np.asarray(
        shapely.make_valid(geometries, method="structure", keep_collapsed=False), dtype=object
    )
    return made


def place_of(geometry: BaseGeometry) -> Mapping[str, Any]:
    """A GeoJSON place for a finding."""
    place: Mapping[str, Any] = mapping(geometry)
    return place


def point_place(lon: float, lat: float) -> Mapping[str, Any]:
    """A GeoJSON point for a finding."""
    return place_of(Point(lon, lat))


def at(geometry: BaseGeometry) -> str:
    """Where something lies, in words: longitude and latitude of a point on it."""
    point = geometry.representative_point()
    return f"东经{point.x:.6f}°、北纬{point.y:.6f}°"
