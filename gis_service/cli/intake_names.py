"""Checking and loading lists of place names; what is refused goes into a file of its own."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from gis_service.cli.console import Exit, out, print_findings, print_json, refusals
from gis_service.cli.name_reviews import hold_against
from gis_service.cli.office import day, writing
from gis_service.cli.progress import step
from gis_service.foundation.access import Act
from gis_service.foundation.errors import DatabaseUnavailable, InvalidInput
from gis_service.foundation.findings import Finding, RuleViolated, in_order_of_weight
from gis_service.procedures.intake.commands.placenames import packaged
from gis_service.procedures.intake.commands.placenames.entering import EnteringNames, load_placenames
from gis_service.procedures.intake.commands.placenames.judging import judge_alone
from gis_service.procedures.intake.commands.placenames.opening import ListRequest, PlaceList, classified
from gis_service.procedures.intake.commands.placenames.rejecting import write_refused
from gis_service.procedures.intake.commands.placenames.reporting import NamesReport
from gis_service.procedures.intake.formats import ReadOptions
from gis_service.procedures.intake.rules.placenames import NameChange

NAMES = "placenames"
Command = TypeVar("Command", bound=Callable[..., None])

Change = Annotated[
    NameChange | None,
    typer.Option("--change", help="地名：与登记不同的名称是更名（rename）还是更正（correct）"),
]
Against = Annotated[
    bool,
    typer.Option("--match", help="地名：与登记簿对照，确定相符的写入，其余放入核对队列（names reviews）"),
]
Refused = Annotated[
    Path | None, typer.Option("--refused", help="地名：未装入的各行写入此 .csv；不写则为 来件名-未装入.csv")
]


def opened(path: str, given: dict[str, Any]) -> PlaceList:
    """A list as it is asked for."""
    reading = ReadOptions(given["layer"], given["encoding"], given["max_file_mb"])
    request = ListRequest(path, given["crs"], tuple(given["within"] or ()), reading)
    with step(f"读取 {Path(path).name}"):
        return PlaceList(request)


def check_names(given: dict[str, Any], change: NameChange | None) -> None:
    """All that is found in a list by itself, and in the register where it can be asked."""
    listed = opened(given["path"], given)
    report, blocking = _checked(listed, given, change)
    if given["as_json"]:
        print_json({"path": given["path"], "blocking": blocking, **report.as_json()})
    else:
        print_findings(report.findings)
        out.print(f"[bold]{given['path']}[/]：{report.rows:,} 行")
    raise typer.Exit(Exit.refused if blocking else 0)


def _checked(listed: PlaceList, given: dict[str, Any], change: NameChange | None) -> tuple[NamesReport, bool]:
    """Entered and taken back; without a database, judged by itself."""
    if given["register"] and listed.is_open:
        try:
            with step(f"检查 {listed.source}") as progress, writing(Act.keep_placenames, dry_run=True) as tx:
                wish = EnteringNames(day(given["on"]), change=change, fields=True)
                report = load_placenames(tx, listed, wish, progress)
            return report, False
        except RuleViolated as refused:
            return NamesReport(listed.source, findings=refused.findings), True
        except DatabaseUnavailable:
            pass
    with step(f"检查 {listed.source}") as progress:
        rows, findings = judge_alone(listed, progress)
    return NamesReport(listed.source, rows, findings=tuple(findings)), _blocks(findings)


def _blocks(findings: list[Finding]) -> bool:
    return any(finding.blocking for finding in in_order_of_weight(findings))


def load_names(
    given: dict[str, Any], instrument: str | None, change: NameChange | None, refused: Path | None
) -> None:
    """Enter one list after the other, each in a transaction of its own."""
    reports = []
    for path in given["paths"]:
        listed = opened(path, given)
        wish = EnteringNames(
            day(given["on"]), instrument, given["partial"], change, classified(given["classification"])
        )
        with (
            step(f"装入 {listed.source}") as progress,
            writing(Act.keep_placenames, dry_run=given["dry_run"]) as tx,
        ):
            report = load_placenames(tx, listed, wish, progress)
        reports.append(report)
        written = _keep_refused(listed, report, refused)
        if not given["as_json"]:
            print_findings(report.findings)
            out.print(f"{report.told}{'；演练，已撤销' if given['dry_run'] else ''}")
            if written is not None:
                out.print(f"未装入的各行及理由已写入 {written}")
    if given["as_json"]:
        print_json([report.as_json() for report in reports])


def match_names(given: dict[str, Any], change: NameChange | None) -> None:
    """Hold lists against the register: what is certain is written, the rest waits to be decided."""
    only_checked = "paths" not in given
    for path in [given["path"]] if only_checked else given["paths"]:
        listed = opened(path, given)
        wish = EnteringNames(day(given["on"]), given["instrument"], change=change)
        hold_against(listed, wish, dry_run=only_checked or given["dry_run"], as_json=given["as_json"])


def _keep_refused(listed: PlaceList, report: NamesReport, to: Path | None) -> Path | None:
    if not report.refused:
        return None
    path = to or Path(f"{Path(listed.source.replace(':', '-')).stem}-未装入.csv")
    if path.suffix.lower() != ".csv":
        raise InvalidInput(f"{path.name} 不是 .csv 文件名", way_out="请写如 --refused 未装入.csv")
    write_refused(path, listed, report.refused)
    return path


def or_names(command: Command) -> Command:
    """Give a command the options of lists of place names, and do here what is asked of such."""
    own = inspect.signature(command)
    extra = (_option("change", Change), _option("refused", Refused), _option("match", Against, False))

    @wraps(command)
    def run(**given: Any) -> None:
        change, refused, match = given.pop("change"), given.pop("refused"), given.pop("match")
        paths = given.get("paths") or [given.get("path")]
        if given["as_"] != NAMES and not all(packaged.is_named(str(path)) for path in paths):
            command(**given)
            return
        with refusals(as_json=given["as_json"]):
            if match:
                match_names(given, change)
            elif "paths" in given:
                load_names(given, given["instrument"], change, refused)
            else:
                check_names(given, change)

    parameters = [*own.parameters.values(), *extra]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    return run  # type: ignore[return-value]


def _option(name: str, annotation: Any, default: Any = None) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
