"""Many addresses at once."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from gis_service.foundation.access import Act
from gis_service.foundation.web import OnDate, Reading
from gis_service.foundation.web.bodies import JsonBody
from gis_service.foundation.web.identity import permitted
from gis_service.foundation.web.limits import body_up_to
from gis_service.registers.placenames.queries.searching import geocode_each
from gis_service.registers.placenames.routes.searching import GeocodedOut

MOST_ADDRESSES, MOST_BODY_BYTES = 500, 500_000

router = APIRouter(
    prefix="/placenames", tags=["地名"], route_class=JsonBody, dependencies=[permitted(Act.ask_at_length)]
)


class AddressesIn(BaseModel):
    """A list of addresses."""

    model_config = ConfigDict(extra="forbid")

    addresses: list[Annotated[str, StringConstraints(max_length=120)]] = Field(
        min_length=1,
        max_length=MOST_ADDRESSES,
        description=f"地址，至多 {MOST_ADDRESSES} 个",
        examples=[["江苏省南京市玄武区孝陵卫", "南通市崇川区"]],
    )


class AddressesOut(BaseModel):
    """What was made of each."""

    on: date = Field(description="本答复所依据的日期")
    items: list[GeocodedOut] = Field(description="按来件的次序")


@router.post("/geocode", summary="查许多地址各在哪里", openapi_extra=body_up_to(MOST_BODY_BYTES))
def geocode_addresses(session: Reading, on: OnDate, asked: AddressesIn) -> AddressesOut:
    """与 GET /placenames/geocode 相同，成批送来；读不出的标为 unknown，不影响其余。"""
    found = geocode_each(session, asked.addresses, on=on)
    return AddressesOut(on=on, items=[GeocodedOut.model_validate(asdict(each)) for each in found])
