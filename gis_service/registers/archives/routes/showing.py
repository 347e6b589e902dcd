"""What is told of archives, made of rows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

import shapely
from sqlalchemy.orm import Session

from gis_service.foundation.crs import GEOJSON_DECIMALS
from gis_service.foundation.readings import note_reading
from gis_service.registers.archives.queries import Coverage, ImageOnLine, Inventory, ToldItem, details_of
from gis_service.registers.archives.queries.coverage import Stretch
from gis_service.registers.archives.queries.telling import classification_with
from gis_service.registers.archives.rules import expires_on
from gis_service.registers.archives.schemas import (
    AboutOut,
    AppraisalOut,
    ArchiveDetailOut,
    ArchiveFileOut,
    ArchiveItemOut,
    CorrectionOut,
    GeoreferenceOut,
    ImageOnLineOut,
    ImageOut,
    LineArchivesOut,
    StretchOut,
    VectorOut,
)
from gis_service.registers.markers.schemas import LineNamedOut


def item_out(told: ToldItem) -> ArchiveItemOut:
    """An item as a list tells it."""
    return ArchiveItemOut(**_known(told))


def _known(told: ToldItem) -> dict[str, Any]:
    item = told.item
    plain = ("id", "number", "title", "kind", "retention", "dated_on", "issuer", "pages", "medium", "note")
    return {name: getattr(item, name) for name in plain} | {
        "group": item.fonds,
        "kept_until": expires_on(item.retention, item.dated_on),
        "instrument": told.instrument,
        "classification": told.classification,
        "lines": [LineNamedOut.model_validate(line) for line in told.lines],
        "markers": [AboutOut(id=each.id, name=each.number) for each in told.markers],
        "tri_points": [AboutOut(id=each.id, name=each.name) for each in told.tri_points],
        "files": [ArchiveFileOut.model_validate(file) for file in told.files],
    }


def detail_out(session: Session, told: ToldItem) -> ArchiveDetailOut:
    """An item with all that is on record of it; that it was read is noted."""
    details = details_of(session, told.item)
    kept = classification_with(session, told, details)
    note_reading(session, kept, told.item.number)
    known = _known(told) | {"classification": kept}
    return ArchiveDetailOut(
        **known,
        images=[_image(row, shape) for row, shape in details.images],
        georeferences=[GeoreferenceOut.model_validate(row) for row in details.georeferences],
        vectors=[_vector(row, shape) for row, shape in details.vectors],
        appraisals=[AppraisalOut.model_validate(row) for row in details.appraisals],
        corrections=[CorrectionOut.model_validate(row) for row in details.corrections],
    )


def _image(row: Any, shape: Any) -> ImageOut:
    plain = ("sha256", "captured_on", "resolution_m", "crs")
    return ImageOut(footprint=_geojson(shape), **{name: getattr(row, name) for name in plain})


def _vector(row: Any, shape: Any) -> VectorOut:
    plain = ("id", "kind", "name", "accuracy_m", "source_sha256")
    return VectorOut(geometry=_geojson(shape), **{name: getattr(row, name) for name in plain})


def _geojson(shape: Any) -> dict[str, Any]:
    rounded = shapely.transform(shape, lambda xy: xy.round(GEOJSON_DECIMALS))
    told: dict[str, Any] = json.loads(shapely.to_geojson(rounded))
    return told


def line_out(inventory: Inventory, coverage: Coverage, *, on: date) -> LineArchivesOut:
    """What is on file of a line, with what is missing; gaps between images only where there are images."""
    findings = [*inventory.findings, *(coverage.findings if coverage.images else ())]
    return LineArchivesOut(
        on=on,
        line=LineNamedOut.model_validate(inventory.line),
        items=[item_out(each) for each in inventory.items],
        kinds=dict(inventory.kinds),
        pages=inventory.pages,
        findings=[finding.as_json() for finding in findings],
        images=[image_out(each) for each in coverage.images],
        gaps=stretches_out(coverage.gaps),
    )


def image_out(each: ImageOnLine) -> ImageOnLineOut:
    """An image along a line."""
    item, image = each.told.item, each.image
    return ImageOnLineOut(
        item=item.id,
        number=item.number,
        title=item.title,
        sha256=image.sha256,
        captured_on=image.captured_on,
        resolution_m=image.resolution_m,
        stretches=stretches_out(each.stretches),
    )


def stretches_out(stretches: Iterable[Stretch]) -> list[StretchOut]:
    """Stretches of a line, to the millimetre."""
    return [StretchOut(from_m=round(start, 3), to_m=round(stop, 3)) for start, stop in stretches]
