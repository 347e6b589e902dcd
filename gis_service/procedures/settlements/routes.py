"""Settlements of lines over HTTP: what is left to do, and doing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Concatenate, ParamSpec

from fastapi import APIRouter, Depends, Path, Query, Request

from gis_service.foundation.access import Act
from gis_service.foundation.findings import Finding
from gis_service.foundation.readings import note_reading, note_readings
from gis_service.foundation.transaction import Transaction
from gis_service.foundation.web import Acting, ListingOnDate, OnDate, PageByText, Reading, Tx, refusals
from gis_service.foundation.web.bodies import JsonBody
from gis_service.foundation.web.identity import permitted
from gis_service.procedures.settlements import commands
from gis_service.procedures.settlements.queries import (
    Asked,
    require_in_reach,
    settlement_numbered,
    settlement_told,
    settlements_page,
    standing_of,
    summary_told,
)
from gis_service.procedures.settlements.rules import SettlementState
from gis_service.procedures.settlements.schemas import (
    DoneIn,
    ExtendedIn,
    FiledIn,
    MovedOut,
    SettledIn,
    SettlementOut,
    SettlementSummaryOut,
    WhyIn,
)
from gis_service.registers.boundaries.routes.lines import NamedLine
from gis_service.registers.divisions.queries import division_named
from gis_service.registers.divisions.routes import NamedDivision

router = APIRouter(
    prefix="/settlements", tags=["变更后的勘界"], route_class=JsonBody, responses=refusals(404)
)

Arguments = ParamSpec("Arguments")
Number = Annotated[
    str, Path(pattern=r"^KJ-[0-9]{4}-[0-9]{5,9}$", description="编号", examples=["KJ-2020-00001"])
]
TaskName = Annotated[
    str, Path(pattern=r"^[a-z_]{1,40}$", description="事项，见勘界事项的 tasks", examples=["survey"])
]
OfLine = Annotated[NamedLine | None, Query(description="只列此界线的（代码或标识）", examples=["3234"])]
OfUnit = Annotated[
    NamedDivision | None, Query(description="只列有一侧在此单位及其以下的（代码或标识）", examples=["320600"])
]
InState = Annotated[SettlementState | None, Query(description="只列此状态的", examples=["open"])]
Overdue = Annotated[bool, Query(description="只列已逾期的")]


@router.get("", summary="列出变更后的勘界事项", dependencies=[permitted(Act.read_settlements)])
def list_settlements(
    session: Reading,
    actor: Acting,
    page: PageByText,
    on: OnDate,
    line: OfLine = None,
    unit: OfUnit = None,
    state: InState = None,
    overdue: Overdue = False,
) -> ListingOnDate[SettlementSummaryOut]:
    """您辖区内因区划变更而新定、承接、缩短、终止的界线，各有哪些事项待办，按编号逐页取得。"""
    within = division_named(session, unit, on=on).division_id if unit else None
    asked = Asked(line, within, state, on if overdue else None)
    reach = actor.reach(Act.read_settlements)
    found = settlements_page(session, asked, reach=reach, on=on, after=page.after, limit=page.one_more)
    shown, following = page.cut(found, lambda each: each.number)
    told = [summary_told(each, on=on) for each in standing_of(session, shown)]
    note_readings(session, ((each.classification, each.number) for each in told))
    return ListingOnDate(on=on, items=told, next=following)


@router.get("/{number}", summary="查一件勘界事项", dependencies=[permitted(Act.read_settlements)])
def read_settlement(session: Reading, actor: Acting, number: Number, on: OnDate) -> SettlementOut:
    """一条界线在一次变更后的各事项：依据、状态、文件、办理记录。"""
    found = settlement_numbered(session, number)
    require_in_reach(session, found, actor.reach(Act.read_settlements), on=on)
    [standing] = standing_of(session, [found])
    note_reading(session, standing.classification, number)
    return settlement_told(standing, on=on)


@dataclass(frozen=True, slots=True)
class InHand:
    """The settlement a request writes to."""

    tx: Transaction
    number: str

    def moved_by(
        self,
        command: Callable[Concatenate[Transaction, str, Arguments], list[Finding]],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> MovedOut:
        """Run a command, and tell the settlement afterwards."""
        findings = command(self.tx, self.number, *args, **kwargs)
        [standing] = standing_of(self.tx.session, [settlement_numbered(self.tx.session, self.number)])
        note_reading(self.tx.session, standing.classification, self.number)
        told = settlement_told(standing, on=self.tx.today)
        return MovedOut(settlement=told, findings=[finding.as_json() for finding in findings])


async def _in_hand(_: Request, tx: Tx, number: Number) -> InHand:
    return InHand(tx, number)


Settling = Annotated[InHand, Depends(_in_hand)]


@router.post(
    "/{number}/tasks/{task}/completion",
    summary="办结一项勘界事项",
    responses=refusals(409),
    dependencies=[permitted(Act.settle_lines)],
)
def finish_task(settlement: Settling, task: TaskName, sent: DoneIn) -> MovedOut:
    """登记一项已办结，写明日期和文件；再次登记即更正，以前的记录保留。登记簿尚无相应内容的，在意见中说明。"""
    return settlement.moved_by(commands.finish_task, task, sent)


@router.post(
    "/{number}/tasks/{task}/waiver",
    summary="登记一项勘界事项不需要办理",
    responses=refusals(409),
    dependencies=[permitted(Act.settle_lines)],
)
def waive_task(settlement: Settling, task: TaskName, given: WhyIn) -> MovedOut:
    """登记一项不需要办理，须写理由。"""
    return settlement.moved_by(commands.waive_task, task, given)


@router.post(
    "/{number}/tasks/{task}/reopening",
    summary="恢复一项勘界事项为待办",
    responses=refusals(409),
    dependencies=[permitted(Act.settle_lines)],
)
def reopen_task(settlement: Settling, task: TaskName, given: WhyIn) -> MovedOut:
    """恢复一项为待办，须写理由；已定界而尚未备案的，随之恢复为待定。"""
    return settlement.moved_by(commands.reopen_task, task, given)


@router.post(
    "/{number}/extension",
    summary="延长一条界线的勘界期限",
    responses=refusals(409),
    dependencies=[permitted(Act.settle_lines)],
)
def extend_settlement(settlement: Settling, sent: ExtendedIn) -> MovedOut:
    """经批准机关同意，期限延长六个月（行政区划管理条例第十五条）；只能延长一次，须写同意的文件和理由。"""
    return settlement.moved_by(commands.extend_settlement, sent)


@router.post(
    "/{number}/settling",
    summary="登记界线已定界",
    responses=refusals(409),
    dependencies=[permitted(Act.settle_lines)],
)
def settle_line(settlement: Settling, sent: SettledIn) -> MovedOut:
    """各事项都已办结，且登记簿与之相符（协议书、批准、各边已定界、界桩有管理方）；否则拒绝（422），逐条列出所缺。"""
    return settlement.moved_by(commands.settle, sent)


@router.post(
    "/{number}/filing",
    summary="登记界线协议书已备案",
    responses=refusals(409),
    dependencies=[permitted(Act.settle_lines)],
)
def file_settlement(settlement: Settling, sent: FiledIn) -> MovedOut:
    """已定界的，登记协议书报批准机关备案的文件（界线条例第九条）。"""
    return settlement.moved_by(commands.file_settlement, sent)
