"""Judging whether an actor may do something; what is refused says what is missing, never what is hidden."""

from __future__ import annotations

from gis_service.foundation.access.actors import Actor
from gis_service.foundation.access.acts import Act, Permission, permission_for
from gis_service.foundation.access.roles import ROLE_WORDS
from gis_service.foundation.errors import NotPermitted, NotSignedIn, SecondFactorNeeded

SIGN_IN_FIRST = "请先登录，或在 Authorization 头中给出访问令牌"


def require(actor: Actor, act: Act) -> None:
    """Refuse what an actor may do nowhere at all.

    Raises:
        NotSignedIn: somebody of the public asks for what needs an account.
        NotPermitted: no role of his allows it, or the token he shows is not for it.
        SecondFactorNeeded: his roles allow it, but he signed in with a password alone.
    """
    permission = permission_for(act)
    if not actor.has_in_scope(act):
        raise NotPermitted(
            f"此令牌不能用来{permission.title}", way_out=f"请用许可“{act}”的令牌，或以本人账户登录"
        )
    if not actor.reach(act):
        if actor.is_anonymous:
            raise NotSignedIn(f"{permission.title}须先登录", way_out=SIGN_IN_FIRST)
        raise NotPermitted(f"您的角色不能{permission.title}", way_out=_who_may(permission))
    if permission.second_factor and not actor.second_factor:
        raise SecondFactorNeeded(
            f"{permission.title}须经第二重验证", way_out="请登记验证器（TOTP），登录时填写动态验证码"
        )


def may(actor: Actor, act: Act) -> bool:
    """Whether an actor may do something somewhere."""
    try:
        require(actor, act)
    except (NotSignedIn, NotPermitted, SecondFactorNeeded):
        return False
    return True


def _who_may(permission: Permission) -> str:
    words = "、".join(word for role, word in ROLE_WORDS.items() if role in permission.roles)
    return f"须由{words}办理；请与系统管理员联系" if words else "请与系统管理员联系"
