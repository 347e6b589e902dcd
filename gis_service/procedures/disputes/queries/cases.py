"""Cases as they stand, those due, and how much weighs on each line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from shapely.geometry import Point, mapping
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis_service.foundation.errors import NotFound
from gis_service.foundation.findings import Finding
from gis_service.foundation.readings import note_reading
from gis_service.foundation.standing import full_sight
from gis_service.foundation.wkb import read_wkb
from gis_service.procedures.disputes.models import OPEN, STATE_WORDS, DisputeCase, DisputeState, DisputeStep
from gis_service.procedures.disputes.schemas import CaseOut, StepOut
from gis_service.registers.boundaries.queries import courses_on, lines_by_id
from gis_service.registers.divisions.queries import last_known
from gis_service.registers.instruments.queries import instruments_by_id


def case_numbered(session: Session, number: str) -> DisputeCase:
    """The case with this number.

    Raises:
        NotFound: no such case, or not for the reader.
    """
    found = session.scalar(select(DisputeCase).where(DisputeCase.number == number))
    if found is None:
        raise NotFound(f"没有案号为“{number[:40]}”的隐患纠纷", way_out="请用 disputes list 查看")
    return found


def cases(
    session: Session,
    *,
    line: UUID | None = None,
    sides: Iterable[UUID] | None = None,
    only_open: bool = False,
    due_by: date | None = None,
) -> list[DisputeCase]:
    """Cases the reader may see, by number; `due_by` keeps open ones due by then, the earliest first."""
    wanted = select(DisputeCase)
    if line is not None:
        wanted = wanted.where(DisputeCase.line_id == line)
    if sides is not None:
        ids = list(sides)
        wanted = wanted.where(DisputeCase.first_id.in_(ids) | DisputeCase.second_id.in_(ids))
    if only_open or due_by is not None:
        wanted = wanted.where(DisputeCase.state.in_([state.value for state in OPEN]))
    if due_by is not None:
        wanted = wanted.where(DisputeCase.due_on <= due_by).order_by(DisputeCase.due_on)
    return list(session.scalars(wanted.order_by(DisputeCase.number)))


def steps_of(session: Session, case_id: UUID) -> list[DisputeStep]:
    """Everything done in a case, in order."""
    wanted = select(DisputeStep).where(DisputeStep.case_id == case_id)
    return list(session.scalars(wanted.order_by(DisputeStep.ordinal)))


def next_number(session: Session, year: int) -> str:
    """The next number of a year, after those of all cases: also of those its reader may not see."""
    prefix = f"YH-{year}-"
    numbers = select(func.max(DisputeCase.number)).where(DisputeCase.number.startswith(prefix))
    with full_sight(session):
        last = session.scalar(numbers)
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:05d}"


def told(
    session: Session, found: Sequence[DisputeCase], *, on: date, findings: Sequence[Finding] = ()
) -> list[CaseOut]:
    """Cases as they are told on a day; what is above public leaves its trace."""
    lines = {line.id: line for line in lines_by_id(session, {case.line_id for case in found}, on=on)}
    units = last_known(session, {case.responsible_id for case in found})
    answer = []
    for case in found:
        note_reading(session, case.classification, case.number)
        line, unit = lines.get(case.line_id), units.get(case.responsible_id)
        called = {
            "line": case.line_id,
            "line_code": line.code if line else "",
            "line_name": line.name if line else "",
            "responsible": unit.code if unit else "",
            "state": STATE_WORDS[DisputeState(case.state)],
            "overdue": case.state in {state.value for state in OPEN} and case.due_on < on,
            "steps": _steps(session, case),
            "findings": [finding.as_json() for finding in findings],
        }
        where = _place(session, case)
        called |= {"lon": where.x if where else None, "lat": where.y if where else None}
        plain = {name: getattr(case, name) for name in CaseOut.model_fields if name not in called}
        answer.append(CaseOut(**plain, **called))
    return answer


def _steps(session: Session, case: DisputeCase) -> list[StepOut]:
    steps = steps_of(session, case.id)
    acts = instruments_by_id(session, {step.instrument_id for step in steps if step.instrument_id})
    return [
        StepOut(
            **{
                name: getattr(step, name)
                for name in StepOut.model_fields
                if name not in ("state", "instrument")
            },
            state=STATE_WORDS[DisputeState(step.state)],
            instrument=acts[step.instrument_id].number if step.instrument_id in acts else None,
        )
        for step in steps
    ]


def _place(session: Session, case: DisputeCase) -> Any:
    if case.geom is None:
        return None
    shape = session.scalar(select(DisputeCase.geom.ST_AsBinary()).where(DisputeCase.id == case.id))
    point: BaseGeometry = read_wkb([shape])[0]
    return point.representative_point()


def counted(cases: Iterable[CaseOut], year: int) -> dict[str, Any]:
    """Cases found in a year, withdrawn ones left out, by what they are and by line."""
    found = [case for case in cases if case.found_on.year == year and case.state != "已撤回"]
    counts: dict[str, Any] = {"year": year, "cases": len(found)}
    counts["overdue"] = sum(case.overdue for case in found)
    for title in ("level", "kind", "state", "cause"):
        counts[title] = dict(Counter(getattr(case, title) for case in found).most_common())
    lines = Counter((case.line, case.line_code, case.line_name) for case in found)
    counts["line"] = [
        {"line": str(line), "code": code, "name": name, "cases": cases}
        for (line, code, name), cases in lines.most_common()
    ]
    return counts


def as_features(session: Session, cases: Sequence[CaseOut], *, on: date) -> dict[str, Any]:
    """Cases as GeoJSON: their section, else their point; none where neither was told or can be found."""
    lines = lines_by_id(session, {case.line for case in cases if case.from_m is not None}, on=on)
    courses = courses_on(session, lines, on=on)
    return {
        "type": "FeatureCollection",
        "features": [_feature(case, courses.get(case.line)) for case in cases],
    }


def _feature(case: CaseOut, course: Any) -> dict[str, Any]:
    shape = None
    if course is not None and case.from_m is not None and case.to_m is not None:
        shape = mapping(course.between(case.from_m, case.to_m))
    elif case.lon is not None and case.lat is not None:
        shape = mapping(Point(case.lon, case.lat))
    told = case.model_dump(mode="json", exclude={"steps", "findings"})
    return {"type": "Feature", "id": case.number, "properties": told, "geometry": shape}
