"""Units as features: told once, by the register of divisions, and followed whatever is written there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from geoalchemy2.shape import to_shape
from shapely.geometry import Point
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.errors import Conflict
from gis_service.foundation.periods import Period
from gis_service.foundation.transaction import Transaction, transaction
from gis_service.reactions import react
from gis_service.registers.boundaries.models import Extent
from gis_service.registers.divisions.commands import NewDivision, end, rewrite, take_back
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import division_by_id
from gis_service.registers.divisions.rules import DivisionLevel
from gis_service.registers.placenames.commands import (
    CorrectName,
    EndFeature,
    NewName,
    Rename,
    Restate,
    Seen,
    edit_features,
    follow_divisions,
)
from gis_service.registers.placenames.models import Feature, FeatureVersion, NameEvent, PlaceName
from gis_service.registers.placenames.queries import (
    Wanted,
    feature_on,
    history_of,
    names_on_record,
    records_on,
)
from gis_service.registers.placenames.queries.proofs import prove_names, wanting_names
from gis_service.registers.placenames.routes.showing import history_out
from tests.support.factories import BEGINNING, NOW, REGISTRAR, an_act, drawn

UNITS = {"A": ("320102", "甲区"), "B": ("320104", "乙区")}
LATER, LAST = date(2021, 5, 1), date(2023, 7, 1)


@pytest.fixture
def tx(sessions: sessionmaker[Session]) -> Iterator[Transaction]:
    with transaction(sessions, actor=REGISTRAR, at=NOW, react=react) as tx:
        yield tx


@pytest.fixture
def units(tx: Transaction) -> dict[str, UUID]:
    return drawn(tx, "AABB AABB", UNITS)


@pytest.fixture
def act(tx: Transaction) -> UUID:
    return an_act(tx, "国函〔2021〕9号")


def feature_of(tx: Transaction, unit: UUID) -> Feature:
    return tx.session.scalars(select(Feature).where(Feature.division_id == unit)).one()


def names(tx: Transaction, unit: UUID) -> list[tuple[str, Period, str]]:
    wanted = select(PlaceName).where(PlaceName.feature_id == feature_of(tx, unit).id)
    rows = tx.session.scalars(wanted.order_by(func.lower(PlaceName.valid)))
    return [(row.text, row.valid, row.status) for row in rows]


def events(tx: Transaction, unit: UUID) -> set[tuple[str, date]]:
    told = history_out(history_of(tx.session, feature_of(tx, unit).id))
    return {(each.kind, each.on) for each in told.events}


def renamed(tx: Transaction, unit: UUID, name: str, act: UUID, on: date = LATER) -> None:
    old = division_by_id(tx.session, unit, on=on)
    new = NewDivision(old.code, name, DivisionLevel(old.level), old.type, old.superior_id, id=unit)
    rewrite(tx, revised=[new], on=on, instrument_id=act)


def state(tx: Transaction) -> Any:
    tx.session.flush()
    models = (Feature, PlaceName, FeatureVersion, NameEvent)
    return [sorted(map(repr, tx.session.execute(select(*m.__table__.columns)))) for m in models]


def test_every_unit_is_a_feature_named_as_it_is(tx: Transaction, units: dict[str, UUID]) -> None:
    found = {
        row.name: (row.class_code, row.division)
        for unit in set(units.values())
        for row in [feature_on(tx.session, feature_of(tx, unit).id, on=LATER)]
    }
    assert found == {
        "32省": ("21200", "320000"),
        "3201市": ("21300", "320100"),
        "甲区": ("21400", "320102"),
        "乙区": ("21400", "320104"),
    }


def test_a_unit_stands_at_a_point_inside_its_area_of_the_day(tx: Transaction, units: dict[str, UUID]) -> None:
    told = {each.name: each for each in records_on(tx.session, Wanted(), on=NOW.date())}
    for key, (_, name) in UNITS.items():
        record = told[name]
        area = tx.session.scalar(select(Extent.geom).where(Extent.division_id == units[key]))
        assert to_shape(area).contains(Point(record.lon, record.lat))
        assert json.loads(record.geometry or "")["coordinates"] == [record.lon, record.lat]
        assert record.role is None
    assert {each.lon for each in records_on(tx.session, Wanted(), on=date(1900, 1, 1))} <= {None}


def test_a_rename_and_an_end_follow_and_are_taken_back(
    tx: Transaction, units: dict[str, UUID], act: UUID
) -> None:
    unit = units["A"]
    before = names(tx, unit)
    renamed(tx, unit, "丙区", act)
    assert names(tx, unit) == [
        ("甲区", Period(BEGINNING, LATER), "停用"),
        ("丙区", Period(LATER), "现行"),
    ]
    assert events(tx, unit) == {("命名", BEGINNING), ("更名", LATER)}
    assert feature_on(tx.session, feature_of(tx, unit).id, on=LAST).former == ["甲区"]
    take_back(tx, [unit], on=LATER, written_by=act, by=act)
    assert names(tx, unit) == before
    end(tx, unit, on=LAST, instrument_id=act)
    assert names(tx, unit) == [("甲区", Period(BEGINNING, LAST), "注销")]
    assert ("注销", LAST) in events(tx, unit)


def test_what_was_put_right_survives_what_follows(tx: Transaction, units: dict[str, UUID], act: UUID) -> None:
    unit = units["A"]
    feature = feature_of(tx, unit)
    name = tx.session.scalars(select(PlaceName).where(PlaceName.feature_id == feature.id)).one()
    edits = [
        CorrectName(Seen(feature.id, 1), name.id, {"roman": "Jia Qu", "specific": "甲"}),
        Restate(Seen(feature.id, 1), facts={"地名来历": "某"}, code="32010200021400000001"),
    ]
    edit_features(tx, edits, on=LATER, instrument_id=act)
    renamed(tx, unit, "丙区", act, on=LAST)
    told = feature_on(tx.session, feature.id, on=date(2022, 1, 1))
    assert (told.name, told.roman, told.specific, told.facts) == ("甲区", "Jia Qu", "甲", {"地名来历": "某"})
    assert feature_on(tx.session, feature.id, on=LAST).facts == {"地名来历": "某"}
    assert feature_on(tx.session, feature.id, on=BEGINNING).facts == {}
    assert ("更正", LATER) in events(tx, unit)


def test_names_of_units_are_changed_by_changes_of_divisions_only(
    tx: Transaction, units: dict[str, UUID], act: UUID
) -> None:
    feature = feature_of(tx, units["A"])
    seen = Seen(feature.id, feature.revision)
    for edit in (Rename(seen, NewName("丁区")), EndFeature(seen), Restate(seen, class_code="21300")):
        with pytest.raises(Conflict, match="随区划登记簿") as refused:
            edit_features(tx, [edit], on=LATER, instrument_id=act)
        assert "行政区划变更" in refused.value.way_out


def test_older_registers_are_followed_at_once_and_a_second_time_changes_nothing(
    tx: Transaction, units: dict[str, UUID], act: UUID
) -> None:
    renamed(tx, units["A"], "丙区", act)
    whole = state(tx)
    assert follow_divisions(tx) == 0
    assert state(tx) == whole
    at = DivisionVersion.division_id == units["A"], func.lower(DivisionVersion.valid) == LATER
    tx.session.execute(update(DivisionVersion).where(*at).values(name="丁区"))  # behind everybody's back
    assert follow_divisions(tx, [units["B"]]) == 0
    assert follow_divisions(tx) == 1
    assert names(tx, units["A"])[-1][0] == "丁区"


def broken(tx: Transaction) -> list[tuple[str, bool]]:
    tx.session.flush()
    return [
        (finding.rule, finding.blocking) for finding in [*prove_names(tx.session), *wanting_names(tx.session)]
    ]


def test_what_is_altered_from_outside_is_found(tx: Transaction, units: dict[str, UUID], act: UUID) -> None:
    renamed(tx, units["A"], "丙区", act)
    assert broken(tx) == []
    own = feature_of(tx, units["A"]).id
    for statement, rule in (
        ("UPDATE place_name SET text = '丁区' WHERE text = '丙区'", "R-REG-11"),
        ("UPDATE place_name SET valid = '[2019-01-01,2021-05-01)' WHERE text = '甲区'", "R-REG-09"),
        ("UPDATE feature_version SET valid = '[2019-01-01,)'", "R-REG-10"),
    ):
        with tx.session.begin_nested() as part:
            tx.session.execute(text(statement + f" AND feature_id = '{own}'" * ("WHERE" in statement)))
            assert (rule, True) in broken(tx)
            part.rollback()
    ended = update(PlaceName).where(PlaceName.text == "丙区").values(kind="别名")
    tx.session.execute(ended)
    assert ("R-REG-12", False) in broken(tx)


def test_names_of_units_are_spelled_as_computed_until_somebody_says_otherwise(tx: Transaction) -> None:
    units = drawn(tx, "AB", {"A": ("320116", "六合区"), "B": ("320104", "乙区")})
    feature = feature_of(tx, units["A"])
    name = tx.session.scalars(select(PlaceName).where(PlaceName.feature_id == feature.id)).one()
    assert (name.roman, name.reading, name.specific, name.generic) == ("Lùhé Qū", "lù hé qū", "六合", "区")
    assert name.roman_source == name.reading_source == "computed"
    stored = names_on_record(tx.session, ["六合区"], within=units["320100"], on=BEGINNING)
    assert {each.roman for each in stored["六合区"]} == {None}
