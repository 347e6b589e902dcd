"""Recording the steps of a procedure, and setting right what was recorded wrongly."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from gis_service.foundation.access import Act
from gis_service.foundation.errors import Conflict, InvalidInput
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.changes.commands.in_hand import in_hand
from gis_service.procedures.changes.models import STATE_WORDS, CaseState, ChangeCase, Step
from gis_service.procedures.changes.queries import materials_of, step_of, steps_of
from gis_service.procedures.changes.rules.steps import counts_opinions, step_kinds
from gis_service.procedures.changes.schemas import StepIn

GIVEN_UP = frozenset({CaseState.withdrawn.value, CaseState.rejected.value})


def add_step(tx: Transaction, number: str, step: StepIn) -> Step:
    """Record a step as it was taken.

    Raises:
        InvalidInput: unknown kind, impossible days, or a document that is not in the file.
        Conflict: the case was given up.
    """
    case = in_hand(tx, number, Act.record_conduct)
    require_kept(case)
    _require_sense(tx, case, step)
    taken = steps_of(tx.session, case)
    ordinal = taken[-1].ordinal + 1 if taken else 1
    recorded = Step(case_id=case.id, ordinal=ordinal, recorded_at=tx.at, **_fields(step))
    tx.session.add(recorded)
    tx.session.flush()
    tx.journal("changes.add_step", number, after=_told(recorded), ordinal=ordinal)
    return recorded


def correct_step(tx: Transaction, number: str, ordinal: int, step: StepIn, *, reason: str) -> Step:
    """Set a recorded step right; the journal keeps what stood there before, and why it was changed.

    Raises:
        NotFound: the case has no step of this number.
        InvalidInput: as for a new step, or no reason.
    """
    case = in_hand(tx, number, Act.record_conduct)
    require_kept(case)
    recorded = step_of(tx.session, case, ordinal)
    _require_sense(tx, case, step)
    if not reason.strip():
        raise InvalidInput("没有写明更正的理由", way_out="请写明理由，记入登记日志")
    before = _told(recorded)
    for field, value in _fields(step).items():
        setattr(recorded, field, value)
    recorded.recorded_at = tx.at
    tx.session.flush()
    tx.journal(
        "changes.correct_step", number, before=before, after=_told(recorded), ordinal=ordinal, reason=reason
    )
    return recorded


def _fields(step: StepIn) -> dict[str, Any]:
    return step.model_dump() | {"result": step.result.value}


def _told(step: Step) -> dict[str, Any]:
    return {field: getattr(step, field) for field in StepIn.model_fields}


def require_kept(case: ChangeCase) -> None:
    """Refuse to record anything in the file of a case that was given up."""
    if case.state in GIVEN_UP:
        raise Conflict(
            f"案卷 {case.number} 现为“{STATE_WORDS[CaseState(case.state)]}”，不再登记",
            way_out="请查看案卷；需要继续的，另行立案",
        )


def require_documents(tx: Transaction, case: ChangeCase, digests: Iterable[str]) -> None:
    """Refuse documents that are not in the file of the case."""
    held = {material.sha256 for material in materials_of(tx.session, case)}
    strange = [digest for digest in digests if digest not in held]
    if strange:
        raise InvalidInput(
            f"案卷 {case.number} 中没有内容摘要为 {strange[0][:64]} 的材料", way_out="请先将文件收入案卷"
        )


def require_past(tx: Transaction, day: date | None, word: str) -> None:
    """Refuse a day that has not come yet: what is recorded has happened."""
    if day is not None and day > tx.today:
        raise InvalidInput(f"{word} {day} 尚未到来", way_out="只登记已经发生的事项；请核对日期")


def _require_sense(tx: Transaction, case: ChangeCase, step: StepIn) -> None:
    if step.kind not in step_kinds():
        raise InvalidInput(f"未知的程序种类“{step.kind[:40]}”", way_out=f"应为：{'、'.join(step_kinds())}")
    for first, last, word in (
        (step.begun_on, step.ended_on, "结束日期"),
        (step.published_from, step.published_to, "公示结束日期"),
    ):
        if last is not None and (first is None or last < first):
            raise InvalidInput(f"{word} {last} 早于开始日期，或没有写开始日期", way_out="请核对日期")
    require_past(tx, step.begun_on, "开始日期")
    require_past(tx, step.ended_on, "结束日期")
    counted = step.in_favour is not None or step.against is not None
    if counted and not counts_opinions(step.kind):
        raise InvalidInput(
            f"“{step_kinds()[step.kind]}”不计赞成和反对", way_out="只有征求社会公众意见、会议审议写人数或票数"
        )
    require_documents(tx, case, step.documents)
