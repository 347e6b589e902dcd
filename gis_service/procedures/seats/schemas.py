"""Seats as they are sent and told."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError

from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.findings import Finding
from gis_service.foundation.legal_days import LegalDay
from gis_service.foundation.stripped import Stripped
from gis_service.procedures.seats.rules import SeatFacts
from gis_service.registers.divisions.models import SeatAspect

Code = Annotated[str, Field(pattern="^([0-9]{6}|[0-9]{9}|[0-9]{12})$")]


class SeatIn(Stripped):
    """A seat as it was approved, or as it was seen."""

    unit: Code = Field(description="单位的代码", examples=["320613"])
    aspect: SeatAspect = Field(description="批准驻地，或实际办公地")
    place: str = Field(min_length=2, max_length=200, description="地点", examples=["虹桥街道青年中路1号"])
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = Field(
        default=None, description="经度（CGCS2000）"
    )
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = Field(
        default=None, description="纬度（CGCS2000）"
    )
    located_in: Code | None = Field(
        default=None, description="所在下级单位的代码（县级以上写乡级的，乡级写村级的）"
    )
    known_on: LegalDay = Field(description="批准或看到的日期", examples=["2020-06-05"])
    source: str = Field(
        min_length=2, max_length=400, description="批准文件，或踏勘、照片等来源", examples=["实地踏勘"]
    )


def checked_seat(data: Any) -> SeatIn:
    """Check what was written on a command line; every wrong field is named.

    Raises:
        InvalidInput: fields are missing or wrong.
    """
    try:
        return SeatIn.model_validate(data)
    except ValidationError as error:
        told = "；".join(
            f"{'.'.join(map(str, each['loc']))}：{each['msg']}" for each in error.errors(include_url=False)
        )
        raise InvalidInput(f"驻地有误：{told}", way_out="请按各项说明改正") from error


class PlaceOut(BaseModel):
    """A seat as it is known."""

    place: str = Field(description="地点")
    position: list[float] | None = Field(description="位置（经度、纬度）；空表示未知")
    lies_within: bool | None = Field(description="是否在本辖区内；空表示无从判断")
    located_in: str | None = Field(description="所在的下级单位的代码；空表示未知")
    known_on: date | None = Field(description="批准或看到的日期")
    source: str = Field(description="来源")


class SeatOut(BaseModel):
    """A unit with its seats."""

    code: str = Field(description="单位的代码", examples=["320613"])
    name: str = Field(description="单位的名称", examples=["崇川区"])
    approved: PlaceOut | None = Field(description="批准驻地；空表示没有登记")
    actual: PlaceOut | None = Field(description="实际办公地；空表示没有登记")

    @classmethod
    def of(cls, facts: SeatFacts) -> SeatOut:
        """A unit as it is told."""
        told = {
            word: office
            and asdict(office) | {"located_in": office.located_in.code if office.located_in else None}
            for word, office in (("approved", facts.approved), ("actual", facts.actual))
        }
        return cls.model_validate({"code": facts.unit.code, "name": facts.unit.name} | told)


class SeatProblemsOut(SeatOut):
    """A unit whose seat has a problem."""

    problems: list[dict[str, Any]] = Field(description="驻地迁移遗留问题，形式与其他意见相同")

    @classmethod
    def with_findings(cls, facts: SeatFacts, findings: tuple[Finding, ...]) -> SeatProblemsOut:
        """A unit with its problems, as it is told."""
        told = SeatOut.of(facts).model_dump()
        return cls.model_validate(told | {"problems": [each.as_json() for each in findings]})
