"""Calling lines in files: by their code where it means one line, else by the codes of both sides."""

from __future__ import annotations

import re
from datetime import date

from sqlalchemy.orm import Session

from gis_service.foundation.errors import Conflict, NotFound
from gis_service.registers.boundaries.queries.named import line_named, read_line_reference
from gis_service.registers.boundaries.queries.standing import AnyLine, LineInForce, lines_in_force
from gis_service.registers.divisions.queries import divisions_by_id, ids_by_code

_SIDES = re.compile(r"(\d{6,12})\s*[-—/]\s*(\d{6,12})", re.ASCII)


def line_referred_to(session: Session, text: str, *, on: date) -> LineInForce:
    """The line a file means: by code, by id, or by the codes of its two sides (320581-321282).

    Raises:
        InvalidInput: none of these.
        NotFound: no such line that day.
        Conflict: several lines of one level have this code.
    """
    found = _SIDES.fullmatch(text.strip())
    if found is None:
        return line_named(session, read_line_reference(text.strip()), on=on)
    ids = ids_by_code(session, found.groups(), on=on)
    wanted = {ids.get(code) for code in found.groups()}
    for line in lines_in_force(session, on=on, sides=ids.values(), told=True):
        if {line.first_id, line.second_id} == wanted:
            return line
    raise NotFound(f"{on} 没有 {found[1]} 与 {found[2]} 之间的界线", way_out="请核对两侧代码和日期")


def line_reference(session: Session, line: AnyLine, *, on: date) -> str:
    """How a file calls a line so that `line_referred_to` finds it, in another database too."""
    try:
        if line_named(session, read_line_reference(line.code), on=on).id == line.id:
            return line.code
    except Conflict:
        pass
    units = divisions_by_id(session, (line.first_id, line.second_id), on=on)
    return f"{units[line.first_id].code}-{units[line.second_id].code}"
