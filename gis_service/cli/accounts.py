"""Accounts: opened, appointed, cleared, linked, closed; and the links and locks of their passwords."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.markup import escape

from gis_service.cli.console import err, out, print_json, print_table, refusals
from gis_service.cli.office import reading_as, writing
from gis_service.cli.tokens import COLUMNS, add_to, token_row, written
from gis_service.foundation.access import Act, Classification, read_role
from gis_service.foundation.errors import InvalidInput, NotFound
from gis_service.foundation.settings import read_settings
from gis_service.foundation.standing import day_in_beijing
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.accounts import commands
from gis_service.procedures.accounts.commands import Service
from gis_service.procedures.accounts.queries import (
    account_told,
    accounts_page,
    place_held,
    place_named,
    tokens_in_force,
)
from gis_service.procedures.accounts.schemas import AccountOut, account_out, token_out
from gis_service.registers.authorities.commands import NewAccount
from gis_service.registers.divisions.models import DivisionVersion

app = typer.Typer(help="账户：开立、任免、口令链接、令牌、停用。", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]
Name = Annotated[str, typer.Argument(help="账户名")]
Within = Annotated[str | None, typer.Option(help="辖区：区划代码，或“全国”")]
Everywhere = Annotated[bool, typer.Option("--everywhere", help="辖区为全国")]
RoleNamed = Annotated[str, typer.Option("--role", help="角色，如 registrar 或 区划登记员")]
Reason = Annotated[str, typer.Option(help="依据或理由，记入登记日志")]
NeededReason = Annotated[str, typer.Option("--reason", help="理由，记入登记日志")]

HEADS = ("账户名", "称呼", "机关", "角色", "知悉范围", "口令", "第二重验证", "状态")


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
        jurisdiction = _jurisdiction(within, everywhere=everywhere)
        with writing(Act.manage_accounts) as tx:
            unit = _unit(tx, jurisdiction)
            serves = authority or f"机关未注明（{unit.name if unit else '全国'}）"
            place = unit.division_id if unit else None
            account = commands.open_with_roles(
                tx, NewAccount(name, title or name, serves, place, clearance), roles
            )
            if token_stdout:
                issued = commands.issue_service_token(tx, account, Service("accounts create", days))
            else:
                issued = commands.invite_to(tx, account)
    if token_stdout:
        err.print(f"账户“{escape(name)}”的服务令牌，至 {written(issued)} 有效，只显示这一次")
        typer.echo(issued.token)
    else:
        _tell_link(name, issued, as_json=as_json)


def _jurisdiction(within: str | None, *, everywhere: bool) -> str:
    """Where, as it was written; nobody reaches everywhere by leaving something out."""
    if everywhere:
        return "全国"
    if within is None:
        raise InvalidInput(
            "没有写明辖区", way_out="请写 --within 区划代码，如 320000；全国写 --within 全国 或 --everywhere"
        )
    return within


def _unit(tx: Transaction, within: str) -> DivisionVersion | None:
    """The division of a jurisdiction, in today's register; None for the whole country."""
    try:
        return place_named(tx.session, within, on=tx.today)
    except NotFound as error:
        raise NotFound(
            f"登记簿今天（{tx.today}）没有代码为 {within[:20]} 的行政区划，未作任何改动",
            way_out="请核对代码；登记簿尚未装入该地区的，先用 intake load 装入，或写 --within 全国",
        ) from error


def _tell_link(name: str, issued: commands.Issued, *, as_json: bool) -> None:
    link = f"http://127.0.0.1:{read_settings().port}/welcome#{issued.token}"
    if as_json:
        print_json({"name": name, "link": link, "expires_at": issued.record.expires_at.isoformat()})
        return
    out.print(
        f"账户“{escape(name)}”设定口令的一次性链接，至 {written(issued)} 有效，只显示这一次；请交给本人打开："
    )
    out.print(f"  {escape(link)}")


@app.command("list")
def list_command(as_json: AsJson = False) -> None:
    """列出账户；已停用的也在内。"""
    with refusals(as_json=as_json), reading_as(Act.read_accounts) as (session, actor, at):
        found = [account_out(told) for told in accounts_page(session, actor, on=day_in_beijing(at))]
    if as_json:
        print_json([account.model_dump(mode="json") for account in found])
    else:
        print_table(f"账户 {len(found)} 个", HEADS, map(_row, found))


def _row(account: AccountOut) -> tuple[Any, ...]:
    roles = "；".join(
        f"{held.word}（{held.within.name if held.within else '全国'}）" for held in account.roles
    )
    password = "有" if account.has_password else "未设定"
    if account.must_change_password:
        password = "须更改"
    state = "停用" if account.closed_at else "锁定" if account.locked_until else "在用"
    second = "已登记" if account.second_factor else "未登记"
    told = (account.name, account.title, account.authority, roles, account.clearance.value)
    return (*told, password, second, state)


