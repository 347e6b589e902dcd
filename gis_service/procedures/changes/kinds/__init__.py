"""Kinds of change, one file each. `KINDS` is the registration; its order is the order of help texts."""

from __future__ import annotations

from collections.abc import Mapping

from gis_service.procedures.changes.kinds.conversion import CONVERSION
from gis_service.procedures.changes.kinds.merge import MERGE
from gis_service.procedures.changes.rules.outcome import Kind

KINDS: tuple[Kind, ...] = (MERGE, CONVERSION)

KIND_BY_ID: Mapping[str, Kind] = {kind.id: kind for kind in KINDS}
