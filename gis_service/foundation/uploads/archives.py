"""Zip archives and documents made of them: judged by their directory, before anything is unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath

from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.uploads.kinds import KINDS, LIMITS, REFUSED_SUFFIXES, Kind
from gis_service.foundation.uploads.names import suffix_of
from gis_service.foundation.uploads.programs import is_program

MEGABYTE = 1_000_000
_HEAD_BYTES = 1024
_ENCRYPTED_FLAG = 0x1
_PACKAGES = frozenset(kind.suffix for kind in KINDS.values() if kind.form == "package")
_INNER = _PACKAGES | {kind.suffix for kind in KINDS.values() if kind.form == "archive"}
_MACRO_PARTS = ("vbaproject.bin", "activex", "macrosheets")
# What the standard library raises for archives whose directory, names or streams are damaged.
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError)


@dataclass(slots=True)
class _Sum:
    """What the archives opened so far would come to."""

    members: int = 0
    unpacked: int = 0


def require_archive(name: str, content: bytes) -> None:
    """Refuse an archive that is damaged, locked, bursting, or holds what is not taken.

    Raises:
        InvalidInput: with the way out.
    """
    _judge(name, content, _Sum(), depth=0)


def require_package(name: str, content: bytes, kind: Kind) -> None:
    """Refuse a document made of parts that is not of its kind, holds macros, or is no good archive.

    Raises:
        InvalidInput: with the way out.
    """
    parts = _judge(name, content, _Sum(), depth=1)
    if not all(_is_among(part, parts) for part in kind.holds):
        raise InvalidInput(f"“{name}”的内容不是{kind.title}", way_out="请核对后缀是否与内容相符")
    _refuse_macros(name, parts)


def _is_among(part: str, parts: set[str]) -> bool:
    return part in parts or (part.startswith(".") and any(each.lower().endswith(part) for each in parts))


def _judge(name: str, content: bytes, total: _Sum, *, depth: int) -> set[str]:
    """The names of an archive's members, all of them found harmless."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
            _refuse_locked(name, members)
            _refuse_bursting(name, members, len(content), total)
            for info in members:
                _judge_member(name, archive, info, total, depth=depth)
    except _BROKEN as error:
        raise InvalidInput(
            f"“{name}”已损坏，或其中有打不开的压缩文件", way_out="请重新压缩或重新导出后提交"
        ) from error
    return {info.filename for info in members}


def _refuse_locked(name: str, members: list[zipfile.ZipInfo]) -> None:
    if any(info.flag_bits & _ENCRYPTED_FLAG for info in members):
        raise InvalidInput(f"“{name}”加了密码", way_out="请去掉密码后提交")
    if not members:
        raise InvalidInput(f"“{name}”是空的压缩包", way_out="请核对文件")


def _refuse_bursting(name: str, members: list[zipfile.ZipInfo], size: int, total: _Sum) -> None:
    unpacked = sum(info.file_size for info in members)
    total.members += len(members)
    total.unpacked += unpacked
    too_much = total.members > LIMITS.members or total.unpacked > LIMITS.unpacked_mb * MEGABYTE
    if too_much or unpacked > LIMITS.ratio * size:
        raise InvalidInput(
            f"“{name}”解开后过大或文件过多，疑为压缩炸弹",
            way_out=f"至多 {LIMITS.members} 个文件、{LIMITS.unpacked_mb} MB，请拆分后提交",
        )


def _judge_member(
    name: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo, total: _Sum, *, depth: int
) -> None:
    inner, suffix = PurePosixPath(info.filename.replace("\\", "/")), suffix_of(info.filename)
    if inner.is_absolute() or ".." in inner.parts or ":" in info.filename:
        raise InvalidInput(f"“{name}”含有越出文件夹的路径", way_out="请重新压缩，只压缩材料本身")
    with archive.open(info) as stream:
        head = stream.read(_HEAD_BYTES)
    if suffix in REFUSED_SUFFIXES or is_program(head):
        told = f"“{name}”中的“{inner.name[:80]}”不能收存"
        raise InvalidInput(told, way_out="请去掉其中的程序、脚本、网页和带宏的文档")
    if suffix in _INNER:
        parts = _judge_inner(name, archive, info, total, depth=depth + 1)
        if suffix in _PACKAGES:
            _refuse_macros(name, parts)


def _judge_inner(
    name: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo, total: _Sum, *, depth: int
) -> set[str]:
    if depth > LIMITS.depth or info.file_size > LIMITS.inner_mb * MEGABYTE:
        told = f"“{name}”中的压缩包嵌套过深，或超过 {LIMITS.inner_mb} MB"
        raise InvalidInput(told, way_out="请解开内层压缩包后重新压缩")
    return _judge(name, archive.read(info), total, depth=depth)


def _refuse_macros(name: str, parts: set[str]) -> None:
    if any(macro in part.lower() for part in parts for macro in _MACRO_PARTS):
        raise InvalidInput(f"“{name}”含有宏或控件", way_out="请另存为不含宏的文档，或转为 PDF")
