"""Standards for setting up units: what they demand, what they say of figures, kept with a case."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from gis_service.cli.console import out, print_json, print_table, refusals
from gis_service.cli.office import day, reading, writing
from gis_service.foundation.access import Act
from gis_service.foundation.errors import InvalidInput
from gis_service.procedures.changes import commands
from gis_service.procedures.changes.queries import case_by_number, verdicts_of
from gis_service.procedures.changes.rules.standards import editions, known_standards
from gis_service.procedures.changes.schemas import (
    AttachedFiguresIn,
    FiguresIn,
    KeptVerdictOut,
    StandardsOut,
    VerdictOut,
    checked,
    read_table,
)

app = typer.Typer(help="设立标准：各版的要求，和对一个单位的逐项对照。", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]
Figures = Annotated[Path, typer.Argument(help="指标（TOML、JSON，或列为 indicator、value、source 的 CSV）")]
Standard = Annotated[str, typer.Option(help="标准：" + "、".join(known_standards()))]
Province = Annotated[str, typer.Option(help="省级代码（前两位或六位）")]
On = Annotated[str | None, typer.Option("--on", help="依哪一天有效的标准；不写则为今天")]
WORDS = {"是": True, "true": True, "否": False, "false": False}


@app.command("list")
def list_command(
    standard: Annotated[str | None, typer.Option(help="只列此标准的各版")] = None, as_json: AsJson = False
) -> None:
    """各版设立标准：适用的省、有效期、出处的把握程度；没有公开文本的也列出。"""
    with refusals(as_json=as_json):
        told = StandardsOut.of(each for each in editions() if standard in {None, each.standard})
        if as_json:
            print_json(told.model_dump(mode="json"))
            return
        rows = [
            (
                each.standard,
                each.id,
                _where(each.provinces),
                each.valid_from,
                _text(each.is_public),
                each.status,
            )
            for each in told.editions
        ]
        print_table("设立标准", ("标准", "版本", "适用", "自", "文本", "把握"), rows)
        indicators = [(each.id, each.title, each.unit) for each in told.indicators]
        print_table("指标", ("指标", "名称", "单位"), indicators)


def _where(provinces: list[str]) -> str:
    return "、".join(provinces) or "全国"


def _text(is_public: bool) -> str:
    return "公开" if is_public else "未公开"


@app.command("judge")
def judge_command(
    figures: Figures, standard: Standard, province: Province, on: On = None, as_json: AsJson = False
) -> None:
    """把一个单位的指标与当日当地适用的标准逐项对照；什么也不保存。"""
    with refusals(as_json=as_json):
        sent = _sent(figures, standard, province, on)
        with reading(Act.rehearse_change):
            told = VerdictOut.of(commands.judge_unit(checked(FiguresIn, sent, source=str(figures))))
        _tell(told, as_json=as_json)


@app.command("attach")
def attach_command(
    number: Annotated[str, typer.Argument(help="案号")],
    figures: Figures,
    standard: Standard,
    province: Province,
    unit: Annotated[str | None, typer.Option(help="单位的名称；不写则取自文件的 unit")] = None,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """同 judge，并把指标和结论保存在案卷中。"""
    with refusals(as_json=as_json):
        sent = _sent(figures, standard, province, on)
        sent |= {"unit": unit} if unit else {}
        wanted = checked(AttachedFiguresIn, sent, source=str(figures))
        with writing(Act.record_conduct) as tx:
            kept = commands.attach_verdict(tx, number, wanted)
            told = KeptVerdictOut.model_validate(kept).told
        _tell(told, as_json=as_json)


@app.command("verdicts")
def verdicts_command(number: Annotated[str, typer.Argument(help="案号")], as_json: AsJson = False) -> None:
    """案卷中保存的各次对照。"""
    with refusals(as_json=as_json), reading(Act.read_cases) as session:
        kept = verdicts_of(session, case_by_number(session, number))
        told = [KeptVerdictOut.model_validate(each) for each in kept]
        if as_json:
            print_json([each.model_dump(mode="json") for each in told])
        else:
            rows = [(each.unit, each.standard, each.edition, each.verdict.value) for each in told]
            print_table("设立标准的对照", ("单位", "标准", "版本", "结论"), rows)


def _sent(path: Path, standard: str, province: str, on: str | None) -> dict[str, Any]:
    unit, rows = _read(path)
    return {"standard": standard, "province": province, "on": day(on), "unit": unit, "figures": rows}


def _read(path: Path) -> tuple[str, list[dict[str, Any]]]:
    """The unit and its figures as a file tells them."""
    if path.suffix.lower() == ".csv":
        return "", _rows_of_csv(path)
    data = read_table(path)
    if not isinstance(data, dict):
        raise InvalidInput(f"{path} 不是指标表", way_out="请写 [figures]，如 population = 25000")
    figures = data.get("figures", {key: value for key, value in data.items() if key != "unit"})
    if isinstance(figures, list):
        return str(data.get("unit", "")), figures
    rows = {key: row if isinstance(row, dict) else {"value": row} for key, row in figures.items()}
    return str(data.get("unit", "")), [{"indicator": key, **row} for key, row in rows.items()]


def _rows_of_csv(path: Path) -> list[dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"无法读取 {path}", way_out="请核对路径；文件须为 UTF-8 文本") from error
    rows = list(csv.DictReader(io.StringIO(text)))
    if not rows or not {"indicator", "value"} <= set(rows[0]):
        raise InvalidInput(f"{path} 没有 indicator 和 value 两列", way_out="请写 indicator,value,source 三列")
    return [
        {"indicator": row["indicator"], "value": _value(row["value"]), "source": row.get("source") or ""}
        for row in rows
    ]


def _value(text: str) -> bool | float | str:
    told = text.strip()
    if told.lower() in WORDS:
        return WORDS[told.lower()]
    try:
        return float(told)
    except ValueError:
        return told


def _tell(told: VerdictOut, *, as_json: bool) -> None:
    if as_json:
        print_json(told.model_dump(mode="json"))
        return
    out.print(f"[bold]{told.verdict.value}[/] {escape(told.edition_title or '')}")
    if told.note:
        out.print(escape(told.note))
    for path in told.paths:
        applies = {True: "适用", False: "不适用", None: "无从判断是否适用"}[path.applies]
        rows = [(i.title, i.value, i.threshold, i.status, i.verdict.value) for i in path.indicators]
        title = f"{path.title}（{applies}）：{path.verdict.value}"
        print_table(title, ("指标", "数值", "要求", "把握", "结论"), rows)
