"""Proving that areas fit: side by side without gap or overlap, and each superior the sum of those below.

Both laws bind areas pair by pair or superior by superior, so an area that stands unchanged among unchanged
ones since a day that was proved is sound: only what is new since then, and what lies around it, is looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from sqlalchemy import exists, not_, or_, select
from sqlalchemy.orm import Session, aliased

from gis_service.foundation.coverage import coverage_flaws, is_coverage
from gis_service.foundation.database import holds_on
from gis_service.foundation.findings import Finding
from gis_service.foundation.topology import canonical
from gis_service.registers.boundaries.models import Extent, Membership
from gis_service.registers.boundaries.queries.areas import extents_on
from gis_service.registers.boundaries.rules.proofs import R_REG_01, R_REG_02, broken
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import divisions_on


def areas_lie_side_by_side(session: Session, *, on: date, proved: date | None) -> Iterator[Finding]:
    """R-REG-01 for the lowest-level units of a day; those unchanged since `proved` are not asked again."""
    leaves = set(session.scalars(select(Membership.division_id).where(holds_on(Membership.valid, on))))
    held = select(Extent.division_id).where(Extent.division_id.in_(leaves), holds_on(Extent.valid, on))
    for absent in leaves - set(session.scalars(held)):
        yield broken(R_REG_01, str(absent), f"{on} 单位 {absent} 有面而没有范围")
    asked = leaves if proved is None else leaves & _around_the_new(session, on=on, proved=proved)
    extents = extents_on(session, asked, on=on)
    shapes = np.asarray(list(extents.values()), dtype=object)
    if not len(shapes) or is_coverage(shapes):
        return
    for unit, flaw in zip(extents, coverage_flaws(shapes), strict=True):
        if not flaw.is_empty:
            lon, lat = shapely.get_coordinates(flaw)[0]
            yield broken(R_REG_01, str(unit), f"{on} 单位 {unit} 在 {lon:.6f}, {lat:.6f} 附近与邻接单位不合")


def _around_the_new(session: Session, *, on: date, proved: date) -> set[UUID]:
    """Units whose area or whose faces are new on a day, and all whose box meets one of theirs."""
    fresh = aliased(Extent)
    faces_are_new = exists().where(
        Membership.division_id == fresh.division_id,
        holds_on(Membership.valid, on),
        not_(holds_on(Membership.valid, proved)),
    )
    wanted = (
        select(Extent.division_id)
        .join(fresh, Extent.geom.op("&&")(fresh.geom))
        .where(
            holds_on(fresh.valid, on),
            or_(not_(holds_on(fresh.valid, proved)), faces_are_new),
            holds_on(Extent.valid, on),
        )
    )
    return set(session.scalars(wanted.distinct()))


def areas_nest(session: Session, *, on: date, proved: date | None) -> Iterator[Finding]:
    """R-REG-02 for the superiors of a day; those above nothing new since `proved` are not asked again."""
    if not session.scalar(select(exists().where(holds_on(Extent.valid, on)))):
        return  # of days before any areas are known there are many, with thousands of units each
    versions = divisions_on(session, on=on)
    asked = {version.superior_id for version in versions if version.superior_id is not None}
    if proved is not None:
        asked &= _above_the_new(session, on=on, proved=proved)
    concerned = [each.division_id for each in versions if {each.division_id, each.superior_id} & asked]
    extents = extents_on(session, concerned, on=on)
    below: dict[UUID, list[Any]] = defaultdict(list)
    for version in versions:
        above = version.superior_id
        if above is not None and above in asked and version.division_id in extents:
            below[above].append(extents[version.division_id])
    for version in versions:
        parts = below.get(version.division_id)
        if not parts:
            continue
        whole = canonical(shapely.coverage_union_all(np.asarray(parts, dtype=object)))
        held = extents.get(version.division_id)
        if held is None or not canonical(held).equals_exact(whole, tolerance=0):
            yield broken(R_REG_02, version.code, f"{on} {version.name}（{version.code}）的范围不等于下级之和")


def _above_the_new(session: Session, *, on: date, proved: date) -> set[UUID]:
    """Units of which the area, the version, or that of a unit below them held on one of the two days only."""

    def changed(valid: Any) -> Any:
        return holds_on(valid, on).is_distinct_from(holds_on(valid, proved))

    version, extent = DivisionVersion, Extent
    above_new_area = (
        select(version.superior_id)
        .join(extent, extent.division_id == version.division_id)
        .where(changed(extent.valid), or_(holds_on(version.valid, on), holds_on(version.valid, proved)))
    )
    sources = (
        select(version.division_id).where(changed(version.valid)),
        select(version.superior_id).where(changed(version.valid)),
        select(extent.division_id).where(changed(extent.valid)),
        above_new_area,
    )
    return {unit for source in sources for unit in session.scalars(source) if unit is not None}
