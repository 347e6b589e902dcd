"""Spelling place names in Latin letters; no database is needed."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated, Any

import typer

from gis_service.cli.console import out, print_findings, print_json, print_table, refusals
from gis_service.cli.names_on_record import Place, place_named
from gis_service.foundation.errors import InvalidInput
from gis_service.registers.placenames.rules.romanization import Romanized, Stored, romanize, untoned

_COLUMNS = ("spelling", "untoned", "source", "specific", "generic", "doubt")


def add_to(app: typer.Typer) -> None:
    """Add the command to those of names."""
    app.command("romanize")(romanize_command)


def romanize_command(
    names: Annotated[list[str] | None, typer.Argument(metavar="名称…", help="地名，可写多个")] = None,
    within: Annotated[
        str, typer.Option("--within", help="所在政区的代码，如 32、320116；有数据库时依登记的读音")
    ] = "",
    class_: Annotated[str, typer.Option("--class", help="地名类别代码（GB/T 18521），如 23514")] = "",
    without_tones: Annotated[bool, typer.Option("--untoned", help="不标声调")] = False,
    file: Annotated[
        Path | None, typer.Option("--file", help="CSV，须有 name 列，可有 within、class 列")
    ] = None,
    into: Annotated[Path | None, typer.Option("--out", help="把结果写入此 CSV")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> None:
    """拼写地名：拼写、专名与通名、每字读音的来源，以及须由人核定之处。"""
    with refusals(as_json=as_json):
        rows = [{"name": name} for name in names or ()] + (_read(file) if file else [])
        if not rows:
            raise InvalidInput("没有要拼写的地名", way_out="请写出名称，或用 --file 给出 CSV")
        place = place_named(within, [row["name"].strip() for row in rows])
        told = [_spelled(row, place, class_) for row in rows]
        if into is not None:
            _write(into, rows, told)
        if as_json:
            print_json([_json(each, without_tones) | {"within": place.unit} for each in told])
        elif into is None:
            _show(told, without_tones, place.unit or "")
        else:
            out.print(f"已写入 {into}：{len(told)} 个，须核定 {sum(each.doubtful for each in told)} 个")


def _spelled(row: dict[str, str], place: Place, class_: str) -> Romanized:
    name = row["name"].strip()
    if not name:
        raise InvalidInput("有一个地名是空的", way_out="请补全名称")
    own = row.get("within")
    stored = Stored() if own else place.stored(name)
    return romanize(name, own or place.code, row.get("class") or class_, stored)


def _json(told: Romanized, without_tones: bool) -> dict[str, Any]:
    shown = told.as_json()
    return shown | {"spelling": shown["untoned"]} if without_tones else shown


def _show(told: list[Romanized], without_tones: bool, unit: str) -> None:
    rows = [
        (
            each.name,
            untoned(each.spelling) if without_tones else each.spelling,
            " / ".join(word.text for word in each.split.words),
            "须核定" if each.doubtful else "",
        )
        for each in told
    ]
    print_table(f"所在：{unit}" if unit else "", ("名称", "拼写", "分写", ""), rows)
    findings = [finding for each in told for finding in each.findings]
    if findings:
        print_findings(findings)


def _read(file: Path) -> list[dict[str, str]]:
    try:
        rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"读不出 {file}", way_out="请给出 UTF-8 编码的 CSV") from error
    if rows and "name" not in rows[0]:
        raise InvalidInput(f"{file} 没有 name 列", way_out="首行写列名：name，可另有 within、class")
    return rows


def _write(into: Path, rows: list[dict[str, str]], told: list[Romanized]) -> None:
    heads = list(dict.fromkeys([*(key for row in rows for key in row), *_COLUMNS]))
    try:
        with into.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, heads)
            writer.writeheader()
            for row, each in zip(rows, told, strict=True):
                shown = each.as_json()
                doubt = "；".join(finding.message for finding in each.findings)
                writer.writerow(row | {key: shown[key] for key in _COLUMNS[:-1]} | {"doubt": doubt})
    except OSError as error:
        raise InvalidInput(f"不能写入 {into}", way_out="请核对路径和权限") from error
