"""Gathering what the rules need to know about a proposal."""

from __future__ import annotations

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
    find_by_code,
    has_later_history,
    holders_of_code,
    inferiors_on,
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
    codes = [code for operation in proposal.operations for code in operation.from_]
    found = {code: find_by_code(session, code, on=on) for code in codes}
    facts = _facts(session, [version for version in found.values() if version is not None], on=on)
    operations = tuple(
        OperationEvidence(
            kind=operation.kind,
            from_codes=tuple(operation.from_),
            units=tuple(facts.get(code) for code in operation.from_),
            into=_proposed(session, operation, codes, on=on),
        )
        for operation in proposal.operations
    )
    absent = tuple((code, _spells(session, code)) for code, version in found.items() if version is None)
    return ChangeEvidence(
        effective_on=on,
        basis=Basis(proposal.basis_or_implied),
        operations=operations,
        materials=materials | {material.kind for material in proposal.materials},
        spells_elsewhere=absent,
    )


def _facts(session: Session, versions: list[DivisionVersion], *, on: date) -> dict[str, UnitFacts]:
    ids = [version.division_id for version in versions]
    areas = areas_on(session, ids, on=on)
    neighbours = neighbours_of(session, ids, on=on)
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
            inferiors=len(inferiors_on(session, version.division_id, on=on)),
            has_later_history=has_later_history(session, version.division_id, on=on),
            neighbours=frozenset(neighbours[version.division_id]),
        )
        for version in versions
    }


def _proposed(session: Session, operation: OperationIn, ending: list[str], *, on: date) -> ProposedUnit:
    into = operation.into
    above_code = into.superior or superior_code(into.code)
    above = find_by_code(session, above_code, on=on) if above_code else None
    return ProposedUnit(
        code=into.code,
        name=into.name,
        type=_type(into),
        superior_code=above_code,
        superior_id=above.division_id if above else None,
        superior_name=above.name if above else None,
        seat=into.seat,
        holders=tuple(_holders(session, into.code, ending, on=on)),
    )


def _type(into: NewUnitIn) -> DivisionType | None:
    if into.type is None:
        return type_of(into.code, into.name) if level_of_code(into.code) else None
    return DivisionType(into.type) if into.type in list(DivisionType) else None


def _holders(session: Session, code: str, ending: list[str], *, on: date) -> list[Holder]:
    """Who held or holds a code; a unit that this very change ends gives it up on the day of effect."""
    return [
        Holder(held.code, held.name, held.valid)
        for held in holders_of_code(session, code)
        if not (code in ending and on in held.valid and held.valid.in_force)
    ]


def _spells(session: Session, code: str) -> str:
    spells = [
        f"{held.name} {held.valid.start} 至 {held.valid.end or '今'}"
        for held in holders_of_code(session, code)
    ]
    return f"此代码的使用情况：{'；'.join(spells)}" if spells else ""
