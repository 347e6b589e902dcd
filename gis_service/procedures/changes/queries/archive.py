"""Gathering what the file of a case holds when it is archived."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from gis_service.procedures.changes.models import CaseState, ChangeCase
from gis_service.procedures.changes.queries.cases import materials_of
from gis_service.procedures.changes.queries.conduct import (
    consultations_of,
    evaluations_of,
    filings_of,
    steps_of,
    verdicts_of,
)
from gis_service.procedures.changes.rules.archive import (
    Filed,
    archive_of,
    legal_basis_of_archive,
    material_titles,
)
from gis_service.procedures.changes.rules.departments import departments
from gis_service.procedures.changes.rules.steps import step_kinds
from gis_service.procedures.changes.schemas import ArchiveListOut, ArchivePartOut, basis_of
from gis_service.registers.instruments.queries import instruments_by_id


def archive_list(session: Session, case: ChangeCase) -> ArchiveListOut:
    """The list of a case as its file stands now (归档目录)."""
    proposal = case.proposal
    basis = basis_of(proposal.get("basis"), has_act=bool(proposal.get("instrument")))
    enacted = case.state == CaseState.enacted.value
    filed = [*_documents(session, case), *_records(session, case)]
    parts = archive_of(filed, basis=basis, enacted=enacted)
    return ArchiveListOut(
        number=case.number,
        title=case.title,
        legal_basis=legal_basis_of_archive(),
        is_complete=not any(part.missing for part in parts),
        parts=[ArchivePartOut.model_validate(part) for part in parts],
    )


def _documents(session: Session, case: ChangeCase) -> Iterator[Filed]:
    titles = material_titles()
    for each in materials_of(session, case):
        title = f"{titles.get(each.kind, each.kind)}：{each.name}"
        yield Filed(each.kind, title, each.added_at.date(), each.sha256, each.size_bytes)


def _records(session: Session, case: ChangeCase) -> Iterator[Filed]:
    for step in steps_of(session, case):
        yield Filed("steps", f"{step_kinds().get(step.kind, step.kind)}：{step.result}", step.begun_on)
    for asked in consultations_of(session, case):
        title = departments().get(asked.department, asked.department)
        yield Filed("consultations", f"{title}部门：{asked.opinion or '尚未答复'}", asked.asked_on)
    for verdict in verdicts_of(session, case):
        yield Filed(
            "verdicts", f"{verdict.unit}（{verdict.standard}）：{verdict.verdict}", verdict.judged_for
        )
    for act in instruments_by_id(session, filter(None, [case.instrument_id])).values():
        yield Filed("approval", f"{act.number} {act.title}", act.issued_on)
    for filing in filings_of(session, case):
        yield Filed("filings", f"{filing.matter} {filing.number}（{filing.filed_with}）", filing.filed_on)
    for each in evaluations_of(session, case):
        yield Filed("evaluations", f"第 {each.round} 轮{each.side}：{each.grade}", each.evaluated_on)
