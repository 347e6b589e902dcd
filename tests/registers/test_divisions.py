"""The register of divisions: who was what on which day, one unit a code a day, nothing slid under history."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.database import holds_on
from gis_service.foundation.errors import Conflict, NotFound
from gis_service.foundation.periods import Period
from gis_service.foundation.transaction import Transaction, transaction
from gis_service.registers.divisions.commands import Descent, NewDivision, end, establish, link
from gis_service.registers.divisions.models import DivisionVersion, LineageKind
from gis_service.registers.divisions.queries import (
    division_by_code,
    division_by_id,
    divisions_by_id,
    divisions_on,
    find_by_code,
    holders_of_code,
    inferiors_of_each,
    inferiors_on,
    last_known,
    lineage_of,
    superiors_of,
    versions_of,
    with_later_history,
)
from gis_service.registers.divisions.rules import DivisionLevel, level_of_code, type_of
from tests.support.factories import BEGINNING, NOW, REGISTRAR, an_act

HANDOVER = date(2020, 6, 5)
DAY = timedelta(days=1)


def unit(code: str, name: str, superior: UUID | None = None) -> NewDivision:
    level = level_of_code(code)
    assert level is not None
    return NewDivision(code, name, level, type_of(code, name), superior)


def begun(tx: Transaction, *units: NewDivision, on: date = BEGINNING) -> UUID:
    """Begin units on a day; returns the act."""
    act = an_act(tx, number=f"国函〔{on.year}〕{on:%j}号", on=on)
    establish(tx, units, on=on, instrument_id=act)
    return act


@pytest.fixture
def nantong(tx: Transaction) -> dict[str, NewDivision]:
    """A province, a city and two districts from 2020-01-01 on."""
    province = unit("320000", "江苏省")
    city = unit("320600", "南通市", province.id)
    districts = [unit("320602", "崇川区", city.id), unit("320611", "港闸区", city.id)]
    begun(tx, province, city, *districts)
    return {new.name: new for new in (province, city, *districts)}


def test_a_unit_is_found_by_its_code_from_its_first_day_on(
    tx: Transaction, nantong: dict[str, NewDivision]
) -> None:
    assert division_by_code(tx.session, "320602", on=BEGINNING).division_id == nantong["崇川区"].id
    assert division_by_code(tx.session, "320602", on=date(2100, 1, 1)).name == "崇川区"
    assert find_by_code(tx.session, "320602", on=BEGINNING - DAY) is None


def test_on_the_day_of_handover_exactly_one_unit_answers(
    tx: Transaction, nantong: dict[str, NewDivision]
) -> None:
    """The same name and a new code: a new unit; the old one's last day is the day before."""
    old = nantong["崇川区"]
    act = an_act(tx, "国函〔2020〕79号", HANDOVER)
    end(tx, old.id, on=HANDOVER, instrument_id=act)
    new = unit("320613", "崇川区", old.superior_id)
    establish(tx, [new], on=HANDOVER, instrument_id=act)
    named = select(DivisionVersion.code).where(DivisionVersion.name == "崇川区")
    for day, code in ((HANDOVER - DAY, "320602"), (HANDOVER, "320613"), (HANDOVER + DAY, "320613")):
        holding = named.where(holds_on(DivisionVersion.valid, day))
        assert list(tx.session.scalars(holding)) == [code]
    assert find_by_code(tx.session, "320602", on=HANDOVER) is None
    assert find_by_code(tx.session, "320613", on=HANDOVER - DAY) is None


def test_a_code_may_pass_to_another_unit_on_the_day_it_becomes_free(
    tx: Transaction, nantong: dict[str, NewDivision]
) -> None:
    act = an_act(tx, "国函〔2020〕79号", HANDOVER)
    end(tx, nantong["港闸区"].id, on=HANDOVER, instrument_id=act)
    heir = unit("320611", "新港区", nantong["南通市"].id)
    establish(tx, [heir], on=HANDOVER, instrument_id=act)
    assert division_by_code(tx.session, "320611", on=HANDOVER - DAY).name == "港闸区"
    assert division_by_code(tx.session, "320611", on=HANDOVER).name == "新港区"


def test_a_code_may_be_used_again_after_a_gap(tx: Transaction, nantong: dict[str, NewDivision]) -> None:
    act = an_act(tx, "国函〔2020〕79号", HANDOVER)
    end(tx, nantong["港闸区"].id, on=HANDOVER, instrument_id=act)
    later = date(2025, 1, 1)
    begun(tx, unit("320611", "新港区", nantong["南通市"].id), on=later)
    assert [held.valid for held in holders_of_code(tx.session, "320611")] == [
        Period(BEGINNING, HANDOVER),
        Period(later),
    ]
    assert find_by_code(tx.session, "320611", on=later - DAY) is None


