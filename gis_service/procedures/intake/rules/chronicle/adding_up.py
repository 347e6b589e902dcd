"""Whether the earlier table and its changes give the later one, code and name, with nothing left over."""

from __future__ import annotations

from collections.abc import Iterator

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.intake.rules.chronicle.findings import R_HIS_03, bad_line
from gis_service.procedures.intake.rules.chronicle.values import Change, Sign, Step, Table


def adds_up(step: Step) -> list[Finding]:
    """Each record that is wrong in a line, missing or left over, named."""
    if step.changes is None:
        return []
    findings = [finding for change in step.changes for finding in _known(change, step)]
    reached = dict(step.before.units)
    seen: set[tuple[Sign, str]] = set()
    for sign in (Sign.ends, Sign.begins):
        for change in step.changes:
            if change.sign is sign:
                findings += _once(change, seen)
                if sign is Sign.ends:
                    reached.pop(change.code, None)
                elif change.code in reached:
                    findings.append(_held(change, reached[change.code]))
                else:
                    reached[change.code] = change.name
    return [*findings, *_remainder(reached, step)]


def _known(change: Change, step: Step) -> Iterator[Finding]:
    """Every record of a line stands in its table, under that name."""
    tables = {Sign.ends: (step.before,), Sign.begins: (step.after,)}.get(
        change.sign, (step.before, step.after)
    )
    for table in tables:
        name = table.units.get(change.code)
        if name != change.name:
            found = f"为“{name}”" if name else "没有此代码"
            yield bad_line(
                change.place, f"{change.code} {change.name}：{table.year} 年代码表中{found}", rule=R_HIS_03
            )


def _once(change: Change, seen: set[tuple[Sign, str]]) -> Iterator[Finding]:
    if (change.sign, change.code) in seen:
        yield bad_line(change.place, f"{change.sign}{change.code} {change.name}重复", rule=R_HIS_03)
    seen.add((change.sign, change.code))


def _held(change: Change, holder: str) -> Finding:
    why = f"新增的 {change.code} {change.name}在上年为“{holder}”，而没有终止该记录"
    return bad_line(change.place, why, rule=R_HIS_03)


def _remainder(reached: dict[str, str], step: Step) -> Iterator[Finding]:
    for code in sorted(reached.keys() | step.after.units.keys()):
        got, wanted = reached.get(code), step.after.units.get(code)
        if got != wanted:
            yield _left_over(code, got, wanted, step.after, step.file)


def _left_over(code: str, got: str | None, wanted: str | None, table: Table, file: str) -> Finding:
    reached = f"上年代码表加变更得 {code} {got or '（无）'}"
    message = f"{file}：{reached}，{table.year} 年代码表为 {code} {wanted or '（无）'}"
    return R_HIS_03.finding(
        Severity.blocking, f"{file} {code}", message, suggestion="请补上或改正变更，或改正代码表"
    )
