"""Looking after the private database."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gis_service.cli.console import out, print_json, print_table, refusals
from gis_service.cli.office import ready_database, say
from gis_service.foundation.cluster import ClusterState, cluster_status, ensure_cluster, stop_cluster
from gis_service.foundation.cluster.archiving import (
    Archive,
    archive_of,
    begin_archiving,
    end_archiving,
)
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.settings import read_settings
from gis_service.schema import newest_revision

app = typer.Typer(help="私有数据库：启动、停止、状态。", no_args_is_help=True)


@app.command("start")
def start_command() -> None:
    """启动数据库（没有则建立），并升级到本版结构。"""
    with refusals():
        ready_database(read_settings()).dispose()
        out.print(f"数据库已就绪，结构版本 {newest_revision()}")


@app.command("stop")
def stop_command() -> None:
    """停止私有数据库。"""
    with refusals():
        stopped = stop_cluster(read_settings().home, say=say)
        out.print("数据库已停止" if stopped else "数据库没有在运行")


class Switch(StrEnum):
    """Whether something is to be done from now on."""

    on = "on"
    off = "off"


@app.command("archive")
def archive_command(
    switch: Annotated[Switch, typer.Argument(help="on 开启，off 停止")],
    to: Annotated[Path | None, typer.Option(help="归档目录，最好在另一块磁盘；不写则在数据旁")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> None:
    """归档数据库的日志：此后凭备份可恢复到任何时刻。"""
    with refusals(as_json=as_json):
        settings = read_settings()
        if settings.database_url:
            raise InvalidInput("GIS_DATABASE_URL 指定的数据库由其管理员归档", way_out="请与数据库管理员联系")
        ensure_cluster(settings.home, say=say)
        archive = begin_archiving(settings.home, to) if switch is Switch.on else end_archiving(settings.home)
        if as_json:
            print_json(asdict(archive))
        else:
            _tell_archive(archive)


def _tell_archive(archive: Archive) -> None:
    if archive.folder is None:
        out.print("日志归档已停止；已归档的保留")
        return
    out.print(f"日志归档到 {archive.folder}；恢复到任何时刻，还需此后所作的备份：gis-service backup")
    if archive.needs_restart:
        out.print("[yellow]需重新启动数据库后生效：gis-service stop，再启动服务[/]")


@app.command("status")
def status_command(as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False) -> None:
    """数据库的状态、位置、版本。"""
    with refusals(as_json=as_json):
        settings = read_settings()
        if settings.database_url:
            out.print("使用 GIS_DATABASE_URL 指定的数据库")
            return
        cluster = cluster_status(settings.home)
        status = asdict(cluster)
        if cluster.state is ClusterState.running:
            status["archive"] = asdict(archive_of(settings.home))
        if as_json:
            print_json(status)
        else:
            archive = status.pop("archive", {})
            rows = [*status.items(), *((f"archive {key}", value) for key, value in archive.items())]
            print_table("私有数据库", ("项目", "值"), rows)
