"""How a name is spelled where nobody has said so: computed, and told as computed."""

from __future__ import annotations

from dataclasses import dataclass

from gis_service.registers.placenames.rules.romanization import Romanized

COMPUTED, DOUBTFUL = "computed", "computed, to be checked"


@dataclass(frozen=True, slots=True)
class Spelling:
    """The parts, the reading and the spelling of a name; None where it cannot be read. `source` of both."""

    specific: str | None
    generic: str | None
    reading: str | None
    roman: str | None
    source: str


def computed_spelling(told: Romanized) -> Spelling:
    """What the rules of romanisation make of a name (R-PY-01 to -09)."""
    syllables = [each.syllable for each in told.readings]
    return Spelling(
        told.split.specific or None,
        told.split.generic or None,
        " ".join(syllables) if all(syllables) else None,
        told.spelling or None,
        DOUBTFUL if told.doubtful else COMPUTED,
    )


def is_computed(source: str | None) -> bool:
    """Whether a reading or a spelling on record was nobody's but computed."""
    return source in (COMPUTED, DOUBTFUL)
