"""What happened to markers up to a day, and the files kept of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_service.publications.forms.schemas import FileKept, Happening, MovedBy, Unit
from gis_service.registers.instruments.models import Instrument
from gis_service.registers.markers.models import MarkerFile, MarkerObservation, MarkerPosition, MarkerVersion
from gis_service.registers.markers.queries.histories import papers_by_marker, signers_of

_DATED = ((MarkerVersion, "登记", "登记内容变更"), (MarkerPosition, "测定位置", "登记位置变更"))


def happenings_of(
    session: Session, markers: Iterable[UUID], *, on: date
) -> tuple[dict[UUID, tuple[Happening, ...]], set[UUID]]:
    """What happened to each marker, the earlier first, and the ids of the papers that tell of it."""
    ids = list(markers)
    told: dict[UUID, list[tuple[date, str, UUID]]] = defaultdict(list)
    for model, first, later in _DATED:
        _tell(told, _dated(session, model, ids, on=on), first, later)
    seen = select(MarkerObservation).where(
        MarkerObservation.marker_id.in_(ids), MarkerObservation.seen_on <= on
    )
    for each in session.scalars(seen.order_by(MarkerObservation.seen_on, MarkerObservation.recorded_at)):
        what = f"查看：{each.state}" + (f"，{each.action}" if each.action else "")
        told[each.marker_id].append((each.seen_on, what, each.instrument_id))
    papers = {paper for each in told.values() for *_, paper in each}
    numbers = _numbers(session, papers)
    return {marker: _as_happenings(each, numbers) for marker, each in told.items()}, papers


def _dated(session: Session, model: Any, ids: list[UUID], *, on: date) -> list[Any]:
    rows = session.scalars(select(model).where(model.marker_id.in_(ids)))
    return sorted((row for row in rows if row.valid.start <= on), key=lambda row: row.valid.start)


def _tell(
    told: dict[UUID, list[tuple[date, str, UUID]]], rows: Iterable[Any], first: str, later: str
) -> None:
    before = set[UUID]()
    for row in rows:
        what = later if row.marker_id in before else first
        told[row.marker_id].append((row.valid.start, what, row.begun_by))
        before.add(row.marker_id)


def _as_happenings(
    told: Iterable[tuple[date, str, UUID]], numbers: Mapping[UUID, str]
) -> tuple[Happening, ...]:
    """In order; what one paper tells of one day is told together."""
    together: dict[tuple[date, UUID], list[str]] = defaultdict(list)
    for day, what, paper in told:
        together[day, paper].append(what)
    return tuple(
        Happening(day, "，".join(dict.fromkeys(words)), numbers.get(paper, ""))
        for (day, paper), words in sorted(together.items(), key=lambda each: each[0][0])
    )


def _numbers(session: Session, papers: Iterable[UUID]) -> dict[UUID, str]:
    wanted = select(Instrument.id, Instrument.number).where(Instrument.id.in_(set(papers)))
    return {row[0]: row[1] for row in session.execute(wanted)}


def moved_by_of(
    session: Session, markers: Iterable[UUID], *, on: date
) -> tuple[dict[UUID, tuple[MovedBy, ...]], set[UUID]]:
    """By which papers each marker was moved or added up to a day, and the ids of the papers."""
    found = papers_by_marker(session, markers)
    rows = [each for several in found.values() for each in several if each.done_on <= on]
    numbers = _numbers(session, {each.instrument_id for each in rows})
    signers = signers_of(session, rows)
    told: dict[UUID, list[MovedBy]] = defaultdict(list)
    for each in rows:
        units = sorted(
            (signers[side] for side in each.signed_by if side in signers), key=lambda one: one.code
        )
        signed = tuple(Unit(unit.code, unit.name) for unit in units)
        number = numbers.get(each.instrument_id, "")
        told[each.marker_id].append(MovedBy(each.done_on, each.action, each.role, number, signed))
    return {marker: tuple(several) for marker, several in told.items()}, set(numbers)


def files_of(session: Session, markers: Iterable[UUID]) -> dict[UUID, list[MarkerFile]]:
    """The files kept of each marker, by kind and name."""
    wanted = select(MarkerFile).where(MarkerFile.marker_id.in_(list(markers)))
    kept: dict[UUID, list[MarkerFile]] = defaultdict(list)
    for each in session.scalars(wanted.order_by(MarkerFile.kind, MarkerFile.name, MarkerFile.sha256)):
        kept[each.marker_id].append(each)
    return kept


def file_told(file: MarkerFile) -> FileKept:
    """A kept file, as forms tell of it."""
    return FileKept(file.kind, file.name, file.sha256)
