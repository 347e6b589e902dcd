"""Gathering from the registers what a sheet shows."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis_service.foundation.errors import NotFound
from gis_service.publications.maps.models import Sheet
from gis_service.publications.maps.queries.drawn import (
    Drawn,
    around,
    imprint_of,
    shape_of,
    shapes_in,
    superiors_on,
    traces_of,
)
from gis_service.publications.maps.queries.gathering_comparison import gather_comparison
from gis_service.publications.maps.schemas import (
    ActFacts,
    ChangeEvidence,
    DivisionEvidence,
    LineState,
    LineTrace,
    SheetEvidence,
    UnitRole,
)
from gis_service.registers.boundaries.models import Membership
from gis_service.registers.boundaries.queries import LineInForce, extents_on, lines_along
from gis_service.registers.boundaries.queries.flows import holders_of_area
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import divisions_by_id, last_known
from gis_service.registers.instruments.queries import instrument_by_id


def gather(session: Session, sheet: Sheet, *, on: date, edition: int, edition_on: date) -> SheetEvidence:
    """What the registers know that a sheet shows, as of a day."""
    drawn = Drawn(session)
    if sheet.type == "change":
        return _gather_change(drawn, sheet.subject, on=on, edition=edition, edition_on=edition_on)
    if sheet.type == "comparison":
        assert sheet.since is not None
        return gather_comparison(
            drawn, sheet.subject, since=sheet.since, on=on, edition=edition, edition_on=edition_on
        )
    return _gather_division(drawn, sheet.subject, on=on, edition=edition, edition_on=edition_on)


def _gather_change(
    drawn: Drawn, instrument_id: UUID, *, on: date, edition: int, edition_on: date
) -> ChangeEvidence:
    session = drawn.session
    act = instrument_by_id(session, instrument_id)
    drawn.on(act.classification, act.id)
    eve = on - timedelta(days=1)
    concerned = _concerned_by(session, instrument_id, on)
    ended, begun = (holders_of_area(session, concerned, on=day) for day in (eve, on))
    if not ended or not begun:
        raise NotFound(f"{act.number} 在 {on} 没有区域或界线的变更，无法绘制对照图")
    bounds = around(list(extents_on(session, ended, on=eve).values()))
    before, after = shapes_in(drawn, bounds, ended, on=eve), shapes_in(drawn, bounds, begun, on=on)
    lines_before, lines_after = lines_along(session, ended, on=eve), lines_along(session, begun, on=on)
    return ChangeEvidence(
        act=ActFacts(act.number, act.issuer, act.issued_on, on, act.title),
        units_before=tuple(shape for _, shape in before),
        units_after=tuple(shape for _, shape in after),
        lines=tuple(_changed_lines(drawn, lines_before, lines_after, on=on)),
        superiors=tuple(superiors_on(drawn, begun, on=on)),
        imprint=imprint_of(drawn, [unit for unit, _ in after], edition, edition_on, on=on),
    )


def _gather_division(
    drawn: Drawn, division_id: UUID, *, on: date, edition: int, edition_on: date
) -> DivisionEvidence:
    session = drawn.session
    extents = extents_on(session, [division_id], on=on)
    if division_id not in extents:
        name = last_known(session, [division_id])
        raise NotFound(
            f"{name[division_id].name if name else division_id} 在 {on} 没有登记范围，无法制图",
            way_out="请换一个日期，或先导入界线数据",
        )
    version = divisions_by_id(session, [division_id], on=on)[division_id]
    shown = shapes_in(drawn, around(list(extents.values())), [division_id], on=on)
    units = [unit for unit, _ in shown]
    return DivisionEvidence(
        on=on,
        subject=shape_of(version, extents[division_id], UnitRole.affected),
        neighbours=tuple(shape for unit, shape in shown if unit != division_id),
        lines=tuple(traces_of(drawn, lines_along(session, [division_id], on=on), LineState.stayed, on=on)),
        superiors=tuple(superiors_on(drawn, [division_id], on=on)),
        imprint=imprint_of(drawn, units, edition, edition_on, on=on),
    )


def _concerned_by(session: Session, instrument_id: UUID, on: date) -> set[UUID]:
    """The units whose version or area an act ended or began on a day."""
    found = set[UUID]()
    for table in (DivisionVersion, Membership):
        ended = (table.ended_by == instrument_id) & (func.upper(table.valid) == on)
        begun = (table.begun_by == instrument_id) & (func.lower(table.valid) == on)
        found.update(session.scalars(select(table.division_id).where(ended | begun)))
    return found


def _changed_lines(
    drawn: Drawn, before: list[LineInForce], after: list[LineInForce], *, on: date
) -> list[LineTrace]:
    was, remains = {line.id for line in before}, {line.id for line in after}
    ended = [line for line in before if line.id not in remains and line.valid.end == on]
    begun = [line for line in after if line.id not in was and line.valid.start == on]
    changed = {line.id for line in (*ended, *begun)}
    stayed = [line for line in after if line.id not in changed]
    return [
        *traces_of(drawn, ended, LineState.ended, on=on - timedelta(days=1)),
        *traces_of(drawn, stayed, LineState.stayed, on=on),
        *traces_of(drawn, begun, LineState.begun, on=on),
    ]
