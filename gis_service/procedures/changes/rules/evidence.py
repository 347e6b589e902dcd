"""What is known about a proposed change before it is judged: plain values, gathered once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from gis_service.foundation.periods import Period
from gis_service.procedures.changes.rules.approver import Scale
from gis_service.registers.divisions.rules import DivisionLevel, DivisionType, Holder


class Basis(StrEnum):
    """Why a case is here: our own application, or the record of an act that is already published."""

    application = "application"
    published_act = "published_act"


@dataclass(frozen=True, slots=True)
class Standing:
    """A registered unit as it stands on the day of effect."""

    id: UUID
    code: str
    name: str
    level: DivisionLevel
    type: str | None
    superior_id: UUID | None
    seat: str | None
    valid: Period
    has_later_history: bool
    classification: str

    @property
    def label(self) -> str:
        """Name and code, as findings name it."""
        return f"{self.name}（{self.code}）"


@dataclass(frozen=True, slots=True)
class UnitFacts(Standing):
    """A unit that a proposal names. `area_km2` is None before polygons exist.

    `holds_area` tells that the area is its own and not that of units below it.
    """

    area_km2: float | None
    holds_area: bool
    inferiors: int
    neighbours: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class ProposedUnit:
    """A unit that is to begin: what an establishment plan must state (区划办法 Art 3).

    `parts` and `area` say which part of a unit that is split it takes; `seat_at` where its seat lies.
    """

    code: str
    name: str
    type: DivisionType | None
    superior_code: str | None
    superior_id: UUID | None
    seat: str | None
    holders: tuple[Holder, ...]
    part_codes: tuple[str, ...] = ()
    parts: tuple[UnitFacts | None, ...] = ()
    area: Any = None
    seat_at: Any = None
    id: UUID = field(default_factory=uuid4)

    @property
    def label(self) -> str:
        """Name and code, as findings name it."""
        return f"{self.name}（{self.code}）"

    @property
    def known_parts(self) -> tuple[UnitFacts, ...]:
        """The lower units it takes, as far as they exist."""
        return tuple(part for part in self.parts if part is not None)

    def hanging_on(self, superior: UUID) -> ProposedUnit:
        """The same unit with what it hangs on."""
        return replace(self, superior_id=superior)


@dataclass(frozen=True, slots=True)
class ActStated:
    """An act by which a bound truly stands, instead of the one that is registered.

    `id` is that of a registered act; `stated` tells whether anything is known of it at all.
    """

    number: str
    id: UUID | None
    public: bool
    stated: bool = True
    instead_of: UUID | None = None


@dataclass(frozen=True, slots=True)
class BoundStated:
    """What a correction says of the day a version begins or ends: the day, what is known of it, by which act.

    `certainty` is that of the links by which the unit came into being, or by which it passed on.
    """

    on: date | None = None
    edtf: str | None = None
    act: ActStated | None = None
    certainty: str | None = None


@dataclass(frozen=True, slots=True)
class Stated:
    """What a revision says a unit is to be from now on; None where it says nothing."""

    name: str | None = None
    code: str | None = None
    superior_code: str | None = None
    superior_id: UUID | None = None
    seat: str | None = None
    seat_at: Any = None
    type: str | None = None
    begun: BoundStated | None = None
    ended: BoundStated | None = None


@dataclass(frozen=True, slots=True)
class Places:
    """In which next-lower units a seat lay and is to lie, and whether the new place is inside at all.

    None where nobody can tell.
    """

    before: str | None = None
    after: str | None = None
    inside: bool | None = None


@dataclass(frozen=True, slots=True)
class OperationEvidence:
    """One operation: which units it takes (None where nobody holds the code), and what comes of them.

    `ends` tells whether the units it takes end; `to` is a standing unit that takes area, `parts` lower units
    that move, `area` and `line` say what part of an area moves, `stated` what a revised unit is to be.
    """

    kind: str
    from_codes: tuple[str, ...]
    units: tuple[UnitFacts | None, ...]
    into: tuple[ProposedUnit, ...] = ()
    to_code: str | None = None
    to: UnitFacts | None = None
    part_codes: tuple[str, ...] = ()
    parts: tuple[UnitFacts | None, ...] = ()
    area: Any = None
    line: Any = None
    stated: Stated = Stated()
    places: Places = Places()
    ends: bool = True

    @property
    def known_units(self) -> tuple[UnitFacts, ...]:
        """The units that exist on the day of effect."""
        return tuple(unit for unit in self.units if unit is not None)

    @property
    def known_parts(self) -> tuple[UnitFacts, ...]:
        """The lower units that move, as far as they exist on the day of effect."""
        return tuple(part for part in self.parts if part is not None)

    @property
    def label(self) -> str:
        """What the operation is about, as findings name it."""
        if self.into:
            return self.into[0].label
        if self.to is not None:
            return self.to.label
        return self.known_units[0].label if self.known_units else "、".join(self.from_codes)

    @property
    def named(self) -> tuple[tuple[str, UnitFacts | None], ...]:
        """Every registered unit it names by code: taken, taking, moving."""
        taking = ((self.to_code, self.to),) if self.to_code else ()
        moving = [*zip(self.part_codes, self.parts, strict=True)]
        for new in self.into:
            moving += zip(new.part_codes, new.parts, strict=True)
        return (*zip(self.from_codes, self.units, strict=True), *taking, *moving)


@dataclass(frozen=True, slots=True)
class ChangeEvidence:
    """Everything the rules may ask about a case; `standing` are all units it names, below these and above."""

    effective_on: date
    basis: Basis
    operations: tuple[OperationEvidence, ...]
    materials: frozenset[str]
    spells_elsewhere: tuple[tuple[str, str], ...]  # (code not held that day, when it was held)
    special_areas: tuple[str, ...] = ()  # what the plan says it touches (R-CHG-02)
    standing: Mapping[UUID, Standing] = field(default_factory=dict)
    scale: Scale | None = None  # whether changes of boundary are major or partial (R-CHG-03), and why
    scale_reason: str = ""
    author: str = ""  # who drafted the plan, as it says

    def superior_of(self, unit: Standing) -> Standing | None:
        """What a unit hangs on before the change."""
        return self.standing.get(unit.superior_id) if unit.superior_id else None
