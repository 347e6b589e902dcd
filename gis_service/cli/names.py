"""Names of places, judged as they are typed; no database is needed."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.markup import escape

from gis_service.cli.console import out, print_findings, print_json, print_table, refusals
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.typeface import missing_characters
from gis_service.registers.placenames.rules.characters import (
    KIND_ZH,
    Character,
    Kind,
    characters_of,
    folded,
    judge_characters,
    shown,
)

app = typer.Typer(help="地名：用字、罗马字母拼写。", no_args_is_help=True)


@app.command("characters")
def characters_command(
    names: Annotated[list[str], typer.Argument(metavar="地名…", help="一个或多个地名，如 甪直镇 瀋陽市")],
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> None:
    """逐字说明地名用字：是否在《通用规范汉字表》内、几级、码位、对应的规范字，以及打印字体是否缺字。"""
    with refusals(as_json=as_json):
        if not all(name.strip() for name in names):
            raise InvalidInput("地名是空的", way_out="请写出地名，如 gis-service names characters 甪直镇")
        if as_json:
            print_json([_told(name) for name in names])
            return
        for name in names:
            _show(name)


def _told(name: str) -> dict[str, Any]:
    return {
        "name": shown(name),
        "folded": shown(folded(name)),
        "characters": [_character(each) for each in characters_of(name)],
        "findings": [finding.as_json() for finding in judge_characters(name)],
        "glyphs_missing": _glyphs_missing(name),
    }


def _character(char: Character) -> dict[str, Any]:
    return {
        "character": char.shown,
        "code_point": char.code_point,
        "kind": char.kind.value,
        "word": char.word,
        "number": char.number,
        "level": char.level,
        "standard": list(char.standard),
    }


def _glyphs_missing(name: str) -> list[str]:
    """Code points the typeface of sheets and forms lacks; what cannot be seen needs no glyph."""
    seen = "".join(each.character for each in characters_of(name) if each.kind is not Kind.refused)
    return [f"U+{ord(char):04X}" for char in missing_characters(seen)]


def _show(name: str) -> None:
    lacking = set(_glyphs_missing(name))
    rows = [
        (
            each.shown,
            each.code_point,
            KIND_ZH[each.kind],
            each.word,
            "" if each.number is None else str(each.number),
            "、".join(each.standard),
            "缺字" if each.code_point in lacking else "",
        )
        for each in characters_of(name)
    ]
    heads = ("字", "码位", "类别", "说明", "字表序号", "规范字", "打印字体")
    print_table(escape(f"{shown(name)}　检索形式：{shown(folded(name))}"), heads, rows)
    print_findings(judge_characters(name))
    out.print()
