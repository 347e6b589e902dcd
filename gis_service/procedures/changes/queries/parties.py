"""The sides of a case: which divisions they are, who agreed for them, and what stands above them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_service.foundation.standing import full_sight
from gis_service.procedures.changes.models import ChangeCase, Endorsement, Party
from gis_service.procedures.changes.queries.evidence import superiors_named
from gis_service.procedures.changes.queries.record import moving_together
from gis_service.procedures.changes.rules import ChangeEvidence, Government
from gis_service.procedures.changes.schemas import EndorsementOut, PartyOut, ProposalIn
from gis_service.registers.authorities.queries import titles_of
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import divisions_by_id, find_by_codes, last_known
from gis_service.registers.divisions.rules import DivisionLevel


@dataclass(frozen=True, slots=True)
class Sides:
    """The sides of a case as it is told: what the reader may know of, by code."""

    parties: list[PartyOut]
    endorsements: list[EndorsementOut]
    drafted_by: str | None
    submitted_by: str | None


def parties_in(session: Session, proposal: ProposalIn) -> frozenset[UUID]:
    """The divisions a proposal names that exist on its day: units that end, superiors of units that begin.

    Whoever asks, all of them count: nobody is party to less because he may not know of it.
    """
    named = {
        code
        for operation in proposal.operations
        for code in operation.codes_taken | superiors_named(operation)
    }
    with full_sight(session):
        found = find_by_codes(session, named, on=proposal.effective_on)
        moving = _moving_along(session, proposal, found)
        return moving.union(version.division_id for version in found.values())


def _moving_along(
    session: Session, proposal: ProposalIn, found: Mapping[str, DivisionVersion]
) -> frozenset[UUID]:
    """The units whose days change along with those that a correction names."""
    units = frozenset[UUID]()
    for operation in proposal.operations:
        version = found.get(operation.from_[0]) if operation.from_ else None
        if version is None:
            continue
        sides = ((operation.begun, version.valid.start), (operation.ended, version.valid.end))
        for bound, day in sides:
            if bound is not None and day is not None:
                units |= moving_together(session, version.division_id, day, bound.on or day)
    return units


def parties_of(session: Session, case: ChangeCase) -> frozenset[UUID]:
    """The divisions recorded as sides of a case."""
    return frozenset(session.scalars(select(Party.division_id).where(Party.case_id == case.id)))


def endorsements_of(session: Session, case: ChangeCase) -> list[Endorsement]:
    """Who agreed to a case, for which side."""
    wanted = select(Endorsement).where(Endorsement.case_id == case.id)
    return list(session.scalars(wanted.order_by(Endorsement.endorsed_at, Endorsement.division_id)))


def labels_of(session: Session, divisions: Iterable[UUID]) -> list[str]:
    """Names and codes of divisions as the reader may know them, by code."""
    asked = frozenset(divisions)
    known = sorted(last_known(session, asked).values(), key=lambda version: version.code)
    labels = [f"{version.name}（{version.code}）" for version in known]
    return labels + ["您无权查看的单位"] * (len(asked) > len(known))


def governments_above(session: Session, evidence: ChangeEvidence) -> tuple[Government, ...]:
    """The divisions above the units that end and begin, on the day of effect, the highest first."""
    units = [unit.superior_id for each in evidence.operations for _, unit in each.named if unit]
    units += [into.superior_id for each in evidence.operations for into in each.into]
    units += [each.stated.superior_id for each in evidence.operations]
    found: dict[UUID, DivisionVersion] = {}
    ahead = set(filter(None, units))
    while ahead:
        above = divisions_by_id(session, ahead, on=evidence.effective_on)
        found |= above
        ahead = {version.superior_id for version in above.values() if version.superior_id} - set(found)
    governments = [Government(key, unit.name, DivisionLevel(unit.level)) for key, unit in found.items()]
    return tuple(sorted(governments, key=lambda each: (each.level.rank, found[each.id].code)))


def sides_of(session: Session, case: ChangeCase) -> Sides:
    """The sides of a case, who agreed for them, and the titles of those who drafted and submitted it."""
    agreed = endorsements_of(session, case)
    parties = parties_of(session, case)
    known = last_known(session, parties | {each.division_id for each in agreed})
    titles = titles_of(session, filter(None, (case.drafted_by, case.submitted_by)))
    return Sides(
        parties=[_party(known[each]) for each in _by_code(known) if each in parties],
        endorsements=[
            EndorsementOut(
                **_party(known[each.division_id]).model_dump(),
                actor=each.actor,
                authority=each.authority,
                endorsed_at=each.endorsed_at,
            )
            for each in agreed
            if each.division_id in known
        ],
        drafted_by=titles.get(case.drafted_by) if case.drafted_by else None,
        submitted_by=titles.get(case.submitted_by) if case.submitted_by else None,
    )


def _by_code(known: dict[UUID, DivisionVersion]) -> list[UUID]:
    return sorted(known, key=lambda each: known[each].code)


def _party(version: DivisionVersion) -> PartyOut:
    return PartyOut(id=str(version.division_id), code=version.code, name=version.name)
