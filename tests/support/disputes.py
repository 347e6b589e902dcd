"""A line with markers and cases on it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from gis_service.foundation.transaction import Transaction
from gis_service.procedures.disputes.commands import mediate, move, open_case
from gis_service.procedures.disputes.models import DisputeState
from gis_service.procedures.disputes.schemas import DisputeIn, StepIn
from gis_service.registers.boundaries.commands import LineFacts, record_line
from gis_service.registers.boundaries.queries import LineInForce, course_on, lines_in_force
from gis_service.registers.instruments.models import InstrumentKind
from gis_service.registers.instruments.schemas import InstrumentIn
from gis_service.registers.markers.commands import NewMarker, Position, register_markers
from tests.support.factories import BEGINNING, NOW, an_act, drawn

DAY = BEGINNING + timedelta(days=30)
UNITS = {"A": ("320402", "甲区"), "B": ("321102", "乙区")}
LONG = "\n".join(["AB"] * 12)  # some 13 km


def a_line(
    tx: Transaction, drawing: str = "AB\nAB", units: dict[str, tuple[str, str]] = UNITS
) -> LineInForce:
    """The line between two districts, from north to south."""
    drawn(tx, drawing, units)
    [found] = lines_in_force(tx.session, on=DAY)
    return found


def marked(tx: Transaction, line: LineInForce, at_m: dict[str, float], **more: Any) -> None:
    """Markers on a line, by number and chainage."""
    course = course_on(tx.session, line, on=DAY)
    assert course is not None
    act = an_act(tx, "界桩登记")
    new = [
        NewMarker(number, line.id, position=Position((place.x, place.y), "CGCS2000"), **more)
        for number, place in ((number, course.point_at(at)) for number, at in at_m.items())
    ]
    register_markers(tx, new, on=BEGINNING, instrument_id=act)


def a_case(line: LineInForce, /, **other: Any) -> DisputeIn:
    facts: dict[str, Any] = {
        "line": str(line.id),
        "kind": "纠纷",
        "place": "某村东",
        "parties": ["320402", "321102", "某村民小组"],
        "level": "较大",
        "cause": "越界耕种",
        "found_on": DAY,
        "found_by": "某局",
        "measures": "设立临时标志，双方停止耕种",
        "due_on": NOW.date() + timedelta(days=30),
        "responsible": "320402",
        "from_m": 100.0,
        "to_m": 400.0,
    }
    return DisputeIn(**facts | other)


def unplaced(line: LineInForce, /, **other: Any) -> DisputeIn:
    """A case without a stretch of its own."""
    return a_case(line, **{"from_m": None, "to_m": None} | other)


def a_step(on: Any = DAY, **other: Any) -> StepIn:
    return StepIn(**{"taken_on": on, "words": "双方会商"} | other)


def a_decision(issuer: str) -> InstrumentIn:
    return InstrumentIn(
        number=f"{issuer}裁决1号", kind=InstrumentKind.decision, title="裁决", issuer=issuer, issued_on=DAY
    )


def agreed_upon(tx: Transaction, line: LineInForce) -> None:
    """The agreement on a line, approved by the province."""
    act = an_act(tx)
    facts = LineFacts(agreement_id=act, approver="江苏省人民政府", approved_on=DAY)
    record_line(tx, line, facts, on=BEGINNING, instrument_id=act)


def referred(tx: Transaction, line: LineInForce, **other: Any) -> str:
    """The number of a case that waits for a decision."""
    case, _ = open_case(tx, a_case(line, **other))
    mediate(tx, case.number, a_step(agreed=False))
    move(tx, case.number, DisputeState.referred, a_step())
    return case.number
