"""Entering what agreements and surveys say of the edges of a line: legal state, what it follows, accuracy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from shapely.geometry import Point
from sqlalchemy import insert, select

from gis_service.foundation.errors import Conflict, InvalidInput
from gis_service.foundation.findings import Finding, refuse_if_blocking
from gis_service.foundation.transaction import Transaction
from gis_service.registers.boundaries.commands.periods import make_room
from gis_service.registers.boundaries.commands.splitting import split_edges
from gis_service.registers.boundaries.models import Edge, EdgeSurvey, Follows
from gis_service.registers.boundaries.queries import (
    LineInForce,
    Walked,
    records_on,
    surveys_on,
    walked_on,
)
from gis_service.registers.boundaries.queries.record_evidence import agreed_by
from gis_service.registers.boundaries.rules import Agreed, Placed, judge_states, threshold

Stretch = tuple[float | None, float | None]  # chainages in metres; None is the beginning or the end


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What is said of edges; None leaves what was said before."""

    legal_state: str | None = None
    follows: str | None = None
    follows_name: str | None = None
    moves_by: UUID | None = None
    accuracy_m: float | None = None
    agreement_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class SurveyDone:
    """Which stretch of a line was surveyed, in metres, along which edges; what is to be said of it."""

    from_m: float
    to_m: float
    edges: tuple[UUID, ...]
    findings: tuple[Finding, ...]


def survey_edges(
    tx: Transaction,
    line: LineInForce,
    said: Surveyed,
    *,
    stretch: Stretch = (None, None),
    on: date,
    instrument_id: UUID,
) -> SurveyDone:
    """From a day on, this holds of the edges of a line, or of a stretch of it; edges are split at its ends.

    Raises:
        InvalidInput: the stretch does not lie on the line.
        RuleViolated: settled without agreement, approver and approval (R-BND-05); nothing is written.
        Conflict: the line has no edges that day, or the actor may see it only in part.
    """
    placed = edges_in(tx, line, stretch, on=on, instrument_id=instrument_id)
    edges = [place.edge for place in placed]
    facts = {edge: _carried(before, said) for edge, before in _before(tx, edges, on=on).items()}
    findings = _judged(tx, line, facts.values(), on=on)
    rooms = make_room(tx, EdgeSurvey, EdgeSurvey.edge_id, edges, on=on, instrument_id=instrument_id)
    rows = [
        {"edge_id": edge, "valid": rooms[edge], "begun_by": instrument_id, **facts[edge]} for edge in edges
    ]
    tx.session.execute(insert(EdgeSurvey), rows)
    tx.session.expire_all()
    done = SurveyDone(placed[0].from_m, placed[-1].to_m, tuple(edges), tuple(findings))
    _tell(tx, line, done, said, on=on, instrument_id=instrument_id)
    return done


def edges_in(
    tx: Transaction, line: LineInForce, stretch: Stretch, *, on: date, instrument_id: UUID
) -> list[Placed]:
    """The edges of a stretch of a line, in order, after splitting those that reach beyond its ends."""
    walked = _walked(tx, line, on=on)
    from_m, to_m = _bounds(walked, stretch)
    places: dict[UUID, list[Point]] = defaultdict(list)
    for chainage in (from_m, to_m):
        place, _ = walked.at(chainage)
        if min(chainage - place.from_m, place.to_m - chainage) > threshold("section", "snap_m"):
            places[place.edge].append(walked.course.point_at(chainage))
    if places:
        split_edges(tx, places, instrument_id=instrument_id)
        walked = _walked(tx, line, on=on)
    inside = [place for place, _ in walked.placed if from_m < (place.from_m + place.to_m) / 2 < to_m]
    if not inside:
        raise InvalidInput(
            f"里程 {from_m:.1f} 至 {to_m:.1f} 米之间没有可以区分的界线段", way_out="请加长该段"
        )
    return inside


def _walked(tx: Transaction, line: LineInForce, *, on: date) -> Walked:
    walked = walked_on(tx.session, line, on=on)
    if walked is None:
        raise Conflict(
            f"{line.name}在 {on} 没有可以办理的边", way_out="请核对日期；界线部分涉密的，由有权限的人员办理"
        )
    return walked


def _bounds(walked: Walked, stretch: Stretch) -> tuple[float, float]:
    length = walked.course.length_m
    from_m = 0.0 if stretch[0] is None else stretch[0]
    to_m = length if stretch[1] is None else stretch[1]
    if not 0.0 <= from_m < to_m <= length + threshold("section", "snap_m"):
        raise InvalidInput(
            f"区间 {from_m:.1f} 至 {to_m:.1f} 米不在界线上，界线长 {length:.1f} 米",
            way_out="请按界线的起讫方向，先写较小的里程",
        )
    return from_m, min(to_m, length)


def _before(tx: Transaction, edges: list[UUID], *, on: date) -> dict[UUID, dict[str, Any]]:
    """What holds of each edge until now: its survey, or what its own source says."""
    surveys = surveys_on(tx.session, edges, on=on)
    own = select(Edge.id, Edge.legal_state, Edge.accuracy_m).where(Edge.id.in_(edges))
    unknown = {"follows": Follows.unknown.value}
    bare = {row.id: unknown | dict(row._mapping) for row in tx.session.execute(own)}
    names = Surveyed.__dataclass_fields__
    return {
        edge: {name: getattr(surveys[edge], name) for name in names}
        if edge in surveys
        else {name: bare[edge].get(name) for name in names}
        for edge in edges
    }


def _carried(before: dict[str, Any], said: Surveyed) -> dict[str, Any]:
    now = {name: getattr(said, name) for name in Surveyed.__dataclass_fields__}
    kept = before | {name: value for name, value in now.items() if value is not None}
    if said.follows is not None and said.follows_name is None and said.follows != before["follows"]:
        kept["follows_name"] = None  # the name was that of another feature
    return kept


def _judged(
    tx: Transaction, line: LineInForce, facts: Iterable[dict[str, Any]], *, on: date
) -> list[Finding]:
    record = records_on(tx.session, [line.id], on=on).get(line.id)
    states: dict[Agreed, set[str]] = defaultdict(set)
    for each in facts:
        agreement = each["agreement_id"] or (record.agreement_id if record else None)
        approval = (record.approver, record.approved_on) if record else (None, None)
        states[agreed_by(tx.session, agreement, *approval)].add(each["legal_state"])
    findings = [found for agreed, some in states.items() for found in judge_states(line.name, some, agreed)]
    refuse_if_blocking(findings, f"{line.name}的勘定情况不能登记", way_out="请按各条意见改正后重试")
    return findings


def _tell(
    tx: Transaction, line: LineInForce, done: SurveyDone, said: Surveyed, *, on: date, instrument_id: UUID
) -> None:
    tx.journal(
        "boundaries.survey_edges",
        line.code,
        instrument_id=instrument_id,
        after={
            name: value
            for name in Surveyed.__dataclass_fields__
            if (value := getattr(said, name)) is not None
        },
        line=line.id,
        on=on,
        from_m=round(done.from_m, 3),
        to_m=round(done.to_m, 3),
        edges=len(done.edges),
    )