@pytest.mark.parametrize("on", [BEGINNING, HANDOVER, BEGINNING - DAY])
def test_two_units_never_hold_one_code_on_one_day(sessions: sessionmaker[Session], on: date) -> None:
    """Whether the second begins with the first, after it or before it."""
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        begun(tx, unit("320602", "崇川区"))
    with (
        pytest.raises(Conflict, match="同一日不得有两个单位使用同一代码"),
        transaction(sessions, actor=REGISTRAR, at=NOW) as tx,
    ):
        begun(tx, unit("320602", "另一区"), on=on)
    with sessions() as session:
        assert [held.name for held in holders_of_code(session, "320602")] == ["崇川区"]


def test_a_unit_never_has_two_versions_on_one_day(sessions: sessionmaker[Session]) -> None:
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        known = unit("320602", "崇川区")
        act = begun(tx, known)
    with (
        pytest.raises(Conflict, match="同一行政区划在同一日只能有一个版本"),
        transaction(sessions, actor=REGISTRAR, at=NOW) as tx,
    ):
        tx.session.add(
            DivisionVersion(
                division_id=known.id,
                code="320699",
                name="崇川区",
                level=DivisionLevel.county.value,
                valid=Period(HANDOVER),
                begun_by=act,
            )
        )


@pytest.mark.parametrize("valid", ["empty", "(,2020-01-01)", "(,)"])
def test_a_version_without_a_first_day_is_refused_by_the_database(
    tx: Transaction, nantong: dict[str, NewDivision], valid: str
) -> None:
    update = text("UPDATE division_version SET valid = CAST(:valid AS daterange) WHERE division_id = :id")
    with pytest.raises(IntegrityError, match="has_a_beginning"):
        tx.session.execute(update, {"valid": valid, "id": nantong["崇川区"].id})
    tx.session.rollback()


def test_a_unit_cannot_end_on_the_day_it_began(tx: Transaction, nantong: dict[str, NewDivision]) -> None:
    act = an_act(tx, "国函〔2020〕79号")
    with pytest.raises(Conflict, match="不能在同日终止"):
        end(tx, nantong["崇川区"].id, on=BEGINNING, instrument_id=act)


@pytest.mark.parametrize("on", [BEGINNING - DAY, date(1949, 10, 1)])
def test_a_unit_cannot_end_before_it_began(
    tx: Transaction, nantong: dict[str, NewDivision], on: date
) -> None:
    act = an_act(tx, "国函〔2020〕79号")
    with pytest.raises(NotFound):
        end(tx, nantong["崇川区"].id, on=on, instrument_id=act)


def test_a_unit_cannot_end_twice(tx: Transaction, nantong: dict[str, NewDivision]) -> None:
    act = an_act(tx, "国函〔2020〕79号", HANDOVER)
    end(tx, nantong["崇川区"].id, on=HANDOVER, instrument_id=act)
    with pytest.raises(NotFound):
        end(tx, nantong["崇川区"].id, on=HANDOVER + DAY, instrument_id=act)


def test_a_unit_with_units_below_it_cannot_end(tx: Transaction, nantong: dict[str, NewDivision]) -> None:
    act = an_act(tx, "国函〔2020〕79号", HANDOVER)
    with pytest.raises(Conflict, match="崇川区（320602）、港闸区（320611）") as refused:
        end(tx, nantong["南通市"].id, on=HANDOVER, instrument_id=act)
    assert refused.value.way_out


def test_both_acts_stay_with_an_ended_version(tx: Transaction, nantong: dict[str, NewDivision]) -> None:
    act = an_act(tx, "国函〔2020〕79号", HANDOVER)
    end(tx, nantong["崇川区"].id, on=HANDOVER, instrument_id=act)
    [version] = versions_of(tx.session, nantong["崇川区"].id)
    assert version.valid == Period(BEGINNING, HANDOVER)
    assert version.ended_by == act != version.begun_by


def test_every_beginning_and_end_is_journaled(tx: Transaction, nantong: dict[str, NewDivision]) -> None:
    act = an_act(tx, "国函〔2020〕79号", HANDOVER)
    end(tx, nantong["崇川区"].id, on=HANDOVER, instrument_id=act)
    begun, ended = [entry for entry in tx.entries if entry["subject"] == "320602"]
    assert (begun["command"], ended["command"]) == ("divisions.establish", "divisions.end")
    assert begun["detail"] == ended["detail"] == {"division": str(nantong["崇川区"].id)}
    assert begun["before"] is None
    assert begun["after"] == ended["before"]
    assert (begun["after"]["name"], begun["after"]["valid_to"]) == ("崇川区", None)
    assert ended["after"] == ended["before"] | {"valid_to": str(HANDOVER)}


def test_who_held_a_code_otherwise_is_told_when_nobody_holds_it(
    tx: Transaction, nantong: dict[str, NewDivision]
) -> None:
    act = an_act(tx, "国函〔2020〕79号", HANDOVER)
    end(tx, nantong["港闸区"].id, on=HANDOVER, instrument_id=act)
    with pytest.raises(NotFound, match="2020-06-05 没有代码为 320611 的行政区划") as unknown:
        division_by_code(tx.session, "320611", on=HANDOVER)
    assert "港闸区 2020-01-01 至 2020-06-05" in unknown.value.way_out
    with pytest.raises(NotFound) as never:
        division_by_code(tx.session, "999999", on=HANDOVER)
    assert "从未有过" in never.value.way_out


