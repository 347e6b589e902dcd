"""Evaluating what a change has brought: rounds, figures, report."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from gis_service.cli.console import out, print_json, print_table, refusals
from gis_service.cli.office import day, reading, writing
from gis_service.foundation.access import Act
from gis_service.foundation.errors import InvalidInput
from gis_service.procedures.changes import commands
from gis_service.procedures.changes.queries import case_by_number, evaluations_told, report_of_round
from gis_service.procedures.changes.rules.evaluations import Side
from gis_service.procedures.changes.schemas import (
    EvaluationIn,
    EvaluationsOut,
    checked,
    figures_of,
    read_table,
)
from gis_service.procedures.changes.schemas.reports import as_markdown, as_page

app = typer.Typer(help="变更效果评估：各轮期限、指标、得分和报告。", no_args_is_help=True)

Number = Annotated[str, typer.Argument(help="案号")]
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]


class ReportForm(StrEnum):
    """How a report is written."""

    markdown = "md"
    page = "html"


@app.command("show")
def show_command(number: Number, as_json: AsJson = False) -> None:
    """各轮评估的期限和结果，以及今天适用的指标及其权重。"""
    with refusals(as_json=as_json), reading(Act.read_cases) as session:
        _tell(evaluations_told(session, case_by_number(session, number), on=day(None)), as_json=as_json)


@app.command("record")
def record_command(
    number: Number,
    figures: Annotated[Path, typer.Argument(help="指标（TOML 或 JSON）：各项的 before、after，或 score")],
    round_: Annotated[int, typer.Option("--round", help="第几轮")],
    side: Annotated[Side, typer.Option(help="自评或评估")],
    evaluator: Annotated[str, typer.Option(help="评估单位")],
    on: Annotated[str | None, typer.Option("--on", help="评估日期；不写则为今天")] = None,
    summary: Annotated[str, typer.Option(help="评估意见")] = "",
    as_json: AsJson = False,
) -> None:
    """登记一轮自评或评估；再次登记即更正。"""
    with refusals(as_json=as_json):
        sent: dict[str, Any] = {"round": round_, "side": side, "evaluator": evaluator, "summary": summary}
        sent |= {"evaluated_on": day(on), "figures": _figures(figures)}
        evaluation = checked(EvaluationIn, sent, source=str(figures))
        with writing(Act.evaluate_change) as tx:
            commands.record_evaluation(tx, number, evaluation)
            told = evaluations_told(tx.session, case_by_number(tx.session, number), on=tx.today)
        _tell(told, as_json=as_json)


def _figures(path: Path) -> list[dict[str, Any]]:
    data = read_table(path)
    figures = data.get("figures", data) if isinstance(data, dict) else data
    if not isinstance(figures, dict | list):
        raise InvalidInput(f"{path} 不是指标表", way_out="请按指标写 before、after 或 score")
    return figures_of(figures)


def _tell(told: EvaluationsOut, *, as_json: bool) -> None:
    if as_json:
        print_json(told.model_dump(mode="json"))
        return
    print_table("各轮", ("轮次", "期限", "评估"), [(r.round, r.due_on, r.done_on) for r in told.rounds])
    rows = [(e.round, e.side.value, e.evaluated_on, e.evaluator, e.total, e.grade) for e in told.evaluations]
    print_table("评估", ("轮次", "方式", "日期", "评估单位", "总分", "结论"), rows)
    by = [(i.id, i.title, i.weight, "评分" if i.is_judged else "计算") for i in told.indicators]
    print_table(f"指标体系 {told.indicator_set or ''}", ("指标", "名称", "权重", "计分"), by)


@app.command("report")
def report_command(
    number: Number,
    round_: Annotated[int, typer.Option("--round", help="第几轮")],
    form: Annotated[ReportForm, typer.Option("--format", help="md，或可打印的 html")] = ReportForm.markdown,
    to: Annotated[Path | None, typer.Option("--out", help="写入文件；不写则打印")] = None,
) -> None:
    """一轮评估的报告。"""
    with refusals(), reading(Act.read_cases) as session:
        text = as_markdown(report_of_round(session, case_by_number(session, number), round_))
        written = as_page(text) if form is ReportForm.page else text
        if to is None:
            typer.echo(written)
        else:
            to.write_text(written, encoding="utf-8")
            out.print(f"已写入 {to}")
