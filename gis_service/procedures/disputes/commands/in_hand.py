"""What all acts on a case share: within whose reach it lies, by which act, and the step that is left."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from gis_service.foundation.access import Act
from gis_service.foundation.errors import InvalidInput, NotFound, NotPermitted
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.disputes.models import DisputeCase, DisputeStep
from gis_service.procedures.disputes.queries import case_numbered, steps_of
from gis_service.procedures.disputes.schemas import ChangedOut, StepIn
from gis_service.registers.authorities.queries import covered
from gis_service.registers.boundaries.queries import LineInForce
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import superiors_of
from gis_service.registers.instruments.commands import register_instrument
from gis_service.registers.instruments.models import Instrument
from gis_service.registers.instruments.queries import acts_numbered

WAY_OUT = "请按各条意见改正后重试"


def in_hand(tx: Transaction, number: str, *, on: date, act: Act = Act.keep_disputes) -> DisputeCase:
    """The case an act is about that was done on a day, locked.

    Raises:
        NotFound: no such case, or not for the actor.
        NotPermitted: neither side lies in the jurisdiction in which he may do this.
        InvalidInput: a day to come, or before the last step.
    """
    tx.require(act)
    case = case_numbered(tx.session, number, on=tx.today)
    tx.session.refresh(case, with_for_update=True)
    require_either_side(tx, case.number, (case.first_id, case.second_id), act)
    _require_in_turn(tx, case, on)
    return case


def _require_in_turn(tx: Transaction, case: DisputeCase, on: date) -> None:
    if on > tx.today:
        raise InvalidInput(f"日期 {on} 尚未到来", way_out="只登记已经发生的事项；请核对日期")
    last = max((step.taken_on for step in steps_of(tx.session, case.id)), default=on)
    if on < last:
        raise InvalidInput(f"日期 {on} 早于上一步的 {last}", way_out="请核对日期")


def require_either_side(
    tx: Transaction, subject: str, sides: tuple[UUID, UUID], act: Act = Act.keep_disputes
) -> None:
    """Refuse what is about a line of which neither side lies in the jurisdiction of the actor.

    Raises:
        NotPermitted: so it is.
    """
    if not covered(tx.session, tx.actor.reach(act), sides, on=tx.today):
        raise NotPermitted(f"{subject}所涉界线的两侧都不在您的辖区", way_out="请由任一侧的机关办理")


def require_other_eyes(tx: Transaction, case: DisputeCase, kinds: frozenset[str]) -> dict[str, str]:
    """Refuse to let somebody decide what he took a step of these kinds in; what the journal says about it.

    Raises:
        NotPermitted: the actor took such a step.
    """
    if tx.actor.is_operator:
        return {"four_eyes": "本机操作"}
    own = {step.account_id for step in steps_of(tx.session, case.id) if step.kind in kinds}
    if tx.actor.account_id in own:
        raise NotPermitted(f"{case.number}由您登记或报请，不能再由您登记裁决", way_out="请由另一名经办人办理")
    return {}


def act_named(tx: Transaction, case: DisputeCase, step: StepIn) -> Instrument | None:
    """The act a step names; those sent along are registered first.

    Raises:
        NotFound: it is not registered.
    """
    for act in step.acts:
        register_instrument(tx, act, kept_within=(case.first_id, case.second_id))
    if step.instrument is None:
        return None
    known = acts_numbered(tx.session, [step.instrument]).get(step.instrument)
    if known is None:
        raise NotFound(
            f"没有登记文号为“{step.instrument}”的文件",
            way_out="请核对文号；尚未登记的，写在登记内容的 acts 中",
        )
    return known


def add_step(
    tx: Transaction,
    case: DisputeCase,
    step: StepIn,
    kind: str,
    act: Instrument | None = None,
    *,
    before: str | None = None,
    changes: list[ChangedOut] | None = None,
    detail: Mapping[str, str] | None = None,
) -> None:
    """Leave a step behind, and tell the journal."""
    plain = step.model_dump(include={"taken_on", "words", "attendants", "agreed", "minutes_sha256"})
    instrument_id = act.id if act else None
    row = DisputeStep(
        case_id=case.id,
        ordinal=len(steps_of(tx.session, case.id)) + 1,
        kind=kind,
        state=case.state,
        changes=None if changes is None else [each.model_dump() for each in changes],
        instrument_id=instrument_id,
        account_id=tx.actor.account_id,
        actor=tx.actor.name,
        authority=tx.actor.authority,
        recorded_at=tx.at,
        **plain,
    )
    tx.session.add(row)
    tx.session.flush()
    told_before: dict[str, str] | None = None if before is None else {"state": before}
    after = {"state": case.state, "result": case.result, "step": kind, **plain}
    if changes is not None:
        told_before = {each.field: each.before for each in changes}
        after |= {each.field: each.after for each in changes}
    more = detail or {}
    tx.journal(
        "disputes.step", case.number, before=told_before, after=after, instrument_id=instrument_id, **more
    )


def sides_above(
    tx: Transaction, unit: DivisionVersion, line: LineInForce | DisputeCase, *, on: date
) -> set[UUID]:
    """The sides of a line that a unit is or lies below on a day."""
    above = superiors_of(tx.session, unit.division_id, on=on)
    return {unit.division_id, *(each.division_id for each in above)} & {line.first_id, line.second_id}
