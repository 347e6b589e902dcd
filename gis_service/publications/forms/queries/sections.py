"""Which named objects a line passes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_service.foundation.database import holds_on
from gis_service.foundation.wkb import read_one
from gis_service.registers.boundaries.models import Indicator
from gis_service.registers.boundaries.rules import Course, Station
from gis_service.registers.boundaries.rules.walking import walking_table


def indicators_on(session: Session, line: UUID, *, on: date) -> list[Any]:
    """Objects that fix the line on the ground: name, shape and the act they are known by."""
    wanted = select(Indicator.name, Indicator.geom.ST_AsBinary().label("shape"), Indicator.begun_by).where(
        Indicator.line_id == line, holds_on(Indicator.valid, on)
    )
    return list(session.execute(wanted))


def landmarks_of(course: Course, indicators: Iterable[Any]) -> tuple[Station, ...]:
    """Those objects that the line passes close by, where it passes them."""
    within_m = walking_table()["passing"]["within_m"]
    found = []
    for each in indicators:
        foot = course.foot(shapely.point_on_surface(read_one(each.shape)))
        if foot.offset_m <= within_m:
            found.append(Station(each.name, foot.chainage_m))
    return tuple(sorted(found, key=lambda mark: mark.chainage_m))
