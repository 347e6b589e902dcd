"""Tokens of accounts: issued to programs, listed, revoked."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.markup import escape

from gis_service.cli.console import err, out, print_json, print_table, refusals
from gis_service.cli.office import reading_as, writing
from gis_service.foundation.access import Act
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.standing import day_in_beijing
from gis_service.procedures.accounts import commands
from gis_service.procedures.accounts.commands import Issued, Service
from gis_service.procedures.accounts.queries import account_told, tokens_in_force
from gis_service.procedures.accounts.rules import KIND_WORDS, Kind
from gis_service.procedures.accounts.schemas import TokenOut, token_out

tokens = typer.Typer(help="令牌和登录：列出、撤销。", no_args_is_help=True)

COLUMNS = ("编号", "种类", "用途", "许可", "签发", "最近使用", "到期")
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]
Name = Annotated[str, typer.Argument(help="账户名")]


def add_to(app: typer.Typer) -> None:
    """Put these commands beside those about accounts."""
    app.command("token")(token_command)
    app.add_typer(tokens, name="tokens")


def token_command(
    name: Name,
    days: Annotated[int, typer.Option(help="有效天数")],
    act: Annotated[
        list[str] | None, typer.Option("--act", help="许可的事项，可写多次；不写则为角色所许的全部")
    ] = None,
    purpose: Annotated[str, typer.Option("--for", help="用途，如“夜间取数”")] = "本机签发",
    as_json: AsJson = False,
) -> None:
    """签发服务令牌，供程序以此账户的身份办理；标准输出只有令牌。"""
    with refusals(as_json=as_json), writing(Act.manage_accounts) as tx:
        service = Service(purpose, days, commands.acts_named(act or ()))
        issued = commands.issue_service_token(tx, commands.managed(tx, name), service)
        told = token_out(issued.record).model_dump(mode="json")
    if as_json:
        print_json(told | {"token": issued.token})
        return
    err.print(f"账户“{escape(name)}”的服务令牌，至 {written(issued)} 有效，只显示这一次")
    typer.echo(issued.token)


def written(issued: Issued) -> str:
    """Until when a token holds, as people read it."""
    return _moment(issued.record.expires_at)


def _moment(at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone():%Y-%m-%d %H:%M}"


@tokens.command("list")
def list_command(name: Name, as_json: AsJson = False) -> None:
    """有效的令牌和登录，最早的在前。"""
    with refusals(as_json=as_json), reading_as(Act.read_accounts) as (session, actor, at):
        account = account_told(session, actor, name, on=day_in_beijing(at)).account
        found = [token_out(each) for each in tokens_in_force(session, account.id, at=at)]
    if as_json:
        print_json([each.model_dump(mode="json") for each in found])
    else:
        print_table(f"有效的令牌 {len(found)} 个", COLUMNS, map(token_row, found))


def token_row(token: TokenOut) -> tuple[Any, ...]:
    """A token as a row of a table."""
    acts = "全部" if token.acts is None else "、".join(token.acts)
    kind = KIND_WORDS[Kind(token.kind)]
    moments = map(_moment, (token.made_at, token.used_at, token.expires_at))
    return (str(token.id), kind, token.name, acts if token.kind == Kind.service else "", *moments)


@tokens.command("revoke")
def revoke_command(
    name: Name,
    token: Annotated[UUID | None, typer.Argument(help="令牌的编号，见 tokens list")] = None,
    all_: Annotated[bool, typer.Option("--all", help="全部")] = False,
    reason: Annotated[str, typer.Option(help="理由，记入登记日志")] = "",
    as_json: AsJson = False,
) -> None:
    """撤销一个令牌（连同同一次登录得来的），或 --all 全部。"""
    with refusals(as_json=as_json):
        if (token is None) != all_:
            raise InvalidInput("没有写明撤销哪个令牌", way_out="请写令牌的编号，或写 --all")
        with writing(Act.manage_accounts) as tx:
            if token is None:
                commands.revoke_all(tx, commands.managed(tx, name), why=reason or "管理员撤销")
            else:
                commands.revoke_of(tx, name, token, why=reason)
    if as_json:
        print_json({"name": name, "revoked": "all" if token is None else str(token)})
    else:
        out.print(f"账户“{escape(name)}”的令牌已撤销")
