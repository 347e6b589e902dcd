"""Pages for people: signing in, the first password, one's own account. Page, style and script are our own."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FunctionLoader, StrictUndefined

from gis_service.foundation.access import Act
from gis_service.foundation.standing import BEIJING
from gis_service.foundation.web import Acting, Reading, ground_of, permitted
from gis_service.foundation.web.identity import credential_of
from gis_service.procedures.accounts.queries import codes_left, own_account_told, tokens_in_force
from gis_service.procedures.accounts.rules import KIND_WORDS, Kind, csrf_of, digest_of, limit
from gis_service.procedures.accounts.schemas import account_out

router = APIRouter(include_in_schema=False, dependencies=[permitted(Act.sign_in)])

POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; img-src data:; "
    "style-src 'self'; script-src 'self'; font-src 'self'; connect-src 'self'"
)
_HEADERS = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


@router.get("/sign-in")
def sign_in_page(request: Request, actor: Acting) -> Response:
    """Where a browser signs in; who has done so is led on."""
    if not actor.is_anonymous:
        return RedirectResponse("account", 303, headers=_HEADERS)
    return _page("sign_in.html.j2", request)


@router.get("/welcome")
def welcome_page(request: Request) -> Response:
    """Where a one-time link leads: its token stands behind `#`, read by the script and never sent here."""
    return _page("welcome.html.j2", request, shortest=limit("password", "shortest"))


@router.get("/account")
def account_page(request: Request, session: Reading, actor: Acting) -> Response:
    """One's own account: password, authenticator, recovery codes, where one is signed in."""
    if actor.account_id is None:
        return RedirectResponse("sign-in", 303, headers=_HEADERS)
    ground = ground_of(request)
    told = own_account_told(session, actor.account_id, on=ground.this_day())
    shown = credential_of(request)
    return _page(
        "account.html.j2",
        request,
        account=account_out(told),
        codes_left=codes_left(session, actor.account_id),
        tokens=tokens_in_force(session, actor.account_id, at=ground.clock()),
        here=digest_of(shown.token) if shown else "",
        words={kind.value: word for kind, word in KIND_WORDS.items()},
        strong=actor.second_factor,
        shortest=limit("password", "shortest"),
    )


@router.get("/account/page.css")
def style() -> Response:
    """The style of these pages."""
    return _asset("page.css", "text/css; charset=utf-8")


@router.get("/account/page.js")
def script() -> Response:
    """The script that sends their forms."""
    return _asset("page.js", "text/javascript; charset=utf-8")


def _page(name: str, request: Request, **told: Any) -> Response:
    shown = credential_of(request)
    csrf = csrf_of(shown.token) if shown is not None and shown.is_cookie else ""
    page = _environment().get_template(name).render(app=request.app, csrf=csrf, **told)
    return HTMLResponse(page, headers=_HEADERS)


def _asset(name: str, media_type: str) -> Response:
    return Response(_text(name), media_type=media_type, headers={"Cache-Control": "max-age=3600"})


def _text(name: str) -> str:
    return files(__package__).joinpath("page", name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FunctionLoader(_text),
    )
    environment.filters["moment"] = lambda at: f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}"
    environment.globals["SESSION"] = Kind.session.value
    return environment
