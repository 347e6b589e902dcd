"""Signing in and out, for programs and for browsers."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.orm import Session

from gis_service.foundation.access import Act, Actor, may
from gis_service.foundation.web import (
    Acting,
    Credential,
    Reading,
    Tx,
    count_sign_in,
    ground_of,
    permitted,
    refusals,
)
from gis_service.foundation.web.attempting import Attempting
from gis_service.foundation.web.bodies import JsonBody
from gis_service.foundation.web.identity import credential_of
from gis_service.procedures.accounts import commands
from gis_service.procedures.accounts.commands import Pair, Proof
from gis_service.procedures.accounts.queries import own_account_told
from gis_service.procedures.accounts.routes.showing import Key, ShownToken, set_cookie, take_cookie_back
from gis_service.procedures.accounts.rules import csrf_of
from gis_service.procedures.accounts.schemas import RefreshIn, SessionOut, SignInIn, TokensOut, role_out

router = APIRouter(tags=["登录"], route_class=JsonBody, dependencies=[permitted(Act.sign_in)])

COUNTED = [Depends(count_sign_in)]


def _proof(given: SignInIn) -> Proof:
    return Proof(given.name.strip(), given.password.get_secret_value(), given.code)


def _tokens(pair: Pair) -> TokensOut:
    return TokensOut(
        access_token=pair.access.token,
        expires_at=pair.access.record.expires_at,
        refresh_token=pair.refresh.token,
        refresh_expires_at=pair.refresh.record.expires_at,
        second_factor=pair.access.record.second_factor,
    )


@router.post("/tokens", summary="程序登录", dependencies=COUNTED, responses=refusals(401, 403))
def sign_in(attempt: Attempting, key: Key, given: SignInIn) -> TokensOut:
    """以账户名、口令（和动态验证码）换取访问令牌和续期令牌。

    账户名、口令、验证码哪一项不对，答复都一样；连续填错即锁定。登记了验证器而没有填写验证码的，答复 403。
    """
    return _tokens(attempt.at(commands.sign_in, _proof(given), key))


@router.post("/tokens/refresh", summary="续期", dependencies=COUNTED, responses=refusals(401, 403))
def refresh_tokens(attempt: Attempting, given: RefreshIn) -> TokensOut:
    """以续期令牌换取新的一对令牌；旧的续期令牌随即作废。

    再次使用已作废的续期令牌，说明它已被他人得到：同一次登录得来的令牌全部撤销，须重新登录。
    """
    return _tokens(attempt.at(commands.renew, given.refresh_token.get_secret_value()))


@router.delete("/tokens/current", summary="程序退出", status_code=204, responses=refusals(401, 403))
def drop_tokens(tx: Tx, token: ShownToken) -> None:
    """撤销所出示的令牌，以及同一次登录得来的其他令牌。"""
    commands.sign_out(tx, token)


@router.post("/session", summary="浏览器登录", dependencies=COUNTED, responses=refusals(401, 403))
def open_session(
    request: Request, response: Response, attempt: Attempting, key: Key, given: SignInIn
) -> SessionOut:
    """同“程序登录”，但登录状态存于 Cookie（`gis_session`），30 分钟不用即失效，最长 12 小时。

    此后凡写入的请求，须把答复中的 `csrf_token` 放在 `X-CSRF-Token` 头中。
    """
    issued = attempt.at(commands.open_session, _proof(given), key)
    set_cookie(request, response, issued.token)
    ground = ground_of(request)
    with ground.sessions() as session:
        actor = ground.identify(session, Credential(issued.token, is_cookie=True), ground.clock())
        return _session_out(session, actor, csrf=csrf_of(issued.token), on=ground.this_day())


@router.get("/session", summary="我是谁", responses=refusals(401, 403))
def read_session(request: Request, session: Reading, actor: Acting, token: ShownToken) -> SessionOut:
    """所出示的令牌或 Cookie 属于哪个账户，担任什么角色，可以办理什么。"""
    shown = credential_of(request)
    csrf = csrf_of(token) if shown is not None and shown.is_cookie else None
    return _session_out(session, actor, csrf=csrf, on=ground_of(request).this_day())


def _session_out(session: Session, actor: Actor, *, csrf: str | None, on: date) -> SessionOut:
    assert actor.account_id is not None
    told = own_account_told(session, actor.account_id, on=on)
    return SessionOut(
        name=told.account.name,
        title=told.account.title,
        authority=told.authority.name,
        roles=[role_out(held) for held in told.roles],
        clearance=actor.clearance,
        acts=[act for act in Act if may(actor, act)],
        second_factor=actor.second_factor,
        must_change_password=told.password is not None and told.password.must_change,
        csrf_token=csrf,
    )


@router.delete("/session", summary="浏览器退出", status_code=204, responses=refusals(401, 403))
def close_session(request: Request, response: Response, tx: Tx, token: ShownToken) -> None:
    """撤销此次浏览器登录，并让浏览器忘掉 Cookie。"""
    commands.sign_out(tx, token)
    take_cookie_back(request, response)
