"""Histories, lists and trees through the commands: what is told, and every wrong input with a way out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import SAMPLE, Desk
from tests.support.histories import written

T2009 = "320000 江苏省\n320600 南通市\n320602 城区\n320683 通州市\n"
T2010 = T2009.replace("320683 通州市", "320612 通州区")
ACT = "## 国务院关于某事的批复\n# 文号：国函〔2010〕1号\n# 日期：2010年6月1日\n#\n# 某事。\n"
D2010 = ACT + "-320683 通州市>通州区\n+320612 通州区<通州市\n"
HEAD = "year,old_code,old_name,reason,new_code,new_name,doc_no\n"


def history(folder: Path, diff: str | None = D2010, **tables: str) -> Path:
    texts = {2009: T2009, 2010: T2010} | {int(name[1:]): text for name, text in tables.items()}
    return written(folder / "codes", texts, {2010: diff} if diff is not None else {})


def test_a_history_is_checked_loaded_and_continued(desk: Desk, tmp_path: Path) -> None:
    path = history(tmp_path)
    assert desk.json("intake", "check", path)["blocking"] is False
    [rehearsed] = desk.json("intake", "load", path, "--dry-run")
    [report] = desk.json("intake", "load", path)
    assert rehearsed == report
    assert {key: report[key] for key in ("years", "units_entered", "links_entered", "acts")} == {
        "years": [2009, 2010],
        "units_entered": 5,
        "links_entered": 1,
        "acts": 1,
    }
    later = written(tmp_path / "later", {2012: T2010.replace("城区", "崇川区"), 2013: T2010})
    checked = desk.json("intake", "check", later, "--infer", code=0)
    assert any(finding["rule"] == "R-HIS-07" for finding in checked["findings"])
    assert desk.json("intake", "check", later, code=1)["blocking"] is True
    assert desk.json("intake", "load", later, "--infer")[0]["provinces_incomplete"] == []


def test_check_says_what_load_would_say(desk: Desk, tmp_path: Path) -> None:
    desk.run("intake", "load", history(tmp_path))
    other = written(
        tmp_path / "other",
        {2010: T2010.replace("南通市", "通州市"), 2011: T2010.replace("南通市", "通州市")},
        {2011: "# 无。\n"},
    )
    checked = desk.json("intake", "check", other, code=1)
    refused = json.loads(desk.run("intake", "load", other, "--json", code=1).stdout)
    blocking = [each for each in checked["findings"] if each["severity"] == "blocking"]
    assert blocking
    assert [each for each in refused["findings"] if each["severity"] == "blocking"] == blocking
    alone = desk.json("intake", "check", other, "--no-register")
    assert alone["blocking"] is False
    [partial] = desk.json("intake", "load", other, "--partial")
    assert partial["provinces_incomplete"] == ["320000"]


def test_a_list_is_checked_and_loaded_in_part(desk: Desk, tmp_path: Path) -> None:
    desk.run("intake", "load", history(tmp_path))
    path = tmp_path / "list.csv"
    rows = "2018,,,设立,320612001,甲街道,苏政复〔2018〕1号\n2018,,,设立,320699001,乙街道,\n"
    path.write_text(HEAD + rows, encoding="utf-8")
    assert desk.json("intake", "check", path, code=1)["blocking"] is True
    assert desk.json("intake", "check", path, "--partial")["blocking"] is False
    [report] = desk.json("intake", "load", path, "--partial")
    assert (report["rows"], report["rows_refused"], report["units_entered"]) == (2, 1, 1)
    counties = tmp_path / "counties.txt"
    counties.write_text("320000 江苏省\n320600 南通市\n320699 某区\n", encoding="utf-8")
    [report] = desk.json("intake", "load", path, "--superiors", counties)
    assert (report["rows_refused"], report["rows_known"], report["units_entered"]) == (0, 1, 2)
    desk.run("verify")


def test_a_tree_is_checked_and_loaded(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "tree.json"
    node = {
        "code": "320000000000",
        "name": "江苏省",
        "children": [{"code": "320600000000", "name": "南通市"}],
    }
    path.write_text(json.dumps({"data": [node]}, ensure_ascii=False), encoding="utf-8")
    assert desk.json("intake", "check", path, "--on", "2024-01-01")["blocking"] is False
    [report] = desk.json("intake", "load", path, "--on", "2024-01-01")
    assert (report["units"], report["units_entered"]) == (2, 2)
    assert desk.json("intake", "load", path, "--on", "2024-01-01")[0]["units_entered"] == 0


def test_the_sample_and_histories_join_whichever_comes_first(desk: Desk, tmp_path: Path) -> None:
    desk.run("intake", "load", SAMPLE)
    desk.run("intake", "load", history(tmp_path))
    later = written(
        tmp_path / "later",
        {2010: T2010, 2011: T2010.replace("城区", "崇川区")},
        {2011: ACT.replace("2010", "2011") + "-320602 城区>.\n+320602 崇川区<.\n"},
    )
    [report] = desk.json("intake", "load", later)
    assert report["versions_entered"] == 1
    desk.run("verify")


Maker = Callable[[Path], Path]


def without_diff(folder: Path) -> Path:
    return history(folder, None)


def without_a_year(folder: Path) -> Path:
    path = history(folder, t2012=T2010)
    (path / "diff" / "2011-2012.diff").write_text("# 无。\n", encoding="utf-8")
    return path


def wrong_selector(folder: Path) -> Path:
    return history(folder, D2010.replace(">通州区", ">通川区"))


def duplicate_code(folder: Path) -> Path:
    return history(folder, t2009=T2009 + "320602 港闸区\n")


def unknown_sign(folder: Path) -> Path:
    return history(folder, D2010 + "*320602 城区\n")


def not_text(folder: Path) -> Path:
    path = history(folder)
    (path / "data" / "2010.txt").write_bytes(b"\xff\xfe\x00\x81\xff")
    return path


def huge_line(folder: Path) -> Path:
    return history(folder, t2010=T2010 + "320699 " + "很" * 300_000 + "\n")


def huge_line_of_a_diff(folder: Path) -> Path:
    return history(folder, D2010 + "-320602 " + "<" * 200_000 + "\n")


def empty_table(folder: Path) -> Path:
    return history(folder, t2010="")


def undescribed(folder: Path) -> Path:
    return history(folder, D2010.replace(ACT, ""))


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (without_diff, "没有变更表 2009-2010.diff"),
        (without_a_year, "2010 年与 2012 年之间缺少代码表"),
        (wrong_selector, "选择符“通川区”在 2010 年代码表中没有记录"),
        (duplicate_code, "代码 320602 已在前面用于“城区”"),
        (unknown_sign, "不是变更行"),
        (not_text, "不是 UTF-8 也不是 GB 18030 文本"),
        (huge_line, "320699 的名称有 300000 字，过长"),
        (huge_line_of_a_diff, "不是变更行"),
        (empty_table, "没有一条记录"),
        (undescribed, "这项变更没有说明"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(
    desk: Desk, tmp_path: Path, made: Maker, said: str
) -> None:
    path = made(tmp_path)
    checked = desk.json("intake", "check", path, code=1)
    told = [finding for finding in checked["findings"] if said in finding["message"]]
    assert told
    assert all(len(finding["message"]) < 500 for finding in checked["findings"])
    assert all(finding["suggestion"] for finding in told if finding["severity"] == "blocking")
    refused = desk.run("intake", "load", path, code=1).output
    assert "未入库" in refused
    assert desk.json_list("divisions", "list", "--on", "2010-12-31") == []


def no_data(folder: Path) -> Path:
    (folder / "empty" / "data").mkdir(parents=True)
    return folder / "empty"


def empty_file(folder: Path) -> Path:
    (folder / "list.csv").write_bytes(b"")
    return folder / "list.csv"


def no_json(folder: Path) -> Path:
    (folder / "tree.json").write_text('{"code": "320000", "name": "江苏省", "children": [', encoding="utf-8")
    return folder / "tree.json"


@pytest.mark.parametrize(
    ("made", "kind", "said", "code"),
    [
        (no_data, "yearly-tables", "不能按 yearly-tables 读取", 2),
        (empty_file, "township-changes", "不能按 township-changes 读取", 2),
        (no_json, "national-tree", "不是 JSON", 1),
        (empty_file, "yearly", "--as 不能是“yearly”", 2),
        (no_data, None, "也没有历年代码表", 1),
    ],
)
def test_what_is_no_delivery_of_its_kind_is_said_so(
    desk: Desk, tmp_path: Path, made: Maker, kind: str | None, said: str, code: int
) -> None:
    path = made(tmp_path)
    words = ("--as", kind) if kind else ()
    for command in ("check", "load"):
        assert said in desk.run("intake", command, path, *words, code=code).output
