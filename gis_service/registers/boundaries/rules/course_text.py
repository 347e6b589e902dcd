"""R-MRK-10: the description of a line (走向说明) written, read back, and judged against the line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.registers.boundaries.rules.directions import direction_words, sectors_apart
from gis_service.registers.boundaries.rules.walking import Leg, walking_table

R_MRK_10 = Rule(
    id="R-MRK-10",
    title="走向说明逐桩写明方向、沿何物、长度，所写与界线相符",
    legal_basis="GB/T 17796-2009",
    status="P",
    version="2026-1",
)

_KILOMETRES_FROM_M = 10_000.0
_UNITS = {"米": 1.0, "千米": 1000.0, "公里": 1000.0}
_WORD = "|".join(sorted(direction_words(), key=len, reverse=True))
_LENGTH = r"(?P<{0}>\d+(?:\.\d+)?)\s*(?P<{0}_unit>千米|公里|米)"
_RUN = re.compile(rf"(?P<phrase>[^，。；]*?)向(?P<word>{_WORD})行{_LENGTH.format('length')}")
_LEG = re.compile(
    r"(?:从|由|自)(?P<start>[^，。；]+?)起，(?P<course>.*?)，?至(?P<end>[^，。；]+?)止"
    rf"(?:，本段长{_LENGTH.format('total')})?(?:，总体向(?P<heading>{_WORD}))?\s*$"
)
_NUMBER = re.compile(r"\d{6,}")
_END = re.compile("起点|终点")


@dataclass(frozen=True, slots=True)
class ToldRun:
    """A part of a section as a text tells it."""

    phrase: str
    word: str
    length_m: float


@dataclass(frozen=True, slots=True)
class ToldLeg:
    """A section as a text tells it; `length_m` is the sum of its parts where the text gives no total."""

    start: str
    end: str
    runs: tuple[ToldRun, ...]
    length_m: float
    word: str | None
    passing: tuple[str, ...] = ()


def length_told(length_m: float) -> str:
    """Metres, from ten kilometres on kilometres; both to a decimetre."""
    if length_m < _KILOMETRES_FROM_M:
        return f"{length_m:.1f}米"
    return f"{length_m / 1000:.4f}千米"


def leg_told(leg: Leg) -> str:
    """One section in one sentence."""
    runs = "，转".join(_runs_told(leg))
    passing = f"，途经{'、'.join(map(_plain, leg.passing))}" if leg.passing else ""
    whole = (
        f"，本段长{length_told(leg.length_m)}，总体向{leg.word}" if len(leg.runs) > 1 or leg.passing else ""
    )
    return f"从{_plain(leg.start.name)}起，{runs}{passing}，至{_plain(leg.end.name)}止{whole}。"


def _runs_told(leg: Leg) -> Iterable[str]:
    """What is followed is told once, until it changes."""
    before = ""
    for run in leg.runs:
        phrase = "" if run.phrase == before else run.phrase
        yield f"{phrase}向{run.word}行{length_told(run.length_m)}"
        before = run.phrase


def _plain(name: str) -> str:
    return re.sub(r"[，。；\s]+", "、", name)


def read_course_text(text: str) -> list[ToldLeg]:
    """The sections that a text tells of, in its order; sentences of another form are passed over."""
    sentences = (sentence.strip() for sentence in re.split("[。；\n]", text))
    return [_told(found) for sentence in sentences if (found := _LEG.search(sentence))]


def _told(found: re.Match[str]) -> ToldLeg:
    runs = _told_runs(found["course"])
    total = _metres(found, "total") if found["total"] else round(sum(run.length_m for run in runs), 1)
    word = found["heading"] or (runs[0].word if len(runs) == 1 else None)
    passed = re.search("途经([^，]+)", found["course"])
    return ToldLeg(
        found["start"], found["end"], runs, total, word, tuple(passed[1].split("、")) if passed else ()
    )


def _told_runs(course: str) -> tuple[ToldRun, ...]:
    runs: list[ToldRun] = []
    for each in _RUN.finditer(course):
        phrase = each["phrase"].removeprefix("转") or (runs[-1].phrase if runs else "")
        runs.append(ToldRun(phrase, each["word"], _metres(each, "length")))
    return tuple(runs)


def _metres(found: re.Match[str], name: str) -> float:
    return round(float(found[name]) * _UNITS[found[f"{name}_unit"]], 1)


def course_text_findings(text: str, legs: Sequence[Leg], subject: str) -> list[Finding]:
    """What a given text tells otherwise than the registered line, section by section (R-MRK-10)."""
    told = read_course_text(text)
    if not told:
        return [
            _remark(
                subject,
                "走向说明没有可识读的分段",
                "请按“从某桩起，沿某物向某方向行若干米，至某桩止”逐段书写",
            )
        ]
    known = {(_key(leg.start.name), _key(leg.end.name)): leg for leg in legs}
    found: list[Finding] = []
    for each in told:
        leg = known.pop((_key(each.start), _key(each.end)), None)
        if leg is None:
            found.append(
                _remark(f"{each.start}至{each.end}", "登记的界线上没有相接的这一段", "请核对起止界桩编号")
            )
        else:
            found.extend(_differences(each, leg))
    found.extend(
        _remark(_section(leg), "走向说明漏写这一段", f"请补写：{leg_told(leg)}") for leg in known.values()
    )
    return found


def _differences(told: ToldLeg, leg: Leg) -> Iterable[Finding]:
    limits = walking_table()["agreement"]
    if _too_far(told.length_m, leg.length_m):
        yield _remark(
            _section(leg),
            f"说明所写长度 {length_told(told.length_m)}，按界线计算为 {length_told(leg.length_m)}，"
            f"相差 {abs(told.length_m - leg.length_m):.1f} 米",
            "请核对该段的线形与说明",
        )
    if told.word is not None and sectors_apart(told.word, leg.word) > limits["sectors"]:
        yield _remark(
            _section(leg),
            f"说明所写方向为{told.word}，按界线计算为{leg.word}（真方位角 {leg.azimuth_deg:.1f}°）",
            "请核对起止界桩和方向用语",
        )
    yield from _turned(told.runs, leg)


def _turned(told: Sequence[ToldRun], leg: Leg) -> Iterable[Finding]:
    """Direction by direction, where the text tells as many as the line has."""
    if len(told) != len(leg.runs) or len(told) == 1:
        return
    limits = walking_table()["agreement"]
    for number, (each, run) in enumerate(zip(told, leg.runs, strict=True), 1):
        if sectors_apart(each.word, run.word) > limits["sectors"]:
            yield _remark(
                _section(leg), f"第 {number} 折所写方向为{each.word}，按界线计算为{run.word}", "请核对转折处"
            )
        if _too_far(each.length_m, run.length_m):
            yield _remark(
                _section(leg),
                f"第 {number} 折所写长度 {length_told(each.length_m)}，"
                f"按界线计算为 {length_told(run.length_m)}",
                "请核对转折处",
            )


def _too_far(told_m: float, length_m: float) -> bool:
    limits = walking_table()["agreement"]
    return bool(abs(told_m - length_m) > max(limits["length_m"], limits["length_share"] * length_m))


def _section(leg: Leg) -> str:
    return f"{leg.start.name}至{leg.end.name}"


def _key(name: str) -> str:
    """What two names of one station have in common: the digits of its number, which end it is, its name."""
    end = _END.match(name)
    if end is not None:
        return end[0]
    number = _NUMBER.search(name)
    return number[0] if number else re.sub(r"[，。；、\s]|号|界桩", "", name)


def _remark(subject: str, message: str, suggestion: str) -> Finding:
    return R_MRK_10.finding(Severity.warning, subject, message, suggestion=suggestion)
