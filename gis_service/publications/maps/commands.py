"""Sheets go stale when the registers change, and are drawn anew by a worker, outside any request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, func, select, true, update
from sqlalchemy.dialects.postgresql import insert

from gis_service.foundation.access import Classification
from gis_service.foundation.database import hold_registers
from gis_service.foundation.errors import InvalidInput, NotFound, NotPermitted
from gis_service.foundation.files import write_whole
from gis_service.foundation.findings import Finding
from gis_service.foundation.standing import full_sight
from gis_service.foundation.transaction import Transaction
from gis_service.publications.maps.formats import FORMATS
from gis_service.publications.maps.models import Edition, EditionFile, Sheet
from gis_service.publications.maps.queries import gather, newest_edition
from gis_service.publications.maps.schemas import SheetPlan
from gis_service.publications.maps.sheets import SHEET_TYPES, change, comparison, division
from gis_service.registers.boundaries.events import BoundariesChanged, LineRenamed
from gis_service.registers.boundaries.queries import areas_on
from gis_service.registers.divisions.events import ChangeTakenBack, DivisionsChanged, PastTold
from gis_service.registers.divisions.queries import divisions_by_id, last_known
from gis_service.registers.divisions.queries.trees import versions_above
from gis_service.registers.instruments.events import InstrumentReclassified
from gis_service.registers.instruments.queries import instrument_by_id

TYPES = {module.NAME: module for module in SHEET_TYPES}


def open_sheets(tx: Transaction, event: DivisionsChanged) -> None:
    """After a change: a before/after sheet for the act, one for every new unit, and neighbours go stale.

    What nobody has registered an area of is not drawn; nor is an act that moved no area and no line.
    """
    act = instrument_by_id(tx.session, event.instrument_id)
    with full_sight(tx.session):  # as closely kept as what they are opened for, until they are drawn
        kept = Classification(act.classification)
        if event.on_the_ground:
            _mark(tx, change, event.instrument_id, f"{act.number} {change.TITLE}", event.on, kept)
        drawable = areas_on(tx.session, event.begun, on=event.on)
        for unit in divisions_by_id(tx.session, drawable, on=event.on).values():
            kept = Classification(unit.classification)
            _mark(tx, division, unit.division_id, f"{unit.name}{division.TITLE}", event.on, kept)
        mark_stale(tx, event.touched, on=event.on)
    units = (*event.ended, *event.begun, *event.revised, *event.touched)
    mark_comparisons(tx, units, on=event.on, since=_since(tx, event))


def _since(tx: Transaction, event: DivisionsChanged) -> date:
    """The first day of which the register says something else: one before the act where it put right."""
    with full_sight(tx.session):
        standing = divisions_by_id(tx.session, event.revised, on=event.on).values()
    return min((event.on, *(version.valid.start for version in standing)))


def close_sheets(tx: Transaction, event: ChangeTakenBack) -> None:
    """After a change was taken back: what it opened is not drawn any more; its editions stay as published."""
    gone = (event.instrument_id, *event.begun)
    with full_sight(tx.session):
        tx.session.execute(
            update(Sheet).where(Sheet.subject.in_(gone)).values(stale_on=None),
            execution_options={"synchronize_session": "fetch"},
        )
    mark_stale(tx, event.touched, on=event.on)
    mark_comparisons(tx, (*event.begun, *event.touched), on=event.on, since=event.on)


def mark_stale_after(tx: Transaction, event: BoundariesChanged) -> None:
    """After boundaries changed: existing sheets of the units concerned must be drawn anew."""
    mark_stale(tx, event.divisions, on=event.on)
    mark_comparisons(tx, event.divisions, on=event.on, since=event.on)


def mark_renamed(tx: Transaction, event: LineRenamed) -> None:
    """After a line was called otherwise: the sheets of the units along it must be drawn anew."""
    mark_stale(tx, event.divisions, on=event.on)
    mark_comparisons(tx, event.divisions, on=event.on, since=event.on)


def mark_comparisons_after(tx: Transaction, event: PastTold) -> None:
    """After the past was told: every comparison that reaches its first day must be looked at."""
    with full_sight(tx.session):
        _mark_comparisons(tx, true(), since=event.since)


def mark_comparisons(tx: Transaction, divisions: tuple[UUID, ...], *, on: date, since: date) -> None:
    """Mark the comparisons of these units and of all above them that have shown a day from `since` on.

    They keep the days they compare: what they show of them may be another now.
    """
    with full_sight(tx.session):
        subjects = set(divisions)
        for day in (on - timedelta(days=1), on):
            subjects |= {above.division_id for above in versions_above(tx.session, divisions, on=day)}
        _mark_comparisons(tx, Sheet.subject.in_(subjects), since=since)


def _mark_comparisons(tx: Transaction, which: ColumnElement[bool], *, since: date) -> None:
    last_shown = select(func.max(Edition.valid_on)).where(Edition.sheet_id == Sheet.id).scalar_subquery()
    tx.session.execute(
        update(Sheet)
        .where(Sheet.type == comparison.NAME, which, last_shown >= since)
        .values(stale_on=func.greatest(Sheet.stale_on, last_shown)),
        execution_options={"synchronize_session": "fetch"},
    )


def mark_stale(tx: Transaction, divisions: tuple[UUID, ...], *, on: date) -> None:
    """Mark the existing sheets of these units; a unit without a sheet gets none.

    A sheet is never set back: a change recorded late is drawn as of the last day the sheet has shown. Written
    as a statement, so that a mark also lands after a worker that is drawing the sheet at this very time.
    """
    with full_sight(tx.session):
        standing = divisions_by_id(tx.session, divisions, on=on)
        last_shown = select(func.max(Edition.valid_on)).where(Edition.sheet_id == Sheet.id).scalar_subquery()
        marked = update(Sheet).where(Sheet.type == division.NAME, Sheet.subject.in_(list(standing)))
        tx.session.execute(
            marked.values(stale_on=func.greatest(on, Sheet.stale_on, last_shown)),
            execution_options={"synchronize_session": "fetch"},
        )


def keep_sheets(tx: Transaction, event: InstrumentReclassified) -> None:
    """After an act was classified anew: all sheets must be looked at, since lines reach far beyond units.

    Drawing one that shows nothing of it gives no new edition.

    Those of what is kept more closely are kept so from this moment. Editions drawn before stay as they are.
    """
    last_shown = select(func.max(Edition.valid_on)).where(Edition.sheet_id == Sheet.id).scalar_subquery()
    with full_sight(tx.session):
        tx.session.execute(
            update(Sheet).values(stale_on=func.greatest(Sheet.stale_on, last_shown)),
            execution_options={"synchronize_session": "fetch"},
        )
        _raise_sheets(tx, event)


def _raise_sheets(tx: Transaction, event: InstrumentReclassified) -> None:
    lower = [level.value for level in Classification if level.rank < event.after.rank]
    subjects = (event.instrument_id, *event.divisions)
    tx.session.execute(
        update(Sheet)
        .where(Sheet.subject.in_(subjects), Sheet.classification.in_(lower))
        .values(classification=event.after.value),
        execution_options={"synchronize_session": "fetch"},
    )


def request_division_sheet(tx: Transaction, division_id: UUID, *, on: date) -> Sheet:
    """Open (or mark) the sheet of one unit, to be drawn as of a day."""
    units = divisions_by_id(tx.session, [division_id], on=on)
    if division_id not in units:
        raise NotFound(f"{on} 没有标识为 {division_id} 的行政区划", way_out="请换一个日期，或查该单位的沿革")
    unit = units[division_id]
    kept = Classification(unit.classification)
    with full_sight(tx.session):
        return _mark(tx, division, division_id, f"{unit.name}{division.TITLE}", on, kept)


def request_comparison_sheet(tx: Transaction, division_id: UUID, *, since: date, on: date) -> Sheet:
    """Open the comparison sheet of one unit, or have the one there is compare these two days.

    Raises:
        InvalidInput: the earlier day does not lie before the later one.
        NotFound: the unit does not stand on the later day.
    """
    if since >= on:
        raise InvalidInput(f"{since} 不早于 {on}，无从对比", way_out="请先写较早的日期，再写较晚的")
    units = divisions_by_id(tx.session, [division_id], on=on)
    if division_id not in units:
        raise NotFound(f"{on} 没有标识为 {division_id} 的行政区划", way_out="请换一个日期，或查该单位的沿革")
    unit = units[division_id]
    with full_sight(tx.session):
        kept = Classification(unit.classification)
        sheet = _mark(tx, comparison, division_id, f"{unit.name}{comparison.TITLE}", on, kept)
    sheet.since = since
    tx.session.flush()
    return sheet


def _mark(
    tx: Transaction, type_: ModuleType, subject: UUID, title: str, on: date, kept: Classification
) -> Sheet:
    """Open the sheet or mark the one there is; in one statement, since two may ask for it at once."""
    opened = insert(Sheet).values(
        id=uuid4(), type=type_.NAME, subject=subject, title=title, stale_on=on, classification=kept.value
    )
    marked = opened.on_conflict_do_update(
        index_elements=[Sheet.type, Sheet.subject], set_={"title": title, "stale_on": on}
    )
    return tx.session.scalars(marked.returning(Sheet), execution_options={"populate_existing": True}).one()


@dataclass(frozen=True, slots=True)
class Drawn:
    """What drawing a sheet came to: a new edition with its files, or None where nothing had changed."""

    title: str
    edition: int | None
    files: tuple[Path, ...]
    findings: tuple[Finding, ...]


def draw(tx: Transaction, sheet_id: UUID, folder: Path, *, on: date | None = None) -> Drawn | None:
    """Draw a sheet as of the day it went stale (or `on`), unless its newest edition shows the same.

    None when another worker has it in hand. Files are named by sheet and edition; none of an edition is ever
    overwritten. A sheet drawn for another day than the one it went stale on stays stale.
    """
    hold_registers(tx.session)
    locked = select(Sheet).where(Sheet.id == sheet_id).with_for_update(skip_locked=True)
    sheet = tx.session.scalar(locked, execution_options={"populate_existing": True})
    if sheet is None:
        return None
    newest = newest_edition(tx.session, sheet.id)
    asked = on or sheet.stale_on or (newest.valid_on if newest else tx.at.date())
    day = _day_to_show(tx, sheet, asked)
    number = newest.number + 1 if newest else 1
    with full_sight(tx.session):  # a sheet shows all there is, and is as closely kept as that
        evidence = gather(tx.session, sheet, on=day, edition=number, edition_on=tx.at.date())
    plan: SheetPlan = TYPES[sheet.type].plan(evidence)
    kept = evidence.imprint.classification
    if not tx.actor.clearance.allows(kept):
        raise NotPermitted("此图幅须由有相应密级权限的人员绘制", way_out="请与系统管理员联系")
    sheet.classification = kept.value
    if asked == (sheet.stale_on or asked):
        sheet.stale_on = None
    if newest is not None and newest.fingerprint == plan.fingerprint:
        return Drawn(sheet.title, None, (), plan.findings)
    files = _keep_edition(tx, sheet, plan, number, day, folder)
    return Drawn(sheet.title, number, files, plan.findings)


def _day_to_show(tx: Transaction, sheet: Sheet, asked: date) -> date:
    """The day asked for; of a unit that has ended by then, the last day on which it stood."""
    unit = last_known(tx.session, [sheet.subject]).get(sheet.subject)  # None for the sheet of an act
    if unit is None or unit.valid.end is None or unit.valid.end > asked:
        return asked
    return unit.valid.end - timedelta(days=1)


def _keep_edition(
    tx: Transaction, sheet: Sheet, plan: SheetPlan, number: int, day: date, folder: Path
) -> tuple[Path, ...]:
    edition = Edition(
        sheet_id=sheet.id,
        number=number,
        valid_on=day,
        since=sheet.since,
        fingerprint=plan.fingerprint,
        denominator=plan.denominator,
        drawn_at=tx.at,
        classification=sheet.classification,
    )
    tx.session.add(edition)
    tx.session.flush()
    files = []
    for format_ in FORMATS:
        content = format_.draw(plan)
        name = f"{sheet.type}-{sheet.subject}-{number:03d}{format_.SUFFIX}"
        digest = sha256(content).hexdigest()
        write_whole(folder / name, content)
        tx.session.add(EditionFile(edition_id=edition.id, format=format_.NAME, path=name, sha256=digest))
        files.append(folder / name)
    tx.session.flush()
    tx.journal(
        "maps.draw",
        sheet.title,
        instrument_id=plan.evidence.imprint.kept_by,
        edition=number,
        valid_on=day,
        fingerprint=plan.fingerprint,
        classification=sheet.classification,
    )
    return tuple(files)
