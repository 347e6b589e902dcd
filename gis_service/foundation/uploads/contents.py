"""Whether content is what its suffix says, and nothing that acts by itself when it is opened.

Signatures decide for the kinds we take; puremagic names what else it may be, which its guesses are good for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import puremagic

from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.uploads.archives import require_archive, require_package
from gis_service.foundation.uploads.kinds import KINDS, Form, Kind
from gis_service.foundation.uploads.programs import is_program

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_GEOPACKAGE = (b"GPKG", b"GP10", b"GP11", b"GP12")
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f]")
# What stands before the root: the declaration and comments; definitions of entities are not taken.
_ROOT = re.compile(r"(?:<\?xml[^>]*+>\s*+)?(?:<!--(?:(?!-->).)*+-->\s*+)*+<(?:[\w.-]++:)?(\w++)", re.DOTALL)
_ACTIVE_PDF = re.compile(rb"/(JavaScript|Launch)\b")
_MACRO = "_VBA_PROJECT".encode("utf-16-le")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SIGNATURES = tuple(begins for kind in KINDS.values() for begins in kind.begins)
_CODECS = ("utf-8-sig", "gb18030")
_SURE = 0.5  # puremagic's word for a signature of five bytes and more


def require_content(name: str, content: bytes, kind: Kind) -> None:
    """Refuse content that is not of its kind.

    Raises:
        InvalidInput: see `require_fit`.
    """
    if is_program(content):
        raise InvalidInput(f"“{name}”的内容是程序", way_out="请提交文档本身")
    _FORMS[kind.form](name, content, kind)


def _signed(name: str, content: bytes, kind: Kind) -> None:
    if not content.startswith(kind.begins):
        raise _another_kind(name, content, kind)
    if kind.suffix == "pdf" and _ACTIVE_PDF.search(content):
        raise InvalidInput(f"“{name}”含有脚本或启动程序的动作", way_out="请另存为 PDF/A，或打印成 PDF 后提交")
    if kind.suffix == "gpkg" and content[68:72] not in _GEOPACKAGE:
        raise _another_kind(name, content, kind)


def _compound(name: str, content: bytes, kind: Kind) -> None:
    if not content.startswith(_OLE) or not any(part.encode("utf-16-le") in content for part in kind.holds):
        raise _another_kind(name, content, kind)
    if _MACRO in content:
        raise InvalidInput(f"“{name}”含有宏", way_out="请另存为不含宏的 .docx 或 .xlsx，或转为 PDF")


def _package(name: str, content: bytes, kind: Kind) -> None:
    if content.startswith(_OLE) and _ENCRYPTED in content:
        raise InvalidInput(f"“{name}”加了密码", way_out="请去掉密码后提交")
    require_package(name, content, kind)


def _archive(name: str, content: bytes, _kind: Kind) -> None:
    require_archive(name, content)


def _text(name: str, content: bytes, kind: Kind) -> str:
    told = _decoded(content)
    if told is None or _CONTROL.search(told):
        raise _another_kind(name, content, kind)
    if content.startswith(_SIGNATURES) or _named_by_puremagic(content[:4096].lstrip()):
        raise _another_kind(name, content.lstrip(), kind)
    return told


def _json(name: str, content: bytes, kind: Kind) -> None:
    told = _text(name, content, kind).strip()
    if not (told.startswith("{") and told.endswith("}")):
        raise _another_kind(name, content, kind)


def _xml(name: str, content: bytes, kind: Kind) -> None:
    told = _decoded(content)
    root = None if told is None or _CONTROL.search(told) else _ROOT.match(told.lstrip())
    if root is None or root.group(1) not in kind.holds:
        raise _another_kind(name, content, kind)


def _decoded(content: bytes) -> str | None:
    codecs = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else _CODECS
    for codec in codecs:
        try:
            return content.decode(codec)
        except UnicodeDecodeError:
            continue
    return None


def _another_kind(name: str, content: bytes, kind: Kind) -> InvalidInput:
    found = _named_by_puremagic(content[:4096])
    told = f"，像是 {found}" if found else ""
    return InvalidInput(
        f"“{name}”的内容不是{kind.title}{told}", way_out="请核对文件是否损坏，后缀是否与内容相符"
    )


def _named_by_puremagic(content: bytes) -> str:
    """The suffix puremagic is sure of; empty when it is not."""
    try:
        guesses = puremagic.magic_string(content)
    except (puremagic.PureError, ValueError):
        return ""
    sure = [guess.extension for guess in guesses if guess.confidence >= _SURE and guess.extension]
    return sure[0] if sure else ""


_FORMS: Mapping[Form, Callable[[str, bytes, Kind], object]] = {
    "signature": _signed,
    "compound": _compound,
    "package": _package,
    "archive": _archive,
    "text": _text,
    "json": _json,
    "xml": _xml,
}
