"""The tables of characters are whole, agree with each other, and follow from their sources as described."""

import csv
import importlib.util
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "data" / "placenames"


def rows(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("extract_characters", FOLDER / "extract_characters.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_table_has_8105_distinct_characters_numbered_without_a_gap():
    table = rows("characters.csv")
    assert [int(row["number"]) for row in table] == list(range(1, 8106))
    assert len({row["character"] for row in table}) == 8105
    assert Counter(row["level"] for row in table) == {"1": 3500, "2": 3000, "3": 1605}
    assert [row["level"] for row in table] == sorted(row["level"] for row in table)


@pytest.mark.parametrize(
    ("character", "level"),
    [(char, "3") for char in "楞琊埇瀍浉硚猇晖浈邡鄠𠙶𬭁㙍𣲗"] + [("一", "1"), ("蠹", "2")],
)
def test_levels_known_from_elsewhere_agree(character, level):
    (found,) = (row for row in rows("characters.csv") if row["character"] == character)
    assert (found["level"], found["character"]) == (level, character)


def test_variants_lead_from_outside_the_table_into_it():
    table = {row["character"] for row in rows("characters.csv")}
    variants = rows("variants.csv")
    assert len({row["character"] for row in variants}) == len(variants)
    assert not {row["character"] for row in variants} & table
    assert all(row["standard"] and set(row["standard"]) <= table for row in variants)
    assert {row["kind"] for row in variants} == {"traditional", "variant"}


@pytest.mark.parametrize("name", ["characters", "variants"])
def test_code_points_and_counts_are_those_told(name):
    table = rows(f"{name}.csv")
    manifest = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    assert manifest["dataset"]["rows"] == len(table)
    assert all(row["code_point"] == f"U+{ord(row['character']):04X}" for row in table)
    guide = (FOLDER / "README.md").read_text(encoding="utf-8")
    (told,) = (line for line in guide.splitlines() if line.startswith(f"| `{name}.csv` |"))
    assert f"| {len(table):,} |" in told


LINES = """# a comment
U+5CEF\tkSemanticVariant\tU+5CF0<kMatthews
U+95CA\tkSimplifiedVariant\tU+9614
U+6FF6\tkSemanticVariant\tU+95CA
U+37E2\tkSemanticVariant\tU+5D0E U+57FC
U+4E00\tkTGH\t2013:1
U+9614\tkTGH\t2013:2700
U+37E2\tkSpoofingVariant\tU+4E00
"""


def test_the_script_reads_unihan_as_its_guide_says(script):
    lines = LINES.splitlines(keepends=True)
    assert script.numbers(lines) == {"一": 1, "阔": 2700}
    assert [script.level(number) for number in (1, 3500, 3501, 6500, 6501, 8105)] == [1, 1, 2, 2, 3, 3]
    given = script.variants(lines)
    fields = {**given, **{name: script.both_ways(given, [name]) for name in script.VARIANT}}
    table = {"峰": 1, "阔": 2, "埼": 3, "崎": 4}

    def simplify(char):
        return {"闊": "阔"}.get(char, char)

    assert script.standards("闊", table, fields, simplify) == ("阔", "traditional", "OpenCC")
    assert script.standards("闊", table, fields, str)[1:] == ("traditional", "Unihan kSimplifiedVariant")
    assert script.standards("濶", table, fields, simplify) == ("阔", "variant", "Unihan kSemanticVariant")
    assert script.standards("峯", table, fields, {"峯": "峰"}.get) == ("峰", "variant", "OpenCC")
    assert script.standards("㟢", table, fields, simplify)[0] == "埼崎"  # only the name can tell
    assert script.standards("𠮷", table, fields, simplify) == ("", "", "")
