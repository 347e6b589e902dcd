"""Write `characters.csv` and `variants.csv` from the Unihan database and OpenCC.

    python data/placenames/extract_characters.py FOLDER

FOLDER holds `Unihan_OtherMappings.txt` and `Unihan_Variants.txt`, unpacked from Debian's `unicode-data`; the
package `opencc` of PyPI must be installed where this runs. The manifests beside the tables name versions and
checksums. The same input gives the same bytes. The service itself needs neither.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

HERE = Path(__file__).resolve().parent
LAST_OF_LEVEL = {1: 3500, 2: 6500, 3: 8105}
IDEOGRAPHS = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0x20000, 0x2F800), range(0x30000, 0x323B0))
TRADITIONAL = ("kSimplifiedVariant",)
VARIANT = ("kZVariant", "kSemanticVariant")

Fields = Mapping[str, Mapping[str, list[str]]]  # field → character → characters
Simplify = Callable[[str], str]


def entries(lines: Iterable[str]) -> Iterator[tuple[str, str, list[str]]]:
    """Character, field and values of each line of a Unihan file; sources behind `<` are left off."""
    for line in lines:
        if line.startswith("U+"):
            point, field, values = line.rstrip("\n").split("\t")
            yield character(point), field, [value.partition("<")[0] for value in values.split()]


def character(point: str) -> str:
    """U+4E00 → 一."""
    return chr(int(point[2:], 16))


def point(char: str) -> str:
    """一 → U+4E00."""
    return f"U+{ord(char):04X}"


def numbers(lines: Iterable[str]) -> dict[str, int]:
    """The characters of 通用规范汉字表 with their numbers, in their order (field kTGH, `2013:number`)."""
    found = {
        char: int(value.removeprefix("2013:"))
        for char, field, values in entries(lines)
        if field == "kTGH"
        for value in values
    }
    return dict(sorted(found.items(), key=lambda item: item[1]))


def level(number: int) -> int:
    """The level of a number in the table."""
    return next(level for level, last in LAST_OF_LEVEL.items() if number <= last)


def variants(lines: Iterable[str]) -> Fields:
    """Fields of `Unihan_Variants.txt` that are used here."""
    fields: dict[str, dict[str, list[str]]] = {name: {} for name in (*TRADITIONAL, *VARIANT)}
    for char, field, values in entries(lines):
        if field in fields:
            fields[field][char] = [character(value) for value in values]
    return fields


def both_ways(fields: Fields, names: Iterable[str]) -> dict[str, set[str]]:
    """Relations that hold in either direction, as Unihan states many of them on one side only."""
    joined: dict[str, set[str]] = defaultdict(set)
    for name in names:
        for char, others in fields[name].items():
            for other in others:
                joined[char].add(other)
                joined[other].add(char)
    return joined


def standards(
    char: str, table: Mapping[str, int], fields: Fields, simplify: Simplify
) -> tuple[str, str, str]:
    """(standard characters, kind, source) of one that is not in the table; empty where none is known.

    OpenCC goes before Unihan's simplified forms, these before Unihan's variants. Several standard characters
    of equal right are all given: which is meant, only the name can tell.
    """
    simple = simplify(char)
    if simple in table:
        return simple, _kind(char, simple, fields), "OpenCC"
    by_form = {other for other in fields["kSimplifiedVariant"].get(char, []) if other in table}
    if by_form:
        return _joined(by_form, table), "traditional", "Unihan kSimplifiedVariant"
    for name in VARIANT:
        alike = fields[name].get(char, set())
        found = {each for other in alike for each in (other, simplify(other)) if each in table}
        if found:
            return _joined(found, table), "variant", f"Unihan {name}"
    return "", "", ""


def _kind(char: str, standard: str, fields: Fields) -> str:
    """OpenCC turns variants as well as traditional characters; Unihan tells which of them one is."""
    if standard in fields["kSimplifiedVariant"].get(char, []):
        return "traditional"
    return "variant" if any(standard in fields[name].get(char, ()) for name in VARIANT) else "traditional"


def _joined(chars: Iterable[str], table: Mapping[str, int]) -> str:
    return "".join(sorted(chars, key=table.__getitem__))


def write(name: str, head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    """A table beside this script."""
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)


def main(folder: Path) -> None:
    """Write both tables."""
    from opencc import OpenCC  # only for this script

    with (folder / "Unihan_OtherMappings.txt").open(encoding="utf-8") as lines:
        table = numbers(lines)
    with (folder / "Unihan_Variants.txt").open(encoding="utf-8") as lines:
        given = variants(lines)
    fields = {**given, **{name: both_ways(given, [name]) for name in VARIANT}}
    simplify = OpenCC("t2s").convert
    write(
        "characters.csv",
        ("character", "code_point", "number", "level"),
        ((char, point(char), number, level(number)) for char, number in table.items()),
    )
    others = (chr(code) for block in IDEOGRAPHS for code in block if chr(code) not in table)
    told = ((char, *standards(char, table, fields, simplify)) for char in others)
    write(
        "variants.csv",
        ("character", "code_point", "standard", "kind", "source"),
        ((char, point(char), *rest) for char, *rest in told if rest[0]),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
