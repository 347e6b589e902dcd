"""Entering a judged delivery: superiors, units, areas and lines in one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from gis_service.foundation.access import Act
from gis_service.foundation.database import lock_registers
from gis_service.foundation.findings import Finding, in_order_of_weight, refuse_if_blocking
from gis_service.foundation.standing import full_sight
from gis_service.foundation.topology import canonical
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.intake.commands.opening import Opened, judge_opened
from gis_service.procedures.intake.commands.reaching import require_cleared, require_codes_within
from gis_service.procedures.intake.models import LoadedDelivery
from gis_service.procedures.intake.queries import delivery_with_digest, registered_around, standing_of
from gis_service.procedures.intake.rules import Delivery, UnitRecord
from gis_service.procedures.intake.rules.filling import fills, reach_m
from gis_service.procedures.intake.rules.standing import Sorted, Standing, sort_out
from gis_service.procedures.intake.schemas import AreaMoved
from gis_service.registers.boundaries.commands import derive, enter_areas, subdivide
from gis_service.registers.boundaries.commands.enter import Entered
from gis_service.registers.boundaries.events import BoundariesChanged
from gis_service.registers.divisions.commands import NewDivision, establish
from gis_service.registers.divisions.queries import ids_by_code
from gis_service.registers.divisions.rules import codes_above, level_of_code, superior_code, type_of
from gis_service.registers.instruments.commands import register_instrument
from gis_service.registers.instruments.models import InstrumentKind
from gis_service.registers.instruments.schemas import InstrumentIn


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What loading did. `entered`, `known` and `mapped` count units: new ones, those the register had, and
    those of them that now have an area; lines begun count boundary lines of all levels.
    """

    source: str
    valid_on: str
    entered: int
    known: int
    mapped: int
    superiors: int
    faces: int
    edges: int
    lines_begun: int
    moved: tuple[AreaMoved, ...]
    findings: tuple[Finding, ...]
    divided: tuple[str, ...] = ()

    @property
    def changed_nothing(self) -> bool:
        """Whether the register held all of it already."""
        return self.entered == self.mapped == 0

    def as_json(self) -> dict[str, Any]:
        """For `--json` and for the record of the delivery."""
        return {
            "source": self.source,
            "valid_on": self.valid_on,
            "units_entered": self.entered,
            "units_known": self.known,
            "units_mapped": self.mapped,
            "superiors_entered": self.superiors,
            "faces": self.faces,
            "edges": self.edges,
            "lines_begun": self.lines_begun,
            "counties_divided": list(self.divided),
            "area_moved": [asdict(moved) for moved in self.moved],
            "findings": [finding.as_json() for finding in self.findings],
        }


def load(tx: Transaction, opened: Opened) -> LoadReport:
    """Enter what the register does not hold yet; loading the same again changes nothing.

    Raises:
        RuleViolated: with all findings; nothing is written.
        NotPermitted: the delivery reaches beyond the jurisdiction of the actor, or is above his clearance.
    """
    tx.require(Act.load_delivery)
    require_cleared(tx, opened.source.classification)
    lock_registers(tx.session)
    delivery = opened.delivery
    if delivery is None:
        refuse_if_blocking(opened.findings, f"{opened.source.name} 无法读取")
        raise AssertionError("an unreadable delivery always has a blocking finding")
    require_codes_within(tx, [unit.code for unit in delivery.units], on=delivery.valid_on)
    standing = standing_of(tx.session, delivery, up_to=opened.source.classification)
    before = delivery_with_digest(tx.session, delivery.sha256, valid_on=delivery.valid_on)
    divided = before is not None and bool(before.report.get("counties_divided"))
    sorted_units = sort_out(delivery, standing, drawn_beside=divided)
    findings = _judged(tx, opened, delivery, standing, sorted_units)
    findings = in_order_of_weight([*findings, *sorted_units.findings])
    refuse_if_blocking(
        findings,
        f"{opened.source.name} 未入库，登记簿未作任何改动",
        way_out="请按各条意见修正，微小缝隙可加 --repair",
    )
    return _enter(tx, opened, delivery, sorted_units, findings)


def _judged(
    tx: Transaction, opened: Opened, delivery: Delivery, standing: Standing, units: Sorted
) -> list[Finding]:
    """All findings about the delivery, save what was judged before: the same content, held as delivered."""
    if _stands_as_delivered(tx, delivery, units):
        return list(opened.findings)
    return judge_beside(tx.session, opened, delivery, standing, units)


def judge_beside(
    session: Session, opened: Opened, delivery: Delivery, standing: Standing, units: Sorted
) -> list[Finding]:
    """All findings about a delivery beside what is registered around it, or above it as a whole."""
    compared = [unit for unit in standing.in_force.values() if not (unit.geometry.is_empty or unit.withheld)]
    if not units.dividing:
        around = registered_around(session, delivery, up_to=opened.source.classification)
        return judge_opened(opened, registered=around, reference=compared)
    findings = judge_opened(opened, reference=compared)
    for code in sorted(units.dividing):
        below = [unit for unit in delivery.units if unit.superior_code == code]
        findings += fills(below, standing.whole[code], mended=opened.mended)
    return findings


def _stands_as_delivered(tx: Transaction, delivery: Delivery, units: Sorted) -> bool:
    """Whether this very file was loaded for this day, and the register still says the same of each unit."""
    once_each = len({unit.code for unit in units.known}) == len(delivery.units)
    if not once_each or any(finding.blocking for finding in units.findings):
        return False
    return delivery_with_digest(tx.session, delivery.sha256, valid_on=delivery.valid_on) is not None


