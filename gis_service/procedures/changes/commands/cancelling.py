"""Taking an enacted change back by an act that revokes it (撤销已实施的变更)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from gis_service.foundation.access import Act
from gis_service.foundation.database import lock_registers
from gis_service.foundation.errors import Conflict
from gis_service.foundation.findings import Finding, refuse_if_blocking
from gis_service.foundation.standing import full_sight
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.changes.commands.correcting import replace_record
from gis_service.procedures.changes.commands.decisions import tell_why
from gis_service.procedures.changes.commands.in_hand import in_hand, move
from gis_service.procedures.changes.commands.jurisdiction import require_jurisdiction, require_other_eyes
from gis_service.procedures.changes.commands.proving import prove
from gis_service.procedures.changes.models import CaseState, ChangeCase
from gis_service.procedures.changes.queries import (
    WroteOf,
    altered_since,
    corrected_since,
    labels_of,
    others_by_the_same_act,
    parties_of,
    record_around,
    standing_upon,
    wrote,
)
from gis_service.procedures.changes.rules import (
    PutRight,
    judge_altered,
    judge_correction,
    judge_corrections,
    judge_later,
    judge_publicity,
    judge_revoker,
    units_of,
)
from gis_service.registers.boundaries.commands import derive, restore_areas
from gis_service.registers.boundaries.queries import with_all_below
from gis_service.registers.boundaries.queries.flows import holders_of_area
from gis_service.registers.divisions.commands import take_back
from gis_service.registers.divisions.events import ChangeTakenBack
from gis_service.registers.divisions.queries import divisions_by_id, versions_above
from gis_service.registers.instruments.commands import register_instrument
from gis_service.registers.instruments.queries import instrument_by_id
from gis_service.registers.instruments.schemas import InstrumentIn


def cancel(tx: Transaction, number: str, act: InstrumentIn, *, reason: str) -> ChangeCase:
    """Undo in the registers what a case wrote, before or after its day of effect; the case is cancelled.

    What it had written stays readable as published.

    Raises:
        IllegalMove: the case is not enacted.
        NotPermitted: who drafted or submitted the case cancels it, or a side lies beyond his jurisdiction.
        RuleViolated: something stands on the change since, or the act is not by who may revoke it.
    """
    case = in_hand(tx, number, Act.enact_change)
    move(tx, case, CaseState.cancelled, **require_other_eyes(tx, case))
    tell_why(tx, case, reason)
    lock_registers(tx.session)
    require_jurisdiction(tx, Act.enact_change, parties_of(tx.session, case))
    with full_sight(tx.session):
        written = _written(tx, case)
        approved_by = instrument_by_id(tx.session, case.instrument_id).issuer if case.instrument_id else ""
        findings = _judged(tx, case, written)
    findings += [*judge_revoker(act.issuer, approved_by), *judge_publicity(act.number, act.classification)]
    refuse_if_blocking(findings, f"案卷 {number} 不能撤销", way_out="请按各条意见处理；登记簿未作任何改动")
    case.cancelled_by = register_instrument(tx, act).id
    with full_sight(tx.session):
        if written.replaced:
            undone = [each.undone for each in written.replaced]
            replace_record(tx, undone, on=case.effective_on, by=case.cancelled_by)
        else:
            _take_back(tx, case, written.units, written.instrument_id, case.cancelled_by)
    return case


def _written(tx: Transaction, case: ChangeCase) -> WroteOf:
    written = wrote(tx.session, case)
    if written is not None:
        return written
    if case.written is not None:
        raise Conflict(
            f"案卷 {case.number} 是早先版本所作的更正，没有记录原登记的各行，不能撤销",
            way_out="更正有误的，请再作更正",
        )
    raise Conflict(
        f"案卷 {case.number} 是早先版本实施的，案卷和登记日志都没有记录所写的单位，不能撤销",
        way_out="请另立案卷，办理相反的变更",
    )


def _judged(tx: Transaction, case: ChangeCase, written: WroteOf) -> list[Finding]:
    """What stands in the way of taking back what a case wrote."""
    session, units = tx.session, written.units
    if written.replaced:
        return _judged_undone(tx, written)
    if others_by_the_same_act(session, case, written_by=written.instrument_id):
        raise Conflict("同一文件在同日另有已实施的案卷", way_out="请报系统管理员核对后一并处理")
    corrections = judge_corrections(corrected_since(session, case, written))
    upon = standing_upon(session, units, on=case.effective_on, written_by=written.instrument_id)
    return corrections or judge_later(upon)


def _judged_undone(tx: Transaction, written: WroteOf) -> list[Finding]:
    """What is not as the correction left it any more, and what would not hold together without it."""
    altered = units_of(altered_since(tx.session, written.replaced))
    if altered:
        return judge_altered(labels_of(tx.session, altered))
    undone = [each.undone for each in written.replaced]
    return judge_correction(record_around(tx.session, undone), PutRight(tuple(undone)))


def _take_back(tx: Transaction, case: ChangeCase, units: frozenset[UUID], written_by: UUID, by: UUID) -> None:
    on, eve = case.effective_on, case.effective_on - timedelta(days=1)
    above = {v.division_id for day in (eve, on) for v in versions_above(tx.session, units, on=day)}
    took = holders_of_area(tx.session, with_all_below(tx.session, units, on=on), on=on)
    restore_areas(tx, units | above | took, on=on, written_by=written_by, by=by)
    take_back(tx, units, on=on, written_by=written_by, by=by)
    standing = set(divisions_by_id(tx.session, units | above, on=on))
    leaves = holders_of_area(tx.session, with_all_below(tx.session, units, on=on), on=on)
    changed = derive(
        tx,
        leaves=(leaves & units) | (units - standing),
        superiors=standing - holders_of_area(tx.session, standing, on=on),
        on=on,
        instrument_id=by,
    )
    before = holders_of_area(tx.session, with_all_below(tx.session, units, on=eve), on=eve)
    around = prove(tx, before, leaves, on=on)
    tx.publish(changed)
    gone = tuple(sorted(units - standing))
    tx.publish(ChangeTakenBack(on, written_by, gone, tuple(sorted(around | standing))))
