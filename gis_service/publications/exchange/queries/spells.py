"""When and by whom codes were held."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import Text

from gis_service.foundation.readings import note_readings


@dataclass(frozen=True, slots=True)
class Spell:
    """That a unit of a name held a code from a day on, up to (and without) another."""

    id: UUID
    code: str
    name: str
    begins: date
    ends: date | None


_SPELLS = text("""
SELECT v.division_id, v.code, v.name, lower(v.valid), upper(v.valid), act.classification
FROM division_version v
JOIN instrument act ON act.id = v.begun_by
WHERE v.code = ANY(:codes)
ORDER BY lower(v.valid)
""").bindparams(bindparam("codes", type_=ARRAY(Text)))


def spells_of_codes(session: Session, codes: Iterable[str]) -> dict[str, tuple[Spell, ...]]:
    """Every spell of these codes, oldest first; codes nobody ever held are left out."""
    found: dict[str, list[Spell]] = {}
    rows = session.execute(_SPELLS, {"codes": list(codes)}).all()
    note_readings(session, ((row[5], f"{row[1]} {row[2]}") for row in rows))
    for row in rows:
        found.setdefault(row[1], []).append(Spell(*row[:5]))
    return {code: tuple(spells) for code, spells in found.items()}
