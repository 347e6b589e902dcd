"""Finding the line somebody means: by its lasting id, or by a code, which several lines may share."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from gis_service.foundation.errors import Conflict, InvalidInput, NotFound
from gis_service.foundation.readings import note_reading, note_readings
from gis_service.registers.boundaries.models import BoundaryLine
from gis_service.registers.boundaries.queries.standing import LineInForce, lines_by_id, lines_in_force
from gis_service.registers.divisions.queries import divisions_by_id
from gis_service.registers.divisions.rules import DivisionLevel

_CODE = re.compile(r"\d{4,24}", re.ASCII)
_SHOWN = 5


def read_line_reference(text: str) -> UUID | str:
    """A UUID, or a line code of 4 to 24 digits.

    Raises:
        InvalidInput: neither of the two.
    """
    if _CODE.fullmatch(text):
        return text
    try:
        return UUID(text)
    except ValueError as error:
        raise InvalidInput(
            f"“{text[:40]}”既不是界线代码，也不是界线标识",
            way_out="请写界线代码（如 3234），或界线的 UUID",
        ) from error


def line_named(session: Session, reference: UUID | str, *, on: date) -> LineInForce:
    """The line a reference means on a day. Of lines that share a code, the one of the highest level is meant.

    3234 is 苏皖线 before it is a county line of some city.

    Raises:
        NotFound: no such line that day; says when it existed.
        Conflict: several lines of one level have this code (county lines of different cities do); names them.
    """
    if isinstance(reference, UUID):
        return _by_id(session, reference, on=on)
    lines = lines_in_force(session, on=on, code=reference, told=True)
    if not lines:
        raise NotFound(
            f"{on} 没有代码为 {reference} 的界线", way_out="请核对代码和日期，或在 /boundary-lines 中查找"
        )
    highest = min(DivisionLevel(line.level).rank for line in lines)
    meant = [line for line in lines if DivisionLevel(line.level).rank == highest]
    if len(meant) > 1:
        note_readings(session, ((line.classification, line.code) for line in meant))
        raise Conflict(f"{on} 有 {len(meant)} 条界线的代码是 {reference}", way_out=_choose_among(meant))
    return meant[0]


def _choose_among(lines: list[LineInForce]) -> str:
    shown = "；".join(f"{line.name} {line.id}" for line in lines[:_SHOWN])
    return f"请改用标识：{shown}{'……' if len(lines) > _SHOWN else ''}"


def _by_id(session: Session, line_id: UUID, *, on: date) -> LineInForce:
    line = session.get(BoundaryLine, line_id)
    if line is None or (on in line.valid and not _is_told(session, line, on=on)):
        raise NotFound(f"没有标识为 {line_id} 的界线", way_out="界线的标识可在 /boundary-lines 中查得")
    if on not in line.valid:
        note_reading(session, line.classification, line.code)
        raise NotFound(
            f"{on} 没有{line.name}",
            way_out=f"该界线的存续期：{line.valid.start} 至 {line.valid.end or '今'}",
        )
    [called] = lines_by_id(session, [line_id], on=on)
    return called


def _is_told(session: Session, line: BoundaryLine, *, on: date) -> bool:
    """Whether the reader may know of both sides."""
    return len(divisions_by_id(session, (line.first_id, line.second_id), on=on)) == 2
