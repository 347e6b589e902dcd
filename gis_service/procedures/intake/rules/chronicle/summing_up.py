"""What is odd in a history though it can be replayed: one finding per matter, not per line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.procedures.intake.rules.chronicle.findings import R_HIS_06
from gis_service.procedures.intake.rules.chronicle.identities import Resolved
from gis_service.procedures.intake.rules.chronicle.replaying import Story
from gis_service.procedures.intake.rules.chronicle.values import Table, Trust
from gis_service.registers.divisions.rules import R_COD_02, R_COD_06, judge_fit

_LISTED = 8


def sum_up(tables: Sequence[Table], resolved: Sequence[Resolved], story: Story) -> list[Finding]:
    """Codes that do not fit, types unknown, codes used again, links that are doubtful, ends without heirs."""
    return [
        *_misfits(tables),
        *_without_type(tables),
        *_reused(story),
        *_marked(resolved),
        *_without_successor(story),
    ]


def _summary(
    rule: Rule, severity: Severity, what: str, cases: Iterable[str], way_out: str
) -> Iterator[Finding]:
    cases = list(dict.fromkeys(cases))
    if cases:
        more = f"等 {len(cases)} 项" if len(cases) > _LISTED else ""
        message = f"{what} {len(cases)} 项：{'；'.join(cases[:_LISTED])}{more}"
        yield rule.finding(severity, what, message, suggestion=way_out)


def _misfits(tables: Sequence[Table]) -> Iterator[Finding]:
    """Old tables are what they are: what breaks a rule is told, and bars nothing."""
    seen: set[tuple[str, str]] = set()
    found: dict[str, list[str]] = defaultdict(list)
    for table in tables:
        for unit in table.units.items() - seen:
            kind = table.type_of(unit[0])
            if kind is not None:
                for finding in judge_fit(*unit, kind, on=table.day):
                    found[finding.rule].append(f"{unit[0]} {unit[1]}（{table.year} 年起）")
        seen |= table.units.items()
    for cases in found.values():
        yield from _summary(
            R_COD_02, Severity.warning, "代码段与类型不合的记录", sorted(cases), "历史代码照录，不作改动"
        )


def _without_type(tables: Sequence[Table]) -> Iterator[Finding]:
    cases = (
        f"{code} {table.units[code]}"
        for table in tables
        for code in table.units
        if table.type_of(code) is None
    )
    yield from _summary(
        R_COD_02, Severity.warning, "通名不属于法定类型的单位", cases, "类型记为未知，可据批复补记"
    )


def _reused(story: Story) -> Iterator[Finding]:
    holders: dict[str, dict[object, str]] = defaultdict(dict)
    for life in story.lives:
        for version in life.versions:
            holders[version.code].setdefault(life.id, version.name)
    cases = [f"{code} {'、'.join(names.values())}" for code, names in holders.items() if len(names) > 1]
    yield from _summary(R_COD_06, Severity.info, "先后为不同单位使用的代码", cases, "查代码时请写明日期")


def _marked(resolved: Sequence[Resolved]) -> Iterator[Finding]:
    for trust, severity, what in (
        (Trust.reasoned, Severity.info, "没有公开文件而推定的承接"),
        (Trust.doubtful, Severity.warning, "存疑而不承接的关系"),
    ):
        cases = (
            f"{step.step.before.units[link.old]}→{step.step.after.units[link.new]}（{step.step.after.year}）"
            for step in resolved
            for link in step.links
            if link.trust is trust and (link.old, link.new) not in step.derived
        )
        yield from _summary(R_HIS_06, severity, what, cases, "请据批复核定")


def _without_successor(story: Story) -> Iterator[Finding]:
    cases = (
        f"{life.versions[-1].code} {life.versions[-1].name}" for life in story.lives if life.without_successor
    )
    yield from _summary(R_HIS_06, Severity.warning, "终止而没有去向的单位", cases, "请据批复补记去向")
