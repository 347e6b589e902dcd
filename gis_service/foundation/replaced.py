"""A row of a table as a plain value, and what replaced it: enough to take back exactly what was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import to_jsonable_python

from gis_service.foundation.periods import Period

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Replaced:
    """One row of a table as it was and as it is; None where there was or is none."""

    table: str
    before: Row | None
    after: Row | None

    @property
    def undone(self) -> Replaced:
        """The way back."""
        return Replaced(self.table, self.after, self.before)

    @property
    def changed(self) -> tuple[Row, Row]:
        """Only the columns that differ, as they were and as they are."""
        was, now = self.before or {}, self.after or {}
        names = [name for name in (was or now) if was.get(name) != now.get(name)]
        return {name: was.get(name) for name in names}, {name: now.get(name) for name in names}

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {"table": self.table, "before": _told(self.before), "after": _told(self.after)}


def _told(row: Row | None) -> dict[str, Any] | None:
    if row is None:
        return None
    plain = {key: [v.start, v.end] if isinstance(v, Period) else v for key, v in row.items()}
    told: dict[str, Any] = to_jsonable_python(plain)
    return told
