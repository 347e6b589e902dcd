"""Finding place names from the keyboard."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from gis_service.cli.console import err, out, print_json, print_table, refusals
from gis_service.cli.listings import write_out
from gis_service.cli.markers import AsJson, On
from gis_service.cli.office import day, reading, ready_database, whoever_acts
from gis_service.foundation.access import Act, require
from gis_service.foundation.database import session_factory
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.settings import read_settings
from gis_service.publications.exchange.formats import read_table, write_table
from gis_service.publications.exchange.queries.geocoding import geocode_table
from gis_service.registers.divisions.queries import read_reference
from gis_service.registers.placenames.commands.reindexing import rebuild
from gis_service.registers.placenames.queries.searching import Geocoded, Limits, geocode, near, search

Class = Annotated[str | None, typer.Option("--class", help="地名类别代码或其前缀")]
Limit = Annotated[int, typer.Option(min=1, max=100, help="至多几项")]


def add_to(app: typer.Typer) -> None:
    """Add the commands to those of names."""
    app.command("search")(search_command)
    app.command("near")(near_command)
    app.command("geocode")(geocode_command)
    app.command("reindex")(reindex_command)


def search_command(
    question: Annotated[
        str, typer.Argument(metavar="名称", help="名称、其中几个字、曾用名、拼音或首字母，如 南京 njs")
    ],
    on: On = None,
    within: Annotated[str | None, typer.Option(help="只查此单位及其下属的：代码或 UUID")] = None,
    class_: Class = None,
    limit: Limit = 20,
    everything: Annotated[bool, typer.Option("--all", help="已注销的也列")] = False,
    after: Annotated[str | None, typer.Option(help="从此键之后开始；取自上一页的 after")] = None,
    as_json: AsJson = False,
) -> None:
    """查地名：全名、省去通名、开头、中间、笔误、同音、拼音、首字母，依次列出，并说明为何列出。"""
    with refusals(as_json=as_json), reading(Act.read_registers) as session:
        unit = None if within is None else read_reference(within)
        limits = Limits(class_code=class_, within=unit, in_force=not everything)
        found = search(session, question, on=day(on), limits=limits, limit=limit, after=after)
        if as_json:
            hits = [{k: v for k, v in asdict(hit).items() if k != "key"} for hit in found.hits]
            for hit in hits:
                hit["class"] = hit.pop("class_code")
            print_json({**asdict(found), "hits": hits})
            return
        rows = [
            (hit.name, hit.why_zh, hit.class_code, hit.division or "", hit.division_name or "", hit.id)
            for hit in found.hits
        ]
        if rows:
            print_table("", ("地名", "为何列出", "类别", "所在单位", "单位名称", "标识"), rows)
        if found.hint:
            out.print(found.hint)
        if found.capped:
            out.print("相符的过多，同一等次中有未列入的；请多写几个字，或限定区划、类别")
        if found.after:
            out.print(f"还有：--after {found.after}")


def near_command(
    lon: Annotated[float, typer.Argument(help="经度（度，CGCS2000）")],
    lat: Annotated[float, typer.Argument(help="纬度（度，CGCS2000）")],
    on: On = None,
    class_: Class = None,
    limit: Limit = 10,
    as_json: AsJson = False,
) -> None:
    """一点附近的地名，由近及远，和此点所在的单位。"""
    with refusals(as_json=as_json), reading(Act.read_registers) as session:
        if not (abs(lon) <= 180 and abs(lat) <= 90):
            raise InvalidInput("经纬度超出取值", way_out="经度在前、纬度在后（度），如 120.86 32.01")
        found = near(session, lon, lat, on=day(on), class_code=class_, limit=limit)
        if as_json:
            print_json(
                {
                    "sides": [[{"code": u.code, "name": u.name} for u in chain] for chain in found.sides],
                    "items": [asdict(each) for each in found.items],
                    "within_m": found.within_m,
                    "remark": found.remark,
                }
            )
            return
        for chain in found.sides:
            out.print(" ".join(f"{unit.name}（{unit.code}）" for unit in chain))
        rows = [(e.name or "", e.distance_m, e.direction or "", e.class_code, e.id) for e in found.items]
        print_table("附近的地名", ("地名", "距离 m", "方向", "类别", "标识"), rows)
        if found.remark:
            out.print(found.remark)


def geocode_command(
    address: Annotated[str | None, typer.Argument(metavar="地址", help="如 南京市玄武区孝陵卫")] = None,
    table: Annotated[Path | None, typer.Option(help="成批：表格文件（.csv、.xlsx）")] = None,
    column: Annotated[str, typer.Option(help="表格中地址所在的列")] = "address",
    to_file: Annotated[
        Path | None, typer.Option("--out", help="写入文件（.csv、.xlsx）；不写则以 CSV 输出")
    ] = None,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """查地址在哪里：任何一天有过的单位都认得，已撤销的注明今归何处；没有把握的说不知道。"""
    with refusals(as_json=as_json), reading(Act.ask_at_length) as session:
        if (address is None) == (table is None):
            raise InvalidInput("请写一个地址，或以 --table 给出表格", way_out="两者只写其一")
        if table is not None:
            done = geocode_table(session, read_table(table), column=column, on=day(on))
            if to_file is not None:
                write_table(done, to_file)
                out.print(f"已写入 {to_file}（{len(done)} 行）")
            else:
                write_out(lambda: typer.echo(done.to_csv(index=False, lineterminator="\n"), nl=False), None)
            return
        told = geocode(session, address or "", on=day(on))
        if as_json:
            print_json(asdict(told))
        else:
            _show(told)


def _show(told: Geocoded) -> None:
    for each in told.matched:
        code = f"（{each.code}）" if each.code else ""
        out.print(f"{each.text} → {each.name}{code}{'，已撤销' if each.retired else ''}")
    if told.rest:
        out.print(f"未能认出：{told.rest}")
    if told.unknown:
        out.print("没有把握，不作猜测；请补全省、市、县，或核对用字")
        return
    rows = [
        (each.name, each.confidence, each.unit or "", each.unit_name or "", each.lon, each.lat, each.why_zh)
        for each in told.candidates
    ]
    print_table("", ("名称", "把握", "所在单位", "单位名称", "经度", "纬度", "依据"), rows)


def reindex_command(
    processes: Annotated[int, typer.Option(min=1, max=32, help="用几个进程，连接数亦然")] = 2,
    as_json: AsJson = False,
) -> None:
    """重建地名检索：全部名称重新编入。其间照常可查，写入登记簿的等候。"""
    with refusals(as_json=as_json):
        settings = read_settings()
        engine = ready_database(settings)
        sessions = session_factory(engine)
        require(whoever_acts(sessions, settings, at=datetime.now(UTC)), Act.operate)
        with _bar() as bar:
            task = bar.add_task("编入", total=None)
            told = rebuild(
                engine,
                processes=processes,
                tell=lambda step, done, of: bar.update(task, description=step, completed=done, total=of),
            )
        engine.dispose()
        if as_json:
            print_json(asdict(told))
        else:
            out.print(f"已编入 {told.features} 个地理实体的 {told.names} 个名称")


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    return Progress(*columns, TimeElapsedColumn(), console=err)
