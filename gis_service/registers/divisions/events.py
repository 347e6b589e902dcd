"""What happened to divisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from gis_service.foundation.transaction import Event


@dataclass(frozen=True, slots=True)
class DivisionsChanged(Event):
    """On `on`, under an act, units ended, began and were revised.

    `touched` are those that stand and look otherwise on a map: revised ones, neighbours, superiors;
    `on_the_ground` tells whether areas or lines changed at all.
    """

    on: date
    instrument_id: UUID
    ended: tuple[UUID, ...]
    begun: tuple[UUID, ...]
    touched: tuple[UUID, ...]
    revised: tuple[UUID, ...] = ()
    on_the_ground: bool = True


@dataclass(frozen=True, slots=True)
class ChangeTakenBack(Event):
    """What an act wrote on `on` was taken back: units it began are gone, those touched stand as before."""

    on: date
    instrument_id: UUID
    begun: tuple[UUID, ...]
    touched: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class PastTold(Event):
    """A whole history was entered: from the day `since` on, the register may say more, or something else."""

    since: date


@dataclass(frozen=True, slots=True)
class VersionsWritten(Event):
    """Versions of these units were written, by whatever way: begun, ended, revised, corrected, taken back.

    `instrument_id` is an act under which it was done; the versions themselves name all of them.
    """

    division_ids: tuple[UUID, ...]
    instrument_id: UUID
