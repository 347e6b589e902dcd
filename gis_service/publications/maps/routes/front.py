"""The front page: what the service holds today, the newest sheets, and where to go from here."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, StrictUndefined, Template

from gis_service.foundation.access import Act
from gis_service.foundation.leaflet import typeface
from gis_service.foundation.web import OnDate, PublicReading
from gis_service.foundation.web.identity import permitted
from gis_service.publications.maps.queries import counts_on, newest_sheets
from gis_service.registers.boundaries.queries import statement_on_areas
from gis_service.registers.divisions.rules import DivisionLevel

router = APIRouter(include_in_schema=False, dependencies=[permitted(Act.read_products)])

POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:; base-uri 'none'"
SHOWN = 12  # sheets; the rest is behind a link


@router.get("/", summary="首页")
def front_page(request: Request, session: PublicReading, on: OnDate) -> Response:
    """A page without script, drawn from the registers as they stand on the day; the same for whoever asks."""
    page = _template().render(
        app=request.app,
        style=_text("front.css"),
        on=on,
        levels=DivisionLevel,
        counts=counts_on(session, on=on),
        sheets=newest_sheets(session, SHOWN),
        statement=statement_on_areas(session),
    )
    page = page.replace("/*typeface*/", _typeface("".join(sorted(set(page)))), 1)
    return HTMLResponse(page, headers={"Content-Security-Policy": POLICY})


@lru_cache(maxsize=4)
def _typeface(characters: str) -> str:
    """The sheets' typeface cut down to what the page says, for machines without a Chinese one.

    Inside the page and first of its families, since browsers leave boxes where a typeface comes late.
    """
    return typeface(characters)


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_text("front.html.j2"))


def _text(name: str) -> str:
    return files(__package__).joinpath("page", name).read_text(encoding="utf-8")
