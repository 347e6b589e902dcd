"""Names of files as people gave them: refused where they would read otherwise than they are."""

from __future__ import annotations

import unicodedata

from gis_service.foundation.errors import InvalidInput

LONGEST = 200
LONGEST_BYTES = 255  # what file systems take, for those who save it
# Controls, also those that turn the direction of writing, so that `exe.fdp` reads `pdf.exe`.
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def require_name(name: str) -> None:
    """Refuse a name that cannot be shown as it is.

    Raises:
        InvalidInput: empty, too long, with a folder, or with characters that are invisible.
    """
    if not name.strip() or len(name) > LONGEST or len(name.encode("utf-8", "replace")) > LONGEST_BYTES:
        raise InvalidInput(f"文件名为空或超过 {LONGEST} 个字符", way_out="请改短文件名")
    if any(unicodedata.category(character) in _INVISIBLE for character in name):
        raise InvalidInput("文件名含有不可见的控制字符", way_out="请重新命名，只用文字、数字和常用符号")
    if "/" in name or "\\" in name or name != name.strip() or name.startswith("."):
        raise InvalidInput("文件名含有路径，或以空格、句点开头", way_out="请只写文件名，如 风险评估报告.pdf")


def suffix_of(name: str) -> str:
    """The part after the last full stop, in small letters; empty where there is none."""
    return name.rpartition(".")[2].lower() if "." in name else ""
