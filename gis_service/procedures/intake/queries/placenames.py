"""How features stand in the register on a day, as records are compared with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class NameHeld:
    """A name of a feature. `in_force` is false of a standard name that another took the place of."""

    id: UUID
    kind: str
    text: str
    language: str
    specific: str | None
    generic: str | None
    roman: str | None
    reading: str | None
    status: str
    process: str
    in_force: bool


@dataclass(slots=True)
class FeatureHeld:
    """A feature on a day. `is_unit`: its names follow the register of divisions. `ended`: gone by then."""

    id: UUID
    revision: int
    code: str | None
    is_unit: bool
    ended: bool
    class_code: str = ""
    division_ids: tuple[UUID, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    names: list[NameHeld] = field(default_factory=list)
    shapes: dict[str, BaseGeometry] = field(default_factory=dict)

    @property
    def standard(self) -> NameHeld | None:
        """Its standard name in force."""
        return next((name for name in self.names if name.kind == "标准名称" and name.in_force), None)


_FEATURES = text(
    "SELECT f.id, f.revision, f.code, f.division_id IS NOT NULL, v.id IS NULL,"
    " v.class_code, v.division_ids, v.facts"
    " FROM feature f LEFT JOIN feature_version v ON v.feature_id = f.id AND v.valid @> :on"
    " WHERE f.id = ANY(:ids)"
)
_NAMES = text(
    "SELECT feature_id, id, kind, text, language, specific, generic, roman, reading, status, process,"
    " valid @> :on"
    " FROM place_name WHERE feature_id = ANY(:ids) AND lower(valid) <= :on ORDER BY id"
)
_SHAPES = text(
    "SELECT feature_id, role, ST_AsBinary(geom) FROM feature_shape"
    " WHERE feature_id = ANY(:ids) AND valid @> :on"
)


def features_held(session: Session, ids: Iterable[UUID], *, on: date) -> dict[UUID, FeatureHeld]:
    """Features with their names and shapes on a day, in three statements."""
    asked = {"ids": list(ids), "on": on}
    if not asked["ids"]:
        return {}
    held = {}
    for id_, revision, code, is_unit, ended, class_, units, facts in session.execute(_FEATURES, asked):
        held[id_] = FeatureHeld(
            id_, revision, code, is_unit, ended, class_ or "", tuple(units or ()), facts or {}
        )
    for feature, *name in session.execute(_NAMES, asked):
        held[feature].names.append(NameHeld(*name))
    for feature, role, wkb in session.execute(_SHAPES, asked):
        held[feature].shapes[role] = shapely.from_wkb(bytes(wkb))
    return held