def _enter(
    tx: Transaction, opened: Opened, delivery: Delivery, units: Sorted, findings: Sequence[Finding]
) -> LoadReport:
    faces = edges = lines = 0
    mapped = [*units.new, *units.bare]
    if mapped:
        ids, new = _planned(tx, delivery, units)
        topmost = {ids[[unit.code, *codes_above(unit.code)][-1]] for unit in mapped}
        instrument_id = register_instrument(tx, _source_of(opened, delivery), kept_within=topmost).id
        with full_sight(tx.session):  # what is entered must fit all there is
            establish(tx, new, on=delivery.valid_on, instrument_id=instrument_id)
            entered, changed = _enter_areas(tx, opened, delivery, units, ids, instrument_id)
        faces, edges, lines = entered.faces, entered.edges, len(changed.lines_begun)
    report = LoadReport(
        opened.source.name,
        str(delivery.valid_on),
        len(units.new),
        len(units.known),
        len(units.bare),
        len(units.superiors),
        faces,
        edges,
        lines,
        opened.moved,
        tuple(findings),
        tuple(sorted(units.dividing)),
    )
    if mapped:
        _record(tx, delivery, report, instrument_id)
    return report


def _enter_areas(
    tx: Transaction,
    opened: Opened,
    delivery: Delivery,
    units: Sorted,
    ids: Mapping[str, UUID],
    instrument_id: UUID,
) -> tuple[Entered, BoundariesChanged]:
    mapped = [*units.new, *units.bare]
    areas = {ids[unit.code]: unit.geometry for unit in mapped}
    if units.dividing:
        return _hand_down(tx, opened, delivery, units, ids, instrument_id)
    entered = enter_areas(
        tx,
        areas,
        on=delivery.valid_on,
        instrument_id=instrument_id,
        accuracy_m=opened.source.accuracy_m,
    )
    above = {ids[code] for unit in mapped for code in codes_above(unit.code)}
    changed = derive(tx, leaves=areas, superiors=above, on=delivery.valid_on, instrument_id=instrument_id)
    tx.publish(changed)
    return entered, changed


def _hand_down(
    tx: Transaction,
    opened: Opened,
    delivery: Delivery,
    units: Sorted,
    ids: Mapping[str, UUID],
    instrument_id: UUID,
) -> tuple[Entered, BoundariesChanged]:
    """Let counties that were entered as a whole be made up of the delivered units."""
    mapped, faces = [*units.new, *units.bare], 0
    for code in sorted(units.dividing):
        faces += subdivide(
            tx,
            ids[code],
            {ids[unit.code]: unit.geometry for unit in mapped if unit.superior_code == code},
            on=delivery.valid_on,
            instrument_id=instrument_id,
            reach_m=reach_m(mended=opened.mended),
        )
    changed = derive(
        tx,
        leaves={ids[unit.code] for unit in mapped},
        superiors={ids[code] for code in units.dividing},
        on=delivery.valid_on,
        instrument_id=instrument_id,
    )
    tx.publish(changed)
    return Entered(faces, 0, 0, 0), changed


def _source_of(opened: Opened, delivery: Delivery) -> InstrumentIn:
    """The dataset as an instrument: its name and the digest of its content make its number."""
    digest = _digest(delivery)
    return InstrumentIn(
        number=f"数据集 {opened.source.name}（{digest[:12]}）",
        kind=InstrumentKind.dataset,
        title=opened.source.title,
        issuer=opened.source.name,
        issued_on=delivery.valid_on,
        statement=opened.source.statement,
        licence=opened.source.licence,
        sha256=digest,
        classification=opened.source.classification,
    )


def _digest(delivery: Delivery) -> str:
    digest = sha256(str(delivery.valid_on).encode())
    for unit in sorted(delivery.units, key=lambda unit: unit.code):
        digest.update(f"{unit.code}\t{unit.name}\t".encode() + canonical(unit.geometry).wkb)
    return digest.hexdigest()


def _planned(tx: Transaction, delivery: Delivery, units: Sorted) -> tuple[dict[str, UUID], list[NewDivision]]:
    """Ids by code, of the new units and of every superior above them; and what is to be established."""
    above = {code for unit in (*units.new, *units.bare) for code in codes_above(unit.code)}
    bare = {unit.code for unit in units.bare}
    with full_sight(tx.session):
        ids = ids_by_code(tx.session, above | bare, on=delivery.valid_on)
    new: list[NewDivision] = []
    for code, name in units.superiors.items():
        new.append(_superior(code, name, ids))
        ids[code] = new[-1].id
    for unit in units.new:
        new.append(_division(unit, ids))
        ids[unit.code] = new[-1].id
    return ids, new


def _superior(code: str, name: str, ids: dict[str, UUID]) -> NewDivision:
    level, above = level_of_code(code), superior_code(code)
    assert level is not None, "superiors are named by codes the rules made"
    return NewDivision(code, name, level, type_of(code, name), ids[above] if above else None)


def _division(unit: UnitRecord, ids: dict[str, UUID]) -> NewDivision:
    above = ids[unit.superior_code] if unit.superior_code else None
    return NewDivision(unit.code, unit.name, unit.level, unit.type, above)


def _record(tx: Transaction, delivery: Delivery, report: LoadReport, instrument_id: UUID) -> None:
    tx.session.add(
        LoadedDelivery(
            instrument_id=instrument_id,
            source=report.source,
            sha256=delivery.sha256,
            valid_on=delivery.valid_on,
            units=report.entered,
            loaded_at=tx.at,
            report=report.as_json(),
        )
    )
    tx.session.flush()
    tx.journal(
        "intake.load",
        report.source,
        instrument_id=instrument_id,
        units=report.entered,
        sha256=delivery.sha256,
    )
