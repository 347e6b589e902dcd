"""A history goes on from what the register holds, leads up to it, or both; what contradicts it is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.errors import NotPermitted
from gis_service.foundation.findings import RuleViolated
from gis_service.foundation.journal import JournalEntry
from gis_service.foundation.transaction import Transaction, transaction
from gis_service.procedures.intake.commands import LoadReport, Request, load_listed, open_delivery
from gis_service.procedures.intake.commands import load as load_areas
from gis_service.procedures.intake.models import LoadedDelivery
from gis_service.procedures.intake.schemas import Columns
from gis_service.registers.boundaries.queries import extents_on
from gis_service.registers.boundaries.queries.proofs import prove
from gis_service.registers.divisions.commands import NewDivision, establish
from gis_service.registers.divisions.models import DivisionVersion, Lineage
from gis_service.registers.divisions.queries import divisions_on, holders_of_code, versions_of
from gis_service.registers.divisions.rules import DivisionLevel
from gis_service.registers.instruments.queries import instrument_by_id
from tests.support.deliveries import cell, collection, geojson
from tests.support.factories import NOW, REGISTRAR, a_dataset, drawn
from tests.support.histories import opened, written
from tests.support.offices import somebody

ACT = "## 国务院关于某事的批复\n# 文号：国函〔{year}〕{number}号\n# 日期：{year}年6月1日\n#\n# 某事。\n"
T2008 = "320000 江苏省\n320600 南通市\n320602 城区\n320611 港闸区\n320683 通州市\n320684 海门市\n"
T2009 = T2008.replace("320683 通州市", "320612 通州区")
T2010 = T2009.replace("城区", "崇川区")
D2009 = ACT.format(year=2009, number=1) + "-320683 通州市>通州区\n+320612 通州区<通州市\n"
D2010 = ACT.format(year=2010, number=2) + "-320602 城区>.\n+320602 崇川区<.\n"

END_2010 = date(2010, 12, 31)


def load(tx: Transaction, path: Path) -> str:
    listed = opened(path)
    assert not [finding for finding in listed.findings if finding.blocking]
    return load_listed(tx, listed).told


def table(session: Session, day: date) -> str:
    return "".join(f"{unit.code} {unit.name}\n" for unit in divisions_on(session, on=day))


def ids(session: Session, code: str) -> list[object]:
    return [version.division_id for version in holders_of_code(session, code)]


@pytest.fixture
def early(tmp_path: Path) -> Path:
    return written(tmp_path / "early", {2008: T2008, 2009: T2009}, {2009: D2009})


@pytest.fixture
def late(tmp_path: Path) -> Path:
    return written(tmp_path / "late", {2009: T2009, 2010: T2010}, {2010: D2010})


def test_a_history_goes_on_where_another_ended(tx: Transaction, early: Path, late: Path) -> None:
    load(tx, early)
    unit = ids(tx.session, "320602")
    assert "装入 0 个单位、1 个版本" in load(tx, late)
    assert [table(tx.session, date(year, 12, 31)) for year in (2008, 2009, 2010)] == [
        "".join(sorted(text.splitlines(keepends=True))) for text in (T2008, T2009, T2010)
    ]
    assert set(ids(tx.session, "320602")) == set(unit)
    assert not prove(tx.session)


def test_a_history_leads_up_to_the_beginning_of_another(tx: Transaction, early: Path, late: Path) -> None:
    load(tx, late)
    district = ids(tx.session, "320612")
    load(tx, early)
    assert ids(tx.session, "320612") == district
    [version] = versions_of(tx.session, district[0])
    assert (version.valid.start, version.begun_edtf) == (date(2009, 6, 1), None)
    assert instrument_by_id(tx.session, version.begun_by).number == "国函〔2009〕1号"
    [link] = tx.session.scalars(select(Lineage)).all()
    assert link.successor_id == district[0]
    [city, *_] = versions_of(tx.session, ids(tx.session, "320684")[0])
    assert (city.valid.start, city.begun_edtf) == (date(2008, 12, 31), "../2008-12-31")
    assert [table(tx.session, date(year, 12, 31)) for year in (2008, 2009, 2010)] == [
        "".join(sorted(text.splitlines(keepends=True))) for text in (T2008, T2009, T2010)
    ]
    assert not prove(tx.session)


def test_only_new_steps_of_a_longer_history_are_written(tx: Transaction, early: Path, tmp_path: Path) -> None:
    load(tx, early)
    whole = written(tmp_path / "whole", {2008: T2008, 2009: T2009, 2010: T2010}, {2009: D2009, 2010: D2010})
    assert "装入 0 个单位、1 个版本" in load(tx, whole)
    assert "没有改动" in load(tx, whole)
    assert len(tx.session.scalars(select(LoadedDelivery)).all()) == 2


@pytest.mark.parametrize("first", ["early", "late"])
def test_a_join_must_be_exact_and_each_code_is_named(
    tx: Transaction, tmp_path: Path, early: Path, late: Path, first: str
) -> None:
    load(tx, {"early": early, "late": late}[first])
    wrong = T2009.replace("海门市", "海门县").replace("320611 港闸区\n", "") + "320623 如东县\n"
    years = {"early": {2009: wrong, 2010: wrong}, "late": {2008: wrong, 2009: wrong}}[first]
    other = written(tmp_path / "wrong", years, {max(years): "# 无。\n"})
    with pytest.raises(RuleViolated) as refused:
        load(tx, other)
    told = " ".join(finding.message for finding in refused.value.findings if finding.rule == "R-HIS-05")
    assert "320684 在登记簿为“海门市”，代码表为“海门县”" in told
    assert "登记簿没有代码表中的 320623 如东县" in told
    assert "代码表没有登记簿中的 320611 港闸区" in told


def test_each_act_has_one_entry_in_the_journal(sessions: sessionmaker[Session], early: Path) -> None:
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        load(tx, early)
    with sessions() as session:
        wanted = select(JournalEntry).where(JournalEntry.command == "divisions.chronicle")
        told = session.scalars(wanted).all()
    assert len(told) == 2  # the dataset's and the act's
    [act] = [entry.after for entry in told if entry.after and "linked" in entry.after]
    assert [fact[1:3] for fact in act["begun"]] == [["320612", "通州区"]]
    assert [fact[1:3] for fact in act["ended"]] == [["320683", "通州市"]]
    assert len(act["linked"]) == 1


def test_an_office_loads_no_history_beyond_its_reach(sessions: sessionmaker[Session], early: Path) -> None:
    with transaction(sessions, actor=REGISTRAR, at=NOW) as tx:
        load(tx, early)
    actor = somebody(sessions, "南通王", "320600")
    with pytest.raises(NotPermitted), transaction(sessions, actor=actor, at=NOW) as tx:
        load(tx, written(early.parent / "x", {2009: T2009, 2010: T2010}, {2010: D2010}))


LATER = {
    "A": ("320602", "崇川区"),
    "B": ("320611", "港闸区"),
    "C": ("320612", "通州区"),
    "D": ("320685", "海门区"),
    "E": ("320105", "建邺区"),
}


@pytest.fixture
def mapped(tx: Transaction) -> dict[str, object]:
    """Units with areas, known as of 2020; 海门 is there under another code and type."""
    found = dict(drawn(tx, "ABCDE", LATER))
    for code, name in (("320000", "江苏省"), ("320600", "南通市")):
        tx.session.execute(update(DivisionVersion).where(DivisionVersion.code == code).values(name=name))
    return found


def test_a_history_is_the_earlier_life_of_units_with_areas(
    tx: Transaction, mapped: dict[str, object], late: Path
) -> None:
    load(tx, late)
    for letter, code in (("A", "320602"), ("B", "320611"), ("C", "320612")):
        assert set(ids(tx.session, code)) == {mapped[letter]}
    old, renamed, later = versions_of(tx.session, mapped["A"])  # type: ignore[arg-type]
    assert (old.name, renamed.name, later.name) == ("城区", "崇川区", "崇川区")
    assert (renamed.valid.end, renamed.ended_edtf) == (date(2020, 1, 1), "2010-12-31/2020-01-01")
    assert later.begun_edtf is None
    [city] = holders_of_code(tx.session, "320684")
    assert (city.valid.end, city.ended_edtf) == (date(2020, 1, 1), "2010-12-31/2020-01-01")
    [link] = tx.session.scalars(select(Lineage).where(Lineage.predecessor_id == city.division_id)).all()
    assert (link.successor_id, link.certainty) == (mapped["D"], "存疑")
    assert not prove(tx.session)


@pytest.mark.usefixtures("mapped")
def test_a_history_reaches_only_up_to_the_register(tx: Transaction, tmp_path: Path) -> None:
    long = written(
        tmp_path / "long",
        {2018: T2010, 2019: T2010, 2020: T2010},
        {2019: "# 无。\n", 2020: "# 无。\n"},
    )
    listed = opened(long)
    report = load_listed(tx, listed)
    assert "2018—2019 年" in report.told
    assert any("只回放到 2019 年末" in finding.message for finding in report.findings)
    assert not prove(tx.session)


def mapped_on(tx: Transaction, folder: Path, day: date, count: int = 2) -> LoadReport:
    """Deliver areas of the first of 崇川区, 港闸区, 通州区 for a day."""
    shapes = [cell(column) for column in range(count)]
    path = geojson(folder, collection(shapes))
    columns = Columns(code="code", name="name")
    return load_areas(tx, open_delivery(Request(str(path), day, columns=columns)))


def test_units_of_a_history_get_their_areas(tx: Transaction, late: Path, tmp_path: Path) -> None:
    load(tx, late)
    before = ids(tx.session, "320602")
    report = mapped_on(tx, tmp_path, END_2010)
    assert (report.entered, report.mapped, report.superiors) == (0, 2, 0)
    assert ids(tx.session, "320602") == before
    city = ids(tx.session, "320600")[0]
    areas = extents_on(tx.session, [before[0], city], on=END_2010)  # type: ignore[list-item]
    assert len(areas) == 2
    assert not prove(tx.session)
    assert mapped_on(tx, tmp_path, END_2010).changed_nothing


def test_areas_are_not_slid_under_later_changes(tx: Transaction, early: Path, tmp_path: Path) -> None:
    load(tx, early)
    load(tx, written(early.parent / "more", {2009: T2009, 2010: T2010}, {2010: D2010}))
    with pytest.raises(RuleViolated) as refused:
        mapped_on(tx, tmp_path, date(2009, 12, 31), count=2)
    assert any("在来件日期之后尚有变动" in finding.message for finding in refused.value.findings)


def test_codes_may_hang_below_units_with_areas(tx: Transaction, late: Path, tmp_path: Path) -> None:
    load(tx, late)
    mapped_on(tx, tmp_path, END_2010)
    above = ids(tx.session, "320602")[0]
    town = NewDivision("320602001", "某街道", DivisionLevel.township, "街道", above)  # type: ignore[arg-type]
    establish(tx, [town], on=date(2011, 1, 1), instrument_id=a_dataset(tx))
    assert not prove(tx.session)
