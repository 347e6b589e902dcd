"""Deliveries that hold codes and no geometry: opened, judged and entered, each kind by its own command."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy.orm import Session

from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.findings import Finding, refuse_if_blocking
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.intake.commands.chronicling import load_history, planned_for
from gis_service.procedures.intake.commands.townships import load_townships, replayed_for
from gis_service.procedures.intake.commands.trees import compared_with, load_tree
from gis_service.procedures.intake.kinds import KINDS, kind_of
from gis_service.procedures.intake.kinds.listed import Listed, ListOptions
from gis_service.procedures.intake.rules.chronicle import Yearly
from gis_service.procedures.intake.rules.chronicle.planning import judge
from gis_service.procedures.intake.rules.townships import ChangeList
from gis_service.procedures.intake.rules.trees import Tree

Watch = Callable[[Iterable[Any], int], Iterable[Any]]


class ListReport(Protocol):
    """What entering such a delivery did."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything found."""

    @property
    def told(self) -> str:
        """In one line, for people."""

    def as_json(self) -> dict[str, Any]:
        """For scripts and for the record."""


def open_listed(path: Path, options: ListOptions, wanted: str | None = None) -> Listed | None:
    """Read a path, if it is of a kind without geometry, or is asked to be read as one.

    Raises:
        InvalidInput: it is not of the kind it is asked to be read as.
    """
    kind = kind_of(path, wanted)
    if kind is None:
        return None
    if not path.exists() or not kind.fits(path):
        raise InvalidInput(f"{path.name} 不能按 {kind.NAME} 读取", way_out="请核对路径和内容")
    listed: Listed = kind.read(path, options)
    return listed


def names_of_kinds() -> tuple[str, ...]:
    """What `open_listed` may be asked to read a path as."""
    return tuple(kind.NAME for kind in KINDS)


def judge_listed(listed: Listed, session: Session | None = None) -> list[Finding]:
    """Everything found in a delivery; beside the register what loading would say, else by itself."""
    content = listed.content
    if content is None:
        return list(listed.findings)
    if session is not None:
        return [*listed.findings, *_beside_register(session, listed)]
    return [*listed.findings, *(judge(content) if isinstance(content, Yearly) else [])]


def _beside_register(session: Session, listed: Listed) -> Iterable[Finding]:
    content = listed.content
    if isinstance(content, ChangeList):
        return replayed_for(session, content, partial=listed.partial).findings
    if isinstance(content, Tree):
        return compared_with(session, content)[2]
    return planned_for(session, content, partial=listed.partial).findings


def load_listed(tx: Transaction, listed: Listed, watch: Watch | None = None) -> ListReport:
    """Enter what was read, or nothing.

    Raises:
        RuleViolated: with all findings.
    """
    refuse_if_blocking(
        listed.findings, "来件未入库，登记簿未作任何改动", way_out="请按各条意见修正后重新装入"
    )
    content = listed.content
    if isinstance(content, ChangeList):
        return load_townships(tx, content, listed.findings, partial=listed.partial)
    if isinstance(content, Tree):
        return load_tree(tx, content, listed.findings)
    assert isinstance(content, Yearly)
    steps = watch(content.steps, len(content.steps)) if watch else None
    return load_history(tx, content, listed.findings, steps, partial=listed.partial)
