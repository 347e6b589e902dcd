"""Entering records of place names: judged whole, matched with the register, then entered or edited.

All of it in one transaction, or nothing; what is held in memory is one chunk and what was refused.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from gis_service.foundation.access import Act, Classification
from gis_service.foundation.database import lock_registers
from gis_service.foundation.errors import Conflict, InvalidInput, NotPermitted
from gis_service.foundation.findings import (
    Finding,
    RuleViolated,
    in_order_of_weight,
    refuse_if_blocking,
)
from gis_service.foundation.standing import full_sight
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.intake.commands.placenames.comparing import edits_of, new_names, new_shape
from gis_service.procedures.intake.commands.placenames.matching import Matcher
from gis_service.procedures.intake.commands.placenames.opening import Records
from gis_service.procedures.intake.commands.placenames.reporting import Conflicting, NamesReport
from gis_service.procedures.intake.commands.placenames.units import Units
from gis_service.procedures.intake.commands.reaching import require_cleared
from gis_service.procedures.intake.commands.recording import record as keep_record
from gis_service.procedures.intake.queries import delivery_with_digest
from gis_service.procedures.intake.queries.placenames import FeatureHeld, features_held
from gis_service.procedures.intake.rules.placenames import NameChange, PlaceRecord, Tally
from gis_service.procedures.intake.rules.placenames.catalogue import R_PLN_04, R_PLN_07, R_PLN_10
from gis_service.procedures.intake.rules.placenames.judging import judge_filled, judge_record, spell
from gis_service.procedures.intake.rules.placenames.words import head_of
from gis_service.registers.authorities.queries import require_within
from gis_service.registers.divisions.rules import judge_place_code
from gis_service.registers.instruments.commands import register_instrument
from gis_service.registers.instruments.models import Instrument, InstrumentKind
from gis_service.registers.instruments.queries import instrument_by_number
from gis_service.registers.instruments.schemas import InstrumentIn
from gis_service.registers.placenames.commands import (
    Edit,
    EndFeature,
    NewFeature,
    edit_features,
    enter_features,
)
from gis_service.registers.placenames.rules.classes import R_CLS_01

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class EnteringNames:
    """From which day, by which paper, and how. `change`: what a differing name means where none is said.

    `whole`: lists of names are all there are. `keep_all`: every finding is told, however
    many. `fields`: missing mandatory fields of the census are told too.
    """

    on: date
    instrument: str | InstrumentIn | None = None
    partial: bool = False
    change: NameChange | None = None
    classification: Classification = Classification.public
    whole: bool = False
    keep_all: bool = False
    fields: bool = False


class StaleRecords(Conflict, RuleViolated):
    """Features of a batch were edited by others meanwhile; every one is named, nothing was written."""

    def __init__(self, conflicts: Sequence[Conflicting], findings: Sequence[Finding]) -> None:
        names = "、".join(each.name for each in conflicts[:5])
        message = f"{len(conflicts)} 条地名已由他人改动：{names}，没有写入任何内容"
        RuleViolated.__init__(self, message, findings, way_out="请取最新内容，核对后重新提交")
        self.conflicts = tuple(conflicts)


def load_placenames(
    tx: Transaction, records: Records, wish: EnteringNames, progress: Progress = lambda _: None
) -> NamesReport:
    """Enter records, or nothing; entering the same again changes nothing.

    Raises:
        RuleViolated: with all findings; nothing is written. StaleRecords: others edited meanwhile.
        NotPermitted: a unit is not within the actor's jurisdiction.
    """
    tx.require(Act.keep_placenames)
    require_cleared(tx, wish.classification)
    lock_registers(tx.session)
    if delivery_with_digest(tx.session, records.sha256, valid_on=wish.on) is not None:
        return NamesReport(records.source, known=True, findings=tuple(records.findings))
    _refuse(records.findings, records.source)
    work = _Entering(tx, records, wish, progress)
    work.judge()
    work.refuse_unless_partial()
    work.write()
    work.refuse_unless_partial()
    return work.finish()


def _refuse(findings: Sequence[Finding], source: str) -> None:
    way_out = "请修正各行，或加 --partial 只装入其余各行"
    refuse_if_blocking(findings, f"{source} 未入库，登记簿未作任何改动", way_out=way_out)


class _Entering:
    """One delivery on its way in."""

    def __init__(self, tx: Transaction, records: Records, wish: EnteringNames, progress: Progress) -> None:
        self.tx, self.records, self.wish, self.progress = tx, records, wish, progress
        self.tally = Tally(records.source, keep_all=wish.keep_all)
        self.units = Units(tx.session, self.tally, on=wish.on)
        self.report = NamesReport(records.source)
        self.conflicts: list[Conflicting] = []
        self.is_act = False
        with full_sight(tx.session):
            self.matcher = Matcher(tx.session)

    def judge(self) -> None:
        """Everything that can be said before anything is written."""
        places: set[UUID] = set()
        for chunk in self.records.chunks(self.tally):
            self.report.rows += len(chunk)
            for record in chunk:
                judge_record(record, self.tally)
            units = self.units.of(chunk)
            self._judge_units(chunk, units)
            self.matcher.take(zip(chunk, units, strict=True))
            places.update(unit for several in units for unit in several)
            self.progress(f"已核对 {self.report.rows:,} 行")
        self.units.judge_offset()
        with full_sight(self.tx.session):
            self.matcher.match(self.tally, on=self.wish.on)
            self.matcher.index()
        require_within(self.tx.session, self.tx.actor, Act.keep_placenames, places, on=self.tx.today)

    def _judge_units(self, chunk: Sequence[PlaceRecord], units: Sequence[tuple[UUID, ...]]) -> None:
        for record, several in zip(chunk, units, strict=True):
            if record.code is not None and several and record.row not in self.tally.refused:
                for finding in judge_place_code(record.code, record.name, self.units.code_of(several)):
                    self.tally.warn(
                        R_PLN_04,
                        record.row,
                        record.subject,
                        finding.message,
                        finding.suggestion,
                        head_of("code"),
                        "代码与政区",
                    )

    def refuse_unless_partial(self) -> None:
        """Stop where something blocks, unless the rest is to be entered."""
        if self.conflicts and not self.wish.partial:
            raise StaleRecords(self.conflicts, in_order_of_weight(self.tally.findings))
        if not self.wish.partial or len(self.tally.refused) >= self.report.rows:
            _refuse([*self.records.findings, *self.tally.findings], self.records.source)

    def write(self) -> None:
        """Enter what is new, edit what is known; chunk by chunk."""
        self.instrument_id = self.report.instrument_id = paper_of(
            self.tx, self.records, self.wish, self.units.codes
        )
        self.is_act = is_act(self.tx, self.instrument_id)
        done = 0
        for chunk in self.records.chunks(Tally(self.records.source)):
            rows = [record for record in chunk if record.row not in self.tally.refused]
            self._write(rows)
            done += len(chunk)
            self.progress(f"已装入 {done:,} / {self.report.rows:,} 行")

    def _write(self, rows: Sequence[PlaceRecord]) -> None:
        quiet = Units(self.tx.session, Tally(self.records.source), on=self.wish.on)
        quiet.adopt(self.units)
        units = quiet.of(rows)
        known = self.matcher.features([record.row for record in rows])
        held = features_held(self.tx.session, set(known.values()), on=self.wish.on)
        self._require_reach(held)
        new: list[NewFeature] = []
        edits: list[Edit] = []
        for record, several in zip(rows, units, strict=True):
            self._complete(record, quiet.code_of(several))
            feature = known.get(record.row)
            if feature is None:
                new += self._new(record, several)
            elif feature not in held:
                self._refuse_unknown(record)
            else:
                edits += self._edits(record, several, held[feature])
        if any(row.row in self.tally.refused for row in rows) and not self.wish.partial:
            return  # told when all is read; nothing more is written
        self._store(new, edits)

    def _store(self, new: Sequence[NewFeature], edits: Sequence[Edit]) -> None:
        enter_features(self.tx, new, on=self.wish.on, instrument_id=self.instrument_id)
        edit_features(self.tx, edits, on=self.wish.on, instrument_id=self.instrument_id)
        ended = {edit.seen.feature_id for edit in edits if isinstance(edit, EndFeature)}
        self.report.entered += len(new)
        self.report.ended += len(ended)
        self.report.changed += len({edit.seen.feature_id for edit in edits} - ended)

    def _complete(self, record: PlaceRecord, code: str) -> None:
        record.change = record.change or self.wish.change
        record.process = record.process or ("依法命名" if self.is_act else None)
        if not record.end:
            spell(record, code, self.tally)
            judge_filled(record, self.tally, fields=self.wish.fields)

    def _new(self, record: PlaceRecord, units: tuple[UUID, ...]) -> list[NewFeature]:
        """A feature that is not on record; what names one that is not there is refused."""
        if record.id is not None or record.end:
            message = "登记簿中没有此标识的地名" if record.id else "登记簿中没有这条地名，无从注销"
            self.tally.refuse(
                R_PLN_10, record.row, record.subject, message, "请核对标识和日期", head_of("id")
            )
            return []
        if record.class_code is None:
            message, way_out = "没有地名类别", "请补填类别代码，见 gis-service names classes"
            self.tally.refuse(R_CLS_01, record.row, record.subject, message, way_out, head_of("class"))
            return []
        if not units and not self.tx.actor.reach(Act.keep_placenames).everywhere:
            raise NotPermitted(
                f"“{record.name}”没有所在行政区，不能确定是否在您的辖区", way_out="请补填所在行政区"
            )
        shapes = (new_shape(record),) if record.geometry is not None else ()
        facts, code = dict(record.facts), record.code
        return [
            NewFeature(new_names(record), record.class_code, units, shapes, facts, code, record.synthetic)
        ]

    def _refuse_unknown(self, record: PlaceRecord) -> None:
        """It is on record, and the actor may not know of it."""
        message = "登记簿中没有您可以改动的这条地名"
        self.tally.refuse(R_PLN_10, record.row, record.subject, message, "请由有相应密级权限的人员办理")

    def _edits(self, record: PlaceRecord, units: tuple[UUID, ...], held: FeatureHeld) -> list[Edit]:
        if record.revision is not None and record.revision != held.revision:
            name = held.standard.text if held.standard else record.name
            self.conflicts.append(Conflicting(record.row, held.id, name, record.revision, held.revision))
            message = f"已由他人改动：您所见为第 {record.revision} 版，现为第 {held.revision} 版（“{name}”）"
            self.tally.refuse(
                R_PLN_07,
                record.row,
                str(held.id),
                message,
                "请取最新内容",
                head_of("revision"),
                "已由他人改动",
            )
            return []
        edits = edits_of(record, units, held, self.tally, whole=self.wish.whole)
        if not edits and record.row not in self.tally.refused:
            self.report.unchanged += 1
        return edits

    def _require_reach(self, held: dict[UUID, FeatureHeld]) -> None:
        """What is edited lies within reach where it is now, too."""
        places = {unit for feature in held.values() for unit in feature.division_ids}
        require_within(self.tx.session, self.tx.actor, Act.keep_placenames, places, on=self.tx.today)

    def finish(self) -> NamesReport:
        """The report, and the record that it was entered."""
        report = self.report
        report.left, report.refused = len(self.tally.refused), self.tally.refused
        report.conflicts = tuple(self.conflicts)
        report.findings = tuple(in_order_of_weight([*self.records.findings, *self.tally.findings]))
        kept = {**report.as_json(), "findings": [f.as_json() for f in report.findings[:500]]}
        keep_record(
            self.tx,
            kept,
            self.instrument_id,
            source=report.source,
            sha256=self.records.sha256,
            valid_on=self.wish.on,
            units=report.entered,
        )
        return report


def paper_of(tx: Transaction, records: Records, wish: EnteringNames, units: Collection[UUID] = ()) -> UUID:
    """The act or the dataset that records stand by; a dataset that is none yet is registered.

    Raises:
        InvalidInput: no act is registered under the number.
    """
    told = wish.instrument
    if isinstance(told, InstrumentIn):
        return register_instrument(tx, told).id
    if told is not None:
        paper = instrument_by_number(tx.session, told)
        if paper is None:
            raise InvalidInput(f"没有登记文号为“{told[:60]}”的文件", way_out="请先用 instruments add 登记")
        return paper.id
    within = units if wish.classification is not Classification.public else ()
    return register_instrument(tx, _dataset(records, wish), kept_within=within).id


def _dataset(records: Records, wish: EnteringNames) -> InstrumentIn:
    origin = records.origin
    day = "" if origin.valid_on else f"，{wish.on}"
    return InstrumentIn(
        number=f"数据集 {origin.name}（{records.sha256[:12]}{day}）",
        kind=InstrumentKind.dataset,
        title=origin.title,
        issuer=origin.name,
        issued_on=origin.valid_on or wish.on,
        statement=origin.statement,
        licence=origin.licence,
        sha256=records.sha256,
        classification=wish.classification,
    )


def is_act(tx: Transaction, instrument_id: UUID) -> bool:
    """Whether what stands by it came about by law, and not by a list."""
    return tx.session.get_one(Instrument, instrument_id).kind != InstrumentKind.dataset.value
