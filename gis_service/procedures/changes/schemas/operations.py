"""One operation of a proposal. Its kind says which fields it takes; others are refused by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import shapely
from pydantic import ConfigDict, Field, field_serializer, field_validator, model_validator

from gis_service.foundation.legal_days import refused
from gis_service.foundation.stripped import Stripped, pattern_of_at_least, tell_stripped
from gis_service.procedures.changes.kinds import KIND_BY_ID, KINDS
from gis_service.procedures.changes.rules.outcome import Kind
from gis_service.procedures.changes.schemas.acts import BoundIn
from gis_service.procedures.changes.schemas.shapes import AreaIn, LineIn, Position
from gis_service.procedures.changes.schemas.words import (
    MOST_UNITS,
    Code,
    KindOfChange,
    without_what_is_unsaid,
)


class NewUnitIn(Stripped):
    """The unit that is to begin; `parts`, `area` and `seat_at` say which part of a split unit it takes."""

    code: Code = Field(description="新代码")
    name: str = Field(min_length=1, max_length=60, description="全称，含通名")
    type: str | None = Field(default=None, description="建制类型；不写则由名称和代码推定")
    superior: Code | None = Field(default=None, description="上级单位代码；不写则由代码推定")
    seat: str | None = Field(default=None, max_length=200, description="人民政府驻地")
    seat_at: Position | None = Field(default=None, description="驻地的经纬度，先经度")
    parts: list[Code] = Field(
        default_factory=list, max_length=MOST_UNITS, description="拆分时取得的下级单位的代码"
    )
    area: AreaIn | None = Field(default=None, description="拆分时取得的部分（GeoJSON）")

    def as_json(self) -> dict[str, Any]:
        """As stored; what proposals came to say later stands there only where it is said."""
        return without_what_is_unsaid(self.model_dump(mode="json"), ("seat_at", "parts", "area"))


def _tell_by_kind(schema: dict[str, Any]) -> None:
    """One schema for each kind, with the fields it takes and no others."""
    tell_stripped(schema)
    fields = schema["properties"]
    for text in (each for field in fields.values() for each in field.get("anyOf", ())):
        if text.get("minLength"):
            text["pattern"] = pattern_of_at_least(text["minLength"])
    one_or_several = fields["into"].pop("items")
    several = {"type": "array", "items": one_or_several, "minItems": 1, "maxItems": MOST_UNITS}
    schema["oneOf"] = [_schema_of(kind, fields, one_or_several, several) for kind in KINDS]
    for key in ("properties", "required", "additionalProperties", "type"):
        schema.pop(key, None)


def _schema_of(
    kind: Kind, fields: Mapping[str, Any], one: Mapping[str, Any], several: Mapping[str, Any]
) -> dict[str, Any]:
    told = {name: _stated(fields[name]) if must else fields[name] for name, must in kind.takes.items()}
    if "into" in told:
        about = {"description": fields["into"]["description"]}
        told["into"] = about | ({"anyOf": [one, several]} if kind.several else {"allOf": [one]})
    if kind.takes.get("from"):
        told["from"] = {**told["from"], "minItems": 1}
    return {
        "title": kind.title,
        "type": "object",
        "additionalProperties": False,
        "required": ["kind", *(name for name, must in kind.takes.items() if must)],
        "properties": {"kind": {"const": kind.id, "type": "string", "description": kind.explanation}, **told},
    }


def _stated(field: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a field that must be stated: null will not do."""
    rest = {key: value for key, value in field.items() if key not in {"anyOf", "default"}}
    known = [each for each in field.get("anyOf", ()) if each != {"type": "null"}]
    return rest | (dict(known[0]) if known else {})


class OperationIn(Stripped):
    """One operation: the units it takes, and what comes of them."""

    model_config = ConfigDict(json_schema_extra=_tell_by_kind)

    kind: KindOfChange = Field(
        description="变更种类：" + "；".join(f"{kind.id} {kind.title}" for kind in KINDS)
    )
    from_: list[Code] = Field(
        default_factory=list,
        alias="from",
        max_length=MOST_UNITS,
        description="被处置单位的代码：被撤销的、划出区域的、变更的",
    )
    into: list[NewUnitIn] = Field(
        default_factory=list, max_length=MOST_UNITS, description="设立的单位；拆分的写成数组"
    )
    to: Code | None = Field(default=None, description="接收区域的在册单位的代码")
    parts: list[Code] = Field(default_factory=list, max_length=MOST_UNITS, description="划出的下级单位的代码")
    area: AreaIn | None = Field(default=None, description="划出的部分（GeoJSON 多边形）")
    line: LineIn | None = Field(default=None, description="分界线（GeoJSON 线）")
    name: str | None = Field(default=None, min_length=1, max_length=60, description="新的全称，含通名")
    code: Code | None = Field(default=None, description="新代码")
    superior: Code | None = Field(default=None, description="新的上级单位的代码")
    seat: str | None = Field(default=None, min_length=1, max_length=200, description="新的人民政府驻地")
    seat_at: Position | None = Field(default=None, description="新驻地的经纬度，先经度")
    type: str | None = Field(default=None, min_length=1, max_length=20, description="正确的建制类型")
    begun: BoundIn | None = Field(default=None, description="所更正版本的起始日：正确的日期、依据")
    ended: BoundIn | None = Field(default=None, description="所更正版本的终止日：正确的日期、依据")

    @field_validator("into", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        return [value] if isinstance(value, Mapping) else value

    @model_validator(mode="after")
    def _takes_what_its_kind_takes(self) -> Self:
        kind = KIND_BY_ID[self.kind]
        stated = {self._word(name) for name in self.model_fields_set} - {"kind"}
        if foreign := sorted(stated - set(kind.takes)):
            taken = "、".join(kind.takes)
            raise refused(f"{kind.title}（{kind.id}）不用项目 {'、'.join(foreign)}", f"只用：{taken}")
        lacking = [name for name, must in kind.takes.items() if must and not self._says(name)]
        if lacking:
            raise refused(f"{kind.title}（{kind.id}）缺少项目 {'、'.join(lacking)}", "请补上")
        if len(self.into) > 1 and not kind.several:
            raise refused(f"{kind.title}（{kind.id}）只设立一个单位", "into 只写一个单位；几个单位的另写各项")
        return self

    @staticmethod
    def _word(field: str) -> str:
        return "from" if field == "from_" else field

    def _says(self, name: str) -> bool:
        return bool(getattr(self, "from_" if name == "from" else name))

    @field_serializer("into")
    def _as_it_is_written(self, into: list[NewUnitIn]) -> Any:
        told = [unit.as_json() for unit in into]
        return told[0] if len(told) == 1 else told

    @property
    def codes_taken(self) -> set[str]:
        """The codes of standing units that it names, superiors aside."""
        moving = (code for into in self.into for code in into.parts)
        return {*self.from_, *self.parts, *moving, *([self.to] if self.to else [])}

    @property
    def codes_begun(self) -> set[str]:
        """The codes that are to be held by others than now."""
        return {*(into.code for into in self.into), *([self.code] if self.code else [])}

    def as_json(self) -> dict[str, Any]:
        """As stored; what proposals came to say later stands there only where it is said."""
        told = self.model_dump(mode="json", by_alias=True)
        for bound in ("begun", "ended"):
            if told[bound] is not None:
                told[bound] = {key: value for key, value in told[bound].items() if value is not None}
        return without_what_is_unsaid(told, [name for name in told if name != "kind"])


def point_of(position: Position | None) -> Any:
    """A position as a point."""
    return None if position is None else shapely.Point(position)
