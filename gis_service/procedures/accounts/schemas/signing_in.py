"""What is sent to sign in and to keep one's own account, and what is told then."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from gis_service.foundation.access import Act, Classification
from gis_service.procedures.accounts.schemas.standing import RoleOut

# `format: password` has pydantic say nothing of the letters, which are those of every other text.
_NO_CONTROLS = {"pattern": r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"}
Secret = Annotated[SecretStr, Field(min_length=1, max_length=1024, json_schema_extra=dict(_NO_CONTROLS))]


class Strict(BaseModel):
    """What takes nothing it does not know."""

    model_config = ConfigDict(extra="forbid")


class AgainIn(Strict):
    """The password once more, and the code where there is an authenticator."""

    password: Secret = Field(description="口令")
    code: str | None = Field(
        default=None, max_length=40, description="动态验证码或恢复码；登记了验证器的必填", examples=["492039"]
    )


class SignInIn(AgainIn):
    """Name, password, and a code where the account has an authenticator."""

    name: str = Field(min_length=1, max_length=200, description="账户名", examples=["zhang.san"])


class RefreshIn(Strict):
    """A refresh token."""

    refresh_token: Secret = Field(description="续期令牌，用一次即换新")


class TokensOut(BaseModel):
    """A pair of tokens, as OAuth names its parts."""

    access_token: str = Field(description="访问令牌，放在 Authorization: Bearer 之后", examples=["gis_at_…"])
    token_type: str = Field(default="Bearer", description="总是 Bearer")
    expires_at: datetime = Field(description="访问令牌到此时失效")
    refresh_token: str = Field(description="续期令牌；只能用一次，用后换成新的", examples=["gis_rt_…"])
    refresh_expires_at: datetime = Field(description="续期令牌到此时失效")
    second_factor: bool = Field(description="登录时是否经过第二重验证")


class SessionOut(BaseModel):
    """Who is signed in, and what he may do."""

    name: str = Field(description="账户名", examples=["zhang.san"])
    title: str = Field(description="称呼", examples=["张三"])
    authority: str = Field(description="所属机关", examples=["南通市民政局"])
    roles: list[RoleOut] = Field(description="担任的角色")
    clearance: Classification = Field(description="知悉范围")
    acts: list[Act] = Field(description="此次登录可以办理的事项")
    second_factor: bool = Field(description="此次登录是否经过第二重验证")
    must_change_password: bool = Field(description="是否须先更改口令，才能办理其他事项")
    csrf_token: str | None = Field(
        description="浏览器登录时，写入请求须放在 X-CSRF-Token 头中；令牌登录时为空"
    )


class PasswordIn(Strict):
    """A change of one's own password."""

    present: Secret = Field(description="现用口令")
    wanted: Secret = Field(description="新口令，至少 12 个字符")
    code: str | None = Field(
        default=None, max_length=40, description="动态验证码或恢复码；登记了验证器的必填"
    )


class AcceptanceIn(Strict):
    """The token of a one-time link, and the password that its holder sets."""

    token: Secret = Field(description="一次性链接中 # 之后的部分")
    password: Secret = Field(description="口令，至少 12 个字符")


class AcceptedOut(BaseModel):
    """Whose password was set."""

    name: str = Field(description="账户名，登录时填写")


class EnrolmentOut(BaseModel):
    """The secret of an authenticator, told this once."""

    secret: str = Field(description="密钥，手工录入验证器时用；只显示这一次")
    address: str = Field(description="otpauth 地址", examples=["otpauth://totp/…"])
    qr: str = Field(description="同一地址的二维码，SVG 图像的 data 地址")


class CodeIn(Strict):
    """A code of an authenticator."""

    code: str = Field(pattern=r"^[0-9 ]{6,9}$", description="验证器上显示的六位数字", examples=["492039"])


class RecoveryCodesOut(BaseModel):
    """Recovery codes, told this once."""

    recovery_codes: list[str] = Field(description="恢复码，每个用一次；只显示这一次，请打印或抄录保管")
