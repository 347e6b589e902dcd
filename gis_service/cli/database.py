"""Looking after the private database."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from gis_service.cli.console import out, print_json, print_table, refusals
from gis_service.cli.office import ready_database, say
from gis_service.foundation.cluster import cluster_status, stop_cluster
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


@app.command("status")
def status_command(as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False) -> None:
    """数据库的状态、位置、版本。"""
    with refusals(as_json=as_json):
        settings = read_settings()
        if settings.database_url:
            out.print("使用 GIS_DATABASE_URL 指定的数据库")
            return
        status = asdict(cluster_status(settings.home))
        if as_json:
            print_json(status)
        else:
            print_table("私有数据库", ("项目", "值"), [(key, value) for key, value in status.items()])
