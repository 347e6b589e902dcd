"""A history loaded between years the register tells of already, or after a gap, joins by province."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from gis_service.foundation.findings import RuleViolated
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.intake.commands import load_listed
from gis_service.procedures.intake.commands.chronicling import HistoryReport
from gis_service.procedures.intake.kinds import yearly
from gis_service.procedures.intake.kinds.listed import ListOptions
from gis_service.registers.boundaries.queries import trace
from gis_service.registers.boundaries.queries.proofs import prove
from gis_service.registers.divisions.commands import NewDivision, establish, rewrite
from gis_service.registers.divisions.models import Lineage, SupersededLink, SupersededVersion
from gis_service.registers.divisions.queries import division_by_code, divisions_on, versions_of
from gis_service.registers.divisions.rules import DivisionLevel
from tests.support.factories import an_act, drawn
from tests.support.histories import DAY, written

ACT = "## 国务院关于某事的批复\n# 文号：国函〔{0}〕{1}号\n# 日期：{0}年6月1日\n#\n# 某事。\n"
NONE = "# 无。\n"
JIANGSU = "320000 江苏省\n320600 南通市\n320602 崇川区\n320611 港闸区\n320683 通州市\n"
HEBEI = "130000 河北省\n130100 石家庄市\n130183 晋州市\n"
T2010 = JIANGSU + HEBEI
T2012 = T2010.replace("320683 通州市", "320612 通州区")
T2013 = T2012.replace("130183 晋州市", "130110 晋州区")
D2012 = ACT.format(2012, 1) + "-320683 通州市>通州区\n+320612 通州区<通州市\n"
D2013 = ACT.format(2013, 1) + "-130183 晋州市>晋州区\n+130110 晋州区<晋州市\n"
T2021 = T2013.replace("320611 港闸区\n", "")
D2021 = ACT.format(2021, 1) + "-320611 港闸区>崇川区\n=320602 崇川区<港闸区\n"
SAMPLE = {"A": ("320602", "崇川区"), "B": ("320611", "港闸区"), "C": ("320612", "通州区")}


def load(tx: Transaction, path: Path, *, infer: bool = False, partial: bool = False) -> HistoryReport:
    listed = yearly.read(path, ListOptions(DAY, infer, partial))
    assert not [finding for finding in listed.findings if finding.blocking]
    report = load_listed(tx, listed)
    assert isinstance(report, HistoryReport)
    return report


def table(tx: Transaction, day: date, *, within: str = "") -> str:
    units = divisions_on(tx.session, on=day)
    return "".join(f"{unit.code} {unit.name}\n" for unit in units if unit.code.startswith(within))


def ordered(text: str) -> str:
    return "".join(sorted(text.splitlines(keepends=True)))


def whither(tx: Transaction, code: str, on: int, to: date) -> set[str]:
    unit = division_by_code(tx.session, code, on=date(on, 12, 31)).division_id
    return {heir.unit.code for heir in trace(tx.session, unit, on=date(on, 12, 31), to=to).units}


@pytest.fixture
def first(tmp_path: Path) -> Path:
    return written(tmp_path / "first", {2009: T2010, 2010: T2010}, {2010: NONE})


@pytest.fixture
def later(tmp_path: Path) -> Path:
    tables = {2010: T2010, 2011: T2010, 2012: T2012, 2013: T2013}
    return written(tmp_path / "later", tables, {2011: NONE, 2012: D2012, 2013: D2013})


@pytest.fixture
def sample(tx: Transaction) -> dict[str, object]:
    """Three districts with areas, as of 2020, under the names of the tables."""
    found = drawn(tx, "ABC", SAMPLE)
    for code, name in (("320000", "江苏省"), ("320600", "南通市")):
        for version in versions_of(tx.session, found[code]):
            version.name = name
    tx.session.flush()
    return dict(found)


@pytest.mark.usefixtures("sample")
def test_years_between_are_put_in(tx: Transaction, first: Path, later: Path) -> None:
    load(tx, first)
    assert whither(tx, "320683", 2010, date(2020, 1, 1)) == set()
    report = load(tx, later)
    assert (report.divisions, report.incomplete) == (1, ())
    for year, text in {2010: T2010, 2011: T2010, 2012: T2012, 2013: T2013}.items():
        assert table(tx, date(year, 12, 31)) == ordered(text)
    assert table(tx, date(2020, 1, 1), within="32") == ordered(
        JIANGSU.replace("320683 通州市", "320612 通州区")
    )
    assert whither(tx, "320683", 2010, date(2020, 1, 1)) == {"320612"}
    assert whither(tx, "130183", 2010, date(2020, 1, 1)) == {"130110"}
    assert not prove(tx.session)
    assert load(tx, later).changed_nothing


def test_what_was_guessed_gives_way_and_stays_readable(
    tx: Transaction, sample: dict[str, object], first: Path, later: Path
) -> None:
    load(tx, first)
    [guessed] = tx.session.scalars(select(Lineage).where(Lineage.certainty == "存疑")).all()
    city = guessed.predecessor_id
    assert guessed.successor_id == sample["C"]
    load(tx, later)
    [link] = tx.session.scalars(select(Lineage).where(Lineage.predecessor_id == city)).all()
    assert (link.on_date, link.successor_id, link.certainty) == (date(2012, 6, 1), sample["C"], "确定")
    [kept] = tx.session.scalars(select(SupersededLink)).all()
    assert (kept.on_date, kept.certainty) == (date(2020, 1, 1), "存疑")
    [published] = tx.session.scalars(select(SupersededVersion)).all()
    assert (published.code, published.valid.end) == ("320683", date(2020, 1, 1))
    old, standing = versions_of(tx.session, sample["C"])  # type: ignore[arg-type]
    assert (old.valid.start, old.ended_edtf) == (date(2012, 6, 1), "2013-12-31/2020-01-01")
    assert standing.valid.start == date(2020, 1, 1)
    [unmoved, _] = versions_of(tx.session, sample["A"])  # type: ignore[arg-type]
    assert unmoved.ended_edtf == "2013-12-31/2020-01-01"


@pytest.fixture
def long(tmp_path: Path) -> Path:
    """2010 to 2021, in which the sample of 2020 lies; 港闸区 ends, which has an area by then."""
    tables = {2010: T2010, 2012: T2012, 2013: T2013, 2020: T2013, 2021: T2021}
    path = written(tmp_path / "long", tables, {2021: D2021})
    for years, text in {"2010-2012": D2012, "2012-2013": D2013, "2013-2020": NONE}.items():
        (path / "diff" / f"{years}.diff").write_text(text, encoding="utf-8")
    return path


@pytest.mark.usefixtures("sample")
def test_what_contradicts_is_refused_by_name_and_the_rest_loads_if_asked(
    tx: Transaction, first: Path, long: Path
) -> None:
    load(tx, first)
    with pytest.raises(RuleViolated) as refused:
        load(tx, long)
    [finding] = [each for each in refused.value.findings if each.blocking]
    assert finding.subject == "320611 港闸区"
    assert "2021-06-01 终止，而登记簿中它已有范围至该日以后" in finding.message
    report = load(tx, long, partial=True)
    assert report.incomplete == ("32",)
    assert "未全部取用：320000" in report.told
    assert table(tx, date(2021, 12, 31), within="13") == ordered(T2021)[: len(HEBEI)]
    assert not prove(tx.session)


def test_townships_keep_their_county_from_ending(tx: Transaction, first: Path, later: Path) -> None:
    load(tx, first)
    above = division_by_code(tx.session, "320683", on=date(2010, 12, 31)).division_id
    town = NewDivision("320683100", "某镇", DivisionLevel.township, "镇", above)
    establish(tx, [town], on=date(2011, 1, 1), instrument_id=an_act(tx))
    with pytest.raises(RuleViolated) as refused:
        load(tx, later)
    [finding] = [each for each in refused.value.findings if each.blocking]
    assert "320683 通州市在沿革中于 2012-06-01 终止，而登记簿中它下有乡级以下单位" in finding.message
    assert load(tx, later, partial=True).incomplete == ("32",)


def test_a_unit_the_register_knows_later_does_not_end_before(
    tx: Transaction, first: Path, later: Path
) -> None:
    load(tx, first)
    unit = division_by_code(tx.session, "320683", on=date(2010, 12, 31))
    renamed = NewDivision(
        "320683", "通海市", DivisionLevel.county, "县级市", unit.superior_id, id=unit.division_id
    )
    rewrite(tx, revised=[renamed], on=date(2018, 3, 1), instrument_id=an_act(tx))
    with pytest.raises(RuleViolated) as refused:
        load(tx, later)
    [finding] = [each for each in refused.value.findings if each.blocking]
    assert "终止，而登记簿中自 2018-03-01 起为“通海市”" in finding.message


def test_over_a_gap_it_joins_by_inference_only_if_asked(tx: Transaction, first: Path, tmp_path: Path) -> None:
    load(tx, first)
    after = written(tmp_path / "after", {2015: T2013, 2016: T2013}, {2016: NONE})
    with pytest.raises(RuleViolated) as refused:
        load(tx, after)
    assert all("加 --infer 推断" in each.suggestion for each in refused.value.findings if each.blocking)
    report = load(tx, after, infer=True)
    assert (report.years, report.links) == ((2010, 2016), 2)
    assert table(tx, date(2016, 12, 31)) == ordered(T2013)
    links = tx.session.scalars(select(Lineage)).all()
    assert {(each.on_date, each.certainty) for each in links} == {(date(2015, 12, 31), "推定")}
    assert versions_of(tx.session, links[0].successor_id)[0].begun_edtf == "2011/2015"
    assert whither(tx, "320683", 2010, date(2016, 12, 31)) == {"320612"}


def test_a_gap_that_was_guessed_across_is_filled_later(
    tx: Transaction, first: Path, later: Path, tmp_path: Path
) -> None:
    load(tx, first)
    load(tx, written(tmp_path / "after", {2015: T2013, 2016: T2013}, {2016: NONE}), infer=True)
    assert load(tx, later).incomplete == ()
    for year, text in {2011: T2010, 2012: T2012, 2013: T2013, 2014: T2013, 2016: T2013}.items():
        assert table(tx, date(year, 12, 31)) == ordered(text)
    links = tx.session.scalars(select(Lineage)).all()
    assert {(each.on_date.year, each.certainty) for each in links} == {(2012, "确定"), (2013, "确定")}
    assert not prove(tx.session)


def test_the_same_day_told_otherwise_is_no_gap(tx: Transaction, first: Path, tmp_path: Path) -> None:
    load(tx, first)
    other = written(tmp_path / "other", {2010: T2013, 2011: T2013}, {2011: NONE})
    with pytest.raises(RuleViolated):
        load(tx, other, infer=True)


def test_area_that_moves_between_standing_units_is_told_in_years_without_other_change(
    tx: Transaction, first: Path, tmp_path: Path
) -> None:
    load(tx, first)
    moved = ACT.format(2011, 7) + "=320602 崇川区>港闸区\n"
    path = written(tmp_path / "moved", {2010: T2010, 2011: T2010}, {2011: moved})
    assert (load(tx, path).links, load(tx, path).links) == (1, 0)
    [link] = tx.session.scalars(select(Lineage)).all()
    assert (link.kind, link.on_date) == ("区域划转", date(2011, 6, 1))
