"""Telling what a correction replaced: of every version and link what it said, and what it says now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from gis_service.foundation.replaced import Replaced, Row
from gis_service.procedures.changes.rules import units_of
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import last_known
from gis_service.registers.instruments.queries import instruments_by_id

_OF_ACTS = ("begun_by", "ended_by", "instrument_id")


def corrections_told(session: Session, replaced: Iterable[Replaced]) -> list[dict[str, Any]]:
    """Field by field, in the order of units and days; of units the reader may not know of, nothing."""
    facts = [each for each in replaced if each.table in ("division_version", "lineage")]
    rows = [row for each in facts for row in (each.before, each.after) if row is not None]
    superiors = {row["superior_id"] for row in rows if row.get("superior_id")}
    names = last_known(session, units_of(facts) | superiors)
    acts = {row[key] for row in rows for key in _OF_ACTS if row.get(key)}
    numbers = {key: act.number for key, act in instruments_by_id(session, acts).items()}
    told = [told for each in facts for told in _told(each, names, numbers)]
    return sorted(told, key=lambda each: (each["code"], each["valid_from"]))


def _told(
    each: Replaced, names: Mapping[UUID, DivisionVersion], numbers: Mapping[UUID, str]
) -> Iterator[dict[str, Any]]:
    row = each.before or each.after
    assert row is not None, "one of the two is there"
    unit = row.get("division_id") or row["successor_id"]
    if unit not in names or (not row.get("division_id") and row["predecessor_id"] not in names):
        return
    before, after = (_plain(side, names, numbers) for side in each.changed)
    for field in before | after:
        yield {
            "id": str(unit),
            "code": row.get("code") or names[unit].code,
            "field": field,
            "before": before.get(field),
            "after": after.get(field),
            **_days(row),
        }


def _days(row: Row) -> dict[str, str | None]:
    if "valid" not in row:
        return {"valid_from": str(row["on_date"]), "valid_to": None}
    valid = row["valid"]
    return {"valid_from": str(valid.start), "valid_to": str(valid.end) if valid.end else None}


def _plain(
    changed: Row, names: Mapping[UUID, DivisionVersion], numbers: Mapping[UUID, str]
) -> dict[str, str | None]:
    """Changed columns as people read them: units by code, acts by number, a period by its two days."""
    told: dict[str, str | None] = {}
    for field, value in changed.items():
        if field == "valid":
            told |= {"valid_from": str(value.start), "valid_to": str(value.end) if value.end else None}
        elif field == "superior_id":
            told["superior"] = names[value].code if value in names else None
        elif field in _OF_ACTS:
            told[field] = numbers.get(value)
        else:
            told[field] = None if value is None else str(value)
    return told
