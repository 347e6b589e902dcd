"""R-CHG-09 on what was written: totals agree, and units fit their neighbours on the eve and on the day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

import numpy as np

from gis_service.foundation.coverage import is_coverage
from gis_service.foundation.errors import Conflict
from gis_service.foundation.findings import refuse_if_blocking
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.changes.rules import judge_totals
from gis_service.registers.boundaries.queries import areas_on, extents_on, neighbours_of

AREA_TOLERANCE_KM2 = 1e-6  # one square metre: far above rounding (1e-9), far below anything surveyed


def prove(tx: Transaction, gave: Iterable[UUID], took: Iterable[UUID], *, on: date) -> set[UUID]:
    """Refuse what does not add up or fit. Returns the neighbours of those that hold the area now.

    Raises:
        RuleViolated: areas before and after differ.
        Conflict: there is a gap or an overlap.
    """
    eve = on - timedelta(days=1)
    gave, took = set(gave), set(took)
    before, after = _total(tx, gave, on=eve), _total(tx, took, on=on)
    findings = judge_totals(before, after, AREA_TOLERANCE_KM2)
    refuse_if_blocking(findings, "变更前后面积不符，已撤销全部改动")
    require_fit(tx, gave, on=eve)
    return require_fit(tx, took, on=on) - took


def _total(tx: Transaction, units: set[UUID], *, on: date) -> float:
    return sum(area_km2 for _, area_km2 in areas_on(tx.session, units, on=on).values())


def require_fit(tx: Transaction, units: set[UUID], *, on: date) -> set[UUID]:
    """Refuse units that do not lie gaplessly beside their neighbours on a day; returns the neighbours."""
    around = set[UUID]().union(*neighbours_of(tx.session, units, on=on).values())
    extents = list(extents_on(tx.session, {*units, *around}, on=on).values())
    if not is_coverage(np.asarray(extents, dtype=object)):
        raise Conflict(
            "变更后的单位与相邻单位之间出现缝隙或重叠，已撤销全部改动",
            way_out="请运行 gis-service verify 检查登记簿",
        )
    return around
