"""Names to Latin letters: the rules of this house beside bare pypinyin, which knows no words of names."""

from __future__ import annotations

from collections.abc import Iterator

from pypinyin import Style, lazy_pinyin

from benchmarks.figures import Figure, agree, repeated
from benchmarks.scene import Scene
from gis_service.registers.placenames.rules.romanization import romanize
from gis_service.registers.placenames.rules.romanization.tables import units

NAMES = 20_000
NAMES_PER_S = 10_000  # the target
ENDINGS = ("村", "镇", "路", "大桥", "东街", "水库", "社区", "山")


def measure(scene: Scene) -> Iterator[Figure]:
    """Spellings, splits and doubts of distinct names made from those of units."""
    names = _names()
    romanize(names[0], "32")  # tables are read once for a process
    ours, told = repeated(lambda: [romanize(name, "32") for name in names], scene.runs)
    lazy_pinyin(names[0])
    theirs, bare = repeated(lambda: [lazy_pinyin(name, style=Style.TONE) for name in names], scene.runs)
    agree(len(told) == len(bare), "how many names are spelled")
    per_s, bare_per_s = (round(NAMES / each.median) for each in (ours, theirs))
    yield Figure(
        what="names to Latin letters",
        size=f"{NAMES:,} names",
        ours_s=ours.median,
        baseline="pypinyin alone: syllables, no words, no doubts",
        baseline_s=theirs.median,
        runs=scene.runs,
        target_s=NAMES / NAMES_PER_S,
        note=f"{per_s:,} names/s, pypinyin {bare_per_s:,}; {sum(each.doubtful for each in told):,} doubtful",
    )


def _names() -> list[str]:
    """Distinct names: stems of units with the endings of villages, roads and features."""
    stems = sorted({name[:-1] for name in units()})
    made = dict.fromkeys(stem + ending for ending in ENDINGS for stem in stems)
    return list(made)[:NAMES]
