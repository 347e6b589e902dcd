"""Gathering what the rules need to know about a proposal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from gis_service.foundation.access import Classification
from gis_service.procedures.changes.kinds import KIND_BY_ID
from gis_service.procedures.changes.queries.seats import places_of
from gis_service.procedures.changes.rules import (
    ActStated,
    Basis,
    BoundStated,
    ChangeEvidence,
    OperationEvidence,
    Places,
    ProposedUnit,
    Scale,
    Standing,
    Stated,
    UnitFacts,
)
from gis_service.procedures.changes.schemas import BoundIn, NewUnitIn, OperationIn, ProposalIn
from gis_service.procedures.changes.schemas.operations import point_of
from gis_service.registers.boundaries.queries import areas_on, neighbours_of
from gis_service.registers.boundaries.queries.flows import holders_of_area
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import (
    find_by_codes,
    holders_of_codes,
    inferiors_of_each,
    versions_above,
    versions_below,
    with_later_history,
)
from gis_service.registers.divisions.rules import (
    DivisionLevel,
    DivisionType,
    Holder,
    level_of_code,
    superior_code,
    type_of,
)
from gis_service.registers.instruments.models import Instrument
from gis_service.registers.instruments.queries import instrument_by_number


def gather(
    session: Session,
    proposal: ProposalIn,
    *,
    materials: frozenset[str] = frozenset(),
) -> ChangeEvidence:
    """Everything the rules may ask about a proposal, as the registers stand on its day of effect."""
    named = _Named(session, proposal)
    absent = sorted((named.taken - named.units.keys()) & named.held.keys())
    return ChangeEvidence(
        effective_on=proposal.effective_on,
        basis=Basis(proposal.basis_or_implied),
        operations=named.operations(proposal),
        materials=materials | {material.kind for material in proposal.materials},
        spells_elsewhere=tuple((code, _spells(named.held[code])) for code in absent),
        special_areas=tuple(proposal.special_areas),
        standing=named.standing,
        scale=Scale(proposal.scale) if proposal.scale else None,
        scale_reason=proposal.scale_reason or "",
        author=proposal.author or "",
    )


class _Named:
    """What a proposal names, what hangs below it and above it, however much it is: asked once."""

    def __init__(self, session: Session, proposal: ProposalIn) -> None:
        self.session, self.on = session, proposal.effective_on
        self.acts = {act.number: act for act in proposal.acts}
        self.taken = {code for each in proposal.operations for code in each.codes_taken}
        self.freed = {code for each in proposal.operations for code in _freed(each)}
        begun = {code for each in proposal.operations for code in each.codes_begun}
        above = {code for each in proposal.operations for code in superiors_named(each)}
        self.units = find_by_codes(session, self.taken | above, on=self.on)
        self.held = holders_of_codes(session, begun | (self.taken - self.units.keys()))
        self._look_around(proposal)
        self.facts = self._facts([self.units[code] for code in self.taken if code in self.units])

    def _look_around(self, proposal: ProposalIn) -> None:
        followed = {code for each in proposal.operations for code in _followed(each)}
        roots = [self.units[code].division_id for code in followed if code in self.units]
        below = versions_below(self.session, roots, on=self.on)
        named = [version.division_id for version in self.units.values()]
        above = versions_above(self.session, named, on=self.on)
        versions = {each.division_id: each for each in (*above, *below, *self.units.values())}
        self.continued = with_later_history(self.session, versions, on=self.on)
        self.standing = {key: Standing(**self._standing(each)) for key, each in versions.items()}

    def _standing(self, version: DivisionVersion) -> dict[str, Any]:
        return {
            "id": version.division_id,
            "code": version.code,
            "name": version.name,
            "level": DivisionLevel(version.level),
            "type": version.type,
            "superior_id": version.superior_id,
            "seat": version.seat,
            "valid": version.valid,
            "has_later_history": version.division_id in self.continued,
            "classification": version.classification,
        }

    def _facts(self, versions: list[DivisionVersion]) -> dict[str, UnitFacts]:
        ids, session, on = [version.division_id for version in versions], self.session, self.on
        areas = areas_on(session, ids, on=on)
        neighbours = neighbours_of(session, ids, on=on)
        below = inferiors_of_each(session, ids, on=on)
        holding = holders_of_area(session, ids, on=on)
        return {
            version.code: UnitFacts(
                **self._standing(version),
                area_km2=areas[version.division_id][1] if version.division_id in areas else None,
                holds_area=version.division_id in holding,
                inferiors=below[version.division_id],
                neighbours=frozenset(neighbours[version.division_id]),
            )
            for version in versions
        }

    def operations(self, proposal: ProposalIn) -> tuple[OperationEvidence, ...]:
        """Each operation with the units it names; superiors may be units that begin or are re-coded by it."""
        begun = [[self._proposed(into) for into in each.into] for each in proposal.operations]
        ids = {unit.code: unit.id for several in begun for unit in several}
        for each in proposal.operations:
            if each.code and each.from_ and each.from_[0] in self.facts:
                ids.setdefault(each.code, self.facts[each.from_[0]].id)
        return tuple(
            self._operation(operation, several, ids)
            for operation, several in zip(proposal.operations, begun, strict=True)
        )

    def _operation(
        self, operation: OperationIn, begun: Sequence[ProposedUnit], ids: dict[str, UUID]
    ) -> OperationEvidence:
        units, to = self._known(operation.from_), operation.to
        stated = self._stated(operation, ids)
        return OperationEvidence(
            kind=operation.kind,
            from_codes=tuple(operation.from_),
            units=units,
            into=tuple(self._under(unit, ids) for unit in begun),
            to_code=to,
            to=self.facts.get(to) if to else None,
            part_codes=tuple(operation.parts),
            parts=self._known(operation.parts),
            area=operation.area.shape if operation.area else None,
            line=operation.line.shape if operation.line else None,
            stated=stated,
            places=self._places(units, stated),
            ends=KIND_BY_ID[operation.kind].ends and to not in operation.from_,
        )

    def _known(self, codes: Iterable[str]) -> tuple[UnitFacts | None, ...]:
        return tuple(self.facts.get(code) for code in codes)

    def _places(self, units: Sequence[UnitFacts | None], stated: Stated) -> Places:
        unit = units[0] if units else None
        if stated.seat is None or unit is None:
            return Places()
        return places_of(self.session, unit, stated.seat, stated.seat_at, on=self.on)

    def _stated(self, operation: OperationIn, ids: dict[str, UUID]) -> Stated:
        return Stated(
            name=operation.name,
            code=operation.code,
            superior_code=operation.superior,
            superior_id=self._superior(operation.superior, ids),
            seat=operation.seat,
            seat_at=point_of(operation.seat_at),
            type=operation.type,
            begun=self._bound(operation.begun, operation, "begun_by"),
            ended=self._bound(operation.ended, operation, "ended_by"),
        )

    def _bound(self, bound: BoundIn | None, operation: OperationIn, side: str) -> BoundStated | None:
        if bound is None:
            return None
        version = self.units.get(operation.from_[0])
        act = self._act(bound.by, getattr(version, side) if version else None) if bound.by else None
        return BoundStated(bound.on, bound.edtf, act, bound.certainty)

    def _act(self, number: str, instead_of: UUID | None) -> ActStated:
        known = instrument_by_number(self.session, number) or self.acts.get(number)
        public = known is not None and known.classification == Classification.public
        key = known.id if isinstance(known, Instrument) else None
        return ActStated(number, key, public, known is not None, instead_of)

    def _superior(self, code: str | None, ids: dict[str, UUID]) -> UUID | None:
        """Who holds a code after the change."""
        if code is None:
            return None
        standing = self.units.get(code)
        return ids.get(code) or (standing.division_id if standing else None)

    def _proposed(self, into: NewUnitIn) -> ProposedUnit:
        return ProposedUnit(
            code=into.code,
            name=into.name,
            type=_type(into),
            superior_code=_code_above(into),
            superior_id=None,
            seat=into.seat,
            holders=tuple(_holders(self.held.get(into.code, ()), self.freed, on=self.on)),
            part_codes=tuple(into.parts),
            parts=self._known(into.parts),
            area=into.area.shape if into.area else None,
            seat_at=point_of(into.seat_at),
        )

    def _under(self, unit: ProposedUnit, ids: dict[str, UUID]) -> ProposedUnit:
        superior = self._superior(unit.superior_code, ids)
        return unit if superior is None else unit.hanging_on(superior)


def _freed(operation: OperationIn) -> set[str]:
    """The codes that units give up by an operation."""
    gives_up = KIND_BY_ID[operation.kind].ends or operation.code is not None
    return set(operation.from_) - {operation.to} if gives_up else set()


def _followed(operation: OperationIn) -> set[str]:
    """The units whose inferiors follow."""
    moving = {*operation.parts, *(code for into in operation.into for code in into.parts)}
    return moving | set(operation.from_) if KIND_BY_ID[operation.kind].followed else moving


def superiors_named(operation: OperationIn) -> set[str]:
    """The codes of the superiors that an operation states or implies."""
    stated = {operation.superior, *(_code_above(into) for into in operation.into)}
    return {code for code in stated if code is not None}


def _code_above(into: NewUnitIn) -> str | None:
    return into.superior or superior_code(into.code)


def _type(into: NewUnitIn) -> DivisionType | None:
    if into.type is None:
        return type_of(into.code, into.name) if level_of_code(into.code) else None
    return DivisionType(into.type) if into.type in list(DivisionType) else None


def _holders(held: Sequence[DivisionVersion], freed: set[str], *, on: date) -> list[Holder]:
    """Who held or holds a code; a unit that gives it up by this very change does so on the day of effect."""
    return [
        Holder(version.code, version.name, version.valid)
        for version in held
        if not (version.code in freed and on in version.valid and version.valid.in_force)
    ]


def _spells(held: Sequence[DivisionVersion]) -> str:
    spells = (f"{version.name} {version.valid.start} 至 {version.valid.end or '今'}" for version in held)
    return f"此代码的使用情况：{'；'.join(spells)}"
