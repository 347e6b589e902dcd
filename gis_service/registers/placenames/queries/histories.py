"""What a feature was, was called and went through, and what is called after it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import any_, cast, func, literal, or_, select
from sqlalchemy.orm import Session

from gis_service.foundation.access import Classification, highest
from gis_service.foundation.database import holds_on
from gis_service.foundation.errors import NotFound
from gis_service.foundation.geojson import as_geojson
from gis_service.registers.divisions.queries import last_known
from gis_service.registers.instruments.models import Instrument
from gis_service.registers.placenames.models import (
    Feature,
    FeatureRelation,
    FeatureShape,
    FeatureVersion,
    NameEvent,
    NameKind,
    PlaceName,
    RelationKind,
)
from gis_service.registers.placenames.queries.records import IDS, Record, Validity, Wanted, records_on

_DEEPEST = 20  # steps from a name to what is called after what is called after it …


@dataclass(frozen=True, slots=True)
class FeatureHistory:
    """All rows of a feature, each kind in the order of time; `papers` by id; `codes` of units by id.

    `shapes` are rows with `geojson`; `others` are the latest names of features it is related to.
    """

    feature: Feature
    names: Sequence[PlaceName]
    versions: Sequence[FeatureVersion]
    shapes: Sequence[Any]
    events: Sequence[NameEvent]
    relations: Sequence[FeatureRelation]
    papers: dict[UUID, Instrument]
    codes: dict[UUID, str]
    others: dict[UUID, str]

    @property
    def kept(self) -> Classification:
        """How closely all of it is kept."""
        return highest(*(Classification(paper.classification) for paper in self.papers.values()))


def feature_named(session: Session, reference: str | UUID, *, on: date) -> UUID:
    """A feature by its id, its code of 20 digits, or a name that only one has on the day.

    Raises:
        NotFound: none, or several that have the name; says which.
    """
    if isinstance(reference, UUID):
        found = [reference] if session.get(Feature, reference) else []
    else:
        found = list(session.scalars(select(Feature.id).where(Feature.code == reference)))
        found = found or _so_called(session, reference, on=on)
    if len(found) == 1:
        return found[0]
    if found:
        told = "、".join(str(each) for each in found[:5]) + ("……" if len(found) > 5 else "")
        raise NotFound(f"{on} 有 {len(found)} 个地理实体名为“{reference}”", way_out=f"请用标识或代码：{told}")
    raise NotFound(f"没有地名“{reference}”", way_out="请核对标识、20位地名代码或完整的标准名称")


def _so_called(session: Session, name: str, *, on: date) -> list[UUID]:
    wanted = select(PlaceName.feature_id).where(
        PlaceName.text == name, PlaceName.kind == NameKind.standard.value, holds_on(PlaceName.valid, on)
    )
    return sorted(session.scalars(wanted))


def feature_on(session: Session, feature: UUID, *, on: date) -> Record:
    """A feature on a day, or as it was in the end where it had ended.

    Raises:
        NotFound: none, or none that had begun by the day.
    """
    found = records_on(session, Wanted(ids=[feature], validity=Validity.both), on=on)
    if not found:
        raise NotFound(f"{on} 没有标识为 {feature} 的地理实体", way_out="请核对标识和日期")
    return found[0]


def history_of(session: Session, feature: UUID) -> FeatureHistory:
    """Everything that was ever registered of a feature and is shown to the reader.

    Raises:
        NotFound: there is no such feature, or none that is shown to him.
    """
    found = session.get(Feature, feature)
    if found is None:
        raise NotFound(f"没有标识为 {feature} 的地理实体", way_out="地理实体的标识可在 /placenames 中查得")

    def rows(model: Any) -> Sequence[Any]:
        wanted = select(model).where(model.feature_id == feature)
        return session.scalars(wanted.order_by(func.lower(model.valid), model.id)).all()

    of_it = or_(FeatureRelation.feature_id == feature, FeatureRelation.other_id == feature)
    relations = session.scalars(
        select(FeatureRelation).where(of_it).order_by(func.lower(FeatureRelation.valid), FeatureRelation.id)
    ).all()
    happened = select(NameEvent).where(NameEvent.feature_id == feature)
    events = session.scalars(happened.order_by(NameEvent.on_date, NameEvent.id)).all()
    names, versions, shapes = rows(PlaceName), rows(FeatureVersion), _shapes(session, feature)
    papers = {found.registered_by} | {event.instrument_id for event in events}
    for row in (*names, *versions, *shapes, *relations):
        papers |= {row.begun_by} | ({row.ended_by} if row.ended_by else set())
    units = last_known(session, {unit for version in versions for unit in version.division_ids})
    return FeatureHistory(
        feature=found,
        names=names,
        versions=versions,
        shapes=shapes,
        events=events,
        relations=relations,
        papers=_papers(session, papers),
        codes={id_: unit.code for id_, unit in units.items()},
        others=latest_names(session, {row.feature_id for row in relations} | {r.other_id for r in relations}),
    )


def _shapes(session: Session, feature: UUID) -> Sequence[Any]:
    columns = [column for column in FeatureShape.__table__.columns if column.name != "geom"]
    wanted = select(*columns, as_geojson(FeatureShape.geom).label("geojson"))
    at = FeatureShape.feature_id == feature
    return session.execute(wanted.where(at).order_by(func.lower(FeatureShape.valid), FeatureShape.id)).all()


def _papers(session: Session, ids: Iterable[UUID]) -> dict[UUID, Instrument]:
    wanted = select(Instrument).where(Instrument.id == any_(cast(list(set(ids)), IDS)))
    return {paper.id: paper for paper in session.scalars(wanted)}


def latest_names(session: Session, features: Iterable[UUID]) -> dict[UUID, str]:
    """The latest standard name of each feature."""
    wanted = (
        select(PlaceName.feature_id, PlaceName.text)
        .where(
            PlaceName.feature_id == any_(cast(list(set(features)), IDS)),
            PlaceName.kind == NameKind.standard.value,
        )
        .order_by(func.lower(PlaceName.valid))
    )
    return {row.feature_id: row.text for row in session.execute(wanted)}


def derived_from(session: Session, feature: UUID, *, on: date) -> list[tuple[int, Record]]:
    """派生地名: what is called after a feature on a day, and what after that in turn: steps and records."""
    own = select(literal(feature).label("id"), literal(0).label("steps")).cte("named_after", recursive=True)
    after = (
        select(FeatureRelation.feature_id, own.c.steps + 1)
        .join(own, FeatureRelation.other_id == own.c.id)
        .where(
            FeatureRelation.kind == RelationKind.derived.value,
            holds_on(FeatureRelation.valid, on),
            own.c.steps < _DEEPEST,
        )
    )
    chain = own.union(after)
    wanted = select(chain.c.id, func.min(chain.c.steps)).where(chain.c.id != feature).group_by(chain.c.id)
    steps: dict[UUID, int] = {row[0]: row[1] for row in session.execute(wanted)}
    found = records_on(session, Wanted(ids=list(steps)), on=on) if steps else []
    return sorted(((steps[each.id], each) for each in found), key=lambda pair: (pair[0], pair[1].id))
