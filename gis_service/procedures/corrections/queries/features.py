"""The feature a suggestion is about, as it stands on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_service.foundation.database import holds_on
from gis_service.foundation.errors import NotFound
from gis_service.registers.placenames.models import Feature, FeatureVersion, NameKind, PlaceName


@dataclass(frozen=True, slots=True)
class Known:
    """A feature with its standard name and the unit it is listed under, the unit itself where it is one."""

    feature: Feature
    version: FeatureVersion
    name: PlaceName | None

    @property
    def place(self) -> UUID | None:
        """Whose editors decide about it."""
        return self.feature.division_id or next(iter(self.version.division_ids), None)


def known_feature(session: Session, feature_id: UUID, *, on: date) -> Known:
    """The feature on a day.

    Raises:
        NotFound: no such feature that the reader may know of, or none on that day.
    """
    version = session.scalar(
        select(FeatureVersion).where(
            FeatureVersion.feature_id == feature_id, holds_on(FeatureVersion.valid, on)
        )
    )
    feature = session.get(Feature, feature_id)
    if version is None or feature is None:
        raise NotFound(
            f"{on} 没有标识为 {feature_id} 的地理实体", way_out="标识可用 names search 或 names list 查得"
        )
    name = session.scalar(
        select(PlaceName).where(
            PlaceName.feature_id == feature_id,
            PlaceName.kind == NameKind.standard.value,
            holds_on(PlaceName.valid, on),
        )
    )
    return Known(feature, version, name)
