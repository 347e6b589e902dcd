"""How names of a text are read and spelled on record, within a unit on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, literal, or_, select
from sqlalchemy.orm import Session

from gis_service.foundation.database import holds_on
from gis_service.registers.divisions.queries import subtree
from gis_service.registers.placenames.models import Feature, FeatureVersion, PlaceName
from gis_service.registers.placenames.rules.spelling import is_computed


@dataclass(frozen=True, slots=True)
class StoredName:
    """What the register holds of the reading, the spelling and the parts of a name."""

    reading: str | None
    roman: str | None
    specific: str | None
    generic: str | None


def names_on_record(
    session: Session, texts: Collection[str], *, within: UUID, on: date
) -> Mapping[str, frozenset[StoredName]]:
    """What is stored of names with these texts, of features listed in a unit or below it, by text.

    What was only computed counts as not stored.
    More than one where features of one name are read otherwise: then a human decides which is meant.
    """
    below = list(session.scalars(select(subtree(within, on=on).c.division_id)))
    listed = FeatureVersion.division_ids.op("&&", is_comparison=True)(
        literal(below, FeatureVersion.division_ids.type)
    )
    rows = session.execute(
        select(
            *(PlaceName.text, PlaceName.reading, PlaceName.reading_source),
            *(PlaceName.roman, PlaceName.roman_source, PlaceName.specific, PlaceName.generic),
        )
        .join(Feature, Feature.id == PlaceName.feature_id)
        .outerjoin(
            FeatureVersion, and_(FeatureVersion.feature_id == Feature.id, holds_on(FeatureVersion.valid, on))
        )
        .where(
            PlaceName.text.in_(texts),
            holds_on(PlaceName.valid, on),
            or_(Feature.division_id.in_(below), listed),
        )
    )
    found: dict[str, set[StoredName]] = defaultdict(set)
    for text, reading, heard, roman, spelled, *parts in rows:
        own = (None if is_computed(heard) else reading, None if is_computed(spelled) else roman)
        found[text].add(StoredName(*own, *(parts if any(own) else (None, None))))
    return {text: frozenset(each) for text, each in found.items()}
