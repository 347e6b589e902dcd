"""Every data file says where it comes from, and is what its manifest says."""

import hashlib
import importlib.metadata
import struct
import tomllib
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
DATASETS = sorted((REPOSITORY / "data" / "boundaries").glob("*.toml"))
FOLDERS = [
    REPOSITORY / "data" / "boundaries" / "lines",
    REPOSITORY / "data" / "placenames",
    REPOSITORY / "gis_service" / "registers" / "divisions" / "reference",
    REPOSITORY / "tests" / "data" / "fixtures",
]
FILE_MANIFESTS = [path for folder in FOLDERS for path in sorted(folder.glob("*.toml"))]
DATA_SUFFIXES = {".csv", ".geojson", ".gpkg", ".zip", ".shp", ".json"}

KEYS = {
    "dataset": (
        {"id", "title", "level", "valid_on", "licence", "statement"},
        {"units", "accuracy_m", "known_defects"},
    ),
    "source": (
        {"package", "version", "layer", "format", "crs", "licence", "sha256"},
        {"homepage", "path", "encoding"},
    ),
    "columns": (
        {"code", "name"},
        {"prefecture_code", "prefecture_name", "province_code", "province_name"},
    ),
    "select": ({"provinces"}, set()),
    "split": ({"unit", "line", "left", "right"}, set()),
    "restate": ({"code", "becomes"}, set()),
}


def read(path):
    return tomllib.loads(path.read_text(encoding="utf-8"))


def layer_folder(source):
    return Path(str(files(source["package"].replace("-", "_")))) / "data" / "china" / source["layer"]


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_there_are_datasets_and_file_manifests():
    assert len(DATASETS) == 4
    assert len(FILE_MANIFESTS) == 9


@pytest.mark.parametrize("path", DATASETS, ids=lambda path: path.stem)
def test_a_dataset_manifest_has_the_keys_described_and_no_other(path):
    manifest = read(path)
    assert {"dataset", "source", "columns"} <= set(manifest) <= set(KEYS)
    for key, value in manifest.items():
        required, optional = KEYS[key]
        for table in value if isinstance(value, list) else [value]:
            assert required <= set(table) <= required | optional, key


@pytest.mark.parametrize("path", DATASETS, ids=lambda path: path.stem)
def test_a_dataset_names_date_licence_crs_and_legal_force(path):
    manifest = read(path)
    assert manifest["dataset"]["id"] == path.stem
    assert type(manifest["dataset"]["valid_on"]) is date
    assert manifest["dataset"]["licence"] == manifest["source"]["licence"] == "MIT"
    assert manifest["source"]["crs"].startswith("EPSG:")
    for text in (manifest["source"]["package"], manifest["source"]["version"], "无法律效力"):
        assert text in manifest["dataset"]["statement"]


@pytest.mark.parametrize("path", DATASETS, ids=lambda path: path.stem)
def test_the_installed_package_is_the_one_the_dataset_was_made_for(path):
    source = read(path)["source"]
    assert importlib.metadata.version(source["package"]) == source["version"]
    folder = layer_folder(source)
    assert {name: sha256(folder / name) for name in source["sha256"]} == source["sha256"]


@pytest.mark.parametrize("name", ["national-tianditu", "national-amap"])
def test_a_national_layer_has_a_row_and_a_geometry_for_each_unit_announced(name):
    manifest = read(REPOSITORY / "data" / "boundaries" / f"{name}.toml")
    folder = layer_folder(manifest["source"])
    (geometries,) = struct.unpack("<I", (folder / "cn_district.bin").read_bytes()[:4])
    rows = (folder / "cn_district.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert geometries == len(rows) == manifest["dataset"]["units"]


@pytest.mark.parametrize("path", FILE_MANIFESTS, ids=lambda path: path.stem)
def test_checksums_of_committed_files_hold(path):
    recorded = read(path)["files"]
    assert recorded
    assert {name: sha256(path.parent / name) for name in recorded} == recorded


@pytest.mark.parametrize("path", FILE_MANIFESTS, ids=lambda path: path.stem)
def test_a_committed_file_names_its_sources_with_version_licence_and_checksum(path):
    manifest = read(path)
    assert {"id", "title", "licence", "statement"} <= set(manifest["dataset"])
    assert {"valid_on", "valid_before"} & set(manifest["dataset"])
    assert manifest["sources"]
    for source in manifest["sources"]:
        assert {"package", "registry", "version", "licence", "sha256"} <= set(source)
        assert all(len(checksum) == 64 for checksum in source["sha256"].values())


def test_every_committed_data_file_has_a_manifest():
    roots = [REPOSITORY / "data" / "boundaries", *FOLDERS[1:]]
    committed = {path for root in roots for path in root.rglob("*") if path.suffix in DATA_SUFFIXES}
    described = {path.parent / name for path in FILE_MANIFESTS for name in read(path)["files"]}
    assert committed == described


def test_the_guide_lists_every_dataset():
    guide = (REPOSITORY / "data" / "boundaries" / "README.md").read_text(encoding="utf-8")
    assert all(f"| `{path.name}` |" in guide for path in DATASETS)
