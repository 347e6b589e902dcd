"""Entering a tree of divisions of one day: what the register does not know, existing before that day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from gis_service.foundation.access import Act
from gis_service.foundation.database import lock_registers
from gis_service.foundation.findings import Finding, in_order_of_weight, refuse_if_blocking
from gis_service.foundation.standing import full_sight
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.intake.commands.reaching import require_codes_within
from gis_service.procedures.intake.commands.recording import record, source_of
from gis_service.procedures.intake.queries import delivery_with_digest, known_on
from gis_service.procedures.intake.rules.trees import Known, Node, Tree, compare
from gis_service.registers.divisions.commands import Bound, Chronicle, PastVersion, chronicle
from gis_service.registers.instruments.commands import register_instruments

_STATEMENT = "区划树；只有代码、名称和隶属关系，没有界线，起始日期不详，不具法律效力"


@dataclass(frozen=True, slots=True)
class TreeReport:
    """What entering a tree did."""

    source: str
    on: str
    nodes: int
    entered: int
    findings: tuple[Finding, ...]

    @property
    def told(self) -> str:
        """The same in one line, for people."""
        if not self.entered:
            return f"{self.source}（{self.on}）：{self.nodes} 个单位均已登记，没有改动"
        return f"{self.source}（{self.on}）：{self.nodes} 个单位，装入 {self.entered} 个"

    def as_json(self) -> dict[str, Any]:
        """For `--json` and for the record of the delivery."""
        return {
            "source": self.source,
            "valid_on": self.on,
            "units": self.nodes,
            "units_entered": self.entered,
            "findings": [finding.as_json() for finding in self.findings],
        }


def load_tree(tx: Transaction, tree: Tree, findings: Iterable[Finding] = ()) -> TreeReport:
    """Enter what the register does not know on the day; loading the same again changes nothing.

    Raises:
        RuleViolated: with all findings; nothing is written.
        NotPermitted: the tree reaches beyond the jurisdiction of the actor.
    """
    tx.require(Act.load_delivery)
    lock_registers(tx.session)
    require_codes_within(tx, [node.code for node in tree.nodes], on=tree.on)
    with full_sight(tx.session):
        new, known, told = compared_with(tx.session, tree)
        found = tuple(in_order_of_weight([*findings, *told]))
        refuse_if_blocking(found, f"{tree.name} 未入库，登记簿未作任何改动", way_out="请按各条意见修正")
        report = TreeReport(tree.name, str(tree.on), len(tree.nodes), len(new), found)
        if new and delivery_with_digest(tx.session, tree.sha256, valid_on=tree.on) is None:
            _enter(tx, tree, new, known, report)
    return report


def compared_with(session: Session, tree: Tree) -> tuple[list[Node], Mapping[str, Known], list[Finding]]:
    """What the register does not know on the day, what it knows, and everything in which the two differ."""
    known = known_on(session, tree.on)
    new, told = compare(tree, known)
    return new, known, told


def _enter(
    tx: Transaction, tree: Tree, new: list[Node], known: Mapping[str, Known], report: TreeReport
) -> None:
    source = source_of(
        f"{tree.name} {tree.on}", f"区划树（{tree.name}）", tree.sha256, on=tree.on, statement=_STATEMENT
    )
    instrument_id = register_instruments(tx, [source])[source.number]
    ids = {code: held.division for code, held in known.items()} | {node.code: uuid4() for node in new}
    begun = Bound(tree.on, instrument_id, f"../{tree.on}")
    versions = tuple(_version(node, ids, begun) for node in new)
    founded = frozenset(version.division_id for version in versions)
    chronicle(tx, Chronicle(founded, versions, (), {}, {}))
    record(
        tx,
        report.as_json(),
        instrument_id,
        source=tree.name,
        sha256=tree.sha256,
        valid_on=tree.on,
        units=len(new),
    )


def _version(node: Node, ids: Mapping[str, UUID], begun: Bound) -> PastVersion:
    above = ids[node.superior] if node.superior is not None else None
    return PastVersion(ids[node.code], node.code, node.name, node.level.value, node.type, above, begun)
