"""Checking and loading survey data: markers, boundary points, drawn lines; and the templates for them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from gis_service.cli.console import Exit, out, print_findings, print_json, refusals
from gis_service.cli.coordinates import read_transform_file, read_zone
from gis_service.cli.office import day, writing
from gis_service.cli.progress import step
from gis_service.foundation.access import Act, Classification
from gis_service.foundation.coordinates import read_system
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.files import FileStore
from gis_service.foundation.findings import RuleViolated, in_order_of_weight
from gis_service.foundation.settings import read_settings
from gis_service.procedures.intake.commands.entering_surveys import Entering, load_survey
from gis_service.procedures.intake.commands.photo_folders import open_photos
from gis_service.procedures.intake.commands.photographing import Photos
from gis_service.procedures.intake.commands.placenames.templates import write_names_template
from gis_service.procedures.intake.commands.survey_reports import SurveyReport
from gis_service.procedures.intake.commands.surveying import SURVEYS, Survey, SurveyOptions, open_survey
from gis_service.procedures.intake.commands.templates import write_template
from gis_service.procedures.intake.formats import ReadOptions
from gis_service.procedures.intake.rules.surveys import Told

_UNITS = ("metre", "feet")
Command = TypeVar("Command", bound=Callable[..., None])


def survey_options(
    line: Annotated[str | None, typer.Option("--line", help="界桩、边界点：表中没有写明时所属的界线")] = None,
    instrument: Annotated[
        str | None, typer.Option("--instrument", help="界桩、边界点：所依据的已登记文件（如协议书）的文号")
    ] = None,
    system: Annotated[
        str | None, typer.Option("--system", help="界桩、边界点：表中没有写明时的坐标系，如 CGCS2000")
    ] = None,
    zone: Annotated[
        str | None, typer.Option("--zone", help="界桩、边界点：表中没有写明时的分带，如 3:40")
    ] = None,
    transform: Annotated[
        Path | None, typer.Option("--transform", help="界桩、边界点：旧坐标系的当地转换参数 .toml")
    ] = None,
    swap_xy: Annotated[bool, typer.Option("--swap-xy", help="X、Y 颠倒的行对调后装入")] = False,
    unit: Annotated[str, typer.Option("--unit", help="平面坐标的单位：metre 或 feet")] = "metre",
    packed: Annotated[bool, typer.Option("--packed", help="经纬度 118.463050 指 118°46′30.50″")] = False,
    epochs: Annotated[
        bool, typer.Option("--epochs", help="同一编号、不同测定日期的各行登记为先后的位置")
    ] = False,
    photos: Annotated[
        Path | None, typer.Option("--photos", help="界桩：“照片”列所写文件所在的文件夹或 zip")
    ] = None,
    every: Annotated[int, typer.Option("--every", help="线的顶点每几点取一（会报告略去多少）", min=1)] = 1,
) -> dict[str, Any]:
    """What is told of survey data beside what is told of every delivery."""
    if unit not in _UNITS:
        raise InvalidInput(f"不认识单位“{unit}”", way_out=f"可选：{'、'.join(_UNITS)}")
    told = Told(
        system=read_system(system) if system else None,
        zone=read_zone(zone),
        transform=read_transform_file(transform),
        swap_xy=swap_xy,
        unit=unit,
        packed=packed,
    )
    options = SurveyOptions(line=line, told=told, epochs=epochs, every=every)
    return {"options": options, "instrument": instrument, "photos": photos}


def or_surveys(instead: Callable[..., None]) -> Callable[[Command], Command]:
    """Give a command the options of survey data, and let `instead` do what is asked of such."""
    extra = inspect.signature(survey_options, eval_str=True)

    def widened(command: Command) -> Command:
        own = inspect.signature(command, eval_str=True)

        @wraps(command)
        def run(**given: Any) -> None:
            of_surveys = {name: given.pop(name) for name in extra.parameters}
            if given["as_"] not in SURVEYS:
                command(**given)
                return
            with refusals(as_json=given["as_json"]):
                instead(given, **survey_options(**of_surveys))

        parameters = [*own.parameters.values(), *extra.parameters.values()]
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {each.name: each.annotation for each in parameters}
        return run  # type: ignore[return-value]

    return widened


def _opened(path: str, given: dict[str, Any], options: SurveyOptions) -> Survey:
    reading = ReadOptions(given["layer"], given["encoding"], given["max_file_mb"])
    wished = SurveyOptions(options.line, given["crs"], options.told, options.epochs, options.every, reading)
    with step(f"读取 {Path(path).name}"):
        return open_survey(Path(path), str(given["as_"]), wished)


def check_surveys(
    given: dict[str, Any], options: SurveyOptions, instrument: str | None, photos: Path | None
) -> None:
    """All that is found in a file by itself, and in the register where it can be asked."""
    survey = _opened(given["path"], given, options)
    findings = in_order_of_weight(survey.findings)
    blocking = any(finding.blocking for finding in findings)
    if not blocking and given["register"]:
        findings, blocking = _against_register(survey, given, instrument, photos)
    if given["as_json"]:
        told = [finding.as_json() for finding in findings]
        print_json({"path": given["path"], "count": survey.count, "blocking": blocking, "findings": told})
    else:
        out.print(f"[bold]{given['path']}[/]：{survey.count} 项")
        print_findings(findings)
    raise typer.Exit(Exit.refused if blocking else 0)


def _against_register(
    survey: Survey, given: dict[str, Any], instrument: str | None, photos: Path | None
) -> tuple[Any, bool]:
    """Entered and taken back, so that it is judged as what it would be."""
    try:
        with writing(Act.load_delivery, dry_run=True) as tx:
            wish = Entering(day(given["on"]), instrument, photos=_photos(photos))
            report = load_survey(tx, survey, wish)
    except RuleViolated as refused:
        return list(refused.findings), True
    return list(report.findings), False


def _photos(path: Path | None) -> Photos | None:
    return None if path is None else Photos(open_photos(path), FileStore(read_settings().files_dir))


def load_surveys(
    given: dict[str, Any], options: SurveyOptions, instrument: str | None, photos: Path | None
) -> None:
    """Enter one file after the other, each in a transaction of its own."""
    reports: list[SurveyReport] = []
    kept = given["classification"] or Classification.public
    for path in given["paths"]:
        survey = _opened(path, given, options)
        wish = Entering(day(given["on"]), instrument, given["partial"], kept, _photos(photos))
        with step(f"装入 {survey.source}"), writing(Act.load_delivery, dry_run=given["dry_run"]) as tx:
            reports.append(load_survey(tx, survey, wish))
    if given["as_json"]:
        print_json([report.as_json() for report in reports])
        return
    for report in reports:
        print_findings(report.findings)
        out.print(f"{report.told}{'；演练，已撤销' if given['dry_run'] else ''}")


def template_command(
    kind: Annotated[str, typer.Argument(help="markers（界桩）、points（边界点）或 placenames（地名）")],
    to: Annotated[Path, typer.Option("--out", help="写入的 .xlsx 文件")],
) -> None:
    """勘界资料、地名的 Excel 模板：列名、取值说明和下拉列表；代码列已设为文本。"""
    with refusals():
        if kind == "placenames":
            write_names_template(to)
        else:
            write_template(kind, to)
        out.print(f"已写入 {to}")


def add_to(app: typer.Typer) -> None:
    """Put the command for templates beside those for deliveries."""
    app.command("template")(template_command)
