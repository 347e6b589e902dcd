"""Accounts administered over HTTP, each within the administrator's reach; other accounts are not found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request

from gis_service.foundation.access import Act
from gis_service.foundation.transaction import Transaction
from gis_service.foundation.web import (
    Acting,
    Listing,
    PageByText,
    Reading,
    Tx,
    announce,
    answered_with,
    ground_of,
    header,
    permitted,
    refusals,
)
from gis_service.foundation.web.bodies import JsonBody
from gis_service.procedures.accounts import commands
from gis_service.procedures.accounts.commands import Issued, Service
from gis_service.procedures.accounts.queries import (
    account_told,
    accounts_page,
    place_held,
    place_named,
    tokens_in_force,
)
from gis_service.procedures.accounts.routes.showing import TokenId
from gis_service.procedures.accounts.rules import NAME
from gis_service.procedures.accounts.schemas import (
    AccountOut,
    AccountWithTokensOut,
    ClearanceIn,
    GroundsIn,
    InvitationOut,
    NewAccountIn,
    OpenedOut,
    OutsideIdentityIn,
    PostIn,
    ServiceTokenIn,
    ServiceTokenOut,
    account_out,
    token_out,
)
from gis_service.registers.authorities.commands import NewAccount

router = APIRouter(prefix="/accounts", tags=["账户管理"], route_class=JsonBody, responses=refusals(401, 403))

READ = [permitted(Act.read_accounts)]
MANAGE = [permitted(Act.manage_accounts)]
ONE = refusals(404, 409)
OPENED = answered_with(
    201, Location=header("账户的地址", {"type": "string", "pattern": "/accounts/[A-Za-z0-9._-]+$"})
)

Name = Annotated[str, Path(pattern=NAME, description="账户名", examples=["zhang.san"])]


@dataclass(frozen=True, slots=True)
class InHand:
    """The account a request manages."""

    tx: Transaction
    name: str

    def told(self) -> AccountOut:
        """The account as it now stands."""
        tx = self.tx
        return account_out(account_told(tx.session, tx.actor, self.name, on=tx.today))


async def _in_hand(tx: Tx, name: Name) -> InHand:
    return InHand(tx, name)


Managed = Annotated[InHand, Depends(_in_hand)]


def _invitation(request: Request, issued: Issued) -> InvitationOut:
    link = f"{request.scope.get('root_path', '')}/welcome#{issued.token}"
    return InvitationOut(token=issued.token, link=link, expires_at=issued.record.expires_at)


@router.get("", summary="列出账户", dependencies=READ)
def list_accounts(request: Request, session: Reading, actor: Acting, page: PageByText) -> Listing[AccountOut]:
    """辖区内的账户，按账户名排列，逐页取得；已停用的也在内。"""
    on = ground_of(request).this_day()
    found = accounts_page(session, actor, on=on, after=page.after, limit=page.one_more)
    shown, following = page.cut(found, lambda told: told.account.name)
    return Listing(items=[account_out(told) for told in shown], next=following)


@router.post(
    "", summary="开立账户", status_code=201, dependencies=MANAGE, responses={**OPENED, **refusals(404, 409)}
)
def open_account(request: Request, tx: Tx, given: NewAccountIn) -> OpenedOut:
    """开立账户并授予角色；得到设定口令的一次性链接，请交给本人。没有初始口令。"""
    unit = place_named(tx.session, given.within, on=tx.today)
    place = unit.division_id if unit else None
    new = NewAccount(given.name, given.title, given.authority, place, given.clearance)
    account = commands.open_with_roles(tx, new, frozenset(given.roles))
    invitation = _invitation(request, commands.invite_to(tx, account))
    announce(request, "Location", f"{request.scope.get('root_path', '')}/accounts/{account.name}")
    return OpenedOut(account=InHand(tx, account.name).told(), invitation=invitation)


@router.get("/{name}", summary="查一个账户", dependencies=READ, responses=refusals(404))
def read_account(request: Request, session: Reading, actor: Acting, name: Name) -> AccountWithTokensOut:
    """账户的角色、知悉范围、口令和验证器的状况，以及有效的令牌。"""
    ground = ground_of(request)
    told = account_told(session, actor, name, on=ground.this_day())
    tokens = tokens_in_force(session, told.account.id, at=ground.clock())
    known = account_out(told).model_dump()
    return AccountWithTokensOut(**known, tokens=[token_out(record) for record in tokens])


@router.post("/{name}/appointments", summary="授予角色", dependencies=MANAGE, responses=ONE)
def appoint(held: Managed, given: PostIn) -> AccountOut:
    """自今天起担任。只能在您的辖区之内授予，不能授予自己。"""
    unit = place_named(held.tx.session, given.within, on=held.tx.today)
    place = unit.division_id if unit else None
    commands.appoint(held.tx, held.name, given.role, place, reason=given.reason)
    return held.told()


@router.post("/{name}/dismissal", summary="免去角色", dependencies=MANAGE, responses=ONE)
def dismiss(held: Managed, given: PostIn) -> AccountOut:
    """立即生效。"""
    place = place_held(held.tx.session, held.name, given.role, given.within, on=held.tx.today)
    commands.dismiss(held.tx, held.name, given.role, place, reason=given.reason)
    return held.told()


@router.post("/{name}/clearance", summary="调整知悉范围", dependencies=MANAGE, responses=ONE)
def clear(held: Managed, given: ClearanceIn) -> AccountOut:
    """不能高于您自己的知悉范围。"""
    commands.clear(held.tx, held.name, given.clearance, reason=given.reason)
    return held.told()


@router.post("/{name}/closure", summary="停用账户", dependencies=MANAGE, responses=ONE)
def close(held: Managed, given: GroundsIn) -> AccountOut:
    """不可恢复；所有登录和令牌随即失效，账户名不再使用。"""
    commands.close(held.tx, held.name, reason=given.reason)
    return held.told()


@router.post("/{name}/outside-identity", summary="连到外部身份", dependencies=MANAGE, responses=ONE)
def link(held: Managed, given: OutsideIdentityIn) -> AccountOut:
    """此后可用该身份认证服务的凭证登录。"""
    commands.link(held.tx, held.name, issuer=given.issuer, subject=given.subject)
    return held.told()


@router.post("/{name}/invitation", summary="另给一次性链接", dependencies=MANAGE, responses=ONE)
def invite(request: Request, held: Managed) -> InvitationOut:
    """忘记口令时也用它。原来的口令到新口令设定时为止仍有效；此前给出的链接作废。"""
    return _invitation(request, commands.invite(held.tx, held.name))


@router.post("/{name}/unlocking", summary="解除锁定", dependencies=MANAGE, responses=ONE)
def unlock(held: Managed) -> AccountOut:
    """多次填错口令而锁定的，立即可以再试。"""
    commands.unlock(held.tx, held.name)
    return held.told()


@router.post("/{name}/password-expiry", summary="要求更改口令", dependencies=MANAGE, responses=ONE)
def expire_password(held: Managed, given: GroundsIn) -> AccountOut:
    """更改之前，此账户不能办理其他事项。"""
    commands.expire_password(held.tx, held.name, reason=given.reason)
    return held.told()


@router.post("/{name}/second-factor-removal", summary="撤销验证器", dependencies=MANAGE, responses=ONE)
def remove_second_factor(held: Managed, given: GroundsIn) -> AccountOut:
    """手机和恢复码都已遗失时用；所有登录和令牌随即失效。请先当面核实本人。"""
    commands.remove_second_factor(held.tx, held.name, reason=given.reason)
    return held.told()


@router.post(
    "/{name}/service-tokens", summary="签发服务令牌", status_code=201, dependencies=MANAGE, responses=ONE
)
def issue_service_token(held: Managed, given: ServiceTokenIn) -> ServiceTokenOut:
    """供程序以此账户的身份办理；必有期限，可只许可若干事项。算作经过第二重验证。"""
    account = commands.managed(held.tx, held.name)
    service = Service(given.name, given.days, frozenset(given.acts) or None)
    issued = commands.issue_service_token(held.tx, account, service)
    return ServiceTokenOut(**token_out(issued.record).model_dump(), token=issued.token)


@router.delete("/{name}/tokens", summary="撤销全部令牌", status_code=204, dependencies=MANAGE, responses=ONE)
def revoke_tokens(held: Managed) -> None:
    """此账户的全部登录和令牌。"""
    commands.revoke_all(held.tx, commands.managed(held.tx, held.name), why="系统管理员撤销")


@router.delete(
    "/{name}/tokens/{token_id}", summary="撤销一个令牌", status_code=204, dependencies=MANAGE, responses=ONE
)
def revoke_token(held: Managed, token_id: TokenId) -> None:
    """连同同一次登录得来的其他令牌。"""
    commands.revoke_of(held.tx, held.name, token_id)
