"""Checking and loading deliveries that hold codes and no geometry."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from gis_service.cli.console import out, print_findings, print_json
from gis_service.cli.office import day, reading, writing
from gis_service.cli.progress import counted, step
from gis_service.foundation.access import Act
from gis_service.foundation.errors import DatabaseUnavailable
from gis_service.foundation.findings import Finding, in_order_of_weight
from gis_service.procedures.intake.commands import ListReport, judge_listed, load_listed, open_listed
from gis_service.procedures.intake.kinds.listed import Listed, ListOptions


def opened_as_listed(
    path: str,
    as_: str | None,
    on: str | None,
    *,
    infer: bool = False,
    partial: bool = False,
    superiors: Path | None = None,
) -> Listed | None:
    """The delivery, if it is of a kind without geometry."""
    with step(f"读取 {Path(path).name}"):
        return open_listed(Path(path), ListOptions(day(on), infer, partial, superiors), as_)


def check_listed(path: str, listed: Listed, *, register: bool, as_json: bool) -> bool:
    """Tell all that is found; whether anything blocks."""
    with step(f"检查 {path}"):
        findings = in_order_of_weight(_against_register(listed) if register else judge_listed(listed))
    blocking = any(finding.blocking for finding in findings)
    if as_json:
        told = [finding.as_json() for finding in findings]
        print_json({"path": path, "blocking": blocking, "findings": told})
    else:
        out.print(f"[bold]{path}[/]")
        print_findings(findings)
    return blocking


def _against_register(listed: Listed) -> list[Finding]:
    """Also look at the register, where there is one; a machine without a database can still check a file."""
    try:
        with reading(Act.read_registers) as session:
            return judge_listed(listed, session)
    except DatabaseUnavailable:
        return judge_listed(listed)


def load_one_listed(path: str, listed: Listed, *, dry_run: bool) -> ListReport:
    """Enter it, with a bar for what takes long."""
    with writing(Act.load_delivery, dry_run=dry_run) as tx:
        return load_listed(tx, listed, partial(_watched, f"装入 {Path(path).name}"))


def _watched(title: str, items: Iterable[Any], total: int) -> Iterable[Any]:
    return counted(title, items, total)


def tell_listed(report: ListReport, *, dry_run: bool) -> None:
    """For people: what was found, and what was done."""
    print_findings(report.findings)
    out.print(f"{report.told}{'；演练，已撤销' if dry_run else ''}")
