"""What the registers know of what a sheet shows, in EPSG:4490, lon/lat degrees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from shapely.geometry.base import BaseGeometry

from gis_service.foundation.access import Classification


class Level(StrEnum):
    """Rank of a unit or of a line (a line has the highest level at which its two sides differ)."""

    province = "province"
    prefecture = "prefecture"
    county = "county"
    township = "township"


class UnitRole(StrEnum):
    """What a unit is to the sheet: its subject, what lies around it, or what it belongs to."""

    affected = "affected"
    neighbour = "neighbour"
    superior = "superior"


class LineState(StrEnum):
    """What the act did to a line; on a division sheet every line has `stayed`."""

    ended = "ended"
    stayed = "stayed"
    begun = "begun"


@dataclass(frozen=True, slots=True)
class ActFacts:
    """The instrument (文号, issuer, days) and the case it decided."""

    number: str
    issuer: str
    issued_on: date
    effective_on: date
    case_title: str


@dataclass(frozen=True, slots=True)
class UnitShape:
    """A unit as it stands on the date drawn; `kind` is its type in Chinese (市辖区, 县级市 …)."""

    code: str
    name: str
    kind: str
    level: Level
    role: UnitRole
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class LineTrace:
    """A boundary line: its code (苏皖线 3234), the names of its two sides, course and geodesic length."""

    code: str
    name: str
    level: Level
    sides: tuple[str, str]
    geometry: BaseGeometry
    length_km: float
    state: LineState = LineState.stayed


@dataclass(frozen=True, slots=True)
class DataSource:
    """Where positions come from; `statement` is printed on every product, word for word.

    `has_legal_force=False` adds the notice that the lines are approximate and settle nothing.
    """

    name: str
    statement: str
    has_legal_force: bool = False


@dataclass(frozen=True, slots=True)
class Imprint:
    """Who answers for the sheet, which edition it is, and the review number (审图号) when one was given.

    `classification` is that of the most closely kept of all that is drawn; above public it is marked.
    `kept_by` is the instrument that makes it so; it is not printed.
    Edition number and day do not enter the fingerprint: the same content is the same sheet.
    """

    edition: int
    edition_on: date
    sources: tuple[DataSource, ...]
    review_number: str | None = None
    drafting_unit: str = ""
    classification: Classification = Classification.public
    kept_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class ChangeEvidence:
    """Everything a before/after sheet shows.

    Units of both dates include every unit that may show in the frame: give as neighbours all units that meet
    the affected ones' bounding box enlarged by half its size, not only those that touch them.
    `lines` are the lines of the affected units and, as `stayed`, the lines between neighbours when known.
    `superiors` are outlines of the prefecture and the province for the locator.
    """

    act: ActFacts
    units_before: tuple[UnitShape, ...]
    units_after: tuple[UnitShape, ...]
    lines: tuple[LineTrace, ...]
    superiors: tuple[UnitShape, ...]
    imprint: Imprint


@dataclass(frozen=True, slots=True)
class DivisionEvidence:
    """One unit `on` a date, its neighbours (as for a change), its lines of all levels, its superiors."""

    on: date
    subject: UnitShape
    neighbours: tuple[UnitShape, ...]
    lines: tuple[LineTrace, ...]
    superiors: tuple[UnitShape, ...]
    imprint: Imprint


@dataclass(frozen=True, slots=True)
class ComparedUnit:
    """What became of a unit: kinds and acts in Chinese; `before` or `after` is empty where it was not."""

    code: str
    level: str
    kinds: tuple[str, ...]
    before: str
    after: str
    acts: tuple[str, ...]
    area_before_km2: float | None
    area_after_km2: float | None


@dataclass(frozen=True, slots=True)
class ComparisonEvidence:
    """A unit on two days: the lowest-level units around on both, and what became of all below it."""

    since: date
    on: date
    subject: UnitShape
    units_before: tuple[UnitShape, ...]
    units_after: tuple[UnitShape, ...]
    changes: tuple[ComparedUnit, ...]
    lines: tuple[LineTrace, ...]
    superiors: tuple[UnitShape, ...]
    imprint: Imprint


SheetEvidence = ChangeEvidence | DivisionEvidence | ComparisonEvidence
