"""Reading the register of place names, writing it out, and letting it follow the register of divisions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from sqlalchemy.orm import Session

from gis_service.cli.console import out, print_json, print_table, refusals
from gis_service.cli.name_files import Columns, write_names
from gis_service.cli.office import day, reading, writing
from gis_service.foundation.access import Act
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.readings import note_reading
from gis_service.registers.divisions.queries import division_by_code
from gis_service.registers.placenames.commands import follow_divisions
from gis_service.registers.placenames.queries import (
    Record,
    Validity,
    Wanted,
    each_record,
    feature_named,
    feature_on,
    history_of,
)
from gis_service.registers.placenames.routes.classes import STATEMENT
from gis_service.registers.placenames.routes.showing import detail_out, history_out, record_out
from gis_service.registers.placenames.rules.classes import class_of, classes

On = Annotated[str | None, typer.Option("--on", help="日期，如 2020-06-05；不写则为今天")]
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]
Reference = Annotated[str, typer.Argument(metavar="地名", help="标识、20 位地名代码或完整的标准名称")]
_SHOWN = 1000


def add_to(app: typer.Typer) -> None:
    """Add the commands to those of names."""
    app.command("list")(list_command)
    app.command("show")(show_command)
    app.command("history")(history_command)
    app.command("classes")(classes_command)
    app.command("follow")(follow_command)


def list_command(
    on: On = None,
    within: Annotated[str | None, typer.Option("--within", help="只列此代码的单位及其下属的")] = None,
    class_: Annotated[str | None, typer.Option("--class", help="地名类别代码或其前缀")] = None,
    validity: Annotated[Validity, typer.Option("--validity", help="现今、历史或全部")] = Validity.standing,
    shape: Annotated[
        Columns, typer.Option("--shape", help="flat 扁平记录，census 普查登记表")
    ] = Columns.flat,
    into: Annotated[Path | None, typer.Option("--out", help="写入 .csv、.xlsx、.gpkg 或 .geojson")] = None,
    as_json: AsJson = False,
) -> None:
    """某日的地名；写 --out 则全部写入文件，不写则列出前 1000 条。"""
    with refusals(as_json=as_json), reading(Act.read_registers) as session:
        that_day = day(on)
        found = _sought(session, within, class_, validity, on=that_day)
        if into is not None:
            count = write_names(found, shape, into)
            if as_json:
                print_json({"out": str(into), "records": count})
            else:
                out.print(f"已写入 {into}：{count} 条，{that_day}")
            return
        records = list(islice(found, _SHOWN))
        if as_json:
            print_json([_json(each) for each in records])
        else:
            _show(records, that_day)


def _sought(
    session: Session, within: str | None, class_: str | None, validity: Validity, *, on: date
) -> Iterator[Record]:
    if class_ is not None and not (class_.isascii() and class_.isdigit()):
        raise InvalidInput(f"“{class_}”不是地名类别代码", way_out="用 names classes 查看类别表")
    root = division_by_code(session, within, on=on).division_id if within else None
    return each_record(session, Wanted(root, class_, validity), on=on)


def _json(record: Record) -> dict[str, Any]:
    return record_out(record).model_dump(mode="json", by_alias=True)


def _show(records: list[Record], on: date) -> None:
    rows = [
        (
            each.code or "",
            each.name or "",
            "、".join(each.former),
            _class(each.class_code),
            each.division or "",
            each.status or "",
            "合成" if each.synthetic else "",
        )
        for each in records
    ]
    more = "（只列前 1000 条，全部请写 --out）" if len(rows) == _SHOWN else ""
    heads = ("地名代码", "标准名称", "曾用名", "类别", "所在单位", "状态", "备注")
    print_table(f"{on} 的地名 {len(rows)} 条{more}", heads, rows)


def _class(code: str) -> str:
    known = class_of(code)
    return f"{known.name} {code}" if known else code


def _meant(session: Session, reference: str, *, on: date) -> UUID:
    try:
        return feature_named(session, UUID(reference), on=on)
    except ValueError:
        return feature_named(session, reference, on=on)


def show_command(name: Reference, on: On = None, as_json: AsJson = False) -> None:
    """一个地名在某日的登记内容、全部名称和关系。"""
    with refusals(as_json=as_json), reading(Act.read_registers) as session:
        that_day = day(on)
        feature = _meant(session, name, on=that_day)
        record, history = feature_on(session, feature, on=that_day), history_of(session, feature)
        note_reading(session, history.kept, record.code or feature)
        detail = detail_out(record, history, on=that_day).model_dump(mode="json", by_alias=True)
        if as_json:
            print_json(detail)
            return
        words = {
            "标准名称": record.name,
            "地名代码": record.code,
            "类别": _class(record.class_code),
            "所在单位": "、".join(record.divisions),
            "罗马字母拼写": record.roman,
            "曾用名": "、".join(record.former),
            "经度": record.lon,
            "纬度": record.lat,
            "标识": f"{record.id}（第 {record.revision} 次）",
            **record.facts,
        }
        print_table("地名", ("项目", "内容"), [(key, str(value or "")) for key, value in words.items()])
        rows = [
            (each["kind"], each["text"], each["language"], each["process"], each["status"], each["id"])
            for each in detail["names"]
        ]
        print_table("当日的名称", ("种类", "名称", "语种", "来源", "状态", "标识"), rows)


def history_command(name: Reference, on: On = None, as_json: AsJson = False) -> None:
    """一个地名的沿革：历来的名称、事项、类别和所在单位，及其依据。"""
    with refusals(as_json=as_json), reading(Act.read_registers) as session:
        history = history_of(session, _meant(session, name, on=day(on)))
        note_reading(session, history.kept, history.feature.code or history.feature.id)
        told = history_out(history).model_dump(mode="json", by_alias=True)
        if as_json:
            print_json(told)
            return
        _show_history(told)


def _show_history(told: dict[str, Any]) -> None:
    names = [
        (each["kind"], each["text"], each["valid_from"], each["valid_to"] or "", each["status"])
        for each in told["names"]
    ]
    print_table("名称", ("种类", "名称", "自", "至", "状态"), names)
    events = [
        (each["on"], each["kind"], each["name"] or "", each["to_status"] or "", each["instrument"] or "")
        for each in told["events"]
    ]
    print_table("事项", ("日期", "事项", "名称", "状态", "依据"), events)
    versions = [
        (each["class"], "、".join(each["divisions"]), each["valid_from"], each["valid_to"] or "")
        for each in told["versions"]
    ]
    print_table("类别和所在单位", ("类别", "单位", "自", "至"), versions)


def classes_command(as_json: AsJson = False) -> None:
    """地名类别表及各行出处的把握。"""
    rows = [(each.code, each.name, each.mark, each.source) for each in classes().values()]
    if as_json:
        print_json([dict(zip(("code", "name", "mark", "source"), row, strict=True)) for row in rows])
    else:
        print_table(STATEMENT, ("代码", "类别", "把握", "出处"), sorted(rows))


def follow_command(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看有几个要改")] = False,
    as_json: AsJson = False,
) -> None:
    """让各行政区划的地名条目与区划登记簿一致：供早先建立、尚无这些条目的登记簿用。"""
    with refusals(as_json=as_json), writing(Act.operate, dry_run=dry_run) as tx:
        changed = follow_divisions(tx)
        if changed:
            tx.journal("placenames.follow", "全部行政区划", after={"features": changed})
        if as_json:
            print_json({"changed": changed, "dry_run": dry_run})
        else:
            out.print(f"{'将改动' if dry_run else '已改动'} {changed} 个行政区划的地名条目")
