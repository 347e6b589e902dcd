"""Lists of changes below the county: what is known only by its change is entered, then changed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, text

from gis_service.foundation.findings import RuleViolated
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.intake.commands import load_listed
from gis_service.procedures.intake.commands.townships import TownshipsReport
from gis_service.procedures.intake.kinds import kind_of, townships
from gis_service.procedures.intake.kinds.listed import ListOptions
from gis_service.registers.boundaries.queries.proofs import prove
from gis_service.registers.divisions.models import DivisionVersion, Lineage
from gis_service.registers.divisions.queries import divisions_on, last_known
from gis_service.registers.divisions.rules import DivisionLevel
from tests.support.histories import large_history, opened, written

HEAD = "year,old_code,old_name,reason,new_code,new_name,doc_no\n"
COUNTIES = "320000 江苏省\n320800 淮安市\n320803 淮安区\n320804 淮阴区\n"


@pytest.fixture
def counties(tx: Transaction, tmp_path: Path) -> None:
    load_listed(tx, opened(written(tmp_path / "tables", {2010: COUNTIES})))


def load(tx: Transaction, folder: Path, rows: str, *, partial: bool = False) -> TownshipsReport:
    path = folder / "changes.csv"
    path.write_text(HEAD + rows, encoding="utf-8-sig")
    assert kind_of(path) is townships
    report = load_listed(tx, townships.read(path, ListOptions(date(2026, 1, 1), partial=partial)))
    assert isinstance(report, TownshipsReport)
    return report


def links(tx: Transaction) -> set[tuple[str, str, str, str]]:
    found = tx.session.scalars(select(Lineage)).all()
    names = last_known(
        tx.session, {side for each in found for side in (each.predecessor_id, each.successor_id)}
    )
    return {
        (names[each.predecessor_id].name, names[each.successor_id].name, each.kind, each.certainty)
        for each in found
    }


def units(tx: Transaction, day: date) -> dict[str, str]:
    found = divisions_on(tx.session, on=day, level=DivisionLevel.township)
    return {unit.code: unit.name for unit in found}


@pytest.mark.usefixtures("counties")
def test_every_kind_of_row_is_entered(tx: Transaction, tmp_path: Path) -> None:
    rows = (
        "2018,320803003,城东街道,撤销合并,320803004,山阳街道,苏政复〔2018〕48号\n"
        "2018,320803115,席桥镇,,,,\n"
        "2018,320803102,上河镇,撤销镇,,,\n"
        "2018,320804111,吴集镇,整建制划归,320803130,吴集镇,\n"
        "2018,320804104,码头镇,名称变更,320804104,马头镇,\n"
        "2018,320804205,刘老庄乡,撤乡设镇,320804117,刘老庄镇,\n"
        "2018,,,新设街道,320804008,古清口街道,\n"
    )
    report = load(tx, tmp_path, rows)
    assert (report.rows, report.refused) == (7, 0)
    assert links(tx) == {
        ("城东街道", "山阳街道", "合并", "确定"),
        ("席桥镇", "山阳街道", "合并", "推定"),
        ("刘老庄乡", "刘老庄镇", "建制变更", "确定"),
    }
    assert units(tx, date(2018, 6, 1)) == {
        "320803003": "城东街道",
        "320803115": "席桥镇",
        "320803102": "上河镇",
        "320804111": "吴集镇",
        "320804104": "码头镇",
        "320804205": "刘老庄乡",
    }
    assert units(tx, date(2018, 12, 31)) == {
        "320803004": "山阳街道",
        "320803130": "吴集镇",
        "320804104": "马头镇",
        "320804117": "刘老庄镇",
        "320804008": "古清口街道",
    }
    [old, new] = tx.session.scalars(
        select(DivisionVersion).where(DivisionVersion.name == "吴集镇").order_by(DivisionVersion.code.desc())
    )
    assert old.division_id == new.division_id
    assert (old.begun_edtf, new.begun_edtf) == ("../2018-01-01", "2018")
    assert not prove(tx.session)
    assert "没有改动" in load(tx, tmp_path, rows).told


@pytest.mark.usefixtures("counties")
def test_later_years_go_on_from_earlier_ones(tx: Transaction, tmp_path: Path) -> None:
    load(tx, tmp_path, "2016,320803200,甲乡,撤乡设镇,320803120,甲镇,苏政复〔2016〕1号\n")
    rows = (
        "2017,320803120,甲镇,撤镇设街道,320803010,甲街道,苏政复〔2017〕1号\n"
        "2018,320803010,甲街道,名称变更,320803010,乙街道,苏政复〔2018〕1号\n"
    )
    assert load(tx, tmp_path, rows).divisions == 1
    assert [units(tx, date(year, 12, 31)) for year in (2016, 2017, 2018)] == [
        {"320803120": "甲镇"},
        {"320803010": "甲街道"},
        {"320803010": "乙街道"},
    ]
    assert not prove(tx.session)


@pytest.mark.usefixtures("counties")
def test_a_row_without_its_county_is_left_out_only_if_asked(tx: Transaction, tmp_path: Path) -> None:
    rows = "2018,,,新设街道,320812013,盐河街道,\n2018,,,新设街道,320804008,古清口街道,\n"
    with pytest.raises(RuleViolated) as refused:
        load(tx, tmp_path, rows)
    [finding] = [each for each in refused.value.findings if each.blocking]
    assert finding.subject == "第2行 320812013 盐河街道"
    assert load(tx, tmp_path, rows, partial=True).refused == 1
    assert units(tx, date(2018, 12, 31)) == {"320804008": "古清口街道"}


@pytest.mark.usefixtures("counties")
def test_what_is_plainly_meant_is_mended_and_told(tx: Transaction, tmp_path: Path) -> None:
    rows = (
        "2014,320803104,荷花镇,更名,,嫘祖镇,鄂民政函〔2014〕461号\n"
        "2014,320803216,海坝乡,撤销,并入拉马乡,,\n"
        "2014,32080321,短码乡,撤销,,,\n"
    )
    report = load(tx, tmp_path, rows, partial=True)
    assert [finding.subject.split()[0] for finding in report.findings] == ["第2行", "第3行", "第4行"]
    assert units(tx, date(2014, 12, 31)) == {"320803104": "嫘祖镇"}


LISTS = [] if large_history() is None else sorted(large_history().glob("township_changes_*.csv"))  # type: ignore[union-attr]


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_the_large_list_leaves_a_register_that_holds(tx: Transaction, path: Path) -> None:
    load_listed(tx, opened(path.parent))
    report = load_listed(tx, townships.read(path, ListOptions(date(2026, 1, 1), partial=True)))
    assert isinstance(report, TownshipsReport)
    assert report.rows - report.refused > 3000
    named = [finding for finding in report.findings if "未取用" in finding.message]
    assert len(named) == report.refused
    gaps = """
        SELECT v.code FROM division_version v WHERE length(v.code) = 9
        AND NOT (SELECT range_agg(s.valid) FROM division_version s
                 WHERE s.division_id = v.superior_id) @> v.valid"""
    assert not tx.session.execute(text(gaps)).all()
