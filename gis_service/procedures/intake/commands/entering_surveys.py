"""Entering markers and boundary points as given: lines and units found by code, judged as registered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shapely.geometry import Point

from gis_service.foundation.access import Act, Classification
from gis_service.foundation.database import lock_registers
from gis_service.foundation.errors import InvalidInput, ServiceError
from gis_service.foundation.findings import Finding, RuleViolated, in_order_of_weight, refuse_if_blocking
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.intake.commands.comparing import compare_with_register
from gis_service.procedures.intake.commands.entering_tri_points import tri_points_of
from gis_service.procedures.intake.commands.photographing import Photos, keep_photos
from gis_service.procedures.intake.commands.reaching import require_cleared
from gis_service.procedures.intake.commands.recording import record
from gis_service.procedures.intake.commands.survey_reports import SurveyReport
from gis_service.procedures.intake.commands.surveying import Survey
from gis_service.procedures.intake.queries import delivery_with_digest
from gis_service.procedures.intake.rules.surveys import GivenMarker, GivenPoint, Notes
from gis_service.procedures.intake.rules.surveys.comparing import judge_drawn
from gis_service.procedures.intake.rules.surveys.entering import refused_numbers, weighed_for_entering
from gis_service.procedures.intake.rules.surveys.shifted import judge_shift
from gis_service.procedures.intake.rules.surveys.table import R_SUR_10
from gis_service.registers.boundaries.queries import LineInForce, courses_on
from gis_service.registers.boundaries.queries.by_sides import line_referred_to
from gis_service.registers.divisions.queries import ids_by_code
from gis_service.registers.instruments.commands import register_instrument
from gis_service.registers.instruments.models import InstrumentKind
from gis_service.registers.instruments.queries import instrument_by_number
from gis_service.registers.instruments.schemas import InstrumentIn
from gis_service.registers.markers.commands import (
    NewMarker,
    NewPoint,
    register_boundary_points,
    register_markers,
    register_tri_points,
)
from gis_service.registers.markers.commands.in_hand import require_a_side, units_at
from gis_service.registers.markers.commands.remeasuring import remeasure_markers
from gis_service.registers.markers.models import MarkerKind, MarkerState, Placement
from gis_service.registers.markers.queries import markers_on
from gis_service.registers.markers.queries.evidence import evidence_of
from gis_service.registers.markers.rules import judge_line

SYNTHETIC = "合成数据：依真实界线生成，仅供演示和测试，不是勘界成果，不具法律效力"
_PLAIN = "勘界资料，来件未附法律效力说明，使用前请与协议书核对"


@dataclass(frozen=True, slots=True)
class Entering:
    """From which day and by which paper; `partial` leaves out what is refused and enters the rest."""

    on: date
    instrument: str | None = None
    partial: bool = False
    classification: Classification = Classification.public
    photos: Photos | None = None


def load_survey(tx: Transaction, survey: Survey, wish: Entering) -> SurveyReport:
    """Enter what was read, or nothing; loading the same file again changes nothing.

    Raises:
        RuleViolated: with all findings; nothing is written.
        NotPermitted: neither a side of a line nor the place of a marker is within the actor's jurisdiction.
    """
    tx.require(Act.load_delivery)
    require_cleared(tx, wish.classification)
    lock_registers(tx.session)
    if delivery_with_digest(tx.session, survey.sha256, valid_on=wish.on) is not None:
        return SurveyReport(survey.source, survey.kind, survey.rows, 0, 0, survey.findings, known=True)
    if survey.kind == "lines":
        return _compared(tx, survey, wish)
    if not wish.partial:
        _refuse(survey.findings, survey)
    ready = _Ready(tx, survey, wish)
    findings = [*survey.findings, *ready.findings, *ready.shifted()]
    if not wish.partial or not ready.count:
        _refuse(findings, survey)
    entered, more = ready.enter()
    more += ready.keep_photos()
    report = SurveyReport(
        survey.source,
        survey.kind,
        survey.rows,
        entered,
        survey.count - entered,
        tuple(in_order_of_weight([*findings, *more])),
        tri_points=ready.tri_points,
    )
    record(
        tx,
        report.as_json(),
        ready.instrument_id,
        source=survey.source,
        sha256=survey.sha256,
        valid_on=wish.on,
        units=entered,
    )
    return report


def _compared(tx: Transaction, survey: Survey, wish: Entering) -> SurveyReport:
    """Drawn lines are only held against the register."""
    _refuse(survey.findings, survey)
    notes = Notes(survey.source)
    compared = compare_with_register(tx.session, survey.traces, notes, on=wish.on)
    told = [finding for each in compared for finding in judge_drawn(survey.source, each)]
    findings = [*survey.findings, *notes.findings, *told]
    if not wish.partial:
        _refuse(findings, survey)
    found = tuple(in_order_of_weight(findings))
    return SurveyReport(
        survey.source, survey.kind, survey.rows, 0, survey.count, found, compared=tuple(compared)
    )


def _refuse(findings: Sequence[Finding], survey: Survey) -> None:
    refuse_if_blocking(
        findings,
        f"{survey.source} 未入库，登记簿未作任何改动",
        way_out="请修正各行，或加 --partial 只装入其余各行",
    )


class _Ready:
    """A survey with its lines, units and paper found in the register."""

    def __init__(self, tx: Transaction, survey: Survey, wish: Entering) -> None:
        self.tx, self.survey, self.wish = tx, survey, wish
        self.notes = Notes(survey.source)
        given: tuple[GivenMarker | GivenPoint, ...] = (*survey.markers, *survey.points)
        self.lines = self._lines(given)
        codes = {code for each in survey.markers for code, _ in each.sides}
        codes |= {each.managing for each in survey.markers if each.managing}
        codes |= {code for each in survey.markers for code in each.units}
        self.units = ids_by_code(tx.session, codes, on=wish.on)
        self.instrument_id, self.agreement_id = self._paper()
        self.known = self._known_markers()
        self.tri_points = 0
        self.markers = [new for each in survey.markers if (new := self._marker(each))]
        self.points = [point for each in survey.points if (point := self._point(each))]
        self._require_reach()

    @property
    def findings(self) -> list[Finding]:
        return self.notes.findings

    @property
    def count(self) -> int:
        return len(self.markers) + len(self.points)

    def _lines(self, given: Iterable[GivenMarker | GivenPoint]) -> dict[str, LineInForce]:
        """Lines by what rows call them."""
        found: dict[str, LineInForce] = {}
        for each in given:
            for name in {each.line, *getattr(each, "lines", ())} - found.keys():
                try:
                    found[name] = line_referred_to(self.tx.session, name, on=self.wish.on)
                except ServiceError as error:
                    tell = self.notes.refuse if name == each.line else self.notes.warn
                    tell(R_SUR_10, each.row, each.number, error.message, error.way_out)
        return found

    def _require_reach(self) -> None:
        """Who loads acts for a side of the line, or for where a thing stands or is said to stand."""
        sides = {line.id: frozenset((line.first_id, line.second_id)) for line in self.lines.values()}
        new: list[NewMarker | NewPoint] = [*self.markers, *self.points]
        places = [None if each.position is None else each.position.point for each in new]
        at = units_at(self.tx, places, on=self.wish.on)
        asked = {
            each.number: sides[each.line_id] | units | getattr(each, "sides", {}).keys()
            for each, units in zip(new, at, strict=True)
        }
        require_a_side(self.tx, asked, Act.load_delivery)

    def _paper(self) -> tuple[UUID, UUID | None]:
        """The paper it stands by, and the agreement on who keeps the markers where that paper is one."""
        if self.wish.instrument is not None:
            paper = instrument_by_number(self.tx.session, self.wish.instrument)
            if paper is None:
                raise InvalidInput(
                    f"没有登记文号为“{self.wish.instrument}”的文件",
                    way_out="请先用 instruments add 登记协议书",
                )
            return paper.id, paper.id if paper.kind == InstrumentKind.agreement.value else None
        survey, made = self.survey, any(each.is_synthetic for each in self.survey.markers)
        source = InstrumentIn(
            number=f"数据集 {survey.source}（{survey.sha256[:12]}）",
            kind=InstrumentKind.dataset,
            title=f"{'合成' if made else ''}勘界资料（{survey.source}）",
            issuer=survey.source,
            issued_on=self.wish.on,
            statement=SYNTHETIC if made else _PLAIN,
            sha256=survey.sha256,
            classification=self.wish.classification,
        )
        within = {side for line in self.lines.values() for side in (line.first_id, line.second_id)}
        return register_instrument(self.tx, source, kept_within=within).id, None

    def _unit(self, given: GivenMarker, code: str) -> UUID | None:
        unit = self.units.get(code)
        if unit is None:
            message, way_out = f"{self.wish.on} 没有代码为 {code} 的单位", "请核对代码和日期"
            self.notes.refuse(R_SUR_10, given.row, given.number, message, way_out)
        return unit

    def _marker(self, given: GivenMarker) -> NewMarker | None:
        line = self.lines.get(given.line)
        managing = self._unit(given, given.managing) if given.managing else None
        sides = {unit: place for code, place in given.sides if (unit := self._unit(given, code)) and place}
        for code in given.units:
            self._unit(given, code)
        self._require_later_epochs(given)
        if line is not None and (line.id, given.number) in self.known:
            message = f"{line.name}上已有编号为 {given.number} 的界桩，编号不得再用"
            way_out = "已登记界桩的变化请登记为新的位置或状况"
            self.notes.refuse(R_SUR_10, given.row, given.number, message, way_out)
        if line is None or given.row in self.notes.refused:
            return None
        return NewMarker(
            number=given.number,
            line_id=line.id,
            placement=Placement(given.placement),
            kind=MarkerKind(given.kind),
            shape=given.shape,
            material=given.material,
            managing_id=managing,
            management_id=self.agreement_id if managing else None,
            custodian=given.custodian,
            note=given.note,
            is_historic=given.is_historic,
            is_synthetic=given.is_synthetic,
            sides=sides,
            lines=tuple(self.lines[name].id for name in given.lines if name in self.lines),
            position=given.position,
            bearings=given.bearings,
            state=MarkerState(given.state) if given.state else None,
            seen_on=given.seen_on,
            observer=given.observer,
        )

    def _require_later_epochs(self, given: GivenMarker) -> None:
        early = [
            each.surveyed_on for each in given.epochs if (each.surveyed_on or self.wish.on) <= self.wish.on
        ]
        if early:
            message = f"后一次测定（{early[0]}）不晚于登记日期 {self.wish.on}"
            way_out = f"请用 --on 写明首次测定的日期，如 --on {given.position and given.position.surveyed_on}"
            self.notes.refuse(R_SUR_10, given.row, given.number, message, way_out)

    def _known_markers(self) -> Mapping[tuple[UUID, str], UUID]:
        lines = {line.id for line in self.lines.values()}
        found = markers_on(self.tx.session, on=self.wish.on, lines=lines)
        return {(line, each.number): each.marker.id for each in found for line in each.lines}

    def _point(self, given: GivenPoint) -> NewPoint | None:
        line = self.lines.get(given.line)
        if line is None:
            return None
        between = []
        for number in (given.after, given.before):
            between.append(self.known.get((line.id, number)) if number else None)
            if number and between[-1] is None:
                message = f"{line.name}上没有编号为 {number} 的界桩，所在区间未登记"
                self.notes.warn(R_SUR_10, given.row, given.number, message, "请先装入界桩")
        return NewPoint(line.id, given.number, given.position, between[0], between[1], given.feature)

    def enter(self) -> tuple[int, list[Finding]]:
        """Register, judge as registered; what the register refuses is taken back, alone if that may be."""
        if self.points:
            register_boundary_points(self.tx, self.points, on=self.wish.on, instrument_id=self.instrument_id)
        if not self.markers:
            return len(self.points), []
        try:
            with self.tx.session.begin_nested():
                findings = self._registered_and_judged(self.markers)
                refuse_if_blocking(findings, "")
        except RuleViolated as refused:
            return self._enter_rest(list(refused.findings))
        return self.count, findings

    def _enter_rest(self, findings: list[Finding]) -> tuple[int, list[Finding]]:
        """What was refused is taken back; the others are entered where that was asked for."""
        refused = refused_numbers(findings, (marker.number for marker in self.markers))
        rest = [marker for marker in self.markers if marker.number not in refused]
        if not self.wish.partial or not rest:
            _refuse(findings, self.survey)
        self._register(rest)
        return len(rest) + len(self.points), findings

    def shifted(self) -> list[Finding]:
        """Whether the markers lie beside their lines as web maps would have them."""
        courses = courses_on(self.tx.session, self.lines.values(), on=self.wish.on)
        placed = [
            (Point(each.position.point), courses[each.line_id])
            for each in self.markers
            if each.position is not None and each.position.point is not None and each.line_id in courses
        ]
        return judge_shift(self.survey.source, placed)

    def keep_photos(self) -> list[Finding]:
        """What the rows of markers that were entered name as photos, kept with them."""
        known, rows = self._known_markers(), {}
        for given in self.survey.markers:
            line = self.lines.get(given.line)
            marker = known.get((line.id, given.number)) if line is not None else None
            if marker is not None:
                rows[given.row] = marker
        return keep_photos(
            self.tx,
            self.survey.markers,
            rows,
            self.wish.photos,
            source=self.survey.source,
            on=self.wish.on,
            instrument_id=self.instrument_id,
        )

    def _epochs(self, ids: Mapping[int, UUID]) -> None:
        """Later positions of what was just registered, each from the day it was measured on."""
        for given in self.survey.markers:
            for epoch in given.epochs if given.row in ids else ():
                if epoch.surveyed_on is not None:
                    remeasure_markers(
                        self.tx,
                        [(ids[given.row], epoch)],
                        on=epoch.surveyed_on,
                        instrument_id=self.instrument_id,
                    )

    def _registered_and_judged(self, markers: Sequence[NewMarker]) -> list[Finding]:
        self._register(markers)
        lines = list({line.id: line for line in self.lines.values()}.values())
        evidence = evidence_of(self.tx.session, lines, on=self.wish.on)
        found = [finding for line in evidence.values() for finding in judge_line(line)]
        before = {number for _, number in self.known} - {marker.number for marker in markers}
        return weighed_for_entering(finding for finding in found if finding.subject not in before)

    def _register(self, markers: Sequence[NewMarker]) -> None:
        register_markers(self.tx, markers, on=self.wish.on, instrument_id=self.instrument_id)
        self.tx.session.flush()
        ids = self._rows_of(markers)
        self._epochs(ids)
        found = tri_points_of(
            self.tx.session, self.survey.markers, ids, self.units, self.notes, on=self.wish.on
        )
        register_tri_points(self.tx, found, on=self.wish.on, instrument_id=self.instrument_id)
        self.tri_points = len(found)

    def _rows_of(self, markers: Iterable[NewMarker]) -> dict[int, UUID]:
        """The markers just registered, by the rows they came from."""
        ids = {(marker.line_id, marker.number): marker.id for marker in markers}
        rows = {given.row: (self.lines.get(given.line), given.number) for given in self.survey.markers}
        return {
            row: ids[line.id, number]
            for row, (line, number) in rows.items()
            if line is not None and (line.id, number) in ids
        }
