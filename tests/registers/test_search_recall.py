"""The bands of the index leave nothing out: what they give is what looking at all names gives."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

import pytest
from shapely.geometry import Point
from sqlalchemy.orm import Session

from gis_service.foundation.transaction import Transaction
from gis_service.reactions import react
from gis_service.registers.placenames.commands import NewFeature, NewName, NewShape, enter_features
from gis_service.registers.placenames.models import NameKind, ShapeRole
from gis_service.registers.placenames.queries.searching import Limits, search
from gis_service.registers.placenames.rules.searching import forms_of
from gis_service.registers.placenames.rules.searching.bands import (
    FINE,
    LENGTHS,
    LEVELS,
    band_of,
    bands_anywhere,
    level_ranks,
    rank_of,
)
from tests.support.factories import BEGINNING, an_act

TODAY = date(2024, 1, 1)
EVERYWHERE = Limits(box=(110.0, 30.0, 120.0, 35.0))  # so few names lie within that all are looked at
SPECIFIC = [
    "王家",
    "李家",
    "太平",
    "和平",
    "新",
    "大",
    "东",
    "西山",
    "龙泉",
    "罘罳",
    "趵突",
    "昺",
    "南京",
    "张庄",
    "石桥",
    "上",
]
GENERIC = [
    "村",
    "村民委员会",
    "社区居委会",
    "庄",
    "庄村",
    "店",
    "大桥",
    "河",
    "山",
    "路",
    "市",
    "县",
    "镇",
    "峪",
]
CLASSES = ("21300", "21400", "21500", "21610", "22200", "23514", "12100", "13410")
PARTS = ["家村", "新庄", "村民", "庄村", "山", "罳", "上", "昺村", "大桥", "泉社", "东王"]


def corpus(chance: random.Random) -> Iterator[NewFeature]:
    for _ in range(1_500):
        names = [
            NewName("".join((*chance.choices(SPECIFIC, k=chance.choice((1, 1, 2))), chance.choice(GENERIC))))
        ]
        if chance.random() < 0.3:
            names.append(NewName(chance.choice(SPECIFIC) + chance.choice(GENERIC), NameKind.former))
        place = Point(chance.uniform(111, 119), chance.uniform(31, 34))
        yield NewFeature(tuple(names), chance.choice(CLASSES), (), (NewShape(ShapeRole.point, place),))


def asked(chance: random.Random, names: list[str]) -> Iterator[str]:
    yield from PARTS
    for name in chance.sample(names, 60):
        at, forms = chance.randrange(max(len(name) - 1, 1)), forms_of(name)
        told = (name, name[at : at + 2], name[at : at + 3], forms.pinyin, forms.initials, forms.pinyin[:5])
        yield chance.choice((*told, name[:1] + "圆" + name[2:], name[:2]))


@pytest.fixture
def names(tx: Transaction) -> list[str]:
    object.__setattr__(tx, "react", react)
    features = list(corpus(random.Random(7)))
    enter_features(tx, features, on=BEGINNING, instrument_id=an_act(tx, "宁政发〔2021〕3号"))
    tx.session.flush()
    return [feature.names[0].text for feature in features]


def told(session: Session, question: str, limits: Limits, *, limit: int) -> list[tuple[str, str]]:
    """All pages, one after the other, up to a thousand hits."""
    hits: list[tuple[str, str]] = []
    after: str | None = None
    while True:
        page = search(session, question, on=TODAY, limits=limits, limit=limit, after=after)
        hits += [(hit.name_id, hit.match_kind) for hit in page.hits]
        after = page.after
        if after is None or len(hits) >= 1_000:
            return hits


@pytest.mark.parametrize("limit", [7, 100])
def test_bands_give_what_looking_at_every_name_gives(tx: Transaction, names: list[str], limit: int) -> None:
    many = 0
    for question in asked(random.Random(limit), names):
        by_bands = told(tx.session, question, Limits(), limit=limit)
        assert by_bands == told(tx.session, question, EVERYWHERE, limit=limit), question
        many += len(by_bands) > limit
    assert many > 10  # of several pages


def test_bands_stand_in_the_order_of_ranks() -> None:
    ranks = sorted(
        rank_of(name, weight, is_standard=standard)
        for name in ("东", "王村", "青山村", "下王家村", "龙泉村民委员会", "魏")
        for weight in (100, 90, 80, 70, 65, 60, 55, 50, 40, 1)
        for standard in (True, False)
    )
    for bands in (LEVELS, LENGTHS, FINE):
        told_bands = [band_of(rank, bands) for rank in ranks]
        assert 0 <= min(told_bands) <= max(told_bands) < bands
    by_step = [rank for rank in ranks if 127 - (rank >> 12 & 127) in {100, 65, 55, 40}]  # one weight a step
    for bands in (LEVELS, LENGTHS, FINE):
        assert [band_of(rank, bands) for rank in by_step] == sorted(band_of(rank, bands) for rank in by_step)
    assert len(level_ranks()) == LEVELS + 1


def test_frequent_parts_have_more_bands() -> None:
    assert [bands_anywhere(part) for part in ("家村", "罳", "趵突")] == [FINE, LEVELS, LEVELS]
    assert bands_anywhere("一分") == LENGTHS
