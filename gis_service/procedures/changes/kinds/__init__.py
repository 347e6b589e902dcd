"""Kinds of change, one file each. `KINDS` is the registration; its order is the order of help texts."""

from __future__ import annotations

from collections.abc import Mapping

from gis_service.procedures.changes.kinds.abolish import ABOLISH
from gis_service.procedures.changes.kinds.absorb import ABSORB
from gis_service.procedures.changes.kinds.conversion import CONVERSION
from gis_service.procedures.changes.kinds.correct import CORRECT
from gis_service.procedures.changes.kinds.establish import ESTABLISH
from gis_service.procedures.changes.kinds.merge import MERGE
from gis_service.procedures.changes.kinds.recode import RECODE
from gis_service.procedures.changes.kinds.rename import RENAME
from gis_service.procedures.changes.kinds.seat import SEAT
from gis_service.procedures.changes.kinds.split import SPLIT
from gis_service.procedures.changes.kinds.superior import SUPERIOR
from gis_service.procedures.changes.kinds.transfer import TRANSFER
from gis_service.procedures.changes.rules.outcome import Kind

KINDS: tuple[Kind, ...] = (
    MERGE,
    CONVERSION,
    ESTABLISH,
    ABOLISH,
    ABSORB,
    SPLIT,
    SUPERIOR,
    TRANSFER,
    RENAME,
    RECODE,
    SEAT,
    CORRECT,
)

KIND_BY_ID: Mapping[str, Kind] = {kind.id: kind for kind in KINDS}
