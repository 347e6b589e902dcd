"""What may be asked to be changed about a feature; each edit names the revision that was seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gis_service.foundation.errors import Conflict
from gis_service.registers.placenames.commands.given import NewName, NewShape
from gis_service.registers.placenames.models import NameEventKind, RelationKind


@dataclass(frozen=True, slots=True)
class Seen:
    """The feature as it stood before whoever edits it."""

    feature_id: UUID
    revision: int


@dataclass(frozen=True, slots=True)
class Rename:
    """更名: the standard name ends, and the new one holds from the day on; the old one is a 曾用名 then."""

    seen: Seen
    new: NewName
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class AddName:
    """One name more."""

    seen: Seen
    new: NewName


@dataclass(frozen=True, slots=True)
class EndName:
    """A name no longer holds: 停用, 注销 or 不予采用."""

    seen: Seen
    name_id: UUID
    kind: NameEventKind
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class CorrectName:
    """更正: what was recorded wrongly is put right for all of the period; `fields` by their columns."""

    seen: Seen
    name_id: UUID
    fields: Mapping[str, Any]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class MoveName:
    """The status of a name moves as its process allows: 核定, 停用, 恢复 …"""

    seen: Seen
    name_id: UUID
    kind: NameEventKind
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Restate:
    """Class, units or facts from the day on, and a code where there was none; None leaves as it is."""

    seen: Seen
    class_code: str | None = None
    division_ids: tuple[UUID, ...] | None = None
    facts: Mapping[str, Any] | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Reshape:
    """The geometry of a role from the day on."""

    seen: Seen
    shape: NewShape


@dataclass(frozen=True, slots=True)
class EndFeature:
    """The feature is no more (注销), and with it its names, shapes and relations."""

    seen: Seen
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Relate:
    """From the day on it is part of the other, or called after it."""

    seen: Seen
    other_id: UUID
    kind: RelationKind


@dataclass(frozen=True, slots=True)
class Unrelate:
    """From the day on it is not any more."""

    seen: Seen
    other_id: UUID
    kind: RelationKind


Edit = (
    Rename | AddName | EndName | CorrectName | MoveName | Restate | Reshape | EndFeature | Relate | Unrelate
)


@dataclass(frozen=True, slots=True)
class EditReport:
    """What an edit came to: the new revision of each feature that changed, and those left as they were."""

    revisions: Mapping[UUID, int]
    unchanged: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Stale:
    """A feature that somebody else edited meanwhile; `name` is its standard name now."""

    feature_id: UUID
    seen: int
    revision: int
    name: str | None


class StaleRevision(Conflict):
    """Features were edited by others since they were seen; nothing was written. `stale` names every one."""

    def __init__(self, stale: tuple[Stale, ...]) -> None:
        named = "、".join(f"{each.name or each.feature_id}" for each in stale[:5])
        more = "……" if len(stale) > 5 else ""
        super().__init__(
            f"{len(stale)} 个地理实体已由他人改动：{named}{more}", way_out="请取最新内容，核对后重新提交"
        )
        self.stale = stale
