"""What is known of a day, in EDTF (ISO 8601-2): 1996, 1996-05, 1996?, 1996/1998, ../1981-12-31."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

_POINT = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?[?~%]?")


def allows(text: str, day: date) -> bool:
    """Whether a day may be the one a text tells of; a qualifier (?, ~, %) widens nothing."""
    bounds = _bounds(text)
    return bounds is not None and (bounds[0] or date.min) <= day <= (bounds[1] or date.max)


def _bounds(text: str) -> tuple[date | None, date | None] | None:
    """The first and the last day a text allows, None where it is open; None in all where it is no EDTF."""
    first, *rest = text.split("/")
    last = rest[0] if rest else first
    if len(rest) > 1 or first == last == "..":
        return None
    try:
        bounds = tuple(None if each == ".." else _span(each)[end] for end, each in enumerate((first, last)))
    except ValueError:
        return None
    begin, until = bounds
    return None if begin and until and until < begin else (begin, until)


def _span(point: str) -> tuple[date, date]:
    found = _POINT.fullmatch(point)
    if found is None:
        raise ValueError(point)
    year, month, day = (int(each) if each else None for each in found.groups())
    assert year is not None
    last_month = month or 12
    begin = date(year, month or 1, day or 1)
    return begin, date(year, last_month, day or monthrange(year, last_month)[1])
