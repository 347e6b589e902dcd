"""R-CHG-01 to R-CHG-04: which government approves a change follows from what it changes, by law."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.registers.divisions.rules import DivisionLevel

R_CHG_01 = Rule(
    id="R-CHG-01",
    title="批准机关依变更对象、种类和所涉地区法定；自治州、自治县的界线变更一律由国务院批准",
    legal_basis="行政区划管理条例 第六条至第十条",
)
R_CHG_02 = Rule(
    id="R-CHG-02",
    title="隶属关系或界线变更涉及海岸线、海岛、边疆要地、湖泊、重要资源地区、特殊情况地区的，由国务院批准",
    legal_basis="行政区划管理条例 第七条第四项",
)
R_CHG_03 = Rule(
    id="R-CHG-03",
    title="县、市、市辖区的界线变更，由人认定为重大或部分变更并写明理由",
    legal_basis="行政区划管理条例 第七条第三项、第八条",
)
R_CHG_04 = Rule(
    id="R-CHG-04",
    title="省级人民政府依第八条批准的变更，同时报国务院备案",
    legal_basis="行政区划管理条例 第八条、第十二条",
)


class Matter(StrEnum):
    """What a change does to one unit, in the words of the law (区划办法 Art 2)."""

    establish = "establish"
    abolish = "abolish"
    rename = "rename"
    superior = "superior"
    boundary = "boundary"
    seat = "seat"


class Scale(StrEnum):
    """Whether a change of boundary is major (重大) or partial (部分): somebody's recorded decision."""

    major = "major"
    partial = "partial"


class Approver(StrEnum):
    """Which authority approves, the highest first."""

    congress = "congress"
    state_council = "state_council"
    province = "province"
    next_higher = "next_higher"
    county = "county"

    @property
    def word(self) -> str:
        """The authority as people call it."""
        return _WORDS[self]

    @property
    def levels(self) -> frozenset[DivisionLevel]:
        """On which level its government stands; none for the authorities of the whole country."""
        return _LEVELS[self]

    def is_above(self, other: Approver) -> bool:
        """Whether this authority is the higher one."""
        return _ORDER.index(self) < _ORDER.index(other)


_ORDER = tuple(Approver)
_WORDS = {
    Approver.congress: "全国人民代表大会",
    Approver.state_council: "国务院",
    Approver.province: "省级人民政府",
    Approver.next_higher: "批准设立的人民政府",
    Approver.county: "县级人民政府",
}
_LEVELS: Mapping[Approver, frozenset[DivisionLevel]] = {
    Approver.congress: frozenset(),
    Approver.state_council: frozenset(),
    Approver.province: frozenset({DivisionLevel.province}),
    Approver.next_higher: frozenset({DivisionLevel.province, DivisionLevel.prefecture}),
    Approver.county: frozenset({DivisionLevel.county}),
}


@dataclass(frozen=True, slots=True)
class Touched:
    """That a change does something to a unit of this level and type."""

    matter: Matter
    level: DivisionLevel
    type: str | None


@dataclass(frozen=True, slots=True)
class Lawful:
    """Who must approve a change, by which article; whether the approval must be filed, and what raised it."""

    approver: Approver
    legal_basis: str
    needs_filing: bool = False
    raised_by: tuple[str, ...] = ()


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("approver.toml").read_text(encoding="utf-8"))


def special_areas() -> Mapping[str, str]:
    """Word in proposals → Chinese title of every kind of area that raises a change (R-CHG-02)."""
    titles: Mapping[str, str] = _table()["special_areas"]["titles"]
    return titles


def lawful_approval(
    touched: Iterable[Touched], *, areas: Iterable[str] = (), scale: Scale | None = None
) -> Lawful | None:
    """Who approves all of it: the highest of those who approve a part. None while the law needs a decision.

    Where "major or partial" decides and nobody has decided (R-CHG-03), there is no answer.
    """
    touched = tuple(touched)
    named = tuple(special_areas()[area] for area in areas)
    if named and any(each.matter in _table()["special_areas"]["matters"] for each in touched):
        raising = _table()["special_areas"]
        return Lawful(Approver(raising["approver"]), raising["legal_basis"], raised_by=named)
    if scale is not None:
        return _highest([_approval_of(each, scale) for each in touched])
    either = [_highest([_approval_of(each, scale) for each in touched]) for scale in Scale]
    return either[0] if either[0] == either[1] else None


def _approval_of(touched: Touched, scale: Scale | None) -> Lawful | None:
    known = touched.type or _table()["usual_type"][touched.level.value]
    for row in _table()["approval"]:
        fits = touched.matter in row["matters"] and known in row["types"]
        if fits and row.get("scale") in {None, scale}:
            return Lawful(Approver(row["approver"]), row["legal_basis"], row.get("needs_filing", False))
    return None


def _highest(found: list[Lawful | None]) -> Lawful | None:
    known = [each for each in found if each is not None]
    if len(known) < len(found) or not known:
        return None
    return min(known, key=lambda each: (_ORDER.index(each.approver), not each.needs_filing))


def judge_decision(
    touched: Iterable[Touched], *, scale: Scale | None, reason: str, areas: Iterable[str] = ()
) -> list[Finding]:
    """R-CHG-03: a change whose approver hangs on its scale carries a decision with its reason."""
    touched, areas = tuple(touched), tuple(areas)
    major, partial = (lawful_approval(touched, areas=areas, scale=each) for each in Scale)
    if major == partial or (scale is not None and reason.strip()):
        return []
    return [
        R_CHG_03.finding(
            Severity.blocking,
            "界线变更",
            "没有认定是重大变更还是部分变更，或没有写明理由",
            suggestion="请写明认定（scale）及其理由（scale_reason）；法规没有给出可以计算的标准",
        )
    ]


def judge_filing(lawful: Lawful, filing: str | None) -> list[Finding]:
    """R-CHG-04: what a province approves by delegation is filed with the State Council together with it."""
    if not lawful.needs_filing or (filing or "").strip():
        return []
    message = f"依{lawful.legal_basis}批准的变更须同时报国务院备案，没有写明备案文件"
    return [
        R_CHG_04.finding(Severity.blocking, "备案", message, suggestion="请写明报国务院民政部门备案的文号")
    ]


def tell_approver(lawful: Lawful | None, *, areas: Iterable[str] = ()) -> list[Finding]:
    """What the law says about the approver of a plan, so that it is sent to the right one."""
    if lawful is None:
        return []
    found = []
    if lawful.raised_by:
        message = f"变更涉及{'、'.join(lawful.raised_by)}，批准权限升至国务院"
        found.append(R_CHG_02.finding(Severity.info, "批准权限", message))
    elif named := [special_areas()[area] for area in areas]:
        message = f"方案标明涉及{'、'.join(named)}，但不变更隶属关系和界线，批准权限不因此改变"
        found.append(R_CHG_02.finding(Severity.info, "批准权限", message))
    message = f"依法由{lawful.approver.word}批准（{lawful.legal_basis}）"
    return [*found, R_CHG_01.finding(Severity.info, "批准权限", message)]
