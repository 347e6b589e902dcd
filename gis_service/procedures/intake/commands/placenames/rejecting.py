"""Rows that were left out, written as they came with the reason, to be put right and handed in again."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from gis_service.procedures.intake.commands.placenames.opening import PlaceList

REASON, ROW = "未装入的理由", "原行号"


def write_refused(path: Path, listed: PlaceList, refused: Mapping[int, str]) -> None:
    """A table with the heads of the list, and two columns more: in which row it stood, and why not."""
    stream = listed.stream
    if stream.rows is None:
        return
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*stream.heads, ROW, REASON])
        for row in stream.rows():
            if row.number in refused:
                writer.writerow([*row.cells, row.number, refused[row.number]])
