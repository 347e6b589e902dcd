"""A proposed change as reviewable text (TOML or JSON), and what a case looks like from outside."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from gis_service.foundation.errors import InvalidInput
from gis_service.procedures.changes.kinds import KIND_BY_ID
from gis_service.procedures.changes.rules import Basis, required_materials
from gis_service.registers.instruments.schemas import InstrumentIn

MAX_PROPOSAL_BYTES = 1_000_000  # a change file is a page of text; more than this is another kind of file


def _known_kind(value: str) -> str:
    if value not in KIND_BY_ID:
        known = "、".join(f"{kind.id}（{kind.title}）" for kind in KIND_BY_ID.values())
        raise ValueError(f"未知的变更种类“{value}”，现有：{known}")
    return value


def _known_material(value: str) -> str:
    if value not in required_materials():
        raise ValueError(f"未知的材料种类“{value}”，应为：{'、'.join(required_materials())}")
    return value


def _is_code(value: str) -> str:
    if not (value.isascii() and value.isdigit() and len(value) in {6, 9, 12}):
        raise ValueError(f'“{value}”不是行政区划代码；代码是文本，如 "320602"，不要写成数字或小数')
    return value


Code = Annotated[str, AfterValidator(_is_code)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, populate_by_name=True)


class NewUnitIn(_Strict):
    """The unit that is to begin."""

    code: Code = Field(description="新代码")
    name: str = Field(min_length=1, max_length=60, description="全称，含通名")
    type: str | None = Field(default=None, description="建制类型；不写则由名称和代码推定")
    superior: Code | None = Field(default=None, description="上级单位代码；不写则由代码推定")
    seat: str | None = Field(default=None, description="人民政府驻地")


class OperationIn(_Strict):
    """One operation: units that end, and the unit that takes their area."""

    kind: Annotated[str, AfterValidator(_known_kind)]
    from_: list[Code] = Field(alias="from", min_length=1, description="被撤销单位的代码")
    into: NewUnitIn


class MaterialIn(_Strict):
    """A document of the application file; `file` is relative to the change file."""

    kind: Annotated[str, AfterValidator(_known_material)]
    file: str = Field(min_length=1)


class OverrideIn(_Strict):
    """A finding set aside by somebody who answers for it."""

    rule: str
    reason: str = Field(min_length=4, description="理由，记入登记日志")


class ProposalIn(_Strict):
    """A change: one or more operations that take effect on one day, under one act."""

    title: str = Field(min_length=1, max_length=200)
    effective_on: date = Field(description="生效日期：自该日起按新区划")
    basis: Basis | None = Field(default=None, description="application 或 published_act")
    author: str | None = Field(default=None, description="方案拟订机关")
    instrument: InstrumentIn | None = Field(default=None, description="批准文件")
    operations: list[OperationIn] = Field(min_length=1)
    materials: list[MaterialIn] = Field(default_factory=list)
    overrides: list[OverrideIn] = Field(default_factory=list)

    @property
    def basis_or_implied(self) -> Basis:
        """With an act in hand a case records it; without one it applies for it."""
        return self.basis or (Basis.published_act if self.instrument else Basis.application)

    def as_json(self) -> dict[str, Any]:
        """The proposal as stored with its case."""
        return self.model_dump(mode="json", by_alias=True)

    def digest(self) -> str:
        """Fingerprint of what is proposed; equal for the same change whatever the file looks like."""
        content = {
            key: value for key, value in self.as_json().items() if key not in {"materials", "overrides"}
        }
        return sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def read_proposal(path: Path) -> ProposalIn:
    """Read a change file.

    Raises:
        InvalidInput: not there, too large, neither TOML nor JSON, or fields missing or wrong (each named).
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InvalidInput(f"无法读取变更文件 {path}：{error.strerror}", way_out="请核对路径") from error
    if len(raw) > MAX_PROPOSAL_BYTES:
        raise InvalidInput(f"变更文件 {path} 超过 1 MB，不是变更方案", way_out="用 changes template 查看格式")
    return parse_proposal(_parsed(path, raw), source=str(path))


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
        wrong = "；".join(_say(problem) for problem in error.errors(include_url=False))
        raise InvalidInput(
            f"变更方案 {source} 有误：{wrong}", way_out="用 changes template 查看格式"
        ) from error


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
    message = _WORDS.get(problem["type"], str(problem["msg"]).removeprefix("Value error, "))
    return f"{where}：{message}"
