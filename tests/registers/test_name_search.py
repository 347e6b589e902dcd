"""Names found by whatever somebody types: one list, the best first, and nothing that may not be known."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from shapely.geometry import Point
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from gis_service.foundation.access import ANONYMOUS
from gis_service.foundation.errors import Conflict, InvalidInput
from gis_service.foundation.standing import WORK_ROLE, stand_before
from gis_service.foundation.transaction import Transaction
from gis_service.reactions import react
from gis_service.registers.boundaries.models import Extent
from gis_service.registers.instruments.models import Instrument
from gis_service.registers.placenames.commands import (
    EndFeature,
    NewFeature,
    NewName,
    NewShape,
    Rename,
    Seen,
    edit_features,
    enter_features,
)
from gis_service.registers.placenames.models import Feature, NameKind, ShapeRole
from gis_service.registers.placenames.queries.searching import Found, Limits, near, search
from gis_service.registers.placenames.queries.searching.function import CAP
from tests.support.factories import BEGINNING, NOW, an_act, drawn

TODAY, LATER = date(2024, 1, 1), date(2022, 5, 1)
UNITS = {"A": ("320102", "甲区"), "B": ("320104", "乙区")}
# name, class, other names (kind, text), unit, lon, lat
NAMES: tuple[tuple[str, str, tuple[tuple[NameKind, str], ...], str, float, float], ...] = (
    ("南京市", "21300", ((NameKind.former, "江宁府"), (NameKind.short, "宁")), "A", 118.80, 32.06),
    ("南京", "22200", (), "A", 118.81, 32.05),
    ("南京路", "23514", (), "B", 118.90, 32.07),
    ("小南京村", "22200", (), "B", 118.95, 32.08),
    ("沈阳市", "21300", (), "A", 118.70, 32.01),
    ("朝阳区", "21400", (), "A", 118.71, 32.02),
    ("朝阳村", "22200", (), "B", 118.72, 32.03),
    ("昭阳湖", "12200", (), "B", 118.73, 32.04),
    ("西安市", "21300", (), "A", 118.74, 32.05),
    ("仙村", "22200", (), "A", 118.75, 32.05),
    ("大新庄村", "22200", ((NameKind.alias, "老庄"),), "A", 118.76, 32.05),
    ("呼和浩特市", "21300", ((NameKind.minority, "Hohhot"),), "B", 118.77, 32.05),
    ("延边朝鲜族自治州", "21300", (), "B", 118.78, 32.05),
    ("𨭎水村", "22200", (), "A", 118.79, 32.05),
    ("G318国道", "23212", (), "A", 118.80, 32.04),
    ("百分%村_", "22200", (), "A", 118.80, 32.03),
    ("重庆路", "23514", (), "B", 118.80, 32.02),
    ("淮阴区", "21400", (), "B", 118.80, 32.01),
)

# what is typed, what must come first, and why
QUESTIONS = (
    ("南京市", "南京市", "exact"),
    ("南京", "南京市", "unit_without_type"),
    ("朝阳", "朝阳区", "unit_without_type"),
    ("延边", "延边朝鲜族自治州", "unit_without_type"),
    ("呼和", "呼和浩特市", "prefix"),
    ("浩", "呼和浩特市", "inner"),
    ("新庄", "大新庄村", "inner"),
    ("庄村", "大新庄村", "inner"),
    ("新庄村", "大新庄村", "inner"),
    ("淮阴市", "淮阴区", "other_type"),
    ("瀋陽市", "沈阳市", "exact"),
    ("沈陽", "沈阳市", "unit_without_type"),
    ("江宁府", "南京市", "exact"),
    ("寧", "南京市", "exact"),
    ("老庄", "大新庄村", "exact"),
    ("呼和浩持市", "呼和浩特市", "slip"),
    ("呼和浩持", "呼和浩特市", "slip"),
    ("呼浩特市", "呼和浩特市", "slip"),
    ("呼和浩浩特市", "呼和浩特市", "slip"),
    ("呼浩和特市", "呼和浩特市", "slip"),
    ("大心庄村", "大新庄村", "slip_same_sound"),
    ("怀音区", "淮阴区", "same_sound"),
    ("nanjing", "南京市", "pinyin"),
    ("nánjīng", "南京市", "pinyin"),
    ("nan2 jing1 shi4", "南京市", "pinyin"),
    ("NanJing Shi", "南京市", "pinyin"),
    ("xi'an", "西安市", "pinyin"),
    ("xi an", "西安市", "pinyin"),
    ("chongqinglu", "重庆路", "pinyin"),
    ("南jing", "南京市", "mixed"),
    ("nan京市", "南京市", "mixed"),
    ("hhhts", "呼和浩特市", "initials"),
    ("hhht", "呼和浩特市", "initials"),
    ("huhe", "呼和浩特市", "pinyin_prefix"),
    ("huhehaoteshe", "呼和浩特市", "pinyin_slip"),
    ("huheaote", "呼和浩特市", "pinyin_slip"),
    ("hohhot", "呼和浩特市", "exact"),
    ("g318", "G318国道", "prefix"),
    ("３１８国道", "G318国道", "inner"),
    ("𨭎水", "𨭎水村", "prefix"),
    ("𨭎", "𨭎水村", "prefix"),
    ("百分村", "百分%村_", "exact"),
)


@pytest.fixture
def units(tx: Transaction) -> dict[str, UUID]:
    object.__setattr__(tx, "react", react)
    return drawn(tx, "AABB AABB", UNITS)


@pytest.fixture
def act(tx: Transaction) -> UUID:
    return an_act(tx, "宁政发〔2021〕1号")


@pytest.fixture
def places(tx: Transaction, units: dict[str, UUID], act: UUID) -> dict[str, UUID]:
    """The names above, each a feature of its own, found by their ids."""
    new = [
        NewFeature(
            (NewName(name), *(NewName(other, kind) for kind, other in others)),
            class_code,
            (units[unit],),
            (NewShape(ShapeRole.point, Point(lon, lat)),),
        )
        for name, class_code, others, unit, lon, lat in NAMES
    ]
    ids = enter_features(tx, new, on=BEGINNING, instrument_id=act)
    tx.session.flush()
    return {name: id_ for (name, *_), id_ in zip(NAMES, ids, strict=True)}


def found(tx: Transaction, question: str, *, on: date = TODAY, **limits: Any) -> Found:
    return search(tx.session, question, on=on, limits=Limits(**limits), limit=50)


def told(tx: Transaction, question: str, **more: Any) -> list[tuple[str, str]]:
    return [(hit.name, hit.match_kind) for hit in found(tx, question, **more).hits]


def test_each_kind_of_question_finds_its_place_first(tx: Transaction, places: dict[str, UUID]) -> None:
    for question, first, kind in QUESTIONS:
        hit = found(tx, question).hits[0]
        assert (question, hit.name, hit.match_kind) == (question, first, kind)
        assert UUID(hit.id) == places[first]
        assert hit.matched_on in hit.why_zh


@pytest.mark.usefixtures("places")
def test_a_character_of_several_sounds_is_asked_by_each(tx: Transaction, act: UUID) -> None:
    new = [NewFeature((NewName(name),), "21300") for name in ("邯郸市", "长乐市")]
    enter_features(tx, new, on=BEGINNING, instrument_id=act)
    assert told(tx, "邯单")[0] == ("邯郸市", "same_sound")  # 单 is read shàn in names of counties
    assert told(tx, "常乐市")[0] == ("长乐市", "slip_same_sound")


@pytest.mark.usefixtures("places")
def test_better_matches_come_first_then_standard_names_then_weight_then_length(tx: Transaction) -> None:
    assert told(tx, "南京") == [
        ("南京市", "unit_without_type"),
        ("南京", "exact"),
        ("南京路", "prefix"),
        ("小南京村", "inner"),
    ]
    assert [name for name, _ in told(tx, "朝阳")] == ["朝阳区", "朝阳村"]
    assert told(tx, "zhaoyang")[0] == ("昭阳湖", "pinyin_prefix")
    assert [hit.score for hit in found(tx, "南京").hits] == sorted(
        (hit.score for hit in found(tx, "南京").hits), reverse=True
    )


@pytest.mark.usefixtures("places")
def test_toneless_parted_pinyin_finds_no_name_parted_otherwise(tx: Transaction) -> None:
    assert ("仙村", "pinyin") not in told(tx, "xi an cun")
    assert told(tx, "xian1cun1")[0] == ("仙村", "pinyin")
    assert told(tx, "xian4cun1") == []


@pytest.mark.usefixtures("places")
def test_unknown_is_said_and_nothing_guessed(tx: Transaction) -> None:
    for question in ("龘", "不存在之地", "qqqqq", "xyzzy", "鑫鑫鑫鑫", "南北京城"):
        answer = found(tx, question)
        assert (question, answer.hits, answer.unknown) == (question, (), True)
        assert answer.hint


@pytest.mark.usefixtures("places")
def test_signs_are_no_names_and_signs_of_sql_are_characters(tx: Transaction) -> None:
    for question in ("%", "_", "  ", "''", "、。", "\\", "--", "·"):
        with pytest.raises(InvalidInput):
            found(tx, question)
    for question in ("南_", "%京", "南京' OR 1=1", "{南京}", "南\\京市"):
        assert not {"朝阳区", "沈阳市"} & {hit.name for hit in found(tx, question).hits}


@pytest.mark.usefixtures("places")
def test_limits_let_through_what_lies_within_them(tx: Transaction, units: dict[str, UUID]) -> None:
    assert [name for name, _ in told(tx, "南京", within="320104")] == ["南京路", "小南京村"]
    assert [name for name, _ in told(tx, "南京", within=units["A"])] == ["南京市", "南京"]
    assert len(told(tx, "南京", within="320000")) == 4
    assert [name for name, _ in told(tx, "南京", class_code="213")] == ["南京市"]
    assert [name for name, _ in told(tx, "南京", box=(118.85, 32.0, 119.0, 32.1))] == ["南京路", "小南京村"]
    assert [name for name, _ in told(tx, "南京", near=(118.8, 32.06), distance_m=900.0)] == ["南京市"]
    assert [name for name, _ in told(tx, "南京", near=(118.8, 32.06), distance_m=2000.0)] == [
        "南京市",
        "南京",
    ]
    assert len(told(tx, "南京", near=(118.8, 32.06))) == 3
    with pytest.raises(Conflict, match="没有写 near"):
        found(tx, "南京", distance_m=5.0)


def test_a_unit_is_shown_at_a_point_of_its_area_on_the_day(tx: Transaction, units: dict[str, UUID]) -> None:
    [hit] = [hit for hit in found(tx, "甲区").hits if hit.match_kind == "exact"]
    assert hit.lon is not None
    assert hit.lat is not None
    inside = select(func.ST_Covers(Extent.geom, func.ST_SetSRID(func.ST_MakePoint(hit.lon, hit.lat), 4490)))
    assert tx.session.scalar(inside.where(Extent.division_id == units["A"])) is True
    again = next(each for each in found(tx, "甲区").hits if each.id == hit.id)
    assert (again.lon, again.lat) == (hit.lon, hit.lat)


def rename(tx: Transaction, feature: UUID, name: str, *, on: date, act: UUID) -> None:
    seen = Seen(feature, tx.session.get_one(Feature, feature).revision)
    edit_features(tx, [Rename(seen, NewName(name), "更名")], on=on, instrument_id=act)


def test_a_place_is_found_by_the_names_of_all_days_and_told_by_that_of_the_day(
    tx: Transaction, places: dict[str, UUID]
) -> None:
    act = an_act(tx, "宁政发〔2022〕9号")
    rename(tx, places["朝阳村"], "和平村", on=LATER, act=act)
    [hit] = [hit for hit in found(tx, "朝阳村").hits if hit.match_kind == "exact"]
    assert (hit.name, hit.matched_on, hit.in_use) == ("和平村", "朝阳村", False)
    assert "未用此名" in hit.why_zh
    [then] = [hit for hit in found(tx, "朝阳村", on=BEGINNING).hits if hit.match_kind == "exact"]
    assert (then.name, then.in_use) == ("朝阳村", True)
    [early] = [hit for hit in found(tx, "和平村", on=BEGINNING).hits if hit.match_kind == "exact"]
    assert (early.name, early.in_use) == ("朝阳村", False)


def test_what_ended_is_found_where_all_is_asked_for(tx: Transaction, places: dict[str, UUID]) -> None:
    act = an_act(tx, "宁政发〔2022〕9号")
    seen = Seen(places["小南京村"], tx.session.get_one(Feature, places["小南京村"]).revision)
    edit_features(tx, [EndFeature(seen, "拆迁")], on=LATER, instrument_id=act)
    [gone] = found(tx, "小南京村").hits
    assert (gone.name, gone.match_kind, gone.exists) == ("小南京村", "exact", False)
    assert "已撤销" in str(found(tx, "小南京村").hint)
    assert "小南京村" not in [name for name, _ in told(tx, "南京")]
    assert ("小南京村", "exact") in told(tx, "小南京村", on=BEGINNING)
    [ended] = [hit for hit in found(tx, "小南京村", in_force=False).hits if hit.match_kind == "exact"]
    assert (ended.exists, ended.valid_to) == (False, LATER.isoformat())


def test_a_unit_named_before_a_name_says_where_it_is_sought(
    tx: Transaction, places: dict[str, UUID], units: dict[str, UUID]
) -> None:
    assert units
    assert found(tx, "甲区西安市").hits[0].id == str(places["西安市"])
    assert "在“甲区”范围内" in found(tx, "甲区西安市").hits[0].why_zh
    assert found(tx, "甲区西安").hits[0].id == str(places["西安市"])
    assert found(tx, "甲区重庆路").unknown
    assert found(tx, "甲区++").unknown
    assert found(tx, "乙区重庆路").hits[0].id == str(places["重庆路"])


def test_pages_neither_repeat_nor_lack_a_feature(tx: Transaction, act: UUID) -> None:
    texts = [
        f"{first}家{last}" for first in "东西南北王李张" for last in ("村", "庄", "店", "大桥", "村中街")
    ]
    new = [NewFeature((NewName(name), NewName(f"老{name}", NameKind.former)), "22200") for name in texts * 2]
    # of what is asked last, the first matches better, and the second ranks before it
    new += [NewFeature((NewName(name),), code) for name, code in (("尖砂咀", "22200"), ("煎砂咀", "21500"))]
    object.__setattr__(tx, "react", react)
    enter_features(tx, new, on=BEGINNING, instrument_id=act)
    for question in ("家", "家村", "王家村", "jia", "wjc", "wangjiacun", "王家春", "旺家村", "尖沙咀"):
        whole = search(tx.session, question, on=TODAY, limit=100)
        assert len({hit.id for hit in whole.hits}) == len(whole.hits)
        for limit in (7, 1):
            paged = paged_through(tx, question, limit=limit)
            assert paged == [hit.name_id for hit in whole.hits], (question, limit)


def paged_through(tx: Transaction, question: str, *, limit: int) -> list[str]:
    ids: list[str] = []
    after: str | None = None
    while True:
        page = search(tx.session, question, on=TODAY, limit=limit, after=after)
        ids += [hit.name_id for hit in page.hits]
        after = page.after
        if after is None:
            return ids


def test_two_villages_of_one_name_stay_two(tx: Transaction, units: dict[str, UUID], act: UUID) -> None:
    enter_features(
        tx,
        [NewFeature((NewName("新村"),), "22200", (units["A"],)) for _ in range(3)],
        on=BEGINNING,
        instrument_id=act,
    )
    assert [hit.match_kind for hit in found(tx, "新村").hits] == ["exact"] * 3


def test_names_of_hidden_acts_are_found_by_nobody_who_may_not_know_of_them(
    tx: Transaction, places: dict[str, UUID]
) -> None:
    secret = an_act(tx, "密〔2021〕7号")
    tx.session.get_one(Instrument, secret).classification = "涉密"
    enter_features(tx, [NewFeature((NewName("南京暗"),), "22200")], on=BEGINNING, instrument_id=secret)
    rename(tx, places["南京路"], "隐秘路", on=LATER, act=secret)
    tx.session.flush()
    before = [hit.name for hit in _as_anyone(tx, "南京").hits]
    assert "南京暗" not in before
    assert _as_anyone(tx, "隐秘").unknown
    assert _as_anyone(tx, "yinmi").unknown
    assert "南京暗" not in {hit.name for hit in _as_anyone(tx, "南京暗").hits}


def _as_anyone(tx: Transaction, question: str) -> Found:
    with Session(tx.session.connection(), join_transaction_mode="create_savepoint") as session:
        stand_before(session, ANONYMOUS, at=NOW)
        answer = search(session, question, on=TODAY)
    tx.session.execute(text("SET LOCAL ROLE NONE"))
    return answer


@pytest.mark.usefixtures("places")
def test_a_public_reader_is_answered_by_indexes(tx: Transaction) -> None:
    """Behind the walls an operator that is not leakproof would read the whole table instead."""
    tx.session.execute(text(f"SET LOCAL ROLE {WORK_ROLE}"))
    tx.session.execute(text("SET LOCAL enable_seqscan = off"))
    for condition, index in (
        ("keys && ARRAY[1, 2]", "ix_sought_name_keys"),
        ("lacking && ARRAY[1, 2]", "ix_sought_name_lacking"),
        ("folded = '南京'", "ix_sought_name_folded"),
        ("folded >= '南京路' AND folded < '南京路x'", "ix_sought_name_folded"),
        ("base = '南京'", "ix_sought_name_base"),
        ("pinyin = 'nanjing'", "ix_sought_name_pinyin"),
        ("pinyin = ANY (ARRAY['nanjing', 'nanqing'])", "ix_sought_name_pinyin"),
        ("pinyin >= 'nan' AND pinyin < 'nan~' AND weight >= 60", "ix_sought_name_heavy_pinyin"),
        ("initials = 'nj'", "ix_sought_name_initials"),
        ("feature_id = '00000000-0000-0000-0000-000000000001'", "ix_sought_name_feature_id"),
    ):
        plan = tx.session.scalars(text(f"EXPLAIN SELECT FROM sought_name WHERE {condition}")).all()
        told_by = "\n".join(plan)
        assert index in told_by, told_by
        assert "Index Cond" in told_by, told_by


def test_more_than_can_be_ranked_is_told_and_the_county_still_comes_first(tx: Transaction, act: UUID) -> None:
    new = [NewFeature((NewName(f"大河{chr(0x4E00 + at)}村"),), "22200") for at in range(CAP + 50)]
    new.append(NewFeature((NewName("大河县"),), "21400"))
    object.__setattr__(tx, "react", react)
    enter_features(tx, new, on=BEGINNING, instrument_id=act)
    answer = found(tx, "大河")
    assert answer.hits[0].name == "大河县"
    assert answer.capped
    assert not found(tx, "大河县").capped


@pytest.mark.usefixtures("places")
def test_what_lies_near_is_told_by_distance_with_its_units(tx: Transaction) -> None:
    around = near(tx.session, 118.80, 32.06, on=TODAY, limit=3)
    assert [each.name for each in around.items] == ["南京市", "𨭎水村", "南京"]
    assert around.items[0].distance_m == 0
    assert around.items[1].direction == "西南"
    assert around.items[1].distance_m == pytest.approx(1457, abs=10)
    lakes = near(tx.session, 118.80, 32.06, on=TODAY, class_code="122", limit=3)
    assert [each.name for each in lakes.items] == ["昭阳湖"]


@pytest.mark.usefixtures("places")
def test_the_service_tells_what_it_found_and_where_the_next_page_is(client: TestClient) -> None:
    answer = client.get("/placenames/search", params={"q": "南京", "on": "2024-01-01", "limit": 2})
    assert answer.status_code == 200, answer.text
    page = answer.json()
    assert [hit["name"] for hit in page["hits"]] == ["南京市", "南京"]
    assert page["hits"][0] | {"class": "21300", "division": "320102", "lon": 118.8} == page["hits"][0]
    following = client.get(page["next"]).json()
    assert [hit["name"] for hit in following["hits"]] == ["南京路", "小南京村"]
    assert following["next"] is None
    assert client.get("/placenames/search?q=%E9%BE%98&on=2024-01-01").json()["unknown"]
    for wrong in ("q=", "q=%25", "", "q=a%00", f"q={'x' * 61}", "q=x&near=1", "q=x&near=200,99&distance=5"):
        assert client.get(f"/placenames/search?{wrong}").status_code == 422, wrong
    around = client.get("/placenames/search?q=%E5%8D%97%E4%BA%AC&on=2024-01-01&near=118.8,32.06&distance=900")
    assert [hit["name"] for hit in around.json()["hits"]] == ["南京市"]
    assert client.get("/placenames/search?q=x&distance=5").status_code == 409
    near_by = client.get("/placenames/near?lon=118.8&lat=32.06&on=2024-01-01&limit=2").json()
    assert [each["name"] for each in near_by["items"]] == ["南京市", "𨭎水村"]
