"""What the register holds on the day of a delivery: the same units, their neighbours, their superiors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

import shapely
from shapely.geometry import Polygon
from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from gis_service.foundation.access import Classification
from gis_service.foundation.database import envelope, holds_on
from gis_service.foundation.standing import full_sight
from gis_service.foundation.wkb import read_wkb
from gis_service.procedures.intake.rules import Delivery, Registered
from gis_service.procedures.intake.rules.standing import Standing
from gis_service.registers.boundaries.models import Extent, Membership
from gis_service.registers.boundaries.queries import extents_on
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import divisions_by_id, with_later_history
from gis_service.registers.divisions.rules import DivisionLevel, Holder, codes_above, level_of_code

_UNNAMED = "某单位（不便示明）"


def standing_of(session: Session, delivery: Delivery, *, up_to: Classification) -> Standing:
    """How the delivered codes and their superiors stand in the register on the day of the delivery.

    All that stands counts; what is kept closer than `up_to`, or is not shown to the actor, is not named.
    """
    with full_sight(session):
        codes = {unit.code for unit in delivery.units}
        held = session.scalars(select(DivisionVersion).where(DivisionVersion.code.in_(codes))).all()
        standing = _standing(session, delivery, held)
    withheld = _withheld(session, held, up_to)
    codes_withheld = {
        version.code for version in held if version.id in withheld and delivery.valid_on in version.valid
    }
    return replace(
        standing,
        in_force={
            code: replace(unit, withheld=code in codes_withheld) for code, unit in standing.in_force.items()
        },
        holders=tuple(
            Holder(version.code, _UNNAMED if version.id in withheld else version.name, version.valid)
            for version in held
            if delivery.valid_on not in version.valid
        ),
    )


def _withheld(session: Session, versions: Iterable[DivisionVersion], up_to: Classification) -> set[UUID]:
    """Those of some versions that may not be named in a report."""
    close = {v.id: Classification(v.classification) for v in versions}
    close = {version: level for version, level in close.items() if level is not Classification.public}
    shown = select(DivisionVersion.id).where(DivisionVersion.id.in_(close))
    if not close:
        return set()
    return close.keys() - {version for version in session.scalars(shown) if up_to.allows(close[version])}


def _standing(session: Session, delivery: Delivery, held: Sequence[DivisionVersion]) -> Standing:
    that_day = {version.code: version for version in held if delivery.valid_on in version.valid}
    extents = extents_on(
        session, [version.division_id for version in that_day.values()], on=delivery.valid_on
    )
    superiors = _superiors_in_force(session, delivery)
    with_faces = _with_faces(session, superiors, delivery)
    bare = {code: v.division_id for code, v in that_day.items() if v.division_id not in extents}
    return Standing(
        in_force={
            code: Registered(code, version.name, extents.get(version.division_id, Polygon()))
            for code, version in that_day.items()
        },
        holders=(),
        superiors_in_force=frozenset(superiors),
        superiors_with_faces=frozenset(with_faces),
        changing_later=frozenset(_changing_later(session, bare, superiors, delivery)),
        whole=_whole(session, {code: superiors[code] for code in with_faces}, delivery),
    )


def _whole(session: Session, counties: Mapping[str, UUID], delivery: Delivery) -> dict[str, Registered]:
    """The area of counties that hold faces themselves."""
    found = {code: unit for code, unit in counties.items() if level_of_code(code) is DivisionLevel.county}
    extents = extents_on(session, found.values(), on=delivery.valid_on)
    versions = divisions_by_id(session, found.values(), on=delivery.valid_on)
    return {
        code: Registered(code, versions[unit].name, extents[unit])
        for code, unit in found.items()
        if unit in extents
    }


def _changing_later(
    session: Session, bare: Mapping[str, UUID], superiors: Mapping[str, UUID], delivery: Delivery
) -> Iterator[str]:
    """Units without an area that change after the day of the delivery, or a superior of which does."""
    changing = with_later_history(session, [*bare.values(), *superiors.values()], on=delivery.valid_on)
    for code, unit in bare.items():
        above = (superiors[each] for each in codes_above(code) if each in superiors)
        if unit in changing or not changing.isdisjoint(above):
            yield code
    yield from (code for code, unit in superiors.items() if unit in changing)


def _superiors_in_force(session: Session, delivery: Delivery) -> dict[str, UUID]:
    codes = {code for unit in delivery.units for code in codes_above(unit.code)}
    wanted = select(DivisionVersion.code, DivisionVersion.division_id).where(
        DivisionVersion.code.in_(codes), holds_on(DivisionVersion.valid, delivery.valid_on)
    )
    return {row.code: row.division_id for row in session.execute(wanted)}


def _with_faces(session: Session, superiors: dict[str, UUID], delivery: Delivery) -> list[str]:
    wanted = select(Membership.division_id).where(
        Membership.division_id.in_(superiors.values()), holds_on(Membership.valid, delivery.valid_on)
    )
    taken = set(session.scalars(wanted.distinct()))
    return [code for code, unit in superiors.items() if unit in taken]


def registered_around(session: Session, delivery: Delivery, *, up_to: Classification) -> list[Registered]:
    """Lowest-level units registered that day within the delivery's bounding box, the delivered left out.

    All are there; what is kept closer than `up_to`, or is not shown to the actor, is not to be named.
    """
    bounds = shapely.total_bounds([unit.geometry for unit in delivery.units])
    has_faces = exists().where(
        Membership.division_id == Extent.division_id, holds_on(Membership.valid, delivery.valid_on)
    )
    wanted = (
        select(DivisionVersion, func.ST_AsBinary(Extent.geom))
        .join(Extent, Extent.division_id == DivisionVersion.division_id)
        .where(
            holds_on(DivisionVersion.valid, delivery.valid_on),
            holds_on(Extent.valid, delivery.valid_on),
            Extent.geom.intersects(envelope(*map(float, bounds))),
            has_faces,
            DivisionVersion.code.not_in({unit.code for unit in delivery.units}),
        )
    )
    with full_sight(session):
        rows = session.execute(wanted).all()
    withheld = _withheld(session, (version for version, _ in rows), up_to)
    shapes = read_wkb(wkb for _, wkb in rows)
    return [
        Registered(version.code, version.name, shape, version.id in withheld)
        for (version, _), shape in zip(rows, shapes, strict=True)
    ]
