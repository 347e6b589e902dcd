"""One's own account: password, second factor, where one is signed in; the one-time link that begins it."""

from __future__ import annotations

import segno
from fastapi import APIRouter, Depends, Request

from gis_service.foundation.access import Act
from gis_service.foundation.web import Reading, Tx, count_sign_in, ground_of, permitted, refusals
from gis_service.foundation.web.attempting import Attempting
from gis_service.foundation.web.bodies import JsonBody
from gis_service.procedures.accounts import commands
from gis_service.procedures.accounts.commands import Again, Change
from gis_service.procedures.accounts.queries import tokens_in_force
from gis_service.procedures.accounts.routes.showing import Key, OwnId, ShownToken, TokenId
from gis_service.procedures.accounts.schemas import (
    AcceptanceIn,
    AcceptedOut,
    AgainIn,
    CodeIn,
    EnrolmentOut,
    PasswordIn,
    RecoveryCodesOut,
    TokenOut,
    token_out,
)

router = APIRouter(tags=["本人账户"], route_class=JsonBody)

OWN = [permitted(Act.keep_own_account)]
COUNTED = [*OWN, Depends(count_sign_in)]
REFUSED = refusals(401, 403, 409)


@router.post(
    "/invitations/acceptance",
    summary="凭一次性链接设定口令",
    dependencies=[permitted(Act.sign_in), Depends(count_sign_in)],
    responses=refusals(401, 403),
)
def accept_invitation(attempt: Attempting, given: AcceptanceIn) -> AcceptedOut:
    """链接只能用一次。口令不合要求时答复 422，链接仍然有效。"""
    token, password = given.token.get_secret_value(), given.password.get_secret_value()
    return AcceptedOut(name=attempt.at(commands.accept, token, password).name)


@router.post(
    "/account/password", summary="更改口令", status_code=204, dependencies=COUNTED, responses=REFUSED
)
def change_password(attempt: Attempting, key: Key, given: PasswordIn) -> None:
    """更改后，此账户的全部登录和令牌（包括这一个）都失效，须以新口令重新登录。"""
    wished = Change(given.present.get_secret_value(), given.wanted.get_secret_value(), given.code)
    attempt.at(commands.change, wished, key)


@router.post("/account/second-factor", summary="开始登记验证器", dependencies=COUNTED, responses=REFUSED)
def begin_second_factor(attempt: Attempting, key: Key, given: AgainIn) -> EnrolmentOut:
    """得到密钥和二维码，录入手机上的验证器（TOTP）；随后以一个验证码确认，才算登记。

    已登记过的可以重新登记：在确认之前，原来的验证器仍然有效。
    """
    enrolment = attempt.at(commands.begin_second_factor, _again(given), key)
    drawn = segno.make(enrolment.address, error="m").svg_data_uri(scale=5, border=3, light="#fff")
    return EnrolmentOut(secret=enrolment.secret, address=enrolment.address, qr=drawn)


@router.post(
    "/account/second-factor/confirmation", summary="确认验证器", dependencies=COUNTED, responses=REFUSED
)
def confirm_second_factor(tx: Tx, key: Key, token: ShownToken, given: CodeIn) -> RecoveryCodesOut:
    """以验证器上的验证码确认；得到恢复码，供手机不在手边时使用。此次登录随即算作经过第二重验证。"""
    codes = commands.confirm_second_factor(tx, given.code, key, shown=token)
    return RecoveryCodesOut(recovery_codes=codes)


@router.post("/account/recovery-codes", summary="换发恢复码", dependencies=COUNTED, responses=REFUSED)
def renew_recovery_codes(attempt: Attempting, key: Key, given: AgainIn) -> RecoveryCodesOut:
    """旧的恢复码全部作废。"""
    return RecoveryCodesOut(recovery_codes=attempt.at(commands.renew_recovery_codes, _again(given), key))


def _again(given: AgainIn) -> Again:
    return Again(given.password.get_secret_value(), given.code)


@router.get("/account/tokens", summary="本人的登录和令牌", dependencies=OWN, responses=refusals(401, 403))
def list_own_tokens(request: Request, session: Reading, own: OwnId) -> list[TokenOut]:
    """仍然有效的各项，最早的在前。"""
    found = tokens_in_force(session, own, at=ground_of(request).clock())
    return [token_out(record) for record in found]


@router.delete(
    "/account/tokens/{token_id}",
    summary="撤销本人的一项登录或令牌",
    status_code=204,
    dependencies=OWN,
    responses=refusals(401, 403, 404),
)
def revoke_own_token(tx: Tx, token_id: TokenId) -> None:
    """连同同一次登录得来的其他令牌。"""
    commands.revoke_own(tx, token_id)
