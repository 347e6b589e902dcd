"""Forms of a boundary line, made for an office to print, sign and hand on."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from hashlib import sha256
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any

import typer

from gis_service.cli.console import print_findings, print_json, print_table, refusals
from gis_service.cli.office import day, reading
from gis_service.cli.progress import counted
from gis_service.foundation.access import Act
from gis_service.foundation.files import write_whole
from gis_service.foundation.findings import Finding
from gis_service.publications.forms.formats import FORMATS
from gis_service.publications.forms.queries import gather
from gis_service.publications.forms.schemas import FormPlan, LineEvidence
from gis_service.publications.forms.sheets import SHEET_TYPES
from gis_service.registers.boundaries.queries.by_sides import line_referred_to

Form = StrEnum("Form", [module.NAME for module in SHEET_TYPES])  # type: ignore[misc]
Format = StrEnum("Format", [module.NAME for module in FORMATS])  # type: ignore[misc]


def add_to(app: typer.Typer) -> None:
    """Put this command beside those that read the register of boundaries."""
    app.command("forms")(forms_command)


def forms_command(
    line: Annotated[str, typer.Argument(metavar="界线", help="代码、标识，或两侧代码如 320581-321282")],
    to: Annotated[Path, typer.Option("--out", help="存放表册的文件夹")],
    on: Annotated[str | None, typer.Option("--on", help="登记状况日期，如 2020-06-05；不写则为今天")] = None,
    form: Annotated[list[Form] | None, typer.Option("--form", help="只出此种表，可重复；不写则全出")] = None,
    format_: Annotated[
        list[Format] | None, typer.Option("--format", help="只出此种格式，可重复；不写则全出")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 列出文件和摘要")] = False,
) -> None:
    """出具一条界线的表册：登记表、成果表、走向说明、线路登记表、管理界桩清单。同一状况得到同样的文件。"""
    with refusals(as_json=as_json):
        that_day = day(on)
        with reading(Act.read_registers) as session:
            evidence = gather(session, line_referred_to(session, line, on=that_day), on=that_day)
        plans = [each.plan(evidence) for each in _chosen(SHEET_TYPES, form)]
        made = make_forms(to, plans, _chosen(FORMATS, format_))
        findings = [finding for plan in plans for finding in plan.findings]
        if as_json:
            print_json(_manifest(evidence, that_day, made, findings))
            return
        title = f"{evidence.name}（{evidence.code}）{that_day} 的表册，密级：{evidence.classification}"
        rows = [(each["title"], each["format"], each["file"], each["sha256"][:16]) for each in made]
        print_table(title, ("表册", "格式", "文件", "摘要"), rows)
        if findings:
            print_findings(findings)


def _chosen(offered: tuple[ModuleType, ...], wanted: list[Any] | None) -> list[ModuleType]:
    return [module for module in offered if not wanted or module.NAME in wanted]


def make_forms(folder: Path, plans: list[FormPlan], formats: list[ModuleType]) -> list[dict[str, Any]]:
    """Make the forms of a line in a folder; what was made, form by form."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for plan, kind in counted("出具表册", list(product(plans, formats)), len(plans) * len(formats)):
        content = kind.draw(plan)
        path = folder / f"{_plain(f'{plan.line_code}{plan.line_name}-{plan.title}')}{kind.SUFFIX}"
        write_whole(path, content)
        made.append(
            {
                "form": plan.name,
                "title": plan.title,
                "format": kind.NAME,
                "file": str(path),
                "sha256": sha256(content).hexdigest(),
                "size_bytes": len(content),
            }
        )
    return made


def _plain(title: str) -> str:
    return re.sub(r"[^\w〔〕（）—-]+", "-", title)


def _manifest(
    evidence: LineEvidence, on: date, made: list[dict[str, Any]], findings: list[Finding]
) -> dict[str, Any]:
    return {
        "line": {"id": evidence.id, "code": evidence.code, "name": evidence.name},
        "on": str(on),
        "classification": evidence.classification.value,
        "synthetic": evidence.is_synthetic,
        "markers": len(evidence.markers),
        "files": made,
        "findings": [finding.as_json() for finding in findings],
    }
