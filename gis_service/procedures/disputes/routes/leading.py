"""Opening and leading cases over HTTP; every act can be rehearsed (`dry_run`), and tells its findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from gis_service.foundation.access import Act
from gis_service.foundation.findings import Finding
from gis_service.foundation.transaction import Transaction
from gis_service.foundation.web import Tx, refusals
from gis_service.foundation.web.bodies import JsonBody
from gis_service.foundation.web.identity import permitted
from gis_service.procedures.disputes import commands
from gis_service.procedures.disputes.models import DisputeCase, DisputeState
from gis_service.procedures.disputes.queries import told
from gis_service.procedures.disputes.routes.asking import Number
from gis_service.procedures.disputes.schemas import (
    DecisionEffectOut,
    DisputeDecisionIn,
    DisputeIn,
    DisputeMoveIn,
    DisputeOut,
    MediationIn,
    RevisionIn,
    StepIn,
    Target,
    WithdrawalIn,
)

router = APIRouter(prefix="/disputes", tags=["隐患纠纷"], route_class=JsonBody, responses=refusals(404, 409))

STATE_OF = {
    Target.resolved: DisputeState.resolved,
    Target.referred: DisputeState.referred,
    Target.recurred: DisputeState.recurred,
}


@dataclass(frozen=True, slots=True)
class InHand:
    """The case a request writes to."""

    tx: Transaction
    number: str


async def _in_hand(_: Request, tx: Tx, number: Number) -> InHand:
    return InHand(tx, number)


Leading = Annotated[InHand, Depends(_in_hand)]


def _told(
    tx: Transaction,
    case: DisputeCase,
    findings: Sequence[Finding],
    effect: DecisionEffectOut | None = None,
) -> DisputeOut:
    [answer] = told(tx.session, [case], on=tx.today, findings=findings, effect=effect)
    return answer


@router.post("", summary="登记隐患或纠纷", dependencies=[permitted(Act.keep_disputes)])
def open_dispute(tx: Tx, sent: DisputeIn) -> DisputeOut:
    """须有地点、当事各方、等级、措施、期限（R-BND-19），否则拒绝（422），逐条列出所缺。

    区间写起讫里程（米），或写两个界桩的编号；所涉界桩须在发现之日立于此界线。
    """
    return _told(tx, *commands.open_case(tx, sent))


@router.post("/{number}/mediations", summary="登记一步化解", dependencies=[permitted(Act.keep_disputes)])
def mediate_dispute(case: Leading, sent: MediationIn) -> DisputeOut:
    """会议、踏勘、协商；第一步即转入化解。"""
    return _told(case.tx, *commands.mediate(case.tx, case.number, sent.as_step(), sent.kind))


@router.post("/{number}/moves", summary="化解、报请裁决、复发", dependencies=[permitted(Act.keep_disputes)])
def move_dispute(case: Leading, sent: DisputeMoveIn) -> DisputeOut:
    """转为：化解（须有结果）、报请裁决、复发。"""
    return _told(case.tx, *commands.move(case.tx, case.number, STATE_OF[sent.to], sent.as_step()))


@router.post("/{number}/decision", summary="登记裁决", dependencies=[permitted(Act.decide_disputes)])
def decide_dispute(case: Leading, sent: DisputeDecisionIn) -> DisputeOut:
    """批准机关依据协议书的裁决（界线条例第十五条）；登记或报请此案的人不能登记裁决。

    可同时终止主张线、登记该段的法律状态；登记簿的改变见 `effect`，试运行时同样列出。
    """
    step = StepIn.model_validate(sent.model_dump())
    return _told(case.tx, *commands.decide(case.tx, case.number, step))


@router.post("/{number}/withdrawal", summary="撤回误登记的一案", dependencies=[permitted(Act.keep_disputes)])
def withdraw_dispute(case: Leading, sent: WithdrawalIn) -> DisputeOut:
    """写明理由；案卷保留。"""
    step = StepIn.model_validate(sent.model_dump())
    return _told(case.tx, *commands.move(case.tx, case.number, DisputeState.withdrawn, step))


@router.post(
    "/{number}/revision",
    summary="调整等级、措施、期限、责任单位",
    dependencies=[permitted(Act.keep_disputes)],
)
def revise_dispute(case: Leading, sent: RevisionIn) -> DisputeOut:
    """记为一步，前后对照；延长期限、降低等级须写理由，否则拒绝（422）。"""
    return _told(case.tx, *commands.revise(case.tx, case.number, sent))
