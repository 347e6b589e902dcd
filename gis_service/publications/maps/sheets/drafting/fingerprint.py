"""What a sheet shows, as one hash: equal content, equal hash, in whatever order it was gathered."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from importlib.resources import files
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.access import Classification
from gis_service.publications.maps.schemas import Imprint, SheetEvidence

DRAWING_VERSION = "2"  # raise it when the same evidence is to be drawn differently
_TABLES = ("projection.toml", "scales.toml", "symbols.toml")
_NOT_CONTENT = {"edition", "edition_on", "kept_by"}


def fingerprint(sheet_type: str, evidence: SheetEvidence) -> str:
    """SHA-256 over canonical JSON of the evidence, the drawing version and the symbol tables.

    Edition number and day are left out, since they follow from the fingerprint.
    """
    content = {
        "sheet": sheet_type,
        "drawing": DRAWING_VERSION,
        "tables": {name: _digest(files(__package__).joinpath(name).read_bytes()) for name in _TABLES},
        "evidence": _plain(evidence),
    }
    return _digest(_canonical(content).encode())


def _plain(value: Any) -> Any:
    if isinstance(value, BaseGeometry):
        return _digest(shapely.to_wkb(shapely.normalize(value), byte_order=1))
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value):
        skipped = _skipped(value) if isinstance(value, Imprint) else set()
        return {
            field.name: _plain(getattr(value, field.name))
            for field in fields(value)
            if field.name not in skipped
        }
    if isinstance(value, Sequence) and not isinstance(value, str):
        items = [_plain(item) for item in value]
        return sorted(items, key=_canonical) if value and is_dataclass(value[0]) else items
    return value


def _skipped(imprint: Imprint) -> set[str]:
    """A public sheet carries no marking: it is the same sheet as before there were any."""
    public = imprint.classification is Classification.public
    return _NOT_CONTENT | ({"classification"} if public else set())


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
