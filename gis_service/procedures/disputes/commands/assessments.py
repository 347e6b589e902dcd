"""Assessing a side's year on a line: proposed from the registers, settled by people, frozen when signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from gis_service.foundation.access import Act, Actor, Classification
from gis_service.foundation.errors import Conflict, InvalidInput
from gis_service.foundation.findings import Finding, refuse_if_blocking
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.disputes.commands.peace_ground import (
    WAY_OUT,
    entered_by,
    in_hand,
    require_a_side,
    require_cleared,
    take_numbers,
)
from gis_service.procedures.disputes.models import PeaceAssessment
from gis_service.procedures.disputes.queries.assessed import SideYear, gathered
from gis_service.procedures.disputes.queries.assessments import newest_assessment
from gis_service.procedures.disputes.queries.peace_ground import next_peace_number
from gis_service.procedures.disputes.rules import (
    AssessmentEvidence,
    Catalogue,
    Given,
    Sheet,
    fill_in,
    judge_assessment,
    judge_signing,
    own_items,
    read_items,
)
from gis_service.procedures.disputes.schemas.agreements import PeaceLineOut
from gis_service.procedures.disputes.schemas.assessments import (
    PeaceAssessmentIn,
    PeaceItemOut,
    PeaceSheetOut,
    PeaceVetoOut,
)
from gis_service.registers.authorities.queries import require_within
from gis_service.registers.boundaries.queries import LineInForce, line_named, read_line_reference
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import division_by_code


@dataclass(frozen=True, slots=True)
class Assessed:
    """A side's year as it is filled in, before anything is written."""

    line: LineInForce
    side: DivisionVersion
    year: int
    as_of: date
    catalogue: Catalogue
    sheet: Sheet
    classification: Classification
    findings: list[Finding]

    def told(self) -> PeaceSheetOut:
        """The sheet as people and programs read it."""
        return PeaceSheetOut(
            line=PeaceLineOut(id=self.line.id, code=self.line.code, name=self.line.name),
            side=self.side.code,
            side_name=self.side.name,
            year=self.year,
            as_of=self.as_of,
            catalogue=named(self.catalogue),
            items=[PeaceItemOut(**row) for row in self.sheet.items],
            vetoes=[PeaceVetoOut(**row) for row in self.sheet.vetoes],
            points=self.sheet.points,
            grade=self.sheet.grade,
            classification=self.classification,
        )


def named(catalogue: Catalogue) -> dict[str, Any]:
    """By what a sheet was filled in."""
    told = {"version": catalogue.version, "source": catalogue.source, "mark": catalogue.mark}
    return told | {"full": catalogue.full}


def propose(session: Session, actor: Actor, act: Act, sent: PeaceAssessmentIn, *, today: date) -> Assessed:
    """Fill a sheet in as the registers tell it and the assessor changes it; nothing is written.

    Raises:
        NotFound: no such line or unit on the day that is looked at.
        NotPermitted: neither side lies where the actor may do the act, or he is not cleared for it.
        InvalidInput: the unit is no side of the line, or the file of items is wrong.
    """
    as_of = min(date(sent.year, 12, 31), today)
    line = line_named(session, read_line_reference(sent.line), on=as_of)
    require_a_side(session, actor, act, line.name, (line.first_id, line.second_id), on=today)
    side = division_by_code(session, sent.side, on=as_of)
    if side.division_id not in (line.first_id, line.second_id):
        raise InvalidInput(f"{side.name}不是{line.name}的一侧", way_out="请写界线一侧的代码")
    catalogue = own_items() if sent.items is None else read_items(sent.items)
    found = gathered(session, SideYear(line, side.division_id, sent.year, as_of))
    require_cleared(actor, found.classification)
    points = {name: Given(each.points, each.reason) for name, each in sent.points.items()}
    vetoes: dict[str, Given] = {name: Given(each.held, each.reason) for name, each in sent.vetoes.items()}
    sheet = fill_in(catalogue, found.facts, points, vetoes)
    former = newest_assessment(session, line.id, side.division_id, sent.year)
    signed = former.number if former and former.signed_on else None
    findings = judge_assessment(
        AssessmentEvidence(
            subject=f"{sent.year} 年度{line.name}{side.name}",
            year=sent.year,
            today=today,
            sheet=sheet,
            unknown=tuple(_unknown(catalogue, points, vetoes)),
            corrects=signed,
            correction=sent.correction,
        )
    )
    return Assessed(line, side, sent.year, as_of, catalogue, sheet, found.classification, findings)


