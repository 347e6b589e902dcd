"""Keeping what was traced from a scan or taken from a delivery, beside its source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import shapely
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.transaction import Transaction
from gis_service.registers.archives.commands.keeping import as_element
from gis_service.registers.archives.commands.reaching import require_reach_of_item
from gis_service.registers.archives.models import ArchiveFile, ArchiveItem, TracedVector


@dataclass(frozen=True, slots=True)
class Traced:
    """A shape in the storage system (lon/lat), what it shows, and within how many metres it is right."""

    geometry: BaseGeometry
    kind: str
    name: str | None = None
    accuracy_m: float | None = None


def record_vectors(
    tx: Transaction,
    item: ArchiveItem,
    shapes: Sequence[Traced],
    *,
    source: ArchiveFile | None,
    instrument_id: UUID,
) -> None:
    """Keep traced shapes with an item; `source` is the scan or image they were traced from.

    Raises:
        InvalidInput: nothing was traced, or a shape is empty or beyond the Earth.
        NotPermitted: see `require_reach`.
    """
    require_reach_of_item(tx, item.id)
    _require_shapes(shapes)
    for each in shapes:
        tx.session.add(
            TracedVector(
                item_id=item.id,
                kind=each.kind,
                name=each.name,
                geom=as_element(shapely.force_2d(each.geometry)),
                accuracy_m=each.accuracy_m,
                source_id=source and source.item_id,
                source_sha256=source and source.sha256,
                instrument_id=instrument_id,
            )
        )
    tx.session.flush()
    after = {"shapes": len(shapes), "kinds": sorted({each.kind for each in shapes})}
    after |= {"source": source and source.sha256}
    tx.journal("archives.trace", item.number, instrument_id=instrument_id, after=after, item=item.id)


def _require_shapes(shapes: Sequence[Traced]) -> None:
    if not shapes:
        raise InvalidInput("文件中没有图形", way_out="请核对文件和图层")
    for number, each in enumerate(shapes, start=1):
        west, south, east, north = each.geometry.bounds if not each.geometry.is_empty else (999.0,) * 4
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise InvalidInput(f"第 {number} 个图形为空，或坐标超出取值", way_out="请核对图形和坐标系")
        if each.accuracy_m is not None and each.accuracy_m <= 0:
            raise InvalidInput("点位精度应为正数（米）", way_out="不知精度的可以不写")
