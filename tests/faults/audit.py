"""What must hold after any number of kills: nothing promised is lost, nothing is half done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis_service.foundation.files import FileStore
from gis_service.foundation.journal import JournalEntry
from gis_service.foundation.journal import prove as prove_journal
from gis_service.foundation.settings import Settings
from gis_service.procedures.changes.models import CaseState, ChangeCase, FollowUp, Material
from gis_service.procedures.changes.rules import duties
from gis_service.publications.maps.formats import FORMATS
from gis_service.publications.maps.models import Edition, EditionFile, Sheet
from gis_service.registers.boundaries.models import BoundaryLine, Membership
from gis_service.registers.boundaries.queries.proofs import prove
from gis_service.registers.divisions.models import DivisionVersion, Lineage
from gis_service.registers.instruments.models import Instrument
from tests.faults.ledger import Promise, Step
from tests.faults.province import FACES_MOVED
from tests.faults.workers import DONE_IN_STATE

NO_ACT = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Traces:
    """What the registers hold under one act; of an act that was never enacted, nothing."""

    versions_ended: int = 0
    versions_begun: int = 0
    descents: int = 0
    faces_given: int = 0
    faces_taken: int = 0
    sheets: int = 0
    duties: int = 0
    enactments: int = 0


def faults(session: Session, home: Path, promises: list[Promise]) -> list[str]:
    """Everything that is wrong; empty when all holds."""
    settings = Settings(home=home)
    return [
        *_broken_promises(session, promises, FileStore(settings.files_dir)),
        *_half_done(session),
        *_half_editions(session, settings.editions_dir),
        *(f"{finding.subject}: {finding.message}" for finding in prove(session)),
        *_broken_chain(session),
    ]


def _broken_chain(session: Session) -> Iterator[str]:
    proof = prove_journal(session)
    if not proof.holds:
        yield f"journal: {proof.first_break}"


def _broken_promises(session: Session, promises: list[Promise], store: FileStore) -> Iterator[str]:
    cases = _cases_by_act(session)
    filed = {(row.case_id, row.sha256) for row in session.scalars(select(Material))}
    for promise in promises:
        case = cases.get(promise.act)
        if case is None:
            yield f"{promise.act}: {promise.step} was promised, and there is no case"
        elif promise.step is Step.filed:
            if (case.id, promise.sha256) not in filed:
                yield f"{case.number}: a filed document is not in the file"
            elif not _is_kept(store.path_of(promise.sha256), promise.sha256):
                yield f"{case.number}: the content of a filed document is gone"
        elif promise.step not in DONE_IN_STATE[case.state]:
            yield f"{case.number}: {promise.step} was promised, and the case is {case.state}"


def _cases_by_act(session: Session) -> dict[str, ChangeCase]:
    cases = session.scalars(select(ChangeCase))
    return {case.proposal["instrument"]["number"]: case for case in cases}


def _is_kept(path: Path, digest: str) -> bool:
    return path.is_file() and sha256(path.read_bytes()).hexdigest() == digest


def _half_done(session: Session) -> Iterator[str]:
    """Case, journal and registers say the same about every change."""
    acts = {row.number: row.id for row in session.scalars(select(Instrument))}
    for act, case in _cases_by_act(session).items():
        told = _told(session, case)
        if told.total() != case.revision:
            yield f"{case.number}: {case.revision} revisions, but the journal tells {dict(told)}"
        if set(told) - {Step.filed} != DONE_IN_STATE[case.state]:
            yield f"{case.number}: {case.state}, but the journal tells {dict(told)}"
        if (case.outcome is not None) != (case.state == CaseState.enacted.value):
            yield f"{case.number}: {case.state}, but its outcome says otherwise"
        act_id = acts.get(act, NO_ACT)  # an act is registered with the approval
        found, wanted = _traces(session, case, act_id), _expected(case)
        if found != wanted:
            yield f"{case.number} ({case.state}): {found}, expected {wanted}"
        if case.outcome is None and _lines_under(session, act_id):
            yield f"{case.number}: lines were changed by an act that was not enacted"


def _told(session: Session, case: ChangeCase) -> Counter[Step]:
    """How often the journal tells of each step; each step is one revision of the case."""
    wanted = select(JournalEntry.command).where(
        JournalEntry.subject == case.number, JournalEntry.command.in_(list(Step))
    )
    return Counter(map(Step, session.scalars(wanted)))


def _expected(case: ChangeCase) -> Traces:
    if case.outcome is None:
        return Traces()
    told = case.outcome
    faces = FACES_MOVED[case.effective_on]
    return Traces(
        versions_ended=len(told["units_ended"]),
        versions_begun=len(told["units_begun"]),
        descents=len(told["lineage"]),
        faces_given=faces,
        faces_taken=faces,
        sheets=1,
        duties=len(duties()),
        enactments=1,
    )


def _traces(session: Session, case: ChangeCase, act: UUID) -> Traces:
    def count(*conditions: object) -> int:
        return session.scalar(select(func.count()).where(*conditions)) or 0  # type: ignore[arg-type]

    journaled = count(JournalEntry.command == Step.enacted.value, JournalEntry.subject == case.number)
    return Traces(
        versions_ended=count(DivisionVersion.ended_by == act),
        versions_begun=count(DivisionVersion.begun_by == act),
        descents=count(Lineage.instrument_id == act),
        faces_given=count(Membership.ended_by == act),
        faces_taken=count(Membership.begun_by == act),
        sheets=count(Sheet.type == "change", Sheet.subject == act),
        duties=count(FollowUp.case_id == case.id, FollowUp.duty.in_([duty.id for duty in duties()])),
        enactments=journaled,
    )


def _lines_under(session: Session, act: UUID) -> int:
    """Lines of an enacted act cannot be counted: those that a neighbour's change ends on the same day go."""
    changed = (BoundaryLine.begun_by == act) | (BoundaryLine.ended_by == act)
    return session.scalar(select(func.count()).where(changed)) or 0


def _half_editions(session: Session, folder: Path) -> Iterator[str]:
    """Every edition is there in all formats, as it was drawn; numbers leave no gap."""
    for sheet in session.scalars(select(Sheet)):
        editions = list(
            session.scalars(select(Edition).where(Edition.sheet_id == sheet.id).order_by(Edition.number))
        )
        if [edition.number for edition in editions] != list(range(1, len(editions) + 1)):
            yield f"{sheet.title}: editions are missing"
        for edition in editions:
            files = list(session.scalars(select(EditionFile).where(EditionFile.edition_id == edition.id)))
            if len(files) != len(FORMATS):
                yield f"{sheet.title} {edition.number}: {len(files)} files"
            yield from (
                f"{file.path}: not as it was drawn"
                for file in files
                if not _is_kept(folder / file.path, file.sha256)
            )
