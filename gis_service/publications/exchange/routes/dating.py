"""Telling of which day a list of codes is."""

from __future__ import annotations

from fastapi import APIRouter

from gis_service.foundation.access import Act
from gis_service.foundation.web import Reading
from gis_service.foundation.web.bodies import JsonBody
from gis_service.foundation.web.identity import permitted
from gis_service.foundation.web.limits import body_up_to
from gis_service.publications.exchange.queries import date_list
from gis_service.publications.exchange.routes.tables import table_of
from gis_service.publications.exchange.schemas import MOST_BODY_BYTES, DatingIn, DatingOut

router = APIRouter(
    prefix="/divisions",
    tags=["行政区划"],
    route_class=JsonBody,
    dependencies=[permitted(Act.ask_at_length)],
)


@router.post("/dating", summary="推断代码名单的日期", openapi_extra=body_up_to(MOST_BODY_BYTES))
def date_codes(session: Reading, asked: DatingIn) -> DatingOut:
    """找出名单与登记簿最相符的时段，并列出仍不相符的代码和名称，各附其历来的使用情况。"""
    told = date_list(session, table_of(asked), code_column=asked.code_column, name_column=asked.name_column)
    return DatingOut.model_validate(told)
