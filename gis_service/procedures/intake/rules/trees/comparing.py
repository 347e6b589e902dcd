"""A tree of divisions beside the register of the same day: new ones, other names, those one side lacks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from gis_service.foundation.findings import Finding, Rule, Severity
from gis_service.registers.divisions.rules import DivisionLevel

R_TRE_01 = Rule("R-TRE-01", "区划树各节点有代码和名称，代码不重复", "GB/T 2260-2007", status="D")
R_TRE_02 = Rule("R-TRE-02", "区划树与登记簿当日一致", "行政区划管理条例 第十七条", status="D")

_LISTED = 10


@dataclass(frozen=True, slots=True)
class Node:
    """A division of a tree; `superior` is the code of the one it hangs on."""

    code: str
    name: str
    level: DivisionLevel
    type: str | None
    superior: str | None


@dataclass(frozen=True, slots=True)
class Tree:
    """All divisions of a tree, the higher before the lower, as of a day."""

    name: str
    nodes: tuple[Node, ...]
    on: date
    sha256: str


@dataclass(frozen=True, slots=True)
class Known:
    """A division in the register that day; one that is to come has a beginning after it."""

    division: UUID
    name: str
    level: str
    superior: UUID | None
    coming: date | None = None


def compare(tree: Tree, known: Mapping[str, Known]) -> tuple[list[Node], list[Finding]]:
    """The divisions the register does not have yet, and everything in which the two differ."""
    new = [node for node in tree.nodes if node.code not in known]
    findings = [*_coming(tree, known), *_without_superior(tree, known), *_other_names(tree, known)]
    return new, [*findings, *_missing(tree, known), *_told(new)]


def _coming(tree: Tree, known: Mapping[str, Known]) -> Iterator[Finding]:
    for node in tree.nodes:
        held = known.get(node.code)
        if held is not None and held.coming is not None:
            message = f"代码 {node.code} 自 {held.coming} 起归“{held.name}”，不能由 {tree.on} 起另行登记"
            yield R_TRE_02.finding(
                Severity.blocking,
                f"{node.code} {node.name}",
                message,
                suggestion="请用该日之后的日期（--on）装入",
            )


def _without_superior(tree: Tree, known: Mapping[str, Known]) -> Iterator[Finding]:
    codes = {node.code for node in tree.nodes}
    for node in tree.nodes:
        if node.superior is not None and node.superior not in codes and node.superior not in known:
            message = f"{node.code} {node.name}的上级 {node.superior} 不在树中，登记簿当日也没有"
            yield R_TRE_01.finding(
                Severity.blocking, f"{node.code} {node.name}", message, suggestion="请连同上级一起提交"
            )


def _other_names(tree: Tree, known: Mapping[str, Known]) -> Iterator[Finding]:
    for node in tree.nodes:
        held = known.get(node.code)
        if held is not None and held.coming is None and held.name != node.name:
            message = f"{node.code} 登记为“{held.name}”，区划树为“{node.name}”，登记未作改动"
            yield R_TRE_02.finding(
                Severity.warning, f"{node.code} {node.name}", message, suggestion="名称变更请用 changes 办理"
            )


def _missing(tree: Tree, known: Mapping[str, Known]) -> Iterator[Finding]:
    """What the register has below a division whose inferiors of that level the tree lists."""
    codes = {node.code for node in tree.nodes}
    listed = {(node.superior, node.level.value) for node in tree.nodes}
    code_of = {held.division: code for code, held in known.items()}
    lacking: dict[str, list[str]] = defaultdict(list)
    for code, held in known.items():
        above = code_of.get(held.superior) if held.superior is not None else None
        if held.coming is None and code not in codes and (above, held.level) in listed:
            lacking[above or "全国"].append(f"{code} {held.name}")
    for above, units in sorted(lacking.items()):
        message = f"{tree.on} 登记簿有而区划树没有的 {len(units)} 个（上级 {above}）：{'、'.join(units)}"
        yield R_TRE_02.finding(Severity.warning, above, message, suggestion="请核对；撤销请用 changes 办理")


def _told(new: list[Node]) -> Iterator[Finding]:
    by_level: dict[DivisionLevel, list[Node]] = defaultdict(list)
    for node in new:
        by_level[node.level].append(node)
    for level, nodes in by_level.items():
        names = "、".join(f"{node.code} {node.name}" for node in nodes[:_LISTED])
        more = "等" if len(nodes) > _LISTED else ""
        message = f"区划树有而登记簿当日没有的{level.word}单位 {len(nodes)} 个，按已有单位登记：{names}{more}"
        yield R_TRE_02.finding(Severity.info, level.word, message)
