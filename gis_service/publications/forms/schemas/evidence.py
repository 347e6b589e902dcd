"""All that the forms of one line tell, as it stood on a day and as the reader may know it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from gis_service.foundation.access import Classification
from gis_service.registers.boundaries.rules import Course, Following, Station


@dataclass(frozen=True, slots=True)
class Unit:
    """A division by its code and name on the day."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Coordinates:
    """Coordinates as a survey gave them, with the longitude and latitude they were placed at.

    `transform` are the local parameters of that, as JSON.
    """

    lon: float | None
    lat: float | None
    system: str
    zone_width: int | None = None
    zone: int | None = None
    x: float | None = None
    y: float | None = None
    height: float | None = None
    height_system: str | None = None
    given: str | None = None
    transform: str | None = None
    method: str | None = None
    accuracy_m: float | None = None
    residual_m: float | None = None
    surveyed_on: date | None = None

    @property
    def central_meridian(self) -> float | None:
        """Of its zone, in degrees."""
        if self.zone is None or self.zone_width not in (3, 6):
            return None
        return float(self.zone * 3 if self.zone_width == 3 else self.zone * 6 - 3)


@dataclass(frozen=True, slots=True)
class SideTold:
    """Where a marker stands as one side tells it."""

    unit: Unit
    location: str


@dataclass(frozen=True, slots=True)
class BearingSeen:
    """A bearing object: degrees from grid north, metres; its longitude and latitude where they are known."""

    ordinal: int
    name: str
    azimuth_deg: float
    distance_m: float
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened to a marker, and by which paper it is known."""

    on: date
    what: str
    by: str


@dataclass(frozen=True, slots=True)
class MovedBy:
    """A paper by which a marker was moved or added: what it is of the procedure, and who signed it."""

    on: date
    action: str
    role: str
    number: str
    signed_by: tuple[Unit, ...] = ()


@dataclass(frozen=True, slots=True)
class FileKept:
    """A file of a marker under the hash of its content."""

    kind: str
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class MarkerEvidence:
    """A marker on the day; `chainage_m` is where its foot lies, None where it has no position.

    `managing_side` is the side of the line that `managing` belongs to. `line` is how files call the line it
    was numbered for, `other_lines` the others it stands on; `meeting` are the units that meet at its
    tri-point, named `tri_point`, and `meeting_lines` the other lines there.
    """

    number: str
    kind: str
    placement: str
    shape: str | None
    material: str | None
    managing: Unit | None
    managing_side: Unit | None
    custodian: str | None
    note: str | None
    is_synthetic: bool
    coordinates: Coordinates | None
    chainage_m: float | None
    sides: tuple[SideTold, ...]
    bearings: tuple[BearingSeen, ...]
    state: str | None
    seen_on: date | None
    history: tuple[Happening, ...]
    files: tuple[FileKept, ...]
    moved_by: tuple[MovedBy, ...] = ()
    line: str | None = None
    other_lines: tuple[str, ...] = ()
    tri_point: str | None = None
    meeting: tuple[Unit, ...] = ()
    meeting_lines: tuple[Course, ...] = ()
    observer: str | None = None
    is_historic: bool = False


@dataclass(frozen=True, slots=True)
class PointEvidence:
    """A measured point of the line, and the numbers of the markers it lies between."""

    number: str
    after: str | None
    before: str | None
    feature: str | None
    coordinates: Coordinates
    chainage_m: float | None


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What is on record of the line: nothing of it is computed."""

    published_km: float | None = None
    published_by: str | None = None
    runs: str | None = None
    begins_at: str | None = None
    ends_at: str | None = None
    agreement: str | None = None
    approver: str | None = None
    approved_on: date | None = None
    markers: tuple[int | None, int | None, int | None] = (None, None, None)
    note: str | None = None


@dataclass(frozen=True, slots=True)
class LineEvidence:
    """A line on a day. `states_m` are lengths by legal state, `claims` who claims another course where."""

    id: str
    code: str
    name: str
    level: str
    sides: tuple[Unit, Unit]
    on: date
    facts: LineFacts
    course: Course
    followings: tuple[Following, ...]
    landmarks: tuple[Station, ...]
    states_m: Mapping[str, float]
    claims: tuple[tuple[Unit, str], ...]
    markers: tuple[MarkerEvidence, ...]
    points: tuple[PointEvidence, ...]
    classification: Classification
    statements: tuple[str, ...]

    @property
    def is_synthetic(self) -> bool:
        """Whether any of its markers stands nowhere but in examples."""
        return any(marker.is_synthetic for marker in self.markers)
