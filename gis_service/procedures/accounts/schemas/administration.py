"""What administrators send, and the secrets they are told once."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from gis_service.foundation.access import Act, Classification, Role
from gis_service.procedures.accounts.rules import NAME
from gis_service.procedures.accounts.schemas.signing_in import Strict
from gis_service.procedures.accounts.schemas.standing import AccountOut, TokenOut

_PLACE = r"^(全国|all|[0-9]{6}|[0-9]{9}|[0-9]{12})$"


class GroundsIn(Strict):
    """Why."""

    reason: str = Field(min_length=2, max_length=2000, description="理由，记入登记日志", examples=["调离"])


class PostIn(Strict):
    """A role within a jurisdiction."""

    role: Role = Field(description="角色", examples=["registrar"])
    within: str = Field(pattern=_PLACE, description="辖区：区划代码，或“全国”", examples=["320600"])
    reason: str = Field(default="", max_length=2000, description="依据或理由，记入登记日志")


class NewAccountIn(Strict):
    """An account to be opened."""

    name: str = Field(
        pattern=NAME, description="账户名：2 至 40 位英文字母、数字和 . _ -", examples=["zhang.san"]
    )
    title: str = Field(min_length=1, max_length=100, description="称呼", examples=["张三"])
    authority: str = Field(min_length=2, max_length=200, description="所属机关", examples=["南通市民政局"])
    within: str = Field(
        pattern=_PLACE, description="机关和角色的辖区：区划代码，或“全国”", examples=["320600"]
    )
    roles: list[Role] = Field(
        default=[], max_length=8, description="角色，辖区同上", examples=[["registrar"]]
    )
    clearance: Classification = Field(default=Classification.internal, description="知悉范围")


class ClearanceIn(GroundsIn):
    """Up to which classification somebody may know."""

    clearance: Classification = Field(description="知悉范围", examples=["内部"])


class OutsideIdentityIn(Strict):
    """Whom an identity provider vouches for."""

    issuer: str = Field(
        pattern=r"^https:/{2}[^\s\x00-\x1f\x7f]{1,250}$",
        description="签发方",
        examples=["https://localhost/realms/office"],
    )
    subject: str = Field(min_length=1, max_length=255, description="在签发方的编号（sub）", examples=["8f2c"])


class InvitationOut(BaseModel):
    """A one-time link."""

    token: str = Field(description="一次性令牌；只显示这一次", examples=["gis_in_…"])
    link: str = Field(
        description="交给本人打开的地址，# 之后的部分不会发往服务器", examples=["/welcome#gis_in_…"]
    )
    expires_at: datetime = Field(description="到此时失效")


class OpenedOut(BaseModel):
    """An account that was opened, and the link for its holder."""

    account: AccountOut = Field(description="账户")
    invitation: InvitationOut = Field(description="设定口令的一次性链接")


class ServiceTokenIn(Strict):
    """What a program gets a token for."""

    name: str = Field(min_length=2, max_length=100, description="用途", examples=["夜间取数"])
    days: int = Field(ge=1, le=400, description="有效天数", examples=[90])
    acts: list[Act] = Field(
        default=[],
        max_length=40,
        description="许可的事项；不写则为角色所许的全部",
        examples=[["registers.read"]],
    )


class ServiceTokenOut(TokenOut):
    """A service token, told this once."""

    token: str = Field(description="服务令牌；只显示这一次", examples=["gis_st_…"])
