"""Tables of the user: carried from one day to another, and lists whose day is to be found."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from gis_service.cli.console import out, print_json, print_table, refusals
from gis_service.cli.listings import write_out
from gis_service.cli.office import day, reading
from gis_service.foundation.access import Act
from gis_service.foundation.errors import InvalidInput
from gis_service.publications.exchange.formats import read_table, write_table
from gis_service.publications.exchange.queries import Asked, Crosswalk, Dating, Unknown, crosswalk, date_list
from gis_service.publications.exchange.queries.healing import heal_code
from gis_service.publications.exchange.schemas import DatingOut, ReportOut

Table = Annotated[Path, typer.Argument(help="表格文件：.csv、.xlsx")]
CodeColumn = Annotated[str, typer.Option("--code-column", help="代码所在的列")]
AsJson = Annotated[bool, typer.Option("--json", help="说明以 JSON 输出")]


def add_to(app: typer.Typer) -> None:
    """Put these commands beside those that read the register."""
    app.command("crosswalk")(crosswalk_command)
    app.command("dating")(dating)


def crosswalk_command(
    table: Table,
    code_column: CodeColumn,
    from_: Annotated[str, typer.Option("--from", help="表格代码的日期")],
    to: Annotated[str, typer.Option("--to", help="要转到的日期，可早可晚")],
    values: Annotated[
        str | None,
        typer.Option(
            help="数值列，以逗号分隔：按比例分摊，合计不变；不写则为各个数量列（率、密度、年份等除外）"
        ),
    ] = None,
    weights: Annotated[Path | None, typer.Option(help="自己的权重表，列为 from、to、weight")] = None,
    unknown: Annotated[
        Unknown, typer.Option(help="面积比例无从得知时：refuse 拒绝，equal 平均分，whole 整个归入比例最大者")
    ] = Unknown.refuse,
    aggregate: Annotated[bool, typer.Option("--aggregate", help="按新代码合计为一行")] = False,
    to_file: Annotated[
        Path | None, typer.Option("--out", help="写入文件（.csv、.xlsx）；不写则以 CSV 输出")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """把表格从一日的代码转为另一日的代码：按面积或权重分摊，每列合计不变。"""
    with refusals(as_json=as_json), reading(Act.ask_at_length) as session:
        asked = Asked(
            code_column,
            day(from_),
            day(to),
            None if values is None else tuple(name for name in dict.fromkeys(values.split(",")) if name),
            unknown,
            aggregate,
            _weights(weights) if weights else {},
        )
        done = crosswalk(session, read_table(table), asked)
        if to_file is not None:
            write_table(done.table, to_file)
        elif not as_json:
            write_out(lambda: typer.echo(done.table.to_csv(index=False, lineterminator="\n"), nl=False), None)
        _report(done, to_file, as_json=as_json)


def _weights(path: Path) -> dict[str, dict[str, float]]:
    table = read_table(path)
    if not {"from", "to", "weight"} <= set(table.columns):
        raise InvalidInput(f"{path.name} 缺少列 from、to 或 weight", way_out="权重表须有此三列")
    numbers = pd.to_numeric(table["weight"], errors="coerce")
    wrong = numbers.isna() | (numbers < 0) | (numbers > 1e15)
    if wrong.any():
        row = int(wrong.to_numpy().argmax())
        raise InvalidInput(f"{path.name} 第 {row + 2} 行的权重不是不小于 0 的数", way_out="请改正权重表")
    found: dict[str, dict[str, float]] = {}
    for one, other, weight in zip(
        table["from"].map(heal_code), table["to"].map(heal_code), numbers, strict=True
    ):
        if weight:
            parts = found.setdefault(one, {})
            parts[other] = parts.get(other, 0.0) + float(weight)
    return found


def _report(done: Crosswalk, to_file: Path | None, *, as_json: bool) -> None:
    told = ReportOut.model_validate(done)
    if as_json:
        written: dict[str, Any] = (
            {}
            if to_file
            else {"rows": done.table.astype(object).where(done.table.notna(), None).to_dict("records")}
        )
        print_json(told.model_dump(mode="json") | written)
        return
    say = out.print if to_file else _aside
    if to_file:
        say(f"已写入 {to_file}（{len(done.table)} 行）")
    for each in told.healed:
        say(f"代码“{each.written}”已改正为 {each.code}（{each.rows} 行）")
    for missing in told.unmatched:
        spells = "；".join(f"{s.name} {s.valid_from} 至 {s.valid_to or '今'}" for s in missing.spells)
        say(
            f"代码 {missing.code} 当日无人使用（{missing.rows} 行），原样保留：{spells or '登记簿中从未有过'}"
        )
    if told.without_heir:
        say(f"没有对应单位，原样保留：{'、'.join(told.without_heir)}")
    for total in told.sums:
        say(f"{total.column} 合计：转换前 {total.before}，转换后 {total.after}")


def _aside(message: str) -> None:
    typer.echo(message, err=True)


def dating(
    table: Table,
    code_column: CodeColumn,
    name_column: Annotated[str | None, typer.Option(help="名称所在的列；不写则只看代码")] = None,
    as_json: AsJson = False,
) -> None:
    """推断一份代码名单是哪一天的：最相符的时段，以及仍不相符的代码和名称。"""
    with refusals(as_json=as_json), reading(Act.ask_at_length) as session:
        told = date_list(session, read_table(table), code_column=code_column, name_column=name_column)
        if as_json:
            print_json(DatingOut.model_validate(told).model_dump(mode="json"))
        else:
            _print_dating(told)


def _print_dating(told: Dating) -> None:
    for period in told.periods:
        last = f"{period.ends} 之前" if period.ends else "今"
        out.print(f"最相符：{period.begins} 至 {last}（{told.codes} 项中 {told.count} 项不符）")
    rows = [
        (
            each.code,
            each.name,
            each.why,
            "；".join(f"{s.name} {s.begins} 至 {s.ends or '今'}" for s in each.spells),
        )
        for each in told.misfits
    ]
    if rows:
        print_table("不相符的各项", ("代码", "名称", "不符之处", "历来的使用情况"), rows)