def _unknown(catalogue: Catalogue, points: Mapping[str, Given], vetoes: Mapping[str, Given]) -> list[str]:
    items = points.keys() - {item.id for item in catalogue.items}
    return sorted(items | (vetoes.keys() - {veto.id for veto in catalogue.vetoes}))


def assess(tx: Transaction, sent: PeaceAssessmentIn) -> tuple[PeaceAssessment, list[Finding]]:
    """Keep an assessment: anew in place of one not yet signed, or as a version that corrects a signed one.

    Raises:
        NotPermitted: the side does not lie in the jurisdiction of the actor.
        RuleViolated: a blocking finding (R-PEA-04); nothing is written.
        and as `propose`.
    """
    tx.require(Act.assess_peace)
    take_numbers(tx)
    assessed = propose(tx.session, tx.actor, Act.assess_peace, sent, today=tx.today)
    side = assessed.side.division_id
    require_within(tx.session, tx.actor, Act.assess_peace, [side], on=tx.today)
    refuse_if_blocking(assessed.findings, "此项考核不能登记", way_out=WAY_OUT)
    former = newest_assessment(tx.session, assessed.line.id, side, sent.year)
    kept = _drafted(tx, assessed, former)
    before = None if former is None else {"points": former.points, "grade": former.grade}
    for name, value in _contents(tx, assessed, sent).items():
        setattr(kept, name, value)
    tx.session.flush()
    after = {"points": kept.points, "grade": kept.grade, "items": kept.items, "vetoes": kept.vetoes}
    tx.journal("peace.assess", kept.number, before=before, after=after, version=kept.version)
    return kept, assessed.findings


def _drafted(tx: Transaction, assessed: Assessed, former: PeaceAssessment | None) -> PeaceAssessment:
    """The draft to be filled in: that which is not signed yet, else a new version."""
    if former is not None and former.signed_on is None:
        return in_hand(tx, PeaceAssessment, former.number)
    new = PeaceAssessment(
        number=next_peace_number(tx.session, PeaceAssessment, tx.today.year),
        line_id=assessed.line.id,
        first_id=assessed.line.first_id,
        second_id=assessed.line.second_id,
        side_id=assessed.side.division_id,
        year=assessed.year,
        version=former.version + 1 if former else 1,
    )
    tx.session.add(new)
    return new


def _contents(tx: Transaction, assessed: Assessed, sent: PeaceAssessmentIn) -> dict[str, Any]:
    return {
        "as_of": assessed.as_of,
        "catalogue": named(assessed.catalogue),
        "items": assessed.sheet.items,
        "vetoes": assessed.sheet.vetoes,
        "points": assessed.sheet.points,
        "grade": assessed.sheet.grade,
        "correction": sent.correction or None,
        "classification": assessed.classification.value,
        **entered_by(tx),
    }


def sign_assessment(tx: Transaction, number: str) -> tuple[PeaceAssessment, list[Finding]]:
    """Sign an assessment: it is frozen from then on, and corrected only by a new version.

    Raises:
        NotFound: no such assessment, or not for the actor.
        NotPermitted: the side does not lie in the jurisdiction of the actor.
        Conflict: it is signed.
        RuleViolated: an item has no points (R-PEA-04).
    """
    tx.require(Act.assess_peace)
    kept = in_hand(tx, PeaceAssessment, number)
    require_within(tx.session, tx.actor, Act.assess_peace, [kept.side_id], on=tx.today)
    if kept.signed_on is not None:
        raise Conflict(f"{number} 已于 {kept.signed_on} 签署", way_out="有误的，写明理由另出一版")
    findings = judge_signing(number, kept.items)
    refuse_if_blocking(findings, f"{number} 不能签署", way_out=WAY_OUT)
    kept.signed_on, kept.signed_by = tx.today, f"{tx.actor.authority} {tx.actor.name}"
    tx.session.flush()
    tx.journal("peace.sign", number, before={"signed_on": None}, after={"signed_on": kept.signed_on})
    return kept, findings
