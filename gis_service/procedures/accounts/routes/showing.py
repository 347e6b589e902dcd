"""What requests about accounts share: the key of the installation, the token shown, the cookie set."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Response
from fastapi import Path as InPath

from gis_service.foundation.errors import NotSignedIn
from gis_service.foundation.web.identity import SESSION_COOKIE, Acting, credential_of
from gis_service.foundation.web.installation import settings_of

TokenId = Annotated[UUID, InPath(description="令牌的编号，见 tokens")]


async def _key(request: Request) -> Path:
    return settings_of(request).accounts_key_file


Key = Annotated[Path, Depends(_key)]


async def _shown(request: Request, actor: Acting) -> str:
    """The token that the request shows, of somebody who is signed in with it."""
    shown = credential_of(request)
    if shown is None or actor.account_id is None:
        raise NotSignedIn("没有以账户登录", way_out="请先登录")
    return shown.token


ShownToken = Annotated[str, Depends(_shown, scope="function")]


async def _own(actor: Acting) -> UUID:
    """The account of whoever is signed in."""
    if actor.account_id is None:
        raise NotSignedIn("没有以账户登录", way_out="请先登录")
    return actor.account_id


OwnId = Annotated[UUID, Depends(_own, scope="function")]


def set_cookie(request: Request, response: Response, token: str) -> None:
    """Let a browser keep a session until it is closed: out of reach of scripts and of other sites."""
    response.set_cookie(
        SESSION_COOKIE,
        token,
        path=request.scope.get("root_path") or "/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def take_cookie_back(request: Request, response: Response) -> None:
    """Have a browser forget its session."""
    response.delete_cookie(
        SESSION_COOKIE,
        path=request.scope.get("root_path") or "/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
