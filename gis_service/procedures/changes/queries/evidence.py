"""Gathering what the rules need to know about a proposal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from gis_service.procedures.changes.rules import (
    Basis,
    ChangeEvidence,
    OperationEvidence,
    ProposedUnit,
    UnitFacts,
)
from gis_service.procedures.changes.schemas import NewUnitIn, OperationIn, ProposalIn
from gis_service.registers.boundaries.queries import areas_on, neighbours_of
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import (
    find_by_codes,
    holders_of_codes,
    inferiors_of_each,
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


def gather(
    session: Session,
    proposal: ProposalIn,
    *,
    materials: frozenset[str] = frozenset(),
) -> ChangeEvidence:
    """Everything the rules may ask about a proposal, as the registers stand on its day of effect."""
    on = proposal.effective_on
    ending = {code for operation in proposal.operations for code in operation.from_}
    named = _Named(session, proposal, ending)
    facts = _facts(session, [named.units[code] for code in ending if code in named.units], on=on)
    operations = tuple(
        OperationEvidence(
            kind=operation.kind,
            from_codes=tuple(operation.from_),
            units=tuple(facts.get(code) for code in operation.from_),
            into=_proposed(operation, named, ending, on=on),
        )
        for operation in proposal.operations
    )
    absent = sorted((ending - named.units.keys()) & named.held.keys())
    return ChangeEvidence(
        effective_on=on,
        basis=Basis(proposal.basis_or_implied),
        operations=operations,
        materials=materials | {material.kind for material in proposal.materials},
        spells_elsewhere=tuple((code, _spells(named.held[code])) for code in absent),
        special_areas=tuple(proposal.special_areas),
    )


class _Named:
    """Who holds and who ever held the codes that a proposal names, however many: asked once."""

    def __init__(self, session: Session, proposal: ProposalIn, ending: set[str]) -> None:
        begun = {operation.into.code for operation in proposal.operations}
        above = {code for operation in proposal.operations if (code := _code_above(operation.into))}
        self.units = find_by_codes(session, ending | above, on=proposal.effective_on)
        self.held = holders_of_codes(session, begun | (ending - self.units.keys()))


def _facts(session: Session, versions: list[DivisionVersion], *, on: date) -> dict[str, UnitFacts]:
    ids = [version.division_id for version in versions]
    areas = areas_on(session, ids, on=on)
    neighbours = neighbours_of(session, ids, on=on)
    below = inferiors_of_each(session, ids, on=on)
    continued = with_later_history(session, ids, on=on)
    return {
        version.code: UnitFacts(
            id=version.division_id,
            code=version.code,
            name=version.name,
            level=DivisionLevel(version.level),
            type=version.type,
            superior_id=version.superior_id,
            valid=version.valid,
            area_km2=areas[version.division_id][1] if version.division_id in areas else None,
            inferiors=below[version.division_id],
            has_later_history=version.division_id in continued,
            neighbours=frozenset(neighbours[version.division_id]),
        )
        for version in versions
    }


def _proposed(operation: OperationIn, named: _Named, ending: set[str], *, on: date) -> ProposedUnit:
    into = operation.into
    above_code = _code_above(into)
    above = named.units.get(above_code) if above_code else None
    return ProposedUnit(
        code=into.code,
        name=into.name,
        type=_type(into),
        superior_code=above_code,
        superior_id=above.division_id if above else None,
        superior_name=above.name if above else None,
        seat=into.seat,
        holders=tuple(_holders(named.held.get(into.code, ()), ending, on=on)),
    )


def _code_above(into: NewUnitIn) -> str | None:
    return into.superior or superior_code(into.code)


def _type(into: NewUnitIn) -> DivisionType | None:
    if into.type is None:
        return type_of(into.code, into.name) if level_of_code(into.code) else None
    return DivisionType(into.type) if into.type in list(DivisionType) else None


def _holders(held: Sequence[DivisionVersion], ending: set[str], *, on: date) -> list[Holder]:
    """Who held or holds a code; a unit that this very change ends gives it up on the day of effect."""
    return [
        Holder(version.code, version.name, version.valid)
        for version in held
        if not (version.code in ending and on in version.valid and version.valid.in_force)
    ]


def _spells(held: Sequence[DivisionVersion]) -> str:
    spells = (f"{version.name} {version.valid.start} 至 {version.valid.end or '今'}" for version in held)
    return f"此代码的使用情况：{'；'.join(spells)}"