def test_an_unknown_unit_is_not_found(tx: Transaction) -> None:
    with pytest.raises(NotFound):
        division_by_id(tx.session, uuid4(), on=BEGINNING)


def test_divisions_of_a_day_are_listed_by_level_and_superior_page_by_page(
    tx: Transaction, nantong: dict[str, NewDivision]
) -> None:
    begun(tx, unit("340000", "安徽省"), on=HANDOVER)

    def codes(**wanted: object) -> list[str]:
        return [version.code for version in divisions_on(tx.session, **wanted)]  # type: ignore[arg-type]

    assert codes(on=BEGINNING) == ["320000", "320600", "320602", "320611"]
    assert codes(on=HANDOVER) == ["320000", "320600", "320602", "320611", "340000"]
    assert codes(on=HANDOVER, level=DivisionLevel.province) == ["320000", "340000"]
    assert codes(on=HANDOVER, within=nantong["南通市"].id) == ["320600", "320602", "320611"]
    assert codes(on=HANDOVER, after="320600", limit=2) == ["320602", "320611"]
    assert codes(on=BEGINNING - DAY) == []


def test_ended_units_are_not_listed_below_their_superior(
    tx: Transaction, nantong: dict[str, NewDivision]
) -> None:
    act = an_act(tx, "国函〔2020〕79号", HANDOVER)
    end(tx, nantong["港闸区"].id, on=HANDOVER, instrument_id=act)
    city = nantong["南通市"].id
    assert [v.name for v in inferiors_on(tx.session, city, on=HANDOVER - DAY)] == ["崇川区", "港闸区"]
    assert [v.name for v in inferiors_on(tx.session, city, on=HANDOVER)] == ["崇川区"]
    assert inferiors_of_each(tx.session, [city, nantong["崇川区"].id], on=HANDOVER) == {city: 1}
    assert [v.code for v in divisions_on(tx.session, on=HANDOVER, within=city)] == ["320600", "320602"]


def test_the_chain_above_a_unit_is_told_nearest_first(
    tx: Transaction, nantong: dict[str, NewDivision]
) -> None:
    above = superiors_of(tx.session, nantong["崇川区"].id, on=BEGINNING)
    assert [version.name for version in above] == ["南通市", "江苏省"]


def test_lineage_names_both_sides_and_their_shares(tx: Transaction, nantong: dict[str, NewDivision]) -> None:
    act = an_act(tx, "国函〔2020〕79号", HANDOVER)
    new = unit("320613", "崇川区", nantong["南通市"].id)
    establish(tx, [new], on=HANDOVER, instrument_id=act)
    olds = [nantong["崇川区"].id, nantong["港闸区"].id]
    shares = dict(zip(olds, (0.73, None), strict=True))
    descents = [Descent(old, new.id, LineageKind.merger, 1.0, share) for old, share in shares.items()]
    link(tx, descents, on=HANDOVER, instrument_id=act)
    links = lineage_of(tx.session, [new.id])
    assert {link.predecessor_id: link.share_of_successor for link in links} == shares
    assert {(link.kind, link.on_date, link.certainty) for link in links} == {("合并", HANDOVER, "确定")}
    assert [link.successor_id for link in lineage_of(tx.session, olds[:1])] == [new.id]


def test_nothing_may_be_slid_under_later_history(tx: Transaction, nantong: dict[str, NewDivision]) -> None:
    act = an_act(tx, "国函〔2020〕79号", HANDOVER)
    end(tx, nantong["港闸区"].id, on=HANDOVER, instrument_id=act)
    lasting, ended = nantong["崇川区"].id, nantong["港闸区"].id
    assert with_later_history(tx.session, [lasting, ended], on=HANDOVER - DAY) == {ended}
    assert not with_later_history(tx.session, [lasting, ended], on=HANDOVER)
    assert not with_later_history(tx.session, [lasting], on=BEGINNING)


def test_an_ended_unit_can_still_be_named(tx: Transaction, nantong: dict[str, NewDivision]) -> None:
    gone = nantong["港闸区"].id
    end(tx, gone, on=HANDOVER, instrument_id=an_act(tx, "国函〔2020〕79号", HANDOVER))
    assert divisions_by_id(tx.session, [gone], on=HANDOVER) == {}
    assert last_known(tx.session, [gone, uuid4()])[gone].name == "港闸区"


def test_units_cannot_hang_on_nothing(tx: Transaction) -> None:
    with pytest.raises(IntegrityError, match="superior_id"):
        begun(tx, unit("320602", "崇川区", uuid4()))
    tx.session.rollback()
