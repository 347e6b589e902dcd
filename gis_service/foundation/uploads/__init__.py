"""Files that somebody hands in: whether the name can be shown, and whether the content is what the name says.

Pure: names and bytes in, refusals out. Names are for showing only; nowhere is a path made of one.
"""

from __future__ import annotations

from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.uploads.contents import require_content
from gis_service.foundation.uploads.kinds import KINDS
from gis_service.foundation.uploads.names import require_name, suffix_of

__all__ = ["require_fit"]


def require_fit(name: str, content: bytes) -> None:
    """Refuse a file that must not be filed.

    Raises:
        InvalidInput: a name that deceives, a kind that is not taken, content of another kind than the name
            says, active content, a password, or an archive that bursts; with the way out.
    """
    require_name(name)
    if not content:
        raise InvalidInput(f"“{name}”是空文件", way_out="请核对文件")
    kind = KINDS.get(suffix_of(name))
    if kind is None:
        listed = "、".join(KINDS)
        raise InvalidInput(f"不收“{name}”这种文件", way_out=f"可收：{listed}；其他文件请转为 PDF")
    require_content(name, content, kind)
