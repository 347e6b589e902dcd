"""The risk map over HTTP: gathered here, drawn by whatever the service was composed with."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from gis_service.foundation.access import Act
from gis_service.foundation.web import OnDate, Reading, refusals
from gis_service.foundation.web.identity import permitted
from gis_service.foundation.web.policy import policy_for
from gis_service.procedures.disputes.queries import Picture, picture
from gis_service.procedures.disputes.routes.asking import OfPlace

Draw = Callable[[Picture], bytes]
TITLE = "界线隐患风险图"


def router_drawing(draw: Draw) -> APIRouter:
    """The address of the risk map, drawn by `draw`."""
    router = APIRouter(
        prefix="/disputes",
        tags=["隐患纠纷"],
        dependencies=[permitted(Act.read_disputes)],
        responses=refusals(404, 409),
    )

    @router.get(
        "/map",
        summary="隐患风险图",
        response_class=HTMLResponse,
        responses={200: {"description": "网页", "content": {"text/html": {"schema": {"type": "string"}}}}},
    )
    def draw_risk_map(session: Reading, on: OnDate, place: OfPlace) -> HTMLResponse:
        """各段按风险着色，案件为点，旁列清单；网页不访问任何其他地址，可以保存、打印。"""
        page = draw(picture(session, place, TITLE, on=on))
        headers = {"Content-Security-Policy": policy_for(page), "X-Content-Type-Options": "nosniff"}
        return HTMLResponse(page, headers=headers)

    return router
