"""What changed in a frame against what was read: cell by cell, and the records that tell of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from gis_service.client.frames import COLUMNS, LISTS

Record = Mapping[str, Any]
# What one edits; the others the register gives.
EDITED = tuple(
    name
    for name in COLUMNS
    if name not in {"id", "revision", "name_id", "synthetic", "valid_from", "valid_to"}
)
HEADS = ("id", "name", "column", "before", "after")


@dataclass(frozen=True, slots=True)
class Change:
    """A record that differs from what was read, with the columns that do; all of them where it is new."""

    row: int
    record: Record
    before: Record | None
    columns: tuple[str, ...]


def changes(records: Sequence[Record], seen: Mapping[str, Record]) -> Iterator[Change]:
    """The records that are new, changed, or to end; `row` counts from 0."""
    for row, record in enumerate(records):
        before = seen.get(str(record.get("id"))) if record.get("id") else None
        if before is None:
            given = tuple(name for name in EDITED if record.get(name) not in (None, []))
            yield Change(row, record, None, given)
            continue
        columns = tuple(name for name in EDITED if name in record and _differ(name, record, before))
        if columns or record.get("end"):
            yield Change(row, record, before, columns)


def _differ(name: str, record: Record, before: Record) -> bool:
    one, other = record.get(name), before.get(name)
    if name in LISTS:
        return one is not None and list(one) != list(other or ())
    return bool(one != other)


def table_of(found: Sequence[Change], index: Sequence[Any]) -> pd.DataFrame:
    """One row for each cell that differs, under the label of its row; features to end have one for `end`."""
    told: list[tuple[Any, ...]] = []
    labels: list[Any] = []
    for each in found:
        name = (each.before or each.record).get("name")
        cells = [
            (column, (each.before or {}).get(column), each.record.get(column)) for column in each.columns
        ]
        if each.record.get("end"):
            cells.append(("end", False, True))
        told.extend((each.record.get("id"), name, *cell) for cell in cells)
        labels.extend(index[each.row] for _ in cells)
    return pd.DataFrame(told, columns=list(HEADS), index=pd.Index(labels, name="行"), dtype=object)


def to_send(change: Change) -> dict[str, Any]:
    """A record as a batch wants it: what differs, which feature is meant, and as of which revision."""
    record = change.record
    kept = {"change", "end", "reason", "id", "revision", "synthetic"} | set(change.columns)
    if change.before is not None:
        kept |= {"name"}
    if change.columns and {"lon", "lat"} & set(change.columns) and "geometry" not in change.columns:
        kept |= {"lon", "lat"}
    elif "geometry" in change.columns:
        kept -= {"lon", "lat"}
    sent = {name: record[name] for name in kept if record.get(name) is not None}
    if sent.get("division") and "divisions" not in change.columns:
        sent.pop("divisions", None)
    return sent
