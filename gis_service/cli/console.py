"""How commands speak: Chinese tables and findings for people, JSON for scripts, refusals with a way out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy.exc import InterfaceError, OperationalError

from gis_service.foundation.errors import DatabaseUnavailable, FilesUnavailable, InvalidInput, ServiceError
from gis_service.foundation.findings import SEVERITY_ZH, Finding, RuleViolated, Severity

PIPE_WIDTH = 140  # columns where nobody's terminal says how wide it is: room for Chinese findings

out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else PIPE_WIDTH)
err = Console(stderr=True, highlight=False, soft_wrap=True)

_COLOURS = {Severity.blocking: "bold red", Severity.warning: "yellow", Severity.info: "dim"}


class Exit(IntEnum):
    """What the exit code says to scripts; 0 is success."""

    refused = 1
    invalid_input = 2
    unavailable = 3


def print_json(value: Any) -> None:
    """JSON on standard output, Chinese readable, nothing else beside it."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A table with Chinese text aligned; numbers to the right."""
    table = Table(title=title or None, title_justify="left", header_style="bold", box=None, pad_edge=False)
    body = [[_cell(value) for value in row] for row in rows]
    for position, column in enumerate(columns):
        numeric = bool(body) and all(row[position].replace(".", "").isdigit() for row in body)
        table.add_column(column, justify="right" if numeric else "left", overflow="fold")
    for row in body:
        table.add_row(*map(escape, row))
    out.print(table)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def print_findings(findings: Sequence[Finding]) -> None:
    """Findings as a table, the grave ones first, with a closing count."""
    table = Table(header_style="bold", box=None, pad_edge=False)
    for column, ratio in (("程度", None), ("规则", None), ("对象", 2), ("意见", 5), ("处理建议", 3)):
        table.add_column(column, ratio=ratio, overflow="fold", no_wrap=ratio is None)
    for finding in findings:
        colour = _COLOURS[finding.severity]
        words = (finding.subject, finding.message, finding.suggestion)
        table.add_row(
            f"[{colour}]{SEVERITY_ZH[finding.severity]}[/]", finding.rule, *(escape(word) for word in words)
        )
    if findings:
        out.print(table)
    out.print(count_of(findings))


def count_of(findings: Sequence[Finding]) -> str:
    """How many findings of each weight, in one line."""
    counts = [
        f"{SEVERITY_ZH[severity]} {sum(finding.severity is severity for finding in findings)} 条"
        for severity in Severity
    ]
    return "共 " + "，".join(counts)


def print_refusal(error: ServiceError, *, as_json: bool) -> None:
    """A refusal: findings as a table or JSON, the reason and the way out on standard error."""
    findings = error.findings if isinstance(error, RuleViolated) else ()
    if as_json:
        refusal = {"error": error.message, "way_out": error.way_out}
        print_json(refusal | {"findings": [finding.as_json() for finding in findings]})
    elif findings:
        print_findings(findings)
    err.print(f"[bold red]拒绝：[/]{escape(error.message)}")
    if error.way_out:
        err.print(f"[bold]出路：[/]{escape(error.way_out)}")


@contextmanager
def refusals(*, as_json: bool = False) -> Iterator[None]:
    """Turn what the service refuses into words and an exit code; anything else is a bug and shows itself."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        lost = DatabaseUnavailable(
            "与数据库的连接中断，不知道最后一步是否已经完成",
            way_out="请重新执行：已完成的会说明已完成，未完成的没有留下任何改动",
        )
        print_refusal(lost, as_json=as_json)
        raise typer.Exit(Exit.unavailable) from error
    except (DatabaseUnavailable, FilesUnavailable) as error:
        print_refusal(error, as_json=as_json)
        raise typer.Exit(Exit.unavailable) from error
    except InvalidInput as error:
        print_refusal(error, as_json=as_json)
        raise typer.Exit(Exit.invalid_input) from error
    except ServiceError as error:
        print_refusal(error, as_json=as_json)
        raise typer.Exit(Exit.refused) from error
