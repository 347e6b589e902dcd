"""The tree of divisions as the national place-name database hands it out: JSON, nested by `children`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.intake.kinds.listed import Listed, ListOptions, Texts
from gis_service.procedures.intake.rules.trees import R_TRE_01, Node, Tree
from gis_service.registers.divisions.rules import (
    DivisionLevel,
    DivisionType,
    is_summary_code,
    level_of_code,
    type_of,
)

NAME = "national-tree"

_HEAD_BYTES = 4096
_LONGEST = 50  # characters of a name
_CODE, _NAME = re.compile(rb'"code"\s*:'), re.compile(rb'"(children|name)"\s*:')
_NUMBERS = {str(level.rank): level for level in DivisionLevel}
_WORDS = {level.word: level for level in DivisionLevel} | {level.value: level for level in DivisionLevel}
_TYPES = {kind.value for kind in DivisionType}


def fits(path: Path) -> bool:
    """Whether a file begins as such a tree does."""
    if path.suffix.lower() != ".json" or not path.is_file():
        return False
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    return bool(_CODE.search(head) and _NAME.search(head)) and b'"FeatureCollection"' not in head


def read(path: Path, options: ListOptions) -> Listed:
    """All nodes, the higher before the lower; summary nodes are passed through."""
    texts = Texts()
    try:
        document = json.loads(texts.of(path))
    except json.JSONDecodeError as error:
        message = f"{path.name} 第{error.lineno}行：不是 JSON"
        finding = R_TRE_01.finding(Severity.blocking, path.name, message, suggestion="请核对文件是否完整")
        return Listed(None, (finding,))
    except RecursionError:
        return Listed(None, (_bad(path.name, "嵌套过深"),))
    if texts.findings:
        return Listed(None, tuple(texts.findings))
    reader = _Reader()
    reader.take(_unwrapped(document), None)
    if not reader.nodes:
        reader.findings.append(_bad(path.name, "没有区划节点"))
    nodes = sorted(reader.nodes.values(), key=lambda node: node.level.rank)
    return Listed(Tree(path.name, tuple(nodes), options.on, texts.sha256), tuple(reader.findings))


def _unwrapped(document: Any) -> Any:
    while isinstance(document, dict) and "data" in document and "code" not in {*document} - {"data"}:
        document = document["data"]
    if isinstance(document, dict) and isinstance(document.get("data"), dict | list):
        return document["data"]  # `code` is then that of the answer
    return document


class _Reader:
    """Goes down the tree."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        self.findings: list[Finding] = []

    def take(self, value: Any, superior: str | None) -> None:
        for raw in value if isinstance(value, list) else [value]:
            if not isinstance(raw, dict):
                self.findings.append(_bad(str(raw)[:40], "不是区划节点"))
                continue
            code = self._take_one(raw, superior)
            self.take(raw.get("children") or [], code)

    def _take_one(self, raw: dict[str, Any], superior: str | None) -> str | None:
        """The code its children hang on."""
        code, name = unpadded(str(raw.get("code") or "")), str(raw.get("name") or "").strip()
        level = level_of_code(code)
        if len(name) > _LONGEST:
            self.findings.append(_bad(f"{code} {name[:20]}…", f"名称有 {len(name)} 字，过长"))
            return superior
        if level is None or is_summary_code(code) or not name:
            if raw.get("children") or is_summary_code(code):
                return superior
            self.findings.append(_bad(f"{code} {name}", "没有代码或名称，或代码不是 6、9、12 位数字"))
            return superior
        if code in self.nodes:
            self.findings.append(_bad(f"{code} {name}", f"代码已用于“{self.nodes[code].name}”"))
            return code
        self.findings += _other_level(code, name, level, raw.get("level"))
        self.nodes[code] = Node(
            code, name, level, _type(code, name, raw.get("type")), superior or _above(code)
        )
        return code


def unpadded(code: str) -> str:
    """Codes come with 6, 9 or 12 digits, or padded with zeros to 12: 320600000000 → 320600."""
    code = code.strip()
    if len(code) == 12 and code.endswith("000"):
        code = code[:9]
    return code[:6] if len(code) == 9 and code.endswith("000") else code


def _above(code: str) -> str | None:
    """The superior of a node at the top of a part of the tree, by its code."""
    level = level_of_code(code)
    if level is None or level is DivisionLevel.province:
        return None
    if level in {DivisionLevel.village, DivisionLevel.township}:
        return code[: len(code) - 3]
    second = f"{code[:4]}00"
    return f"{code[:2]}0000" if second == code or is_summary_code(second) else second


def _type(code: str, name: str, stated: Any) -> str | None:
    if isinstance(stated, str) and stated in _TYPES:
        return stated
    found = type_of(code, name)
    return found.value if found else None


def _other_level(code: str, name: str, level: DivisionLevel, stated: Any) -> Iterator[Finding]:
    """A level is a number from the province down, or a word; one that contradicts the code is told."""
    said = _NUMBERS.get(str(stated)) or _WORDS.get(str(stated))
    if said is not None and said is not level:
        message = f"{code} {name}：树中作{said.word}，代码是{level.word}代码，按代码登记"
        yield R_TRE_01.finding(Severity.warning, f"{code} {name}", message, suggestion="请核对")


def _bad(subject: str, why: str) -> Finding:
    return R_TRE_01.finding(Severity.blocking, subject, f"{subject}：{why}", suggestion="请核对来件")
