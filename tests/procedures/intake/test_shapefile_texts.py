"""Texts of a shapefile that are cut off by the width of their field, as dBASE tables have them."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from gis_service.foundation.findings import Severity
from gis_service.procedures.intake.formats import Reading, ReadOptions, read_delivery
from tests.support.deliveries import cell, frame


def _cut_field(dbf: Path, field: int, width: int) -> None:
    """Narrow the nth text field of a table to `width` bytes, cutting what does not fit."""
    content = dbf.read_bytes()
    count, header, record = struct.unpack_from("<IHH", content, 4)
    fields = bytearray(content[32 : header - 1])
    lengths = [fields[offset + 16] for offset in range(0, len(fields), 32)]
    start = 1 + sum(lengths[:field])
    fields[field * 32 + 16] = width
    rows = [content[header + index * record : header + (index + 1) * record] for index in range(count)]
    cut = [row[: start + width] + row[start + lengths[field] :] for row in rows]
    head = bytearray(content[:32])
    struct.pack_into("<H", head, 10, record - lengths[field] + width)
    dbf.write_bytes(bytes(head) + bytes(fields) + content[header - 1 : header] + b"".join(cut) + b"\x1a")


@pytest.fixture
def written(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A shapefile of two units in the codec asked for, with a note beside code and name."""
    path = tmp_path / "units.shp"
    given = frame([cell(0), cell(1)])
    given["note"] = ["沿江三镇", "沿海"]
    given.to_file(path, encoding=request.param)
    return path


def _cut_findings(reading: Reading) -> list[str]:
    return [f.message for f in reading.findings if f.severity is Severity.warning and "被截断" in f.message]


@pytest.mark.parametrize(("written", "width"), [("GB18030", 7), ("UTF-8", 10)], indirect=["written"])
def test_a_text_cut_off_in_a_character_is_read_up_to_it_and_told(written: Path, width: int) -> None:
    names = [field for field in read_delivery(written).frame.columns if field != "geometry"]
    _cut_field(written.with_suffix(".dbf"), names.index("note"), width)
    reading = read_delivery(written, ReadOptions())
    assert reading.frame is not None
    assert list(reading.frame["note"]) == ["沿江三", "沿海"]
    [message] = _cut_findings(reading)
    assert "“note”列有 1 处" in message
    assert "第1行" in message


@pytest.mark.parametrize("written", ["GB18030", "UTF-8"], indirect=True)
def test_whole_texts_raise_no_doubt(written: Path) -> None:
    assert _cut_findings(read_delivery(written)) == []
