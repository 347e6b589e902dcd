"""Backing up an installation while it serves, and putting a backup back, proved."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import mkdtemp
from typing import Annotated, Any

import typer
from rich.markup import escape

from gis_service.cli.console import Exit, out, print_json, print_table, refusals
from gis_service.cli.office import say
from gis_service.cli.progress import step
from gis_service.cli.proving import Proved, find_missing, prove_restored
from gis_service.foundation.backup import (
    LATEST,
    Form,
    Made,
    Shelf,
    Sources,
    Wanted,
    check,
    make_backup,
    move_aside,
    put_back,
    read_manifest,
    refuse_unfit,
    server_at,
    server_of,
)
from gis_service.foundation.cluster import ensure_cluster, remove_cluster, stop_cluster
from gis_service.foundation.cluster.archiving import archive_folder, forget_before
from gis_service.foundation.cluster.machine import MIB
from gis_service.foundation.cluster.place import find_place
from gis_service.foundation.errors import Conflict, InvalidInput
from gis_service.foundation.settings import Settings, read_settings
from gis_service.schema import is_known

AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]


def add_to(app: typer.Typer) -> None:
    """Put these commands at the top level."""
    app.command("backup")(backup)
    app.command("restore")(restore)


def backup(
    to: Annotated[Path | None, typer.Option(help="备份放在此目录下；不写则为 GIS_HOME 下的 backups")] = None,
    keep: Annotated[int | None, typer.Option(min=1, help="只保留最新的几份，其余删除")] = None,
    portable: Annotated[
        bool,
        typer.Option(
            "--portable", help="导出内容而不复制数据库文件：可换 PostgreSQL 版本，只能恢复到备份时刻"
        ),
    ] = False,
    with_keys: Annotated[
        bool, typer.Option("--with-keys", help="连同签发检查点的私钥和账户密钥；备份须同样保密")
    ] = False,
    verify: Annotated[Path | None, typer.Option(help="不作备份，核对这一份的校验值")] = None,
    as_json: AsJson = False,
) -> None:
    """备份：数据库、材料、图幅、检查点，服务照常运行；完成后才有其名，中断则什么也不留。"""
    with refusals(as_json=as_json):
        if verify is not None:
            _verify(verify, as_json=as_json)
            return
        settings = read_settings()
        shelf = Shelf((to or settings.home / "backups").absolute())
        with step("备份") as now:
            made = make_backup(_sources(settings, portable=portable, with_keys=with_keys), shelf, _clock, now)
        dropped = shelf.keep_newest(keep) if keep else []
        if dropped and settings.database_url is None:
            _forget_log(settings, shelf)
        _tell_made(made, dropped, beside_data=to is None, as_json=as_json)


def _clock() -> datetime:
    return datetime.now(UTC)


def _sources(settings: Settings, *, portable: bool, with_keys: bool) -> Sources:
    told = {"settings": settings, "service": version("gis-service"), "with_keys": with_keys}
    if settings.database_url:
        return Sources(server_at(settings.database_url), form=Form.logical, **told)  # type: ignore[arg-type]
    url = ensure_cluster(settings.home, say=say)
    form = Form.logical if portable else Form.physical
    archive = archive_folder(find_place(settings.home))
    return Sources(server_of(settings.home, url), form=form, archive=archive, **told)  # type: ignore[arg-type]


def _forget_log(settings: Settings, shelf: Shelf) -> None:
    """Archived log from before the oldest backup that is left serves nobody."""
    segments = [read_manifest(backup).first_segment for backup in shelf.backups]
    needed = min((segment for segment in segments if segment), default=None, key=lambda name: name[8:])
    if needed is not None:
        forget_before(settings.home, needed)


def _tell_made(made: Made, dropped: Sequence[Path], *, beside_data: bool, as_json: bool) -> None:
    manifest = made.manifest
    if as_json:
        print_json({"folder": made.folder, "dropped": dropped, **manifest.model_dump(mode="json")})
        return
    journal = manifest.facts.journal
    out.print(f"[bold]备份完成：{escape(str(made.folder))}[/]（{manifest.size / MIB:.1f} MiB）")
    out.print(f"登记日志至第 {journal.position} 条（{journal.hash[:16]}…）")
    if manifest.archive is None and manifest.form is Form.physical:
        out.print("未开启日志归档：只能恢复到备份的时刻（开启：gis-service database archive on）")
    if beside_data:
        out.print("[yellow]备份与数据在同一处：请另存到别的磁盘或机器（--to）[/]")
    for folder in dropped:
        out.print(f"已删除旧备份：{folder}")


def _verify(folder: Path, *, as_json: bool) -> None:
    with step("核对备份"):
        problems = check(folder)
    count = len(read_manifest(folder).files)
    if as_json:
        print_json({"ok": not problems, "files": count, "problems": problems})
    else:
        for problem in problems:
            out.print(f"[bold red]有误：[/]{escape(problem)}")
        out.print(f"核对 {count} 个文件：{f'{len(problems)} 个有误' if problems else '全部完好'}")
    raise typer.Exit(Exit.refused if problems else 0)


def restore(
    source: Annotated[Path, typer.Argument(metavar="BACKUP", help="一份备份的文件夹")],
    to: Annotated[Path | None, typer.Option(help="恢复到此目录；不写则为 GIS_HOME")] = None,
    at: Annotated[
        str | None,
        typer.Option(help="恢复到此时刻，如 2026-01-31T08:30:00+08:00；latest 为归档的最后一刻"),
    ] = None,
    wal: Annotated[Path | None, typer.Option(help="归档日志的目录；不写则用备份中所记的")] = None,
    files: Annotated[Path | None, typer.Option(help="缺失的材料和图幅从此目录（原 GIS_HOME）补齐")] = None,
    force: Annotated[bool, typer.Option("--force", help="目录不空时，将其改名保留后恢复")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="演练：恢复、核验后全部删除")] = False,
    as_json: AsJson = False,
) -> None:
    """恢复一份备份并逐项核验：登记日志、全部不变量、文件、结构版本；有一项不成立时退出码为 1。"""
    with refusals(as_json=as_json):
        wanted = Wanted(source, read_manifest(source), _moment(at), wal)
        home = to.absolute() if to else read_settings().home
        _refuse_unfit_backup(wanted)
        if not dry_run:
            refuse_unfit(home, force=force)
        beside = _beside(home)
        try:
            proved = _restored(wanted, beside, files)
            aside = None if dry_run else _put_in_place(beside, home)
        finally:
            _clear(beside)
        _tell_restored(proved, home, aside, dry_run=dry_run, as_json=as_json)
    raise typer.Exit(0 if proved.holds else Exit.refused)


def _moment(text: str | None) -> datetime | str | None:
    if text is None or text == LATEST:
        return text
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(
            f"“{text}”不是时刻", way_out="请写如 2026-01-31T08:30:00+08:00，或 latest"
        ) from error
    return moment.astimezone()


def _refuse_unfit_backup(wanted: Wanted) -> None:
    _ = wanted.replay  # refuses a moment that cannot be reached, before anything is touched
    if not is_known(wanted.manifest.facts.schema_revision):
        raise Conflict(
            f"备份的结构版本 {wanted.manifest.facts.schema_revision} 不为本程序所知",
            way_out=f"备份由 {wanted.manifest.service} 版写成，请用该版或更新的程序恢复",
        )
    with step("核对备份"):
        problems = check(wanted.backup)
    if problems:
        raise Conflict(
            f"备份已损坏，未作任何改动：{problems[0]}（共 {len(problems)} 处）", way_out="请换一份备份"
        )


def _beside(home: Path) -> Path:
    """An empty folder on the same disk, which can take the name of `home` in one step."""
    home.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(mkdtemp(prefix=f".{home.name}-", dir=home.parent))
    beside.chmod(0o711)
    return beside


def _restored(wanted: Wanted, beside: Path, donor: Path | None) -> Proved:
    with step("恢复") as now:
        url = put_back(wanted, beside, now)
    settings = Settings(home=beside)
    donors = [backup for backup in Shelf(wanted.backup.absolute().parent).backups if backup != wanted.backup]
    if donor is not None:
        donors.append(donor)
    with step("核验") as now:
        return prove_restored(url, settings, wanted, find_missing(donors), now)


def _put_in_place(beside: Path, home: Path) -> Path | None:
    """The database is stopped, so that it is started anew under the name of its home."""
    stop_cluster(beside)
    aside = move_aside(home, _clock())
    beside.rename(home)
    return aside


def _clear(beside: Path) -> None:
    if beside.is_dir():
        remove_cluster(beside)
        shutil.rmtree(beside)


def _tell_restored(proved: Proved, home: Path, aside: Path | None, *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        told: dict[str, Any] = {"ok": proved.holds, "home": None if dry_run else home, "moved_aside": aside}
        print_json(told | proved.as_json())
        return
    rows = [(each.title, "成立" if each.holds else "不成立", each.told) for each in proved.checks]
    print_table("核验", ("项目", "结论", "说明"), rows)
    for problem in proved.problems:
        out.print(f"[bold red]有误：[/]{escape(problem)}")
    if aside is not None:
        out.print(f"原目录已改名为 {aside}")
    if dry_run:
        out.print("以上为演练，恢复的内容已全部删除")
    else:
        out.print(f"[bold]已恢复到 {escape(str(home))}[/]；日志归档未开启，需要时请重新开启")
