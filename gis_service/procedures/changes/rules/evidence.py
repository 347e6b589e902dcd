"""What is known about a proposed change before it is judged: plain values, gathered once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from gis_service.foundation.periods import Period
from gis_service.registers.divisions.rules import DivisionLevel, DivisionType, Holder


class Basis(StrEnum):
    """Why a case is here: our own application, or the record of an act that is already published."""

    application = "application"
    published_act = "published_act"


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """A registered unit as it stands on the day of effect. `area_km2` is None before polygons exist."""

    id: UUID
    code: str
    name: str
    level: DivisionLevel
    type: str | None
    superior_id: UUID | None
    valid: Period
    area_km2: float | None
    inferiors: int
    has_later_history: bool
    neighbours: frozenset[UUID]

    @property
    def label(self) -> str:
        """Name and code, as findings name it."""
        return f"{self.name}（{self.code}）"


@dataclass(frozen=True, slots=True)
class ProposedUnit:
    """A unit that is to begin: what an establishment plan must state (区划办法 Art 3)."""

    code: str
    name: str
    type: DivisionType | None
    superior_code: str | None
    superior_id: UUID | None
    superior_name: str | None
    seat: str | None
    holders: tuple[Holder, ...]

    @property
    def label(self) -> str:
        """Name and code, as findings name it."""
        return f"{self.name}（{self.code}）"


@dataclass(frozen=True, slots=True)
class OperationEvidence:
    """One operation: which units it takes (None where nobody holds the code), and what begins."""

    kind: str
    from_codes: tuple[str, ...]
    units: tuple[UnitFacts | None, ...]
    into: ProposedUnit

    @property
    def known_units(self) -> tuple[UnitFacts, ...]:
        """The units that exist on the day of effect."""
        return tuple(unit for unit in self.units if unit is not None)


@dataclass(frozen=True, slots=True)
class ChangeEvidence:
    """Everything the rules may ask about a case."""

    effective_on: date
    basis: Basis
    operations: tuple[OperationEvidence, ...]
    materials: frozenset[str]
    spells_elsewhere: tuple[tuple[str, str], ...]  # (code not held that day, when it was held)
    special_areas: tuple[str, ...] = ()  # what the plan says it touches (R-CHG-02)
