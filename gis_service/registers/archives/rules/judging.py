"""What holds of archives as such: filed once, whole, complete for every line, appraised in time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.registers.archives.rules.figures import filings, years_kept

R_ARC_01 = Rule(
    "R-ARC-01",
    "每条界线的协议书、附图、界桩登记表、批复均已归档",
    "行政区域界线管理条例第十三条",
    status="P",
)
R_ARC_02 = Rule("R-ARC-02", "一份文件只归档一次，所涉各线各桩挂接到同一件", "本服务约定", status="D")
R_ARC_03 = Rule("R-ARC-03", "归档的文件齐全且未被改动", "勘界档案管理暂行规定", status="P")
R_ARC_06 = Rule(
    "R-ARC-06", "永久保管的档案不鉴定销毁，其余保管期满方可鉴定", "勘界档案管理暂行规定", status="P"
)


def judge_complete(line: str, on_file: Collection[str]) -> Iterator[Finding]:
    """Which of the kinds the law names are missing of a line."""
    missing = [each.name for each in filings().values() if each.required and each.name not in on_file]
    for kind in missing:
        yield R_ARC_01.finding(
            Severity.warning,
            line,
            f"{line}的{kind}尚未归档",
            suggestion="请扫描后用 archives register 归档；原件在他处的，请注明存放处",
            class_=kind,
        )


@dataclass(frozen=True, slots=True)
class KeptElsewhere:
    """That a file is kept already: `where` in words; `as_item` if it is on file in these archives."""

    where: str
    as_item: bool


def judge_kept(name: str, places: Sequence[KeptElsewhere]) -> Iterator[Finding]:
    """A file on file in another item is refused; one kept with an act or a marker is told."""
    for place in places:
        yield R_ARC_02.finding(
            Severity.blocking if place.as_item else Severity.info,
            name,
            f"“{name}”已收在{place.where}",
            suggestion="请将所涉界线或界桩挂接到该件（archives attach）" if place.as_item else "",
        )


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What was found of a file on the disk: `state` is 完好, 缺失, 已改动 or 无法读取."""

    item: str
    name: str
    sha256: str
    state: str


def judge_stored(files: Iterable[StoredFile]) -> Iterator[Finding]:
    """Files that are missing or are not what was filed."""
    for file in files:
        if file.state != WHOLE:
            yield R_ARC_03.finding(
                Severity.blocking,
                file.item,
                f"档案 {file.item} 的“{file.name}”{file.state}（{file.sha256[:12]}）",
                suggestion="请自备份恢复该文件",
            )


WHOLE = "完好"


def expires_on(retention: str, dated_on: date) -> date | None:
    """The day on which the period of keeping runs out; None for ever."""
    years = years_kept(retention)
    if years is None:
        return None
    try:
        return dated_on.replace(year=dated_on.year + years)
    except ValueError:  # the 29th of February
        return dated_on.replace(year=dated_on.year + years, day=28)


def judge_appraised(number: str, retention: str, dated_on: date, *, on: date) -> Iterator[Finding]:
    """Whether an item may be appraised on a day."""
    until = expires_on(retention, dated_on)
    if until is None or until > on:
        told = "永久保管" if until is None else f"保管至 {until}"
        yield R_ARC_06.finding(
            Severity.blocking, number, f"档案 {number} {told}，不应鉴定", suggestion="请核对档号"
        )


def counted(kinds: Iterable[str]) -> Mapping[str, int]:
    """How many items there are of each kind, in the order of the data; kinds without any are left out."""
    found = list(kinds)
    return {name: found.count(name) for name in filings() if name in found}
