"""Zip: unpacked with care, then read as the one delivery found inside.

Limits hold while unpacking, not by what the archive says of itself. Names that are not marked as UTF-8 are
taken for GBK, as Chinese Windows writes them.
"""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.intake.formats.limits import MEGABYTE, limit, size_refused
from gis_service.procedures.intake.formats.reading import (
    R_INT_03,
    Reading,
    ReadOptions,
    blocked,
    sha256_of,
    unreadable,
)

NAME = "zip"
SUFFIXES = (".zip",)

_TAKEN = (".shp", ".shx", ".dbf", ".prj", ".cpg", ".gpkg", ".geojson", ".json")
_LEADING = (".shp", ".dbf", ".gpkg", ".geojson", ".json")
_UTF_8_FLAG, _ENCRYPTED_FLAG = 0x800, 0x1
_CHUNK = 1 << 20

# What the standard library raises for archives whose directory, names or streams are damaged.
_BROKEN = (zipfile.BadZipFile, zlib.error, UnicodeDecodeError, EOFError, OSError, NotImplementedError)

ReadInner = Callable[[Path, ReadOptions], Reading]


class _TooMuch(Exception):
    """A member unpacks to more than the limit allows."""


def read(path: Path, options: ReadOptions, read_inner: ReadInner) -> Reading:
    """Unpack into a temporary folder and read the one delivery in it; `options.layer` may name it."""
    refused = size_refused(path, options)
    if refused:
        return unreadable(path, NAME, refused)
    try:
        with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as folder:
            return _read_archive(path, archive, Path(folder), options, read_inner)
    except _BROKEN as error:
        message = f"压缩包已损坏或压缩方法不受支持（{error}）"
        refused = [blocked(path, message, "请重新压缩后提交", rule=R_INT_03)]
    except _TooMuch as error:
        refused = [blocked(path, str(error), "疑为压缩炸弹；请只压缩来件本身", rule=R_INT_03)]
    return unreadable(path, NAME, refused)


def _read_archive(
    path: Path, archive: zipfile.ZipFile, folder: Path, options: ReadOptions, read_inner: ReadInner
) -> Reading:
    members = {name_of(info): info for info in archive.infolist() if not info.is_dir()}
    refused = _unsafe(path, members)
    if refused:
        return unreadable(path, NAME, refused)
    taken = [name for name in members if _suffix(name) in _TAKEN and not _is_shadow(name)]
    chosen, layer, refused = _choose(path, taken, options)
    if chosen is None:
        return unreadable(path, NAME, refused)
    target = _unpack(
        archive, members, [name for name in taken if _stem(name) == _stem(chosen)], chosen, folder
    )
    reading = read_inner(target, replace(options, layer=layer))
    return replace(
        reading,
        source=f"{path.name}:{chosen}",
        sha256=sha256_of([path]),
        findings=(*_left_out(path, members, taken), *reading.findings),
    )


def name_of(info: zipfile.ZipInfo) -> str:
    """The member's name: as marked, or re-read as GBK when its bytes allow that."""
    if info.flag_bits & _UTF_8_FLAG:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for codec in ("utf-8", "gb18030"):
        try:
            return raw.decode(codec).replace("\\", "/")
        except UnicodeDecodeError:
            continue
    return info.filename


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _stem(name: str) -> str:
    return str(PurePosixPath(name).with_suffix("")).lower()


def _is_shadow(name: str) -> bool:
    """Files macOS and Windows leave beside the real ones."""
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or parts[-1].startswith((".", "~$"))


def _unsafe(path: Path, members: dict[str, zipfile.ZipInfo]) -> list[Finding]:
    escaping = [name for name in members if _escapes(name)]
    total_mb = sum(info.file_size for info in members.values()) / MEGABYTE
    packed = max(sum(info.compress_size for info in members.values()), 1)
    ratio = total_mb * MEGABYTE / packed
    pack_again = "请只压缩来件本身后重新提交"
    checks = (
        (not members, "压缩包是空的", "请重新压缩后提交"),
        (bool(escaping), f"含越出文件夹的路径：{'、'.join(escaping[:3])}", pack_again),
        (len(members) > limit("archive", "max_members"), f"含 {len(members)} 个文件，过多", pack_again),
        (
            total_mb > limit("archive", "max_total_mb"),
            f"解压后达 {total_mb:.0f} MB，超过上限 {limit('archive', 'max_total_mb'):.0f} MB",
            "请拆分后提交",
        ),
        (ratio > limit("archive", "max_ratio"), f"压缩比达 {ratio:.0f} 倍，疑为压缩炸弹", pack_again),
        (
            any(info.flag_bits & _ENCRYPTED_FLAG for info in members.values()),
            "压缩包加了密码",
            "请去掉密码后提交",
        ),
    )
    return [blocked(path, what, way_out, rule=R_INT_03) for found, what, way_out in checks if found]


def _escapes(name: str) -> bool:
    plain = PurePosixPath(name.replace("\\", "/"))
    return plain.is_absolute() or ".." in plain.parts or ":" in name


def _choose(
    path: Path, taken: Sequence[str], options: ReadOptions
) -> tuple[str | None, str | None, list[Finding]]:
    """The member to read and the layer inside it that is still to be chosen."""
    leading: dict[str, str] = {}
    for suffix in _LEADING:
        for name in taken:
            if _suffix(name) == suffix:
                leading.setdefault(_stem(name) if suffix in {".shp", ".dbf"} else name, name)
    names = list(leading.values())
    asked = options.layer
    named = [name for name in names if asked in {name, PurePosixPath(name).name, PurePosixPath(name).stem}]
    if len(named) == 1:
        return named[0], None, []
    if len(names) == 1:
        return names[0], asked, []
    if not names:
        what, way_out = "压缩包里没有 Shapefile、GeoPackage 或 GeoJSON", "请核对内容；嵌套的压缩包请先解开"
    else:
        what, way_out = f"压缩包里有 {len(names)} 个图层：{'、'.join(names)}", "请用 --layer 指明一个"
    return None, None, [blocked(path, what, way_out, rule=R_INT_03)]


def _unpack(
    archive: zipfile.ZipFile,
    members: dict[str, zipfile.ZipInfo],
    names: Sequence[str],
    chosen: str,
    folder: Path,
) -> Path:
    """Write members flat under their last names; returns where the chosen one went."""
    left = int(limit("archive", "max_total_mb") * MEGABYTE)
    for name in names:
        with archive.open(members[name]) as source, (folder / PurePosixPath(name).name).open("wb") as target:
            while chunk := source.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise _TooMuch(f"解压后超过上限 {limit('archive', 'max_total_mb'):.0f} MB")
                target.write(chunk)
    return folder / PurePosixPath(chosen).name


def _left_out(path: Path, members: dict[str, zipfile.ZipInfo], taken: Sequence[str]) -> list[Finding]:
    others = [name for name in members if name not in taken and not _is_shadow(name)]
    if not others:
        return []
    listed = "、".join(others[:5]) + ("等" if len(others) > 5 else "")
    message = f"压缩包里的其他文件未取用：{listed}"
    return [blocked(path, message, "无须处理", rule=R_INT_03, severity=Severity.info)]
