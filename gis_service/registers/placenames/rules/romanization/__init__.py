"""Romanisation of place names (R-PY-01 to -09): pure, over tables of readings and words."""

from gis_service.registers.placenames.rules.romanization.catalogue import RULES
from gis_service.registers.placenames.rules.romanization.parting import Split
from gis_service.registers.placenames.rules.romanization.readings import SOURCE_ZH, Reading, Source
from gis_service.registers.placenames.rules.romanization.romanizing import Romanized, Stored, romanize
from gis_service.registers.placenames.rules.romanization.spelling import allowed, untoned
from gis_service.registers.placenames.rules.romanization.splitting import split

__all__ = [
    "RULES",
    "SOURCE_ZH",
    "Reading",
    "Romanized",
    "Source",
    "Split",
    "Stored",
    "allowed",
    "romanize",
    "split",
    "untoned",
]
