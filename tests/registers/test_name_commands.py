"""Features entered in bulk and edited: what holds is never overwritten, what cannot stand is refused."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from shapely.geometry import LineString, Point, Polygon
from sqlalchemy import func, select
from uuid_utils.compat import uuid7

from gis_service.foundation.errors import Conflict, IllegalMove, InvalidInput, NotFound
from gis_service.foundation.periods import Period
from gis_service.foundation.transaction import Transaction
from gis_service.registers.placenames.commands import (
    AddName,
    CorrectName,
    EndFeature,
    EndName,
    MoveName,
    NewFeature,
    NewName,
    NewShape,
    Relate,
    Rename,
    Reshape,
    Restate,
    Seen,
    StaleRevision,
    Unrelate,
    edit_features,
    enter_features,
)
from gis_service.registers.placenames.events import FeaturesChanged
from gis_service.registers.placenames.models import (
    Feature,
    FeatureRelation,
    FeatureShape,
    FeatureVersion,
    NameEvent,
    NameEventKind,
    NameKind,
    NameProcess,
    NameStatus,
    PlaceName,
    RelationKind,
    ShapeRole,
)
from tests.support.factories import BEGINNING, an_act, drawn

UNITS = {"A": ("320102", "甲区"), "B": ("320104", "乙区")}
LATER, LAST = date(2021, 5, 1), date(2023, 7, 1)
HERE = NewShape(ShapeRole.point, Point(118.8, 32.05), method="实测", accuracy_m=2.5)


@pytest.fixture
def units(tx: Transaction) -> dict[str, UUID]:
    return drawn(tx, "AABB AABB", UNITS)


@pytest.fixture
def act(tx: Transaction) -> UUID:
    return an_act(tx, "宁政发〔2021〕1号")


@pytest.fixture
def told(tx: Transaction) -> list[FeaturesChanged]:
    events: list[Any] = []
    object.__setattr__(tx, "react", lambda _tx, event: events.append(event))
    return events


@pytest.fixture
def bridge(tx: Transaction, units: dict[str, UUID], act: UUID) -> UUID:
    names = (
        NewName("𨭎河大桥", process=NameProcess.statutory, roman="Xihe Daqiao"),
        NewName("老桥", NameKind.alias, process=NameProcess.usage),
    )
    new = NewFeature(names, "23610", (units["A"],), (HERE,), {"长度": "120\t米"}, "32010200023610000001")
    return enter_features(tx, [new], on=BEGINNING, instrument_id=act)[0]


def seen(tx: Transaction, feature: UUID) -> Seen:
    return Seen(feature, tx.session.get_one(Feature, feature).revision)


def names(tx: Transaction, feature: UUID) -> dict[str, PlaceName]:
    found = tx.session.scalars(select(PlaceName).where(PlaceName.feature_id == feature))
    return {name.text: name for name in found}


def events(tx: Transaction, feature: UUID) -> list[tuple[str, str | None, str | None]]:
    wanted = select(NameEvent).where(NameEvent.feature_id == feature, NameEvent.kind != "登记")
    rows = sorted(tx.session.scalars(wanted), key=lambda row: (row.on_date, row.from_status is not None))
    return [(row.kind, row.from_status, row.to_status) for row in rows]


def counted(tx: Transaction, model: Any) -> int:
    return tx.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_feature_is_entered_whole_as_it_was_given(
    tx: Transaction, told: list[FeaturesChanged], units: dict[str, UUID], act: UUID, bridge: UUID
) -> None:
    version = tx.session.scalars(select(FeatureVersion)).one()
    assert (version.class_code, version.division_ids, version.facts) == (
        "23610",
        [units["A"]],
        {"长度": "120\t米"},
    )
    found = names(tx, bridge)
    assert {text: (n.kind, n.status) for text, n in found.items()} == {
        "𨭎河大桥": ("标准名称", "现行"),
        "老桥": ("别名", "待核"),
    }
    assert events(tx, bridge) == [("命名", None, "现行")]
    shape = tx.session.scalars(select(FeatureShape)).one()
    assert (shape.method, shape.accuracy_m, shape.begun_by) == ("实测", 2.5, act)
    assert told[-1] == FeaturesChanged((bridge,), act)
    entry = next(each for each in tx.entries if each["command"] == "placenames.enter")
    assert (entry["after"]["features"], entry["after"]["names"], entry["after"]["shapes"]) == (1, 2, 1)


def whole(**changes: Any) -> NewFeature:
    given: dict[str, Any] = {"names": (NewName("某桥"),), "class_code": "23610"} | changes
    return NewFeature(**given)


@pytest.mark.parametrize(
    ("wrong", "refusal", "says"),
    [
        ({"names": ()}, InvalidInput, "没有名称"),
        ({"names": (NewName("一桥"), NewName("二桥"))}, Conflict, "一桥／二桥"),
        ({"names": (NewName("桥", process=NameProcess.history),)}, IllegalMove, "史料记载"),
        ({"names": (NewName("桥", status=NameStatus.disused),)}, IllegalMove, "停用"),
        (
            {"names": (NewName("桥", process=NameProcess.statutory, status=NameStatus.unverified),)},
            IllegalMove,
            "待核",
        ),
        ({"class_code": "99000"}, InvalidInput, "99000"),
        ({"class_code": "２３６１０"}, InvalidInput, "门类"),
        ({"code": "3201020002361000000"}, InvalidInput, "20位"),
        ({"code": "32010200023610000001"}, Conflict, "永不重用"),
        ({"division_ids": (uuid7(),)}, InvalidInput, "没有这些行政区划"),
        ({"shapes": (NewShape(ShapeRole.point, LineString([(1, 1), (2, 2)])),)}, InvalidInput, "点"),
        ({"shapes": (NewShape(ShapeRole.area, Polygon()),)}, InvalidInput, "面"),
        ({"shapes": (NewShape(ShapeRole.point, Point(40405000, 3541852)),)}, InvalidInput, "经纬度"),
    ],
)
def test_what_can_never_stand_is_refused_and_nothing_written(
    tx: Transaction, act: UUID, bridge: UUID, wrong: Any, refusal: type[Exception], says: str
) -> None:
    assert tx.session.get_one(Feature, bridge).code == "32010200023610000001"
    with pytest.raises(refusal, match=says):
        enter_features(tx, [whole(), whole(**wrong)], on=BEGINNING, instrument_id=act)
    assert counted(tx, Feature) == 1


def test_a_rename_ends_the_old_name_and_keeps_it(tx: Transaction, act: UUID, bridge: UUID) -> None:
    new = NewName("友谊大桥", process=NameProcess.statutory)
    report = edit_features(tx, [Rename(seen(tx, bridge), new, "名实不符")], on=LATER, instrument_id=act)
    assert report.revisions == {bridge: 2}
    found = names(tx, bridge)
    assert (found["𨭎河大桥"].valid, found["𨭎河大桥"].status) == (Period(BEGINNING, LATER), "停用")
    assert (found["友谊大桥"].valid, found["友谊大桥"].status) == (Period(LATER), "现行")
    assert events(tx, bridge)[1:] == [("更名", None, "现行"), ("更名", "现行", "停用")]


def test_a_rename_before_a_later_one_is_refused(tx: Transaction, act: UUID, bridge: UUID) -> None:
    later = Rename(seen(tx, bridge), NewName("三桥", process=NameProcess.statutory))
    edit_features(tx, [later], on=LAST, instrument_id=act)
    before = Rename(seen(tx, bridge), NewName("二桥", process=NameProcess.statutory))
    with pytest.raises(IllegalMove, match="停用"):  # what has happened since is not undone by an edit
        edit_features(tx, [before], on=LATER, instrument_id=act)


def test_edits_of_what_others_edited_meanwhile_are_refused_by_name(
    tx: Transaction, act: UUID, bridge: UUID
) -> None:
    other = enter_features(tx, [whole()], on=BEGINNING, instrument_id=act)[0]
    before = seen(tx, bridge)
    edit_features(tx, [Restate(before, facts={"长度": "130米"})], on=LATER, instrument_id=act)
    both = [
        Restate(seen(tx, other), class_code="23620"),
        Restate(before, facts={"长度": "140米"}),
    ]
    with pytest.raises(StaleRevision, match="𨭎河大桥") as refused:
        edit_features(tx, both, on=LATER, instrument_id=act)
    assert [(s.feature_id, s.seen, s.revision) for s in refused.value.stale] == [(bridge, 1, 2)]
    assert tx.session.get_one(Feature, other).revision == 1


def test_class_units_and_facts_follow_one_another(
    tx: Transaction, act: UUID, units: dict[str, UUID], bridge: UUID
) -> None:
    crossing = (units["B"], units["A"])
    edit_features(tx, [Restate(seen(tx, bridge), division_ids=crossing)], on=LATER, instrument_id=act)
    report = edit_features(tx, [Restate(seen(tx, bridge), class_code="23610")], on=LAST, instrument_id=act)
    assert (report.revisions, report.unchanged) == ({}, (bridge,))
    rows = tx.session.scalars(select(FeatureVersion).order_by(func.lower(FeatureVersion.valid)))
    assert [(row.valid, row.division_ids) for row in rows] == [
        (Period(BEGINNING, LATER), [units["A"]]),
        (Period(LATER), list(crossing)),
    ]
    with pytest.raises(Conflict, match="已有地名代码"):
        edit_features(
            tx, [Restate(seen(tx, bridge), code="32010200023610000002")], on=LAST, instrument_id=act
        )


def test_a_correction_holds_for_all_of_the_period_and_keeps_what_stood(
    tx: Transaction, act: UUID, bridge: UUID
) -> None:
    name = names(tx, bridge)["𨭎河大桥"]
    edit = CorrectName(seen(tx, bridge), name.id, {"roman": "Xīhé Dàqiáo", "text": "𨭎河大桥"}, "审音")
    edit_features(tx, [edit], on=LATER, instrument_id=act)
    assert (name.roman, name.valid) == ("Xīhé Dàqiáo", Period(BEGINNING))
    event = tx.session.scalars(select(NameEvent).where(NameEvent.kind == "更正")).one()
    assert (event.detail, event.reason) == ({"roman": ["Xihe Daqiao", "Xīhé Dàqiáo"]}, "审音")
    for wrong in ({"status": "注销"}, {"text": ""}):
        with pytest.raises(InvalidInput):
            edit_features(tx, [CorrectName(seen(tx, bridge), name.id, wrong)], on=LATER, instrument_id=act)


def test_names_move_as_their_process_allows(tx: Transaction, act: UUID, bridge: UUID) -> None:
    alias = names(tx, bridge)["老桥"]

    def happen(kind: NameEventKind, on: date) -> None:
        edit_features(tx, [MoveName(seen(tx, bridge), alias.id, kind)], on=on, instrument_id=act)

    with pytest.raises(IllegalMove, match="核定→现行"):
        happen(NameEventKind.disused, LATER)
    happen(NameEventKind.verified, LATER)
    assert (alias.status, alias.valid) == ("现行", Period(BEGINNING))
    edit_features(
        tx, [EndName(seen(tx, bridge), alias.id, NameEventKind.disused)], on=LAST, instrument_id=act
    )
    assert (alias.status, alias.valid) == ("停用", Period(BEGINNING, LAST))
    happen(NameEventKind.restored, date(2024, 1, 1))
    both = tx.session.execute(select(PlaceName.status, PlaceName.valid).where(PlaceName.text == "老桥"))
    assert set(map(tuple, both)) == {
        ("停用", Period(BEGINNING, LAST)),
        ("现行", Period(date(2024, 1, 1))),
    }


def test_a_second_standard_name_is_refused(tx: Transaction, act: UUID, bridge: UUID) -> None:
    new = NewName("新桥", process=NameProcess.statutory)
    with pytest.raises(Conflict, match="已有标准名称"):
        edit_features(tx, [AddName(seen(tx, bridge), new)], on=LATER, instrument_id=act)
    new = NewName("Xīhé", NameKind.minority, language="uig", roman="Xihe")
    edit_features(tx, [AddName(seen(tx, bridge), new)], on=LATER, instrument_id=act)
    assert names(tx, bridge)["Xīhé"].language == "uig"


def test_an_end_ends_everything_and_nothing_may_follow(tx: Transaction, act: UUID, bridge: UUID) -> None:
    station = enter_features(tx, [whole()], on=BEGINNING, instrument_id=act)[0]
    edit = Relate(seen(tx, station), bridge, RelationKind.derived)
    edit_features(tx, [edit], on=LATER, instrument_id=act)
    edit_features(tx, [EndFeature(seen(tx, bridge), "拆除")], on=LAST, instrument_id=act)
    assert {n.status for n in names(tx, bridge).values()} == {"注销"}
    for model in (FeatureVersion, PlaceName, FeatureShape):
        rows = tx.session.scalars(select(model).where(model.feature_id == bridge))
        assert {row.valid for row in rows} == {Period(BEGINNING, LAST)}
    assert tx.session.scalars(select(FeatureRelation)).one().valid == Period(LATER, LAST)
    for on, says in ((LAST, "已注销"), (date(2019, 1, 1), "尚未在册")):
        with pytest.raises(Conflict, match=says):
            edit_features(tx, [Restate(seen(tx, bridge), class_code="23620")], on=on, instrument_id=act)


def test_shapes_and_relations_begin_and_end(tx: Transaction, act: UUID, bridge: UUID) -> None:
    part = enter_features(tx, [whole()], on=BEGINNING, instrument_id=act)[0]
    moved = NewShape(ShapeRole.point, Point(118.9, 32.0))
    edit_features(
        tx,
        [Reshape(seen(tx, bridge), moved), Relate(seen(tx, part), bridge, RelationKind.part_of)],
        on=LATER,
        instrument_id=act,
    )
    spells = tx.session.execute(select(FeatureShape.valid, func.ST_X(FeatureShape.geom))).all()
    assert set(map(tuple, spells)) == {(Period(BEGINNING, LATER), 118.8), (Period(LATER), 118.9)}
    with pytest.raises(Conflict, match="自己的组成部分"):
        edit_features(tx, [Relate(seen(tx, bridge), part, RelationKind.part_of)], on=LAST, instrument_id=act)
    edit = Unrelate(seen(tx, part), bridge, RelationKind.part_of)
    edit_features(tx, [edit], on=LAST, instrument_id=act)
    assert tx.session.scalars(select(FeatureRelation)).one().valid == Period(LATER, LAST)
    with pytest.raises(NotFound, match="没有此项从属关系"):
        edit_features(
            tx, [Unrelate(seen(tx, part), bridge, RelationKind.part_of)], on=LAST, instrument_id=act
        )


def test_unknown_features_are_named(tx: Transaction, act: UUID) -> None:
    missing = uuid7()
    with pytest.raises(NotFound, match=str(missing)):
        edit_features(tx, [EndFeature(Seen(missing, 1))], on=LATER, instrument_id=act)
