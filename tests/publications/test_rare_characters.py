"""Names in characters of the extensions and of private use come out of every path as they went in.

What the print font lacks is printed as its code point, and said so.
"""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pypdfium2
import pytest
from docx import Document
from fastapi.testclient import TestClient
from openpyxl import load_workbook
from sqlalchemy import text

from gis_service.foundation.transaction import Transaction
from gis_service.foundation.typeface import coverage_findings
from gis_service.publications.exchange.formats import read_table, write_table
from gis_service.publications.forms.formats import docx, gpkg, json_text, pdf, xlsx
from gis_service.publications.forms.queries import gather
from gis_service.publications.forms.schemas import LineEvidence
from gis_service.publications.forms.sheets import registration, results
from tests.publications.forms.conftest import ON, a_line
from tests.support.factories import drawn

PRINTED = "㙍𠙶𬭁𣲗𫓧"  # extensions A, B, E, B and C: standard characters that the font carries
LACKING = "𠮷\ue815\U000f0000"  # extension B and both planes of private use
NAME = f"{PRINTED}{LACKING}区"
DAY = "on=2020-06-05"


def test_the_database_and_http_keep_them(tx: Transaction, client: TestClient) -> None:
    drawn(tx, "AB", {"A": ("320102", NAME), "B": ("320104", "乙区")})
    stored = tx.session.execute(
        text("SELECT name, length(name) FROM division_version WHERE code = '320102'")
    ).one()
    assert tuple(stored) == (NAME, len(NAME))
    [unit] = [
        each for each in client.get(f"/divisions?{DAY}&limit=50").json()["items"] if each["name"] == NAME
    ]
    assert unit["code"] == "320102"
    table = {"csv": "编号,lon,lat\n1,119.005,31.995\n"}
    assert f"320102,{NAME}" in client.post(f"/divisions/locate?{DAY}", json=table).json()["csv"]


@pytest.mark.parametrize("file", ["names.csv", "names.xlsx"])
def test_tables_keep_them(file: str, tmp_path: Path) -> None:
    table = pd.DataFrame({"名称": [NAME, "南京市"]}, dtype=str)
    write_table(table, tmp_path / file)
    assert list(read_table(tmp_path / file)["名称"]) == [NAME, "南京市"]


@pytest.fixture
def evidence(tx: Transaction) -> LineEvidence:
    """A line with a marker whose note, and of whose line the name, is rare."""
    found = gather(tx.session, a_line(tx), on=ON)
    first, *others = found.markers
    return replace(found, name=f"{LACKING}线", markers=(replace(first, note=NAME), *others))


def test_forms_for_machines_keep_them(evidence: LineEvidence, tmp_path: Path) -> None:
    plan = results.plan(evidence)
    [table] = json_text.read(json_text.draw(plan))
    column = [each.name for each in table.columns].index("备注")
    assert table.rows[0][column] == NAME
    head, row, *_ = load_workbook(io.BytesIO(xlsx.draw(plan)))["界桩"].iter_rows(values_only=True)
    assert dict(zip(head, row, strict=True))["备注"] == NAME
    (tmp_path / "form.gpkg").write_bytes(gpkg.draw(plan))
    assert gpd.read_file(tmp_path / "form.gpkg", layer="界桩")["备注"][0] == NAME


def test_word_documents_keep_them(evidence: LineEvidence) -> None:
    [table] = Document(io.BytesIO(docx.draw(results.plan(evidence)))).tables
    assert NAME in {cell.text for cell in table.rows[1].cells}


def test_print_shows_what_the_font_has_and_the_code_points_of_the_rest(evidence: LineEvidence) -> None:
    document = pypdfium2.PdfDocument(pdf.draw(results.plan(evidence)))
    page = "".join(document[0].get_textpage().get_text_range().split())
    document.close()
    assert PRINTED in page
    assert all(f"〔U+{ord(char):04X}〕" in page for char in LACKING)
    assert not set(LACKING) & set(page)
    assert "字体缺字之处以码位" in page


def test_forms_say_where_what_is_lacking_stands(evidence: LineEvidence) -> None:
    plan = results.plan(evidence)
    found = {finding.subject: finding for finding in plan.findings}
    assert list(found) == ["界桩成果表·界线名称", "界桩成果表·表头", "界桩成果表·第2行"]
    assert all(each.rule == "R-MAP-70" and not each.blocking for each in found.values())
    assert "“𠮷”（U+20BB7）、“\ue815”（U+E815）" in found["界桩成果表·第2行"].message
    named = replace(evidence, name="苏皖线")
    [one] = registration.plan(named).findings
    assert one.subject.startswith("界桩登记表·第1份·第")
    clean = replace(named, markers=evidence.markers[1:])
    assert results.plan(clean).findings == ()
    assert b'"findings": []' in json_text.draw(results.plan(clean))


def test_each_text_is_told_once_with_all_it_lacks() -> None:
    [found] = coverage_findings([("甲", "南京市"), ("乙", "𠮷村𠮷")])
    assert (found.subject, found.message) == ("乙", "“𠮷村𠮷”含字体缺字“𠮷”（U+20BB7），印出时以码位代替")
