"""A proposed change as reviewable text (TOML or JSON)."""

from __future__ import annotations

import json
import tomllib
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from gis_service.foundation.access import Classification
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.legal_days import LegalDay
from gis_service.foundation.stripped import Stripped
from gis_service.procedures.changes.rules import Basis, Scale, special_areas
from gis_service.procedures.changes.schemas.acts import ActIn
from gis_service.procedures.changes.schemas.operations import OperationIn
from gis_service.procedures.changes.schemas.words import (
    MOST_UNITS,
    SHORTEST_REASON,
    KindOfMaterial,
    SpecialArea,
    without_what_is_unsaid,
)

MAX_PROPOSAL_BYTES = 1_000_000  # a change file is a page of text; more than this is another kind of file


class MaterialIn(Stripped):
    """A document of the application file; `file` is relative to the change file."""

    kind: KindOfMaterial
    file: str = Field(min_length=1, max_length=1000)


class OverrideIn(Stripped):
    """A finding set aside by somebody who answers for it."""

    rule: str = Field(max_length=40, description="规则编号，如 R-CHG-08")
    reason: str = Field(min_length=SHORTEST_REASON, max_length=2000, description="理由，记入登记日志")


class ProposalIn(Stripped):
    """A change: one or more operations that take effect on one day, under one act."""

    title: str = Field(min_length=1, max_length=200)
    effective_on: LegalDay = Field(description="生效日期：自该日起按新区划")
    basis: Basis | None = Field(
        default=None,
        description="application 申请，published_act 登记已公布的批复；不写则有批准文件的为后者",
    )
    author: str | None = Field(default=None, max_length=200, description="方案拟订机关")
    instrument: ActIn | None = Field(default=None, description="批准文件")
    operations: list[OperationIn] = Field(
        min_length=1, max_length=MOST_UNITS, description="各项变更，同日生效"
    )
    materials: list[MaterialIn] = Field(
        default_factory=list, max_length=MOST_UNITS, description="所附材料；内容另行收入案卷"
    )
    overrides: list[OverrideIn] = Field(
        default_factory=list, max_length=MOST_UNITS, description="对个别意见申明的理由"
    )
    acts: list[ActIn] = Field(
        default_factory=list,
        max_length=MOST_UNITS,
        description="更正所写的依据（by）中登记簿尚没有的文件",
    )
    special_areas: list[SpecialArea] = Field(
        default_factory=list,
        max_length=len(special_areas()),
        description="变更所涉的特殊地区："
        + "；".join(f"{area} {title}" for area, title in special_areas().items()),
    )
    classification: Classification = Field(default=Classification.internal, description="案卷的密级")
    scale: Scale | None = Field(
        default=None, description="县级界线变更的认定（R-CHG-03）：major 重大，partial 部分"
    )
    scale_reason: str | None = Field(default=None, max_length=2000, description="认定的理由")
    filing: str | None = Field(
        default=None, max_length=200, description="报国务院备案的文号（登记已公布的省级批复时写）"
    )

    @property
    def basis_or_implied(self) -> Basis:
        """With an act in hand a case records it; without one it applies for it."""
        return basis_of(self.basis, has_act=self.instrument is not None)

    def as_json(self) -> dict[str, Any]:
        """The proposal as stored with its case; what came later stands there only where it says something."""
        told = self.model_dump(mode="json", by_alias=True)
        told["operations"] = [operation.as_json() for operation in self.operations]
        told = without_what_is_unsaid(told, ("scale", "scale_reason", "filing", "acts"))
        if not self.special_areas:
            del told["special_areas"]
        if self.classification is Classification.internal:
            del told["classification"]
        if self.instrument is not None:
            later = {"classification": Classification.public, "issued_edtf": None, "text": None}
            for field in (field for field, usual in later.items() if told["instrument"][field] == usual):
                del told["instrument"][field]
        return told

    def digest(self) -> str:
        """Fingerprint of what is proposed; equal for the same change whatever the file looks like."""
        aside = {"materials", "overrides", "classification", "scale", "scale_reason", "filing"}
        content = {key: value for key, value in self.as_json().items() if key not in aside}
        return sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def basis_of(stated: str | None, *, has_act: bool) -> Basis:
    """The basis as stated; unstated, an act in hand means that it is being recorded."""
    return Basis(stated) if stated else Basis.published_act if has_act else Basis.application


def read_proposal(path: Path) -> ProposalIn:
    """Read a change file.

    Raises:
        InvalidInput: not there, too large, neither TOML nor JSON, or fields missing or wrong (each named).
    """
    return parse_proposal(read_table(path), source=str(path))


def read_table(path: Path) -> Any:
    """What a file of TOML or JSON holds.

    Raises:
        InvalidInput: not there, too large, or neither of the two.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InvalidInput(f"无法读取变更文件 {path}：{error.strerror}", way_out="请核对路径") from error
    if len(raw) > MAX_PROPOSAL_BYTES:
        raise InvalidInput(f"变更文件 {path} 超过 1 MB，不是变更方案", way_out="用 changes template 查看格式")
    return _parsed(path, raw)


def _parsed(path: Path, raw: bytes) -> Any:
    try:
        text = raw.decode("utf-8-sig")
        return json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise InvalidInput(f"变更文件 {path} 不是 UTF-8 文本", way_out="请另存为 UTF-8") from error
    except (tomllib.TOMLDecodeError, json.JSONDecodeError) as error:
        raise InvalidInput(
            f"变更文件 {path} 格式有误：{error}", way_out="用 changes template 查看格式"
        ) from error


def parse_proposal(data: Any, *, source: str) -> ProposalIn:
    """Check a parsed change file or request body; every wrong field is named in the message."""
    try:
        return ProposalIn.model_validate(data)
    except ValidationError as error:
        raise InvalidInput(
            f"变更方案 {source} 有误：{wrong_fields(error)}", way_out="用 changes template 查看格式"
        ) from error


def wrong_fields(error: ValidationError) -> str:
    """Every wrong field by its name, with what is wrong about it."""
    return "；".join(_say(problem) for problem in error.errors(include_url=False))


_WORDS = {
    "missing": "缺少此项",
    "extra_forbidden": "没有这个项目",
    "date_from_datetime_parsing": "不是日期，应如 2020-06-05",
    "date_parsing": "不是日期，应如 2020-06-05",
    "string_type": "应为文本（加引号）",
    "too_short": "不能为空",
    "string_too_short": "不能为空",
}


def _say(problem: Any) -> str:
    where = ".".join(str(part) for part in problem["loc"]) or "全文"
    way_out = problem.get("ctx", {}).get("way_out", "")
    return f"{where}：{_WORDS.get(problem['type'], problem['msg'])}{'；' if way_out else ''}{way_out}"
