"""Names of accounts can be typed on any keyboard and told apart in any typeface."""

from __future__ import annotations

import re

from gis_service.foundation.errors import InvalidInput

NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{1,39}$"


def require_name(name: str) -> None:
    """Refuse what no account may be called.

    Raises:
        InvalidInput: too short, too long, or of other letters.
    """
    if not re.fullmatch(NAME, name):
        raise InvalidInput(
            f"账户名“{name[:60]}”不合要求",
            way_out="请用 2 至 40 位英文字母、数字和 . _ -，以字母或数字开头，如 zhang.san",
        )
