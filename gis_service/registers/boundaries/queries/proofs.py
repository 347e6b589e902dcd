"""Proving the registers on a day: coverage, nesting, faces, lines, superiors, descent, measures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from gis_service.foundation.database import holds_on
from gis_service.foundation.findings import Finding
from gis_service.foundation.measure import areas_km2, lengths_m
from gis_service.foundation.topology import canonical, face_from_edges
from gis_service.foundation.wkb import read_wkb
from gis_service.registers.boundaries.models import Edge, Extent, Face, Membership
from gis_service.registers.boundaries.queries.days import days_of_change
from gis_service.registers.boundaries.queries.fitting import areas_lie_side_by_side, areas_nest
from gis_service.registers.boundaries.queries.pairs import bordering_pairs
from gis_service.registers.boundaries.queries.standing import lines_in_force
from gis_service.registers.boundaries.rules.proofs import (
    R_REG_03,
    R_REG_04,
    R_REG_05,
    R_REG_06,
    R_REG_07,
    R_REG_08,
    broken,
)
from gis_service.registers.divisions.models import DivisionVersion, Lineage

LENGTH_TOLERANCE_M = 1e-3
AREA_TOLERANCE_KM2 = 1e-6


def prove(session: Session) -> list[Finding]:
    """Everything that must hold, on every day on which anything changed."""
    return [
        *prove_timeless(session),
        *(finding for _, findings in prove_days(session, days_of_change(session)) for finding in findings),
    ]


def prove_days(session: Session, days: Sequence[date]) -> Iterator[tuple[date, list[Finding]]]:
    """What must hold on each of these ascending days; what stands unchanged since the day before is done."""
    for proved, on in zip([None, *days], days, strict=False):
        yield on, prove_day(session, on=on, proved=proved)


def prove_timeless(session: Session) -> list[Finding]:
    """What holds independently of the day: faces, measures, descent."""
    return [*_faces_are_enclosed(session), *_measures_hold(session), *_ended_have_successors(session)]


def prove_day(session: Session, *, on: date, proved: date | None = None) -> list[Finding]:
    """What must hold on a day; areas that stand unchanged since `proved` were looked at then."""
    return [
        *_superiors_stand(session, on=on),
        *_members_stand(session, on=on),
        *areas_lie_side_by_side(session, on=on, proved=proved),
        *areas_nest(session, on=on, proved=proved),
        *_lines_agree(session, on=on),
    ]


def _superiors_stand(session: Session, *, on: date) -> Iterator[Finding]:
    above = aliased(DivisionVersion)
    stands = exists().where(above.division_id == DivisionVersion.superior_id, holds_on(above.valid, on))
    wanted = select(DivisionVersion).where(
        holds_on(DivisionVersion.valid, on), DivisionVersion.superior_id.is_not(None), ~stands
    )
    for version in session.scalars(wanted):
        yield broken(R_REG_05, version.code, f"{on} {version.name}（{version.code}）的上级不在册")


def _members_stand(session: Session, *, on: date) -> Iterator[Finding]:
    below = aliased(DivisionVersion)
    version = aliased(DivisionVersion)
    stands = exists().where(version.division_id == Membership.division_id, holds_on(version.valid, on))
    of_inferior = aliased(Membership)
    has_inferiors = exists().where(
        below.superior_id == Membership.division_id,
        holds_on(below.valid, on),
        of_inferior.division_id == below.division_id,
        holds_on(of_inferior.valid, on),
    )
    wanted = select(Membership.division_id, func.count()).where(
        holds_on(Membership.valid, on), ~stands | has_inferiors
    )
    for unit, faces in session.execute(wanted.group_by(Membership.division_id)):
        yield broken(
            R_REG_06, str(unit), f"{on} 有 {faces} 个面归属于不在册的单位，或其下级也有面的单位 {unit}"
        )


def _lines_agree(session: Session, *, on: date) -> Iterator[Finding]:
    actual = {frozenset(pair): level for pair, level in bordering_pairs(session, on=on).items()}
    known = {frozenset((line.first_id, line.second_id)): line for line in lines_in_force(session, on=on)}
    for pair, line in known.items():
        if actual.get(pair) != line.level:
            yield broken(R_REG_04, line.code, f"{on} 在册界线 {line.name}（{line.code}）两侧并不相邻")
    for pair in actual.keys() - known.keys():
        one, other = sorted(map(str, pair))
        yield broken(R_REG_04, one, f"{on} 单位 {one} 与 {other} 相邻而没有登记界线")


def _faces_are_enclosed(session: Session) -> Iterator[Finding]:
    around: dict[UUID, list[Any]] = defaultdict(list)
    edges = session.execute(select(Edge.left_face_id, Edge.right_face_id, Edge.geom.ST_AsBinary())).all()
    for (left, right, _), line in zip(edges, read_wkb(row[2] for row in edges), strict=True):
        around[left].append(line)
        if right is not None:
            around[right].append(line)
    faces = session.execute(select(Face.id, Face.geom.ST_AsBinary())).all()
    for (face, _), stored in zip(faces, read_wkb(row[1] for row in faces), strict=True):
        enclosed = face_from_edges(around[face]) if face in around else None
        if enclosed is None or not canonical(enclosed).equals_exact(canonical(stored), tolerance=0):
            yield broken(R_REG_03, str(face), f"面 {face} 与四周的边围成的范围不同")


def _measures_hold(session: Session) -> Iterator[Finding]:
    edges = session.execute(select(Edge.id, Edge.length_m, Edge.geom.ST_AsBinary())).all()
    for row, length_m in zip(edges, lengths_m(read_wkb(row[2] for row in edges)), strict=True):
        if abs(row.length_m - length_m) > LENGTH_TOLERANCE_M:
            yield broken(R_REG_08, str(row.id), f"边 {row.id} 登记长 {row.length_m} 米，重算 {length_m} 米")
    extents = session.execute(select(Extent.division_id, Extent.area_km2, Extent.geom.ST_AsBinary())).all()
    for row, km2 in zip(extents, areas_km2(read_wkb(row[2] for row in extents)), strict=True):
        if abs(row.area_km2 - km2) > AREA_TOLERANCE_KM2 * max(1.0, km2 / 1000.0):
            yield broken(
                R_REG_08,
                str(row.division_id),
                f"单位 {row.division_id} 登记 {row.area_km2} 平方千米，重算 {km2}",
            )


def _ended_have_successors(session: Session) -> Iterator[Finding]:
    later = aliased(DivisionVersion)
    goes_on = exists().where(
        later.division_id == DivisionVersion.division_id,
        func.lower(later.valid) >= func.upper(DivisionVersion.valid),
    )
    told = exists().where(Lineage.predecessor_id == DivisionVersion.division_id)
    wanted = select(DivisionVersion).where(
        func.upper(DivisionVersion.valid).is_not(None),
        ~DivisionVersion.without_successor,
        ~goes_on,
        ~told,
    )
    for version in session.scalars(wanted):
        yield broken(R_REG_07, version.code, f"{version.name}（{version.code}）已终止而没有去向")
