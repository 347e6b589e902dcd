"""Entering a list of changes below the county."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from gis_service.foundation.access import Act as Permitted
from gis_service.foundation.database import lock_registers
from gis_service.foundation.findings import Finding, in_order_of_weight, refuse_if_blocking
from gis_service.foundation.standing import full_sight
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.intake.commands.reaching import require_codes_within
from gis_service.procedures.intake.commands.recording import record, source_of
from gis_service.procedures.intake.commands.telling import chronicle_of
from gis_service.procedures.intake.queries import delivery_with_digest, held_by_register, told_below_counties
from gis_service.procedures.intake.rules.chronicle import Act
from gis_service.procedures.intake.rules.chronicle.planning import Plan
from gis_service.procedures.intake.rules.townships.counties import Counties
from gis_service.procedures.intake.rules.townships.replaying import Replay, replay
from gis_service.procedures.intake.rules.townships.rows import ChangeList
from gis_service.registers.divisions.commands import chronicle
from gis_service.registers.instruments.commands import register_instruments
from gis_service.registers.instruments.models import InstrumentKind
from gis_service.registers.instruments.queries import acts_numbered
from gis_service.registers.instruments.schemas import InstrumentIn

_STATEMENT = "乡级变更清单；日期只知年份，没有界线，不具法律效力"


@dataclass(frozen=True, slots=True)
class TownshipsReport:
    """What entering a list did. `refused` rows were left out, each told; `known` ones were entered before."""

    source: str
    rows: int
    refused: int
    divisions: int
    versions: int
    links: int
    findings: tuple[Finding, ...]
    known: int = 0

    @property
    def told(self) -> str:
        """The same in one line, for people."""
        if not (self.divisions or self.versions or self.links):
            left = f"；略过 {self.refused} 行" if self.refused else ""
            return f"{self.source}：均已登记，没有改动{left}"
        known = f"；{self.known} 行已在册" if self.known else ""
        return (
            f"{self.source}：{self.rows} 行，装入 {self.divisions} 个单位、{self.versions} 个版本、"
            f"{self.links} 条沿革；略过 {self.refused} 行{known}"
        )

    def as_json(self) -> dict[str, Any]:
        """For `--json` and for the record of the delivery."""
        return {
            "source": self.source,
            "rows": self.rows,
            "rows_refused": self.refused,
            "rows_known": self.known,
            "units_entered": self.divisions,
            "versions_entered": self.versions,
            "links_entered": self.links,
            "findings": [finding.as_json() for finding in self.findings],
        }


def load_townships(
    tx: Transaction, changes: ChangeList, findings: Iterable[Finding] = (), *, partial: bool = False
) -> TownshipsReport:
    """Enter what the register does not hold yet; loading the same again changes nothing.

    Raises:
        RuleViolated: with all findings; nothing is written.
        NotPermitted: the list reaches beyond the jurisdiction of the actor.
    """
    tx.require(Permitted.load_delivery)
    lock_registers(tx.session)
    last = date(max(changes.years), 12, 31) if changes.rows else tx.today
    codes = {unit[0] for row in changes.rows for unit in (row.old, row.new) if unit is not None}
    require_codes_within(tx, codes, on=last)
    entered = delivery_with_digest(tx.session, changes.sha256, valid_on=last)
    if entered is not None and not entered.report.get("rows_refused"):
        return TownshipsReport(changes.name, 0, 0, 0, 0, 0, tuple(findings))
    with full_sight(tx.session):
        done = replayed_for(tx.session, changes, partial=partial)
        found = tuple(in_order_of_weight([*findings, *done.findings]))
        refuse_if_blocking(
            found, f"{changes.name} 未入库，登记簿未作任何改动", way_out="请修正各行，或加 --partial"
        )
        return _enter(tx, changes, done, found, last)


def replayed_for(session: Session, changes: ChangeList, *, partial: bool) -> Replay:
    """What a list comes to beside the register as it is."""
    counties = Counties(held_by_register(session), changes.superiors)
    return replay(changes, told_below_counties(session), counties, partial=partial)


def _enter(
    tx: Transaction, changes: ChangeList, done: Replay, findings: tuple[Finding, ...], last: date
) -> TownshipsReport:
    title = f"乡级行政区划变更清单（{changes.name}）"
    source = source_of(changes.name, title, changes.sha256, on=last, statement=_STATEMENT)
    known = acts_numbered(tx.session, done.acts)
    new = [_instrument(act, changes.name) for number, act in done.acts.items() if number not in known]
    ids = register_instruments(tx, [source, *new])
    ids |= {number: each.id for number, each in known.items()}
    story = replace(done.story, lives=[*done.counties.lives, *done.story.lives])
    plan = Plan(story, later=done.counties.earlier)
    history = chronicle_of(plan, {act: ids[number] for number, act in done.acts.items()}, ids[source.number])
    chronicle(tx, history)
    report = TownshipsReport(
        changes.name,
        len(changes.rows),
        done.refused,
        len(history.founded),
        len(history.versions),
        len(history.descents),
        findings,
        done.passed_over,
    )
    record(
        tx,
        report.as_json(),
        ids[source.number],
        source=changes.name,
        sha256=changes.sha256,
        valid_on=last,
        units=report.divisions,
    )
    return report


def _instrument(act: Act, source: str) -> InstrumentIn:
    assert act.number is not None
    assert act.day.last is not None
    return InstrumentIn(
        number=act.number,
        kind=InstrumentKind.approval,
        title=f"{act.number}（标题未载明）",
        issuer=f"未载明（{source}）",
        issued_on=act.day.last,
        issued_edtf=act.day.edtf,
        text=act.text or None,
    )