@app.command("show")
def show_command(name: Name, as_json: AsJson = False) -> None:
    """一个账户的角色、口令和验证器的状况，以及有效的令牌。"""
    with refusals(as_json=as_json), reading_as(Act.read_accounts) as (session, actor, at):
        told = account_told(session, actor, name, on=day_in_beijing(at))
        tokens = [token_out(each) for each in tokens_in_force(session, told.account.id, at=at)]
        account = account_out(told)
    if as_json:
        listed = [each.model_dump(mode="json") for each in tokens]
        print_json(account.model_dump(mode="json") | {"tokens": listed})
        return
    print_table("账户", HEADS, [_row(account)])
    if account.issuer:
        out.print(f"外部身份：{escape(account.issuer)} {escape(account.subject or '')}")
    print_table(f"有效的令牌 {len(tokens)} 个", COLUMNS, map(token_row, tokens))


@app.command("appoint")
def appoint_command(
    name: Name,
    role: RoleNamed,
    within: Within = None,
    everywhere: Everywhere = False,
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """授予角色，自今天起。"""
    with refusals(as_json=as_json), writing(Act.manage_accounts) as tx:
        unit = _unit(tx, _jurisdiction(within, everywhere=everywhere))
        place = unit.division_id if unit else None
        commands.appoint(tx, name, read_role(role), place, reason=reason)
        _tell(tx, name, "已授予角色", as_json=as_json)


@app.command("dismiss")
def dismiss_command(
    name: Name,
    role: RoleNamed,
    within: Within = None,
    everywhere: Everywhere = False,
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """免去角色，立即生效。"""
    with refusals(as_json=as_json), writing(Act.manage_accounts) as tx:
        where, known = _jurisdiction(within, everywhere=everywhere), read_role(role)
        place = place_held(tx.session, name, known, where, on=tx.today)
        commands.dismiss(tx, name, known, place, reason=reason)
        _tell(tx, name, "已免去角色", as_json=as_json)


@app.command("clear")
def clear_command(
    name: Name,
    clearance: Annotated[Classification, typer.Argument(help="知悉范围")],
    reason: NeededReason,
    as_json: AsJson = False,
) -> None:
    """调整知悉范围。"""
    with refusals(as_json=as_json), writing(Act.manage_accounts) as tx:
        commands.clear(tx, name, clearance, reason=reason)
        _tell(tx, name, f"知悉范围改为{clearance}", as_json=as_json)


@app.command("link")
def link_command(
    name: Name,
    issuer: Annotated[str, typer.Option(help="身份认证服务（OIDC）的签发方，如 https://…")],
    subject: Annotated[str, typer.Option(help="在签发方的编号（sub）")],
    as_json: AsJson = False,
) -> None:
    """连到外部身份：此后可用该身份认证服务的凭证。"""
    with refusals(as_json=as_json), writing(Act.manage_accounts) as tx:
        commands.link(tx, name, issuer=issuer, subject=subject)
        _tell(tx, name, "已连到外部身份", as_json=as_json)


@app.command("close")
def close_command(name: Name, reason: NeededReason, as_json: AsJson = False) -> None:
    """停用账户，不可恢复；所有令牌随即失效。"""
    with refusals(as_json=as_json), writing(Act.manage_accounts) as tx:
        commands.close(tx, name, reason=reason)
        _tell(tx, name, "已停用", as_json=as_json)


@app.command("invite")
def invite_command(name: Name, as_json: AsJson = False) -> None:
    """另给设定口令的一次性链接，忘记口令时用；此前的链接作废。"""
    with refusals(as_json=as_json), writing(Act.manage_accounts) as tx:
        issued = commands.invite(tx, name)
    _tell_link(name, issued, as_json=as_json)


@app.command("unlock")
def unlock_command(name: Name, as_json: AsJson = False) -> None:
    """解除因多次填错口令的锁定。"""
    with refusals(as_json=as_json), writing(Act.manage_accounts) as tx:
        commands.unlock(tx, name)
        _tell(tx, name, "已解除锁定", as_json=as_json)


@app.command("expire-password")
def expire_password_command(name: Name, reason: NeededReason, as_json: AsJson = False) -> None:
    """要求更改口令；更改之前不能办理其他事项。"""
    with refusals(as_json=as_json), writing(Act.manage_accounts) as tx:
        commands.expire_password(tx, name, reason=reason)
        _tell(tx, name, "下次登录须更改口令", as_json=as_json)


@app.command("reset-second-factor")
def reset_second_factor_command(name: Name, reason: NeededReason, as_json: AsJson = False) -> None:
    """撤销验证器（手机和恢复码都已遗失）；所有令牌随即失效。请先当面核实本人。"""
    with refusals(as_json=as_json), writing(Act.manage_accounts) as tx:
        commands.remove_second_factor(tx, name, reason=reason)
        _tell(tx, name, "已撤销验证器", as_json=as_json)


def _tell(tx: Transaction, name: str, done: str, *, as_json: bool) -> None:
    if as_json:
        told = account_told(tx.session, tx.actor, name, on=tx.today)
        print_json(account_out(told).model_dump(mode="json"))
    else:
        out.print(f"账户“{escape(name)}”{done}")


add_to(app)
