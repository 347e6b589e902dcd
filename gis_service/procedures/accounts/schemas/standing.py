"""How an account stands: its roles, its password, its tokens. Nothing secret is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from gis_service.foundation.access import ROLE_WORDS, Classification, Role
from gis_service.procedures.accounts.models import Password, Token
from gis_service.registers.authorities.models import Account, Authority
from gis_service.registers.divisions.models import DivisionVersion


@dataclass(frozen=True, slots=True)
class Held:
    """A role somebody holds; everywhere, where no unit is named."""

    role: Role
    unit: DivisionVersion | None
    since: date


@dataclass(frozen=True, slots=True)
class Told:
    """An account, and how it stands."""

    account: Account
    authority: Authority
    roles: Sequence[Held]
    password: Password | None
    second_factor: bool


class PlaceOut(BaseModel):
    """A division, as it was last called."""

    code: str = Field(description="区划代码", examples=["320600"])
    name: str = Field(description="名称", examples=["南通市"])


class RoleOut(BaseModel):
    """A role within a jurisdiction."""

    role: Role = Field(description="角色", examples=["registrar"])
    word: str = Field(description="角色的中文名", examples=["区划登记员"])
    within: PlaceOut | None = Field(description="辖区；为空表示全国")
    since: date = Field(description="自此日起担任", examples=["2026-01-01"])


def role_out(held: Held) -> RoleOut:
    """A role as it is told."""
    unit = held.unit
    within = PlaceOut(code=unit.code, name=unit.name) if unit else None
    return RoleOut(role=held.role, word=ROLE_WORDS[held.role], within=within, since=held.since)


class TokenOut(BaseModel):
    """A token in force; never the token itself."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(description="编号，撤销时用")
    kind: str = Field(description="access、refresh、service、session 或 invitation", examples=["session"])
    name: str | None = Field(description="服务令牌的用途")
    acts: list[str] | None = Field(description="服务令牌许可的事项；为空表示角色所许的全部")
    second_factor: bool = Field(description="是否算作经过第二重验证")
    made_at: datetime = Field(description="签发时刻")
    used_at: datetime | None = Field(description="最近使用的时刻，约精确到分钟")
    expires_at: datetime = Field(description="到此时失效；浏览器登录在使用中顺延")


def token_out(record: Token) -> TokenOut:
    """A token as it is told."""
    return TokenOut.model_validate(record)


class AccountOut(BaseModel):
    """An account, and how it stands."""

    name: str = Field(description="账户名", examples=["zhang.san"])
    title: str = Field(description="称呼", examples=["张三"])
    authority: str = Field(description="所属机关", examples=["南通市民政局"])
    clearance: Classification = Field(description="知悉范围")
    roles: list[RoleOut] = Field(description="现任角色")
    opened_at: datetime = Field(description="开立时刻")
    closed_at: datetime | None = Field(description="停用时刻；为空表示在用")
    has_password: bool = Field(description="是否已设定口令")
    must_change_password: bool = Field(description="下次登录是否须更改口令")
    locked_until: datetime | None = Field(description="因多次填错口令锁定至此时")
    second_factor: bool = Field(description="是否登记了验证器")
    issuer: str | None = Field(description="外部身份的签发方")
    subject: str | None = Field(description="外部身份的编号")


def account_out(told: Told) -> AccountOut:
    """An account as it is told."""
    account, password = told.account, told.password
    return AccountOut(
        name=account.name,
        title=account.title,
        authority=told.authority.name,
        clearance=Classification(account.clearance),
        roles=[role_out(held) for held in told.roles],
        opened_at=account.opened_at,
        closed_at=account.closed_at,
        has_password=password is not None,
        must_change_password=password is not None and password.must_change,
        locked_until=password.locked_until if password else None,
        second_factor=told.second_factor,
        issuer=account.issuer,
        subject=account.subject,
    )


class AccountWithTokensOut(AccountOut):
    """An account with its tokens in force."""

    tokens: list[TokenOut] = Field(description="有效的令牌和登录")
