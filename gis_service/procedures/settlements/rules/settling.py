"""R-CHG-98, the part of R-CHG-11 for each line: whether all is done of a line, and the registers say so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.procedures.settlements.rules.states import TaskState
from gis_service.procedures.settlements.rules.tasks import Fact, Task

R_CHG_SETTLED = Rule(
    id="R-CHG-98",
    title="变更后的界线，各事项办结且登记簿与之相符的，方为定界",
    legal_basis="行政区域界线管理条例 第九条；行政区划管理条例 第十六条、第十八条、第二十条",
)
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What the registers say of a line on a day; `reference` is what names it on a command line.

    `unsettled_km` runs along edges that no survey calls settled; `unmanaged` are markers without a side of
    the line to keep them.
    """

    reference: str
    name: str
    has_agreement: bool
    approver: str | None
    is_approval_dated: bool
    unsettled_edges: int
    unsettled_km: float
    markers: int
    unmanaged: tuple[str, ...]


def judge_settling(
    number: str, states: Mapping[Task, TaskState], facts: LineFacts | None, *, is_running: bool = True
) -> list[Finding]:
    """What is missing for a line to count as settled; what is waived is told, but does not stop it.

    An ended line has no facts to agree with.
    """
    found = list(_pending(number, states))
    if facts is None:
        if is_running:
            found.append(_blocked(number, "看不到该界线现在的登记，不能核对", "请由可知该界线的人员办理"))
        return found
    for task, state in states.items():
        weight = Severity.warning if state is TaskState.waived else Severity.blocking
        found += judge_task(task, facts, weight)
    return found


def _blocked(subject: str, message: str, way_out: str) -> Finding:
    return R_CHG_SETTLED.finding(Severity.blocking, subject, message, suggestion=way_out)


def _pending(number: str, states: Mapping[Task, TaskState]) -> Iterator[Finding]:
    for task, state in states.items():
        if state is TaskState.pending:
            way = f"gis-service settlements done {number} {task.id}，或 waive 并写明理由"
            yield _blocked(task.title, f"“{task.title}”尚未办理（{task.legal_basis}）", way)


def judge_task(task: Task, facts: LineFacts, weight: Severity) -> list[Finding]:
    """Where the registers do not say what a task that is done should have brought about."""
    if task.fact is None:
        return []
    return [
        R_CHG_SETTLED.finding(weight, facts.name, message, suggestion=way_out)
        for message, way_out in _LACKS[task.fact](facts)
    ]


Lacks = Iterator[tuple[str, str]]


def _no_agreement(facts: LineFacts) -> Lacks:
    if not facts.has_agreement:
        yield (
            "界线的登记内容没有协议书",
            f"gis-service boundaries record {facts.reference} --agreement 文号 --act 文号",
        )


def _no_approval(facts: LineFacts) -> Lacks:
    if not facts.approver:
        yield (
            "界线的登记内容没有批准机关",
            f"gis-service boundaries record {facts.reference} --approver 机关 --act 文号",
        )
    if not facts.is_approval_dated:
        yield (
            "界线的登记内容没有批准日期",
            f"gis-service boundaries record {facts.reference} --approved-on 日期 --act 文号",
        )


def _no_survey(facts: LineFacts) -> Lacks:
    if facts.unsettled_edges:
        yield (
            f"有 {facts.unsettled_edges} 条边（{facts.unsettled_km:.3f} 千米）的法律状态不是“已定界”",
            f"gis-service boundaries survey {facts.reference} --state 已定界 --act 文号",
        )


def _no_markers(facts: LineFacts) -> Lacks:
    if not facts.markers:
        yield "界线上没有登记界桩", "gis-service intake load 界桩表.xlsx --as markers；不埋设的办理 waive"
    if facts.unmanaged:
        named = "、".join(facts.unmanaged[:_SHOWN]) + ("等" if len(facts.unmanaged) > _SHOWN else "")
        yield (
            f"{len(facts.unmanaged)} 个界桩没有由现在的一侧管理：{named}",
            "请按协议登记管理方（界桩表的管理方一栏）",
        )


_LACKS: Mapping[Fact, Callable[[LineFacts], Lacks]] = {
    Fact.survey: _no_survey,
    Fact.markers: _no_markers,
    Fact.agreement: _no_agreement,
    Fact.approval: _no_approval,
}
