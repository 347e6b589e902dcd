"""Boundary lines on a day: the list, and what lies between any two units."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from sqlalchemy.orm import Session

from gis_service.foundation.access import Act, highest
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.readings import note_reading, note_readings
from gis_service.foundation.web import (
    DEFAULT_LIMIT,
    UUID_WRITTEN,
    After,
    Feature,
    FeaturesOut,
    Limit,
    ListingOnDate,
    OnDate,
    OneFeatureOut,
    Page,
    Reading,
    Shape,
    WantedShape,
    feature_collection,
    geojson_content,
    keyed,
    one_feature,
    parsed_by,
    refusals,
)
from gis_service.foundation.web.identity import permitted
from gis_service.registers.boundaries.queries import (
    Along,
    drawn,
    drawn_each,
    edges_along,
    lines_in_force,
    read_line_reference,
    sides_of,
    statement_on_edges,
    stretches_of,
)
from gis_service.registers.boundaries.queries.telling import lines_told, total_km
from gis_service.registers.boundaries.schemas import BorderOut, LineOut, StretchOut
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import (
    division_named,
    superiors_of,
)
from gis_service.registers.divisions.routes import NamedDivision
from gis_service.registers.divisions.rules import DivisionLevel
from gis_service.registers.divisions.schemas import UnitOut

router = APIRouter(
    prefix="/boundary-lines", tags=["行政区域界线"], dependencies=[permitted(Act.read_registers)]
)

_WRITTEN = {"anyOf": [{"type": "string", "format": "uuid"}, {"type": "string", "pattern": "^[0-9]{4,24}$"}]}
NamedLine = Annotated[UUID | str, parsed_by(read_line_reference, written=_WRITTEN)]
LineReference = Annotated[
    NamedLine, Path(description="界线代码，或界线的 UUID；代码重复时须用 UUID", examples=["3234"])
]
AfterCodeAndId = Annotated[str | None, keyed(f"^[0-9]{{4,24}}\\.{UUID_WRITTEN}$"), After]


async def _page(request: Request, after: AfterCodeAndId = None, limit: Limit = DEFAULT_LIMIT) -> Page:
    return Page(request, after, limit)


@router.get(
    "",
    summary="列出某日的界线",
    response_model=ListingOnDate[LineOut],
    responses={**geojson_content("一页界线；GeoJSON 时带线形", FeaturesOut[LineOut]), **refusals(404)},
)
def list_lines(
    request: Request,
    session: Reading,
    on: OnDate,
    page: Annotated[Page, Depends(_page)],
    shape: WantedShape,
    code: Annotated[
        str | None, Query(pattern=r"^\d{4,24}$", description="界线代码", examples=["3234"])
    ] = None,
    level: Annotated[DivisionLevel | None, Query(description="界线层级", examples=["province"])] = None,
    side: Annotated[
        NamedDivision | None, Query(description="以此单位为一侧（代码或 UUID）", examples=["320000"])
    ] = None,
) -> Any:
    """某一天的行政区域界线，按代码和标识排列，逐页取得；条件可以并用。

    界线登记在两侧都有单位而又不同的最高层级上：苏、皖之间只有一条省界，它由两侧各县之间的各段（`stretches`）组成。
    线形由界线边拼成，从不另存一份；要线形请用 `format=geojson`。
    """
    sides = None if side is None else [division_named(session, side, on=on).division_id]
    found = lines_in_force(
        session,
        on=on,
        code=code,
        level=level,
        sides=sides,
        after=_position(page.after),
        limit=page.one_more,
        told=True,
    )
    lines, following = page.cut(found, lambda line: f"{line.code}.{line.id}")
    along = edges_along(session, sides_of(lines), on=on)
    told = lines_told(session, lines, along, on=on)
    if shape is Shape.json:
        return ListingOnDate(on=on, items=told, next=following)
    drawings = drawn_each(session, along)
    statement = statement_on_edges(session, (edge.id for edge in along))
    features = (Feature(line.id, drawings.get(line.id), line) for line in told)
    return feature_collection(request, features, on=on, statement=statement, next_page=following)


@router.get(
    "/between",
    summary="取某日任意两个单位之间的边界",
    response_class=Response,
    responses={**geojson_content("一个 GeoJSON 要素", OneFeatureOut[BorderOut]), **refusals(404)},
)
def read_border(
    request: Request,
    session: Reading,
    on: OnDate,
    one: Annotated[NamedDivision, Query(description="一方单位（代码或 UUID）", examples=["320100"])],
    other: Annotated[NamedDivision, Query(description="另一方单位（代码或 UUID）", examples=["340500"])],
) -> Response:
    """任意两个单位（不论层级是否相同）在某一天的公共边界，当场由界线边拼出。

    两单位不沿线相接时 `geometry` 为空、`touching` 为 false；一个单位包含另一个时没有“之间”可言，答复 422。
    """
    here, there = (division_named(session, unit, on=on) for unit in (one, other))
    _require_apart(session, here, there, on=on)
    pair = frozenset((here.division_id, there.division_id))
    along = edges_along(session, {pair: here.division_id}, on=on)
    told = _border(here, there, along)
    note_reading(session, told.classification, f"{here.code}-{there.code}")
    border = drawn(session, along.of(here.division_id))
    feature = Feature(f"{here.code}-{there.code}", border.geometry, told)
    return one_feature(request, feature, on=on, statement=border.statement)


def _position(after: str | None) -> tuple[str, UUID] | None:
    """Where a page of lines begins: `code.id`, as `next` wrote it."""
    if after is None:
        return None
    code, _, line_id = after.partition(".")
    return code, UUID(line_id)


def _border(one: DivisionVersion, other: DivisionVersion, along: Along) -> BorderOut:
    stretches = stretches_of(along)
    known = not along.withheld
    return BorderOut(
        one=UnitOut.model_validate(one),
        other=UnitOut.model_validate(other),
        touching=bool(stretches) if known else None,
        length_km=total_km(stretches) if known else None,
        stretches=[StretchOut.model_validate(stretch) for stretch in stretches],
        classification=highest(
            one.classification, other.classification, *(edge.classification for edge in along)
        ),
    )


def _require_apart(session: Session, one: DivisionVersion, other: DivisionVersion, *, on: date) -> None:
    for inner, outer in ((one, other), (other, one)):
        above = {unit.division_id for unit in superiors_of(session, inner.division_id, on=on)}
        if outer.division_id in above | {inner.division_id}:
            note_readings(session, ((unit.classification, unit.code) for unit in (one, other)))
            raise InvalidInput(
                f"{inner.name}（{inner.code}）在{outer.name}（{outer.code}）之内，二者之间没有边界",
                way_out="请给出互不包含的两个单位；一个单位的外边界可用 /edges?division= 查询",
            )
