"""R-MRK-01 to -04 and -11: how markers are numbered along a line, once and for ever."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.registers.markers.rules.evidence import LineEvidence, MarkerFacts
from gis_service.registers.markers.rules.thresholds import table

_STANDARD = "GB/T 17796-2009 行政区域界线测绘规范"
R_MRK_01 = Rule("R-MRK-01", "界桩编号由四位界线代码、三位序号、一位类型码组成", _STANDARD, status="P")
R_MRK_02 = Rule("R-MRK-02", "界桩编号的前四位是界线代码，历史编号除外", _STANDARD, status="P")
R_MRK_03 = Rule(
    "R-MRK-03", "序号从 001 起，沿界线自西向东或自北向南递增，只因报废而有空号", _STANDARD, status="P"
)
R_MRK_04 = Rule(
    "R-MRK-04", "同号双立 A、B 成对，同号三立 C、D、E 齐全，单立 Q 独用一号", _STANDARD, status="P"
)
R_MRK_11 = Rule("R-MRK-11", "界桩编号永不改写、永不重用", _STANDARD, status="D")

_CODE_DIGITS = 4


def normalised(number: str) -> tuple[str, Finding | None]:
    """A number as it is kept: blanks gone, letters large, and Q added where the type is missing (told)."""
    kept = "".join(number.split()).upper()
    if not re.fullmatch(table()["number"]["without_type"], kept, re.ASCII):
        return kept, None
    told = R_MRK_01.finding(
        Severity.info,
        f"{kept}Q",
        f"界桩编号“{kept}”少一位类型码，已按单立补写为 {kept}Q",
        suggestion="请核对",
    )
    return f"{kept}Q", told


def judge_number(marker: MarkerFacts) -> Iterator[Finding]:
    """R-MRK-01: the pattern of a number; a historic one need not follow it, a tri-point has its own."""
    pattern = table()["number"]["tri_point" if marker.is_tri_point else "pattern"]
    if marker.is_historic or re.fullmatch(pattern, marker.number, re.ASCII):
        return
    if marker.is_tri_point and re.fullmatch(table()["number"]["pattern"], marker.number, re.ASCII):
        return
    yield R_MRK_01.finding(
        Severity.warning if marker.is_tri_point else Severity.blocking,
        marker.number,
        f"界桩编号“{marker.number}”不合编号规则",
        place=marker.place,
        suggestion="编号为四位界线代码、三位序号、一位类型码（Q、A、B、C、D、E）；确属旧编号的请注明为历史编号",
    )


def judge_codes(line: LineEvidence) -> Iterator[Finding]:
    """R-MRK-02: numbers begin with the code of their line."""
    if len(line.code) != _CODE_DIGITS:
        if line.regular:
            yield R_MRK_02.finding(
                Severity.info,
                line.name,
                f"{line.name}的代码 {line.code} 不是四位，界桩编号的前四位无从核对",
                suggestion="请在界线登记内容中写明协议书所用的四位代码",
            )
        return
    for marker in line.regular:
        if marker.number[:_CODE_DIGITS] != line.code:
            yield R_MRK_02.finding(
                Severity.blocking,
                marker.number,
                f"界桩 {marker.number} 的前四位与{line.name}的代码 {line.code} 不同",
                place=marker.place,
                suggestion="请核对界线和编号；沿用旧编号的请注明为历史编号",
            )


def judge_serials(line: LineEvidence) -> Iterator[Finding]:
    """R-MRK-03: serials begin with 001, leave out only what was scrapped, and rise along the line."""
    serials = {marker.serial for marker in line.regular if marker.serial is not None}
    if not serials:
        return
    missing = sorted(set(range(1, max(serials) + 1)) - serials - line.scrapped)
    if missing:
        shown = "、".join(f"{serial:03}" for serial in missing[:10]) + ("……" if len(missing) > 10 else "")
        yield R_MRK_03.finding(
            Severity.warning,
            line.name,
            f"{line.name}的界桩序号缺 {shown}",
            suggestion="请补登缺少的界桩；已报废的请登记报废",
        )
    yield from _out_of_order(line)


def _out_of_order(line: LineEvidence) -> Iterator[Finding]:
    """One finding for each step back; the halves of a set may stand either way."""
    placed = [
        (marker.serial or 0, marker.chainage_m or 0.0, marker) for marker in line.regular if _has_foot(marker)
    ]
    first: dict[int, tuple[float, MarkerFacts]] = {}
    for serial, chainage, marker in sorted(placed, key=lambda each: each[:2]):
        first.setdefault(serial, (chainage, marker))
    for (_, (one, before)), (_, (other, marker)) in pairwise(sorted(first.items())):
        if other < one:
            yield R_MRK_03.finding(
                Severity.warning,
                marker.number,
                f"界桩 {marker.number}（里程 {other / 1000:.3f} km）"
                f"在 {before.number}（{one / 1000:.3f} km）之前，序号没有沿界线递增",
                place=marker.place,
                suggestion="请核对两桩的坐标和编号，以及界线登记的起讫方向；编号本身不得改写",
            )


def _has_foot(marker: MarkerFacts) -> bool:
    return marker.serial is not None and marker.chainage_m is not None


def judge_sets(line: LineEvidence) -> Iterator[Finding]:
    """R-MRK-04: every serial carries one whole set of types, of the placement that is registered."""
    by_serial: dict[str, list[MarkerFacts]] = defaultdict(list)
    for marker in line.regular:
        by_serial[marker.number[:7]].append(marker)
    for serial, several in sorted(by_serial.items()):
        types = {marker.number[7] for marker in several}
        whole = [set(types_) for types_ in table()["sets"].values()]
        if types not in whole:
            yield _broken(serial, several, types)
        for marker in several:
            if marker.number[7] not in table()["sets"].get(marker.placement, ""):
                yield _misplaced(marker)


def _broken(serial: str, several: list[MarkerFacts], types: set[str]) -> Finding:
    meant = [set(each) for each in table()["sets"].values() if types & set(each)]
    missing = "、".join(sorted(meant[0] - types)) if len(meant) == 1 else ""
    what = f"缺 {missing}" if missing else "单立与同号双立、三立混用一号"
    return R_MRK_04.finding(
        Severity.blocking,
        serial,
        f"界桩 {serial} 只有 {'、'.join(sorted(types))}，{what}" if missing else f"界桩 {serial} {what}",
        place=several[0].place,
        suggestion="请补登缺少的界桩，或核对类型码",
    )


def _misplaced(marker: MarkerFacts) -> Finding:
    return R_MRK_04.finding(
        Severity.blocking,
        marker.number,
        f"界桩 {marker.number} 登记为{marker.placement}，与类型码 {marker.number[7]} 不符",
        place=marker.place,
        suggestion="请核对埋设方式：单立为 Q，同号双立为 A、B，同号三立为 C、D、E",
    )


def judge_taken(wanted: Iterable[str], taken: Collection[str]) -> Iterator[Finding]:
    """R-MRK-11: numbers to be given that were given before, on the same line, to whatever stood there."""
    for number, times in sorted(Counter(wanted).items()):
        if times > 1 or number in taken:
            yield R_MRK_11.finding(
                Severity.blocking,
                number,
                f"界桩编号 {number} 在同一界线上只能用一次，报废后也不再用",
                suggestion="请核对编号；已登记界桩的变化请登记为新的位置或状况",
            )


def judge_twins(line: LineEvidence) -> Iterator[Finding]:
    """R-MRK-11: markers that came to one line with one number keep it, and are told apart by their line."""
    for number, times in sorted(Counter(marker.number for marker in line.markers).items()):
        if times > 1:
            yield R_MRK_11.finding(
                Severity.info,
                number,
                f"{line.name}上有 {times} 座界桩编号同为 {number}，分属先后不同的界线",
                suggestion="编号不得改写；引用时请并写设桩时的界线名称",
            )
