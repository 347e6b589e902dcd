"""Drawing sheets: the worker's command, and lists of what was drawn."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session, sessionmaker

from gis_service.cli.console import err, out, print_json, print_table, refusals
from gis_service.cli.office import day, leave_trace, reading, sessions_open, transaction_of, writing
from gis_service.cli.progress import counted
from gis_service.foundation.access import Act
from gis_service.foundation.readings import note_reading, note_readings
from gis_service.foundation.settings import read_settings
from gis_service.publications.maps.commands import (
    Drawn,
    draw,
    request_comparison_sheet,
    request_division_sheet,
)
from gis_service.publications.maps.models import Edition, Sheet
from gis_service.publications.maps.queries import edition_files, editions_of, sheets_listed
from gis_service.registers.divisions.queries import division_by_code

app = typer.Typer(help="图幅：变更后自动过期，由此命令绘制新版；旧版保留。", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]


@app.command("draw")
def draw_command(
    stale: Annotated[bool, typer.Option("--stale", help="只绘制已过期的图幅")] = False,
    division: Annotated[
        str | None, typer.Option("--division", help="为此单位建立界线图（代码）并绘制")
    ] = None,
    on: Annotated[str | None, typer.Option("--on", help="--division 所用日期；不写则为今天")] = None,
    to: Annotated[Path | None, typer.Option("--out", help="另存一份到此文件夹，以图名命名")] = None,
    as_json: AsJson = False,
) -> None:
    """绘制图幅：内容未变的不出新版。"""
    with refusals(as_json=as_json):
        requested = _request(division, day(on)) if division else None
        with sessions_open(Act.draw_sheets) as sessions:
            drawn = draw_sheets(sessions, stale=stale, only=requested)
            copies = copy_newest(sessions, to) if to else []
        if as_json:
            print_json(
                {"drawn": [_as_json(each) for each in drawn], "copies": [str(path) for path in copies]}
            )
        else:
            tell_drawn(drawn)
            for path in copies:
                out.print(str(path))


@app.command("compare")
def compare_command(
    code: Annotated[str, typer.Argument(metavar="代码", help="单位在较晚一日的代码")],
    since: Annotated[str, typer.Option("--from", help="较早的日期")],
    until: Annotated[str | None, typer.Option("--to", help="较晚的日期；不写则为今天")] = None,
    to: Annotated[Path | None, typer.Option("--out", help="另存一份到此文件夹，以图名命名")] = None,
    as_json: AsJson = False,
) -> None:
    """绘制一个单位的两日对比图：设立、撤销、变更、更名的政区和原界线，附变化一览表。"""
    with refusals(as_json=as_json):
        requested = _request_comparison(code, day(since), day(until))
        with sessions_open(Act.draw_sheets) as sessions:
            drawn = draw_sheets(sessions, stale=False, only=requested)
            copies = copy_newest(sessions, to, only=requested) if to else []
        if as_json:
            print_json(
                {"drawn": [_as_json(each) for each in drawn], "copies": [str(path) for path in copies]}
            )
            return
        tell_drawn(drawn)
        for path in copies:
            out.print(str(path))


def _request_comparison(code: str, since: date, on: date) -> Any:
    with writing(Act.draw_sheets) as tx:
        unit = division_by_code(tx.session, code, on=on).division_id
        return request_comparison_sheet(tx, unit, since=since, on=on).id


def _request(code: str, on: date) -> Any:
    with writing(Act.draw_sheets) as tx:
        unit = division_by_code(tx.session, code, on=on).division_id
        return request_division_sheet(tx, unit, on=on).id


def draw_sheets(sessions: sessionmaker[Session], *, stale: bool, only: Any = None) -> list[Drawn]:
    """Draw sheets one by one, each in a transaction of its own, so that work done is never lost."""
    folder = read_settings().editions_dir
    with sessions() as session:
        ids = [only] if only else [sheet.id for sheet in sheets_listed(session, stale=stale)]
    drawn = []
    for sheet_id in counted("绘制图幅", ids, len(ids)):
        with transaction_of(sessions) as tx:
            result = draw(tx, sheet_id, folder)
        if result is not None:
            drawn.append(result)
    return drawn


def tell_drawn(drawn: list[Drawn]) -> None:
    """Which sheets got a new edition, where it lies, and what was found while drawing."""
    rows = [
        (each.title, f"第{each.edition}版" if each.edition else "未变", "\n".join(map(str, each.files)))
        for each in drawn
    ]
    print_table("", ("图幅", "版次", "文件"), rows) if rows else out.print("没有需要绘制的图幅")
    for message in sorted({finding.message for each in drawn for finding in each.findings}):
        err.print(f"[yellow]{message}[/]")


def _as_json(drawn: Drawn) -> dict[str, Any]:
    return {
        "title": drawn.title,
        "edition": drawn.edition,
        "files": [str(path) for path in drawn.files],
        "findings": [finding.as_json() for finding in drawn.findings],
    }


def copy_newest(sessions: sessionmaker[Session], folder: Path, *, only: Any = None) -> list[Path]:
    """The newest edition of every sheet, or of one, named by its title."""
    folder.mkdir(parents=True, exist_ok=True)
    copies = []
    with sessions() as session:
        for sheet in sheets_listed(session):
            if only is not None and sheet.id != only:
                continue
            note_reading(session, sheet.classification, sheet.id)
            for edition in editions_of(session, sheet.id)[-1:]:
                note_reading(session, edition.classification, sheet.id)
                for file in edition_files(session, edition.id):
                    name = f"{_plain(sheet.title)}-第{edition.number}版{Path(file.path).suffix}"
                    shutil.copy2(read_settings().editions_dir / file.path, folder / name)
                    copies.append(folder / name)
    leave_trace(sessions, session, Act.read_products)
    return copies


def _plain(title: str) -> str:
    return re.sub(r"[^\w〔〕（）-]+", "-", title)


@app.command("list")
def list_command(as_json: AsJson = False) -> None:
    """全部图幅及其版次。"""
    with refusals(as_json=as_json), reading(Act.read_products) as session:
        sheets = [(sheet, editions_of(session, sheet.id)) for sheet in sheets_listed(session)]
        for sheet, editions in sheets:
            note_reading(session, sheet.classification, sheet.id)
            note_readings(session, ((edition.classification, sheet.id) for edition in editions))
        if as_json:
            print_json([_sheet_as_json(session, sheet, editions) for sheet, editions in sheets])
            return
        rows = [
            (sheet.title, edition.number, edition.valid_on, f"1:{edition.denominator}", sheet.stale_on)
            for sheet, editions in sheets
            for edition in editions
        ]
        waiting = [(sheet.title, "", "", "", sheet.stale_on) for sheet, editions in sheets if not editions]
        print_table("图幅", ("图幅", "版次", "状态日期", "比例尺", "待绘"), [*rows, *waiting])


def _sheet_as_json(session: Session, sheet: Sheet, editions: list[Edition]) -> dict[str, Any]:
    return {
        "title": sheet.title,
        "type": sheet.type,
        "stale_on": str(sheet.stale_on) if sheet.stale_on else None,
        "editions": [
            {
                "number": edition.number,
                "valid_on": str(edition.valid_on),
                "denominator": edition.denominator,
                "files": [file.path for file in edition_files(session, edition.id)],
            }
            for edition in editions
        ],
    }
