"""Lists of changes below the county as offices hand them in: encodings, workbooks, columns, codes, order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import select

from gis_service.foundation.findings import RuleViolated
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.intake.commands import load_listed
from gis_service.procedures.intake.commands.townships import TownshipsReport
from gis_service.procedures.intake.kinds import kind_of, townships
from gis_service.procedures.intake.kinds.listed import Listed, ListOptions
from gis_service.procedures.intake.rules.townships.rows import ChangeList
from gis_service.registers.boundaries.queries.proofs import prove
from gis_service.registers.divisions.models import DivisionVersion, Lineage
from gis_service.registers.divisions.queries import divisions_on, holders_of_code
from gis_service.registers.divisions.rules import DivisionLevel
from tests.support.histories import DAY, opened, written

COUNTIES = "320000 江苏省\n320800 淮安市\n320803 淮安区\n320804 淮阴区\n"
HEAD = ("year", "old_code", "old_name", "reason", "new_code", "new_name", "doc_no")
ROWS: list[Sequence[object]] = [
    (2017, 320803200, "甲乡", "撤乡设镇", 320803120, "甲镇", "苏政复〔2017〕1号"),
    (2017, 320803201, "乙乡", None, 320803121, "乙镇", None),
    (2018, 320804111, "吴集镇", "合并", 320804117, "刘老庄镇", "苏政复〔2018〕2号"),
    (2018, 320804205, "刘老庄乡", None, None, None, None),
]
DURING_2018 = {"320803120": "甲镇", "320803121": "乙镇", "320804111": "吴集镇", "320804205": "刘老庄乡"}


@pytest.fixture
def counties(tx: Transaction, tmp_path: Path) -> None:
    load_listed(tx, opened(written(tmp_path / "tables", {2010: COUNTIES})))


def read(path: Path, **options: object) -> Listed:
    assert kind_of(path) is townships
    return townships.read(path, ListOptions(DAY, **options))  # type: ignore[arg-type]


def load(tx: Transaction, path: Path, **options: object) -> TownshipsReport:
    report = load_listed(tx, read(path, **options))
    assert isinstance(report, TownshipsReport)
    return report


def text(rows: Sequence[Sequence[object]], head: Sequence[str] = HEAD, mark: str = ",") -> str:
    lines = [head, *([("" if cell is None else str(cell)) for cell in row] for row in rows)]
    return "".join(f"{mark.join(line)}\n" for line in lines)


def units(tx: Transaction, day: date) -> dict[str, str]:
    found = divisions_on(tx.session, on=day, level=DivisionLevel.township)
    return {unit.code: unit.name for unit in found}


def as_utf8(folder: Path) -> Path:
    path = folder / "list.csv"
    path.write_text(text(ROWS), encoding="utf-8-sig")
    return path


def as_gbk(folder: Path) -> Path:
    path = folder / "list.csv"
    path.write_text(text(ROWS), encoding="gb18030")
    return path


def renamed_and_moved(folder: Path) -> Path:
    head = ("变更后代码", "变更后名称", "原代码", "原名称", "变更原因", "批准文号", "年份")
    rows = [(row[4], row[5], row[1], row[2], row[3], row[6], f"{row[0]}年") for row in ROWS]
    path = folder / "清单.csv"
    path.write_text(text(rows, head, "\t"), encoding="gb18030")
    return path


def twelve_digits(folder: Path) -> Path:
    path = folder / "list.csv"
    rows = [(row[0], _long(row[1]), row[2], row[3], _long(row[4]), *row[5:]) for row in ROWS]
    path.write_text(text(rows), encoding="utf-8")
    return path


def _long(code: object) -> object:
    return f"{code}000" if code else None


def workbook(folder: Path) -> Path:
    """With a title above the head, numbers for codes, and merged cells that leave blanks, the year too."""
    path = folder / "清单.xlsx"
    title = ["2017—2018 年乡级行政区划变更情况", *[None] * 6]
    rows = [list(row) for row in ROWS]
    rows[1][0] = rows[3][0] = None
    table = pd.DataFrame([title, list(HEAD), *rows])
    table.to_excel(path, index=False, header=False, engine="openpyxl")
    return path


def newest_first(folder: Path) -> Path:
    path = folder / "list.csv"
    path.write_text(text([*ROWS[2:], *ROWS[:2]]), encoding="utf-8")
    return path


DELIVERIES = [as_utf8, as_gbk, renamed_and_moved, twelve_digits, workbook, newest_first]


@pytest.mark.usefixtures("counties")
@pytest.mark.parametrize("made", DELIVERIES)
def test_however_it_is_handed_in_it_says_the_same(tx: Transaction, tmp_path: Path, made: object) -> None:
    report = load(tx, made(tmp_path))  # type: ignore[operator]
    assert (report.rows, report.refused, report.links) == (4, 0, 4)
    assert units(tx, date(2018, 6, 1)) == DURING_2018
    assert units(tx, date(2018, 12, 31)) == {
        "320803120": "甲镇",
        "320803121": "乙镇",
        "320804117": "刘老庄镇",
    }
    assert {link.certainty for link in tx.session.scalars(select(Lineage))} == {"确定", "推定"}
    assert not prove(tx.session)


def test_filled_cells_make_the_same_changes_as_merged_ones(tmp_path: Path) -> None:
    filled = [list(row) for row in ROWS]
    for row, above in ((1, 0), (3, 2)):
        filled[row][3], filled[row][6] = filled[above][3], filled[above][6]
    (tmp_path / "filled.csv").write_text(text(filled), encoding="utf-8")
    lists = [read(each).content for each in (as_utf8(tmp_path), tmp_path / "filled.csv")]
    told = [[(row.old, row.new, row.reason, row.number) for row in each.rows] for each in lists]
    assert told[0] == told[1]
    assert [row.group for row in lists[1].rows][2] == [row.group for row in lists[1].rows][3]


def test_a_list_of_one_year_may_say_it_in_its_name_alone(tmp_path: Path) -> None:
    path = tmp_path / "2018年乡级变更.csv"
    path.write_text(text([row[1:] for row in ROWS[2:]], HEAD[1:]), encoding="utf-8")
    changes = read(path).content
    assert isinstance(changes, ChangeList)
    assert list(changes.years) == [2018]


@pytest.mark.usefixtures("counties")
def test_what_begins_and_ends_in_one_year_comes_in_turns(tx: Transaction, tmp_path: Path) -> None:
    rows: list[Sequence[object]] = [
        (2016, None, None, "设立", 320803001, "新城街道", "苏政复〔2016〕1号"),
        (2016, 320803001, "新城街道", "撤销", None, None, "苏民函〔2016〕2号"),
        (2016, 320804200, "丙乡", "撤乡设镇", 320804120, "丙镇", "苏政复〔2016〕3号"),
        (2016, 320804120, "丙镇", "撤镇设街道", 320804010, "丙街道", "苏政复〔2016〕4号"),
        (2016, 320803003, "城东街道", "合并", 320803002, "星园街道", "苏政复〔2016〕5号"),
        (2016, 320803002, "城西街道", None, None, None, None),
    ]
    path = tmp_path / "list.csv"
    path.write_text(text(rows), encoding="utf-8")
    assert load(tx, path).refused == 0
    assert units(tx, date(2016, 12, 31)) == {"320804010": "丙街道", "320803002": "星园街道"}
    [new] = holders_of_code(tx.session, "320803001")
    assert (new.begun_edtf, new.ended_edtf, new.without_successor) == ("2016", "2016", True)
    assert len(tx.session.scalars(select(Lineage)).all()) == 3
    assert not prove(tx.session)


@pytest.mark.usefixtures("counties")
def test_a_year_that_is_missing_is_told(tx: Transaction, tmp_path: Path) -> None:
    rows = [ROWS[0], (2019, *ROWS[2][1:])]
    path = tmp_path / "list.csv"
    path.write_text(text(rows), encoding="utf-8")
    assert any("没有 2018 年的变更" in finding.message for finding in load(tx, path).findings)


@pytest.mark.usefixtures("counties")
def test_counties_of_the_day_are_taken_from_a_table(tx: Transaction, tmp_path: Path) -> None:
    new: Sequence[object] = (2018, None, None, "设立", 320812013, "盐河街道", "苏政复〔2018〕9号")
    path = tmp_path / "list.csv"
    path.write_text(text([*ROWS, new]), encoding="utf-8")
    with pytest.raises(RuleViolated) as refused:
        load(tx, path)
    [finding] = [each for each in refused.value.findings if each.blocking]
    assert "--superiors" in finding.suggestion
    assert load(tx, path, partial=True).refused == 1
    table = tmp_path / "2018.txt"
    table.write_text(f"{COUNTIES}320812 清江浦区\n", encoding="utf-8")
    report = load(tx, path, superiors=table)
    assert (report.refused, report.known, report.divisions) == (0, 4, 2)
    [county] = holders_of_code(tx.session, "320812")
    assert (county.name, county.begun_edtf) == ("清江浦区", "../2018-01-01")
    assert units(tx, date(2018, 12, 31))["320812013"] == "盐河街道"
    assert not prove(tx.session)
    assert "没有改动" in load(tx, path, superiors=table).told


def test_counties_known_only_later_are_there_before_if_the_table_says_so(
    tx: Transaction, tmp_path: Path
) -> None:
    load_listed(tx, opened(written(tmp_path / "tables", {2019: f"{COUNTIES}320812 清江浦区\n"})))
    above = [version.division_id for version in holders_of_code(tx.session, "320812")]
    for version in tx.session.scalars(select(DivisionVersion)).all():
        if len(version.code.rstrip("0")) <= 4:
            version.valid = type(version.valid)(date(2010, 12, 31))
    tx.session.flush()
    path = tmp_path / "list.csv"
    path.write_text(text([(2018, None, None, "设立", 320812013, "盐河街道", None)]), encoding="utf-8")
    with pytest.raises(RuleViolated) as refused:
        load(tx, path)
    assert "2019-12-31 起才有“清江浦区”" in refused.value.findings[0].message
    table = tmp_path / "counties.csv"
    table.write_text("代码,名称\n320812,清江浦区\n", encoding="gb18030")
    assert load(tx, path, superiors=table).refused == 0
    [county] = holders_of_code(tx.session, "320812")
    assert ([county.division_id], county.valid.start) == (above, date(2018, 1, 1))
    assert not prove(tx.session)


def test_what_is_no_such_list_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(text([]), encoding="utf-8")
    assert "没有一行变更" in read(path).findings[0].message
    path.write_text(f"{text(ROWS)}2018,320803001,{'字' * 200_000},,,,\n", encoding="utf-8")
    assert "表格不能读取" in read(path).findings[0].message
    path.write_text(text([row[1:] for row in ROWS], HEAD[1:]), encoding="utf-8")
    assert "缺少列 year" in read(path).findings[0].message
    path.write_bytes(text(ROWS).encode() + b"\xff\xff\xff\n")
    assert "不是 UTF-8 也不是 GB 18030" in read(path).findings[0].message
