"""Narrowing a list of divisions down to what somebody seeks, page by page.

Written as SQL with conditions that fall away where nothing is sought: putting such a statement together for
each request took twice as long as running it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from gis_service.registers.divisions.rules import DivisionLevel, DivisionType

# The sought versions `v` on a day, by code; `tree` is the unit they must lie within, and all below it.
SOUGHT = """
WITH RECURSIVE tree(id) AS (
    SELECT CAST(:within AS uuid)
    UNION ALL
    SELECT below.division_id FROM tree, LATERAL (
        SELECT division_id FROM division_version v WHERE v.superior_id = tree.id AND v.valid @> :on OFFSET 0
    ) below
),
sought AS MATERIALIZED (
    SELECT v.* FROM division_version v
    WHERE v.valid @> :on
        AND (CAST(:unit AS uuid) IS NULL OR v.division_id = :unit)
        AND (CAST(:level AS text) IS NULL OR v.level = :level)
        AND (CAST(:type AS text) IS NULL OR v.type = :type)
        AND (CAST(:name AS text) IS NULL OR position(:name IN v.name) > 0)
        AND (CAST(:within AS uuid) IS NULL OR v.division_id IN (SELECT id FROM tree))
        AND (CAST(:after AS text) IS NULL OR v.code > :after)
    ORDER BY v.code COLLATE "C" LIMIT :limit
)
"""


@dataclass(frozen=True, slots=True)
class Sought:
    """Which divisions are sought. `within` includes the unit itself; `name` is part of a name."""

    level: DivisionLevel | None = None
    within: UUID | None = None
    name: str | None = None
    type: DivisionType | None = None
    unit: UUID | None = None

    def parameters(self, *, on: date, after: str | None = None, limit: int | None = None) -> dict[str, Any]:
        """The parameters of `SOUGHT`; `after` pages by code."""
        return {
            "on": on,
            "unit": self.unit and str(self.unit),
            "within": self.within and str(self.within),
            "level": self.level and self.level.value,
            "type": self.type and self.type.value,
            "name": self.name,
            "after": after,
            "limit": limit,
        }
