"""Accounts: opened, appointed, invited, given tokens, closed."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer
from rich.markup import escape

from gis_service.cli.console import err, out, print_json, refusals
from gis_service.cli.office import writing
from gis_service.foundation.access import Act, Classification, read_role
from gis_service.foundation.errors import InvalidInput, NotFound
from gis_service.foundation.settings import read_settings
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.accounts import commands
from gis_service.procedures.accounts.commands import Service
from gis_service.registers.authorities.commands import NewAccount
from gis_service.registers.divisions.queries import find_by_code

app = typer.Typer(help="账户：开立、任免、口令链接、令牌、停用。", no_args_is_help=True)

WHOLE_COUNTRY = {"全国", "all"}

AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]
Name = Annotated[str, typer.Argument(help="账户名")]
Within = Annotated[str | None, typer.Option(help="辖区：区划代码，或“全国”")]
Everywhere = Annotated[bool, typer.Option("--everywhere", help="辖区为全国")]
RoleNamed = Annotated[str, typer.Option("--role", help="角色，如 registrar 或 区划登记员")]


@app.command("create")
def create_command(
    name: Name,
    role: Annotated[list[str], typer.Option("--role", help="角色，可写多次，如 registrar 或 区划登记员")],
    within: Within = None,
    everywhere: Everywhere = False,
    title: Annotated[str | None, typer.Option(help="称呼，如“王登记”；不写则同账户名")] = None,
    authority: Annotated[str | None, typer.Option(help="所属机关的名称")] = None,
    clearance: Annotated[Classification, typer.Option(help="知悉范围")] = Classification.internal,
    token_stdout: Annotated[
        bool, typer.Option("--token-stdout", help="供脚本用：标准输出只有一行服务令牌")
    ] = False,
    days: Annotated[int | None, typer.Option(help="服务令牌的天数；不写则为 30")] = None,
    as_json: AsJson = False,
) -> None:
    """开立账户并授予角色；给出设定口令的一次性链接，或（--token-stdout）一个服务令牌。"""
    with refusals(as_json=as_json):
        if days is not None and not token_stdout:
            raise InvalidInput("--days 是服务令牌的期限", way_out="请同时写 --token-stdout，或去掉 --days")
        roles = frozenset(map(read_role, role))
        with writing(Act.manage_accounts) as tx:
            place, known_as = _jurisdiction(tx, within, everywhere)
            serves = authority or f"机关未注明（{known_as}）"
            new = NewAccount(name, title or name, serves, place, clearance)
            account = commands.open_with_roles(tx, new, roles)
            if token_stdout:
                issued = commands.issue_service_token(tx, account, Service("accounts create", days))
            else:
                issued = commands.invite_to(tx, account)
    if token_stdout:
        _tell_token(name, issued)
    else:
        _tell_link(name, issued, as_json=as_json)


def _jurisdiction(tx: Transaction, within: str | None, everywhere: bool) -> tuple[UUID | None, str]:
    """The division of a jurisdiction, None for everywhere, and what it is called."""
    if everywhere or (within or "").strip() in WHOLE_COUNTRY:
        return None, "全国"
    if within is None:
        raise InvalidInput("没有写明辖区", way_out="请写 --within 区划代码，如 320000；全国写 --within 全国")
    unit = find_by_code(tx.session, within.strip(), on=tx.today)
    if unit is None:
        raise NotFound(
            f"登记簿今天（{tx.today}）没有代码为 {within[:20]} 的行政区划，账户没有开立",
            way_out="请核对代码；登记簿尚未装入该地区的，先用 intake load 装入，或写 --within 全国",
        )
    return unit.division_id, unit.name


def _tell_token(name: str, issued: commands.Issued) -> None:
    until = f"{issued.record.expires_at.astimezone():%Y-%m-%d %H:%M}"
    err.print(f"账户“{escape(name)}”的服务令牌，至 {until} 有效；只显示这一次：")
    typer.echo(issued.token)


def _tell_link(name: str, issued: commands.Issued, *, as_json: bool) -> None:
    link = welcome_link(issued)
    until = issued.record.expires_at
    if as_json:
        print_json({"name": name, "link": link, "expires_at": until.isoformat()})
        return
    written = f"{until.astimezone():%Y-%m-%d %H:%M}"
    out.print(f"账户“{escape(name)}”设定口令的一次性链接，至 {written} 有效，只显示这一次：")
    out.print(escape(link))


def welcome_link(issued: commands.Issued, address: str | None = None) -> str:
    """The one-time link; the token stands behind `#`, which browsers send to nobody."""
    return f"{address or f'http://127.0.0.1:{read_settings().port}'}/welcome#{issued.token}"
