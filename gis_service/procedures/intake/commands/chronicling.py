"""Entering a history of codes: replayed, joined to the register, written in one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from gis_service.foundation.access import Act, Classification
from gis_service.foundation.database import lock_registers
from gis_service.foundation.findings import Finding, Severity, in_order_of_weight, refuse_if_blocking
from gis_service.foundation.standing import full_sight
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.intake.commands.reaching import require_cleared, require_codes_within
from gis_service.procedures.intake.commands.recording import record, source_of
from gis_service.procedures.intake.commands.telling import chronicle_of
from gis_service.procedures.intake.queries import delivery_with_digest, register_of, weighed_down
from gis_service.procedures.intake.rules.chronicle import Step, Yearly
from gis_service.procedures.intake.rules.chronicle.joining import contradicts
from gis_service.procedures.intake.rules.chronicle.naming_acts import NamedAct, name_acts, numbers_of
from gis_service.procedures.intake.rules.chronicle.outliving import ends_of
from gis_service.procedures.intake.rules.chronicle.planning import Plan, plan
from gis_service.procedures.intake.rules.chronicle.replaying import Life
from gis_service.registers.divisions.commands import Chronicle, chronicle
from gis_service.registers.instruments.commands import register_instruments
from gis_service.registers.instruments.models import InstrumentKind
from gis_service.registers.instruments.queries import acts_numbered
from gis_service.registers.instruments.schemas import InstrumentIn

_STATEMENT = "依历年年末代码表和变更表回放而得；只有代码、名称和沿革，没有界线，不具法律效力"


@dataclass(frozen=True, slots=True)
class HistoryReport:
    """What entering a history did. `years` were replayed, `incomplete` provinces only in part."""

    source: str
    years: tuple[int, int]
    divisions: int
    versions: int
    links: int
    acts: int
    joined: int
    findings: tuple[Finding, ...]
    incomplete: tuple[str, ...] = ()

    @property
    def changed_nothing(self) -> bool:
        """Whether the register held all of it already."""
        return not (self.divisions or self.versions or self.links)

    @property
    def told(self) -> str:
        """The same in one line, for people."""
        first, last = self.years
        part = "、".join(f"{province}0000" for province in self.incomplete)
        left = f"；未全部取用：{part}" if part else ""
        if self.changed_nothing:
            return f"{self.source}：{first}—{last} 年{'没有可装入的' if part else '均已登记'}，没有改动{left}"
        return (
            f"{self.source}（{first}—{last} 年）：装入 {self.divisions} 个单位、{self.versions} 个版本、"
            f"{self.links} 条沿革，依据 {self.acts} 件；与登记簿相接 {self.joined} 个单位{left}"
        )

    def as_json(self) -> dict[str, Any]:
        """For `--json` and for the record of the delivery."""
        return {
            "source": self.source,
            "years": list(self.years),
            "units_entered": self.divisions,
            "versions_entered": self.versions,
            "links_entered": self.links,
            "acts": self.acts,
            "units_joined": self.joined,
            "provinces_incomplete": [f"{province}0000" for province in self.incomplete],
            "findings": [finding.as_json() for finding in self.findings],
        }


def load_history(
    tx: Transaction,
    yearly: Yearly,
    findings: Iterable[Finding] = (),
    steps: Iterable[Step] | None = None,
    *,
    partial: bool = False,
) -> HistoryReport:
    """Enter what the register does not hold yet of a history; loading the same again changes nothing.

    With `partial`, provinces that contradict the register are left out, each told.

    Raises:
        RuleViolated: with all findings; nothing is written.
        NotPermitted: the history reaches beyond the jurisdiction of the actor.
    """
    tx.require(Act.load_delivery)
    require_cleared(tx, Classification.public)
    lock_registers(tx.session)
    require_codes_within(tx, yearly.last.units, on=tx.today)
    years = yearly.first.year, yearly.last.year
    entered = delivery_with_digest(tx.session, yearly.sha256, valid_on=yearly.last.day)
    if entered is not None and not entered.report.get("provinces_incomplete"):
        return HistoryReport(yearly.name, years, 0, 0, 0, 0, 0, tuple(findings))
    with full_sight(tx.session):
        planned = planned_for(tx.session, yearly, steps, partial=partial)
        found = in_order_of_weight([*findings, *planned.findings])
        refuse_if_blocking(
            found, f"{yearly.name} 未入库，登记簿未作任何改动", way_out="请按各条意见修正后重新装入"
        )
        return _enter(tx, yearly, planned, tuple(found))


def planned_for(
    session: Session, yearly: Yearly, steps: Iterable[Step] | None = None, *, partial: bool = False
) -> Plan:
    """What a history comes to beside the register as it is; what contradicts it stands in the findings."""
    register = register_of(session)
    left_out: dict[str, Sequence[Finding]] = {}
    planned = plan(yearly, register, steps)
    while against := _against(session, planned):
        if not partial:
            told = [finding for findings in against.values() for finding in findings]
            return replace(planned, findings=(*planned.findings, *told))
        left_out |= against
        planned = plan(yearly, register, left_out=left_out)
    return replace(planned, findings=(*planned.findings, *_left_out(left_out)))


def _against(session: Session, planned: Plan) -> dict[str, Sequence[Finding]]:
    """What contradicts the register, by province, what hangs on units that end included."""
    against: dict[str, Sequence[Finding]] = dict(planned.against)
    heavy = weighed_down(session, ends_of(planned.story))
    for life in planned.story.lives:
        if life.stands and life.id in heavy and life.versions[-1].ended is not None:
            province = life.versions[0].code[:2]
            against[province] = (*against.get(province, ()), _outlived(life, heavy[life.id]))
    return against


def _outlived(life: Life, what: str) -> Finding:
    last = life.versions[-1]
    assert last.ended is not None
    subject = f"{last.code} {last.name}"
    message = f"{subject}在沿革中于 {last.ended.on} 终止，而登记簿中它{what}至该日以后"
    return contradicts(subject, message, "请先装沿革、再装其下级和范围；已装入的，用 changes 逐件办理")


def _left_out(left_out: Mapping[str, Sequence[Finding]]) -> Iterator[Finding]:
    """The same as warnings, where the other provinces are enough."""
    for province, findings in left_out.items():
        for finding in findings:
            message = f"{finding.message}；{province}0000 未取用"
            yield replace(finding, severity=Severity.warning, message=message)


def _enter(tx: Transaction, yearly: Yearly, planned: Plan, findings: tuple[Finding, ...]) -> HistoryReport:
    known = acts_numbered(tx.session, numbers_of(planned.steps))
    taken = {number: (act.issuer, act.issued_on) for number, act in known.items()}
    named = name_acts(planned.steps, yearly.name, taken)
    source = _source(yearly)
    ids = register_instruments(tx, [source, *map(_instrument, named.values())])
    history = chronicle_of(
        planned, {act: ids[entered.number] for act, entered in named.items()}, ids[source.number]
    )
    report = _report(yearly, planned, history, named, findings)
    if not report.changed_nothing:
        chronicle(tx, history)
        record(
            tx,
            report.as_json(),
            ids[source.number],
            source=report.source,
            sha256=yearly.sha256,
            valid_on=yearly.last.day,
            units=report.divisions,
        )
    return report


def _report(
    yearly: Yearly,
    planned: Plan,
    history: Chronicle,
    named: Mapping[Any, NamedAct],
    findings: tuple[Finding, ...],
) -> HistoryReport:
    return HistoryReport(
        yearly.name,
        planned.years,
        len(history.founded),
        len(history.versions),
        len(history.descents),
        len({act.number for act in named.values()}),
        planned.met,
        findings,
        planned.incomplete,
    )


def _source(yearly: Yearly) -> InstrumentIn:
    years = f"{yearly.first.year}—{yearly.last.year}"
    return source_of(
        f"{yearly.name} {years}",
        f"{years} 年县级以上行政区划代码表及变更表（{yearly.name}）",
        yearly.sha256,
        on=yearly.last.day,
        statement=_STATEMENT,
        licence=yearly.licence,
    )


def _instrument(act: NamedAct) -> InstrumentIn:
    return InstrumentIn(
        number=act.number,
        kind=InstrumentKind(act.kind),
        title=act.title,
        issuer=act.issuer,
        issued_on=act.issued_on,
        issued_edtf=act.issued_edtf,
        text=act.text,
    )
