"""The service as a whole: serve, stop, prove, and the demonstration of the main job."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from sqlalchemy.orm import Session, sessionmaker

from gis_service.cli import background
from gis_service.cli.cases import tell_outcome
from gis_service.cli.console import Exit, out, print_findings, print_json, refusals
from gis_service.cli.demo_markers import load_demo_markers
from gis_service.cli.first_account import open_first_account, tell_first_account, welcome_first_account
from gis_service.cli.office import day, operator, ready_database, say, sessions_open, transaction_of
from gis_service.cli.progress import step
from gis_service.cli.proving import prove_registers
from gis_service.cli.sheets import copy_newest, draw_sheets
from gis_service.foundation import logs
from gis_service.foundation.access import Act
from gis_service.foundation.cluster import stop_cluster
from gis_service.foundation.database import session_factory
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.findings import Finding
from gis_service.foundation.settings import read_settings
from gis_service.foundation.standing import stand_before
from gis_service.procedures.changes.commands import enact_published
from gis_service.procedures.changes.queries import live_case_like
from gis_service.procedures.changes.schemas import read_proposal
from gis_service.procedures.intake.commands import Request, load, open_delivery
from gis_service.procedures.intake.formats.manifest import read_manifest
from gis_service.registers.boundaries.queries.days import days_of_change
from gis_service.registers.divisions.queries import divisions_on
from gis_service.registers.divisions.rules import DivisionLevel
from gis_service.registers.placenames.queries.proofs import wanting_names

DATA = Path(__file__).resolve().parents[2] / "data"
SAMPLE = DATA / "boundaries" / "jiangsu-anhui-2020-01-01.toml"
ACTS = ("guohan-2020-79-nantong.toml", "guohan-2020-80-wuhu.toml")


def add_to(app: typer.Typer) -> None:
    """Put these commands at the top level."""
    for name, command in (("demo", demo), ("serve", serve), ("stop", stop), ("verify", verify)):
        app.command(name)(command)


def serve(
    port: Annotated[int | None, typer.Option(help="端口；不写则用 GIS_PORT，默认 8000")] = None,
) -> None:
    """在本机提供服务（127.0.0.1）；Ctrl-C 停止。"""
    with refusals():
        settings = read_settings()
        engine = ready_database(settings)
        wanted = port if port is not None else settings.port
        if not background.is_free(wanted):
            raise InvalidInput(f"端口 {wanted} 已被占用", way_out="换一个端口：GIS_PORT=8001 make run")
        from gis_service.foundation.web import serving  # only here: every command imports this module

        out.print(f"服务地址：http://127.0.0.1:{wanted}/docs")
        sessions = session_factory(engine)
        stand_before(sessions, operator(), at=datetime.now(UTC))
        welcome_first_account(sessions, settings, f"http://127.0.0.1:{wanted}")
        engine.dispose()
        logs.configure(settings)
        serving.serve("gis_service.main:app_from_environment", host="127.0.0.1", port=wanted)


def stop() -> None:
    """停止后台服务和私有数据库。"""
    with refusals():
        settings = read_settings()
        served = background.stop_service(settings)
        stopped = stop_cluster(settings.home, say=say)
        out.print("服务已停止" if served else "后台没有服务在运行")
        out.print("数据库已停止" if stopped else "数据库没有在运行")


def verify(
    on: Annotated[str | None, typer.Option("--on", help="只核查这一天；不写则核查每个变更日")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> None:
    """核查登记簿的全部不变量：覆盖、嵌套、边与面、界线、上级、去向；有问题时退出码为 1。"""
    with refusals(as_json=as_json), sessions_open(Act.operate) as sessions, sessions() as session:
        findings, days = _verified(session, on)
        wanting = wanting_names(session)
    if as_json:
        told = [[finding.as_json() for finding in several] for several in (findings, wanting)]
        days_told = [str(each) for each in days]
        print_json({"ok": not findings, "days": days_told, "findings": told[0], "wanting": told[1]})
    else:
        if findings or wanting:
            print_findings([*findings, *wanting])
        out.print(f"核查 {len(days)} 个日期：{'发现问题' if findings else '全部不变量成立'}")
    raise typer.Exit(Exit.refused if findings else 0)


def _verified(session: Session, on: str | None) -> tuple[list[Finding], list[Any]]:
    days = [day(on)] if on else days_of_change(session)
    return prove_registers(session, days), days


def demo() -> None:
    """演示：装入 2020-01-01 的江苏、安徽，实施国函〔2020〕79、80 号，绘制界线图，启动服务。"""
    with refusals():
        settings = read_settings()
        if not SAMPLE.is_file():
            raise InvalidInput("找不到演示数据", way_out="请在项目的检出目录中运行 make demo")
        with sessions_open(Act.operate) as sessions:
            _load_sample(sessions)
            load_demo_markers(sessions, settings.home, on=read_manifest(SAMPLE).dataset.valid_on)
            for name in ACTS:
                _enact_act(sessions, DATA / "changes" / name)
            draw_sheets(sessions, stale=True)
            with sessions() as session:
                findings, days = _verified(session, None)
                _count_units(session)
            out.print("界线图（最新版）：")
            for path in copy_newest(sessions, settings.home / "maps"):
                out.print(f"  {path}")
        if findings:
            print_findings(findings)
            raise typer.Exit(Exit.refused)
        out.print(f"核查 {len(days)} 个变更日：全部不变量成立")
        address = background.start_service(settings)
        out.print(f"[bold]服务地址：{address}[/]（停止：make stop）")
        with sessions_open(Act.operate) as sessions:
            tell_first_account(open_first_account(sessions, settings), address)


def _load_sample(sessions: sessionmaker[Session]) -> None:
    with step("装入样例数据"):
        opened = open_delivery(Request(str(SAMPLE), valid_on=day(None)))
        with transaction_of(sessions) as tx:
            report = load(tx, opened)
    if report.changed_nothing:
        out.print(f"样例已装入（{report.known} 个县级单位），没有改动")
    else:
        out.print(
            f"装入 {report.valid_on} 的 {report.entered} 个县级单位："
            f"{report.edges} 条边，{report.lines_begun} 条界线"
        )
    out.print(f"[dim]{escape(opened.source.statement)}[/]")


def _enact_act(sessions: sessionmaker[Session], path: Path) -> None:
    proposal = read_proposal(path)
    number = proposal.instrument.number if proposal.instrument else proposal.title
    with sessions() as session:
        known = live_case_like(session, proposal.digest())
    if known is not None:
        out.print(f"{number} 已实施（案号 {known.number}），没有改动")
        return
    with (
        step(f"实施 {number}"),
        transaction_of(sessions) as tx,
    ):
        case = enact_published(tx, proposal)
    out.print(
        f"\n[bold]{number}[/] {proposal.title}：已实施，自 {case.effective_on} 生效，案号 {case.number}"
    )
    if case.outcome is not None:
        tell_outcome(case.outcome)


def _count_units(session: Session) -> None:
    sample = read_manifest(SAMPLE).dataset.valid_on
    before = len(divisions_on(session, on=sample, level=DivisionLevel.county))
    after = len(divisions_on(session, on=day(None), level=DivisionLevel.county))
    out.print(f"\n县级单位：{sample} 有 {before} 个，现有 {after} 个")
