"""Kinds of delivery that hold codes and no geometry: one file or folder each, registered in `KINDS`."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from gis_service.procedures.intake.kinds import national_tree, townships, yearly

KINDS: tuple[ModuleType, ...] = (yearly, townships, national_tree)


def kind_of(path: Path, wanted: str | None = None) -> ModuleType | None:
    """The kind a path is of, or the one that is asked for by name; None for a delivery with geometry."""
    if wanted is not None:
        return next((kind for kind in KINDS if wanted == kind.NAME), None)
    return next((kind for kind in KINDS if path.exists() and kind.fits(path)), None)


__all__ = ["KINDS", "kind_of"]
