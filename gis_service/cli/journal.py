"""The journal: looked up, proved, witnessed by checkpoints, exported; checked without a database."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from gis_service.cli.console import Exit, out, print_json, print_table, refusals
from gis_service.cli.office import day, reading, sessions_open
from gis_service.cli.progress import counted
from gis_service.foundation.access import Act
from gis_service.foundation.journal import JournalEntry, lines, snapshot
from gis_service.foundation.journal.checkpoints import (
    Checked,
    Checkpoint,
    Witness,
    check_export,
    contradictions,
    credible,
    hear,
)
from gis_service.foundation.journal.keys import public_file, public_key
from gis_service.foundation.journal.proof import head_of
from gis_service.foundation.journal.queries import Wanted, entries
from gis_service.foundation.journal.witnesses import (
    Verified,
    make_checkpoint,
    verify,
    write_new,
    writing_new,
)
from gis_service.foundation.settings import read_settings

app = typer.Typer(help="登记日志：查阅、核验、签发检查点、导出、离线核对。", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]
Files = Annotated[list[Path], typer.Argument(help="检查点文件", exists=True, dir_okay=False)]


@app.command("list")
def list_command(
    subject: Annotated[str | None, typer.Option(help="只列此对象的条目：案号、代码、文号等")] = None,
    actor: Annotated[str | None, typer.Option(help="只列此经办人的条目")] = None,
    command: Annotated[str | None, typer.Option(help="只列此命令的条目，如 divisions.end")] = None,
    since: Annotated[str | None, typer.Option(help="只列此日（含）以来的条目，如 2020-06-05")] = None,
    limit: Annotated[int, typer.Option(min=1, help="至多几条，最新的在前")] = 50,
    as_json: AsJson = False,
) -> None:
    """查阅登记日志，最新的在前。"""
    with refusals(as_json=as_json), reading(Act.read_journal) as session:
        begun = datetime.combine(day(since), datetime.min.time()).astimezone() if since else None
        found = entries(session, Wanted(subject, actor, command, begun), limit=limit)
    if as_json:
        print_json([entry.as_json() for entry in found])
    else:
        columns = ("序号", "时刻", "经办人", "机关", "命令", "对象", "改动")
        print_table(f"登记日志 {len(found)} 条", columns, map(_row, found))


def _row(entry: JournalEntry) -> tuple[Any, ...]:
    at = f"{entry.at.astimezone():%Y-%m-%d %H:%M:%S}"
    return entry.position, at, entry.actor, entry.authority, entry.command, entry.subject, _change(entry)


def _change(entry: JournalEntry) -> str:
    """What differs, value by value; for what began, its values."""
    if entry.before is None:
        return "；".join(
            f"{name}：{value}" for name, value in (entry.after or {}).items() if value is not None
        )
    after = entry.after or {}
    told = [(name, value, after.get(name)) for name, value in entry.before.items()]
    return "；".join(f"{name}：{old or '无'} → {new or '无'}" for name, old, new in told if old != new)


@app.command("verify")
def verify_command(
    checkpoint: Annotated[
        list[Path] | None,
        typer.Option(help="另与此检查点核对，可写多次", exists=True, dir_okay=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """核验登记日志：逐条重算校验值，核对前后衔接、链头和检查点；不成立时指出首个有问题的条目，退出码为 1。"""
    with refusals(as_json=as_json), sessions_open(Act.read_journal) as sessions:
        kept = read_settings().checkpoints_dir
        verified = verify(sessions, kept, checkpoint or (), _watch)
    if as_json:
        print_json(_verified_json(verified))
    else:
        _tell_verified(verified)
    raise typer.Exit(0 if verified.holds else Exit.refused)


def _watch(items: Any, total: int) -> Any:
    return counted("核验登记日志", items, total)


def _verified_json(verified: Verified) -> dict[str, Any]:
    proof = verified.proof
    return {
        "ok": verified.holds,
        "journal_id": proof.journal_id,
        "entries": proof.position,
        "hash": proof.hash,
        "first_break": proof.first_break.as_json() if proof.first_break else None,
        "problems": verified.problems,
        "checkpoints": [_witness_json(witness) for witness in verified.witnesses],
    }


def _witness_json(witness: Witness) -> dict[str, Any]:
    told = witness.checkpoint.model_dump(mode="json") if witness.checkpoint else {}
    return {"file": witness.file, "problem": witness.problem, **told}


def _tell_verified(verified: Verified) -> None:
    proof = verified.proof
    if proof.first_break:
        out.print(f"[bold red]登记日志不成立：[/]{escape(proof.first_break.message)}")
        out.print(f"首个有问题的条目：第 {proof.first_break.position} 条（{proof.first_break.breach}）")
    for problem in verified.problems:
        out.print(f"[bold red]检查点有误：[/]{escape(problem)}")
    if verified.holds:
        out.print(f"登记日志成立：{proof.position} 条，末条校验值 {proof.hash}")
        out.print(f"与 {len(verified.witnesses)} 个检查点相符")


@app.command("checkpoint")
def checkpoint_command(
    to: Annotated[Path | None, typer.Option(help="另存一份到此文件，请送交他处保管")] = None,
    as_json: AsJson = False,
) -> None:
    """核验登记日志，并为其末条签发检查点；存于他处的检查点能证明此前的日志未被整体改写。"""
    with refusals(as_json=as_json), sessions_open(Act.read_journal) as sessions:
        settings = read_settings()
        made, place = make_checkpoint(
            sessions, settings.checkpoints_dir, settings.journal_key_file, at=datetime.now(UTC), watch=_watch
        )
        if to is not None:
            write_new(to, made.as_text())
        if as_json:
            print_json({"file": to or place, **made.model_dump(mode="json")})
            return
        out.print(f"已签发第 {made.position} 条的检查点：{to or place}")
        out.print(f"核对时所用的公钥：{public_file(settings.journal_key_file)}")


@app.command("export")
def export_command(
    file: Annotated[Path, typer.Argument(help="导出到此文件，每行一条；每行的 SHA-256 即该条的校验值")],
    as_json: AsJson = False,
) -> None:
    """导出整本登记日志；凭检查点可在任何机器上离线核对。"""
    with (
        refusals(as_json=as_json),
        sessions_open(Act.read_journal) as sessions,
        snapshot(sessions) as session,
    ):
        head = head_of(session)
        count = 0
        with writing_new(file) as fresh, fresh.open("w", encoding="utf-8", newline="") as export:
            for _, line in counted("导出登记日志", lines(session), head.position if head else 0):
                export.write(f"{line}\n")
                count += 1
    if as_json:
        print_json({"file": file, "entries": count})
    else:
        out.print(f"已导出 {count} 条：{file}")


@app.command("check")
def check_command(
    files: Files,
    key: Annotated[
        Path | None,
        typer.Option("--public-key", help="检查点必须以此公钥（PEM）签发", exists=True, dir_okay=False),
    ] = None,
    export: Annotated[
        Path | None,
        typer.Option("--entries", help="按检查点核对此导出文件", exists=True, dir_okay=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """离线核对检查点：签名有效、互不矛盾；写 --entries 则据此核对导出的日志。不需要数据库。"""
    with refusals(as_json=as_json):
        witnesses = hear(files, public_key=public_key(key) if key else None)
        checkpoints = credible(witnesses)
        problems = [f"{each.file.name}：{each.problem}" for each in witnesses if each.problem]
        problems += contradictions(checkpoints)
        checked = _check_entries(export, checkpoints) if export and not problems else None
        if checked and checked.first_break:
            problems.append(checked.first_break.message)
    if as_json:
        _print_checked(witnesses, problems, checked)
    else:
        _tell_checked(checkpoints, problems, checked, by_whom=key is not None)
    raise typer.Exit(Exit.refused if problems else 0)


def _check_entries(export: Path, checkpoints: list[Checkpoint]) -> Checked:
    with export.open("rb") as file:
        return check_export(file, checkpoints)


def _print_checked(witnesses: list[Witness], problems: list[str], checked: Checked | None) -> None:
    print_json(
        {
            "ok": not problems,
            "problems": problems,
            "checkpoints": [_witness_json(witness) for witness in witnesses],
            "entries": checked.entries if checked else None,
            "proved": checked.proved if checked else None,
            "first_break": checked.first_break.as_json() if checked and checked.first_break else None,
        }
    )


def _tell_checked(
    checkpoints: list[Checkpoint], problems: list[str], checked: Checked | None, *, by_whom: bool
) -> None:
    rows = [(each.position, each.at, each.journal_id, each.public_key[:16]) for each in checkpoints]
    print_table("签名有效的检查点", ("条目", "签发时刻", "日志", "公钥（前 16 位）"), rows)
    for problem in problems:
        out.print(f"[bold red]不成立：[/]{escape(problem)}")
    if problems:
        return
    if not by_whom:
        out.print("未写 --public-key：只证明签发后未被改动，不证明由谁签发")
    if checked is not None:
        out.print(f"导出的日志成立：{checked.entries} 条，其中前 {checked.proved} 条经检查点证明")
