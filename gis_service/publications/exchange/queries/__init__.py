"""Questions that come with a table: where its codes went, and of which day it is."""

from gis_service.publications.exchange.queries.corresponding import Part, correspondence
from gis_service.publications.exchange.queries.crosswalk import Asked, Crosswalk, Unknown, crosswalk
from gis_service.publications.exchange.queries.dating import Dating, Misfit, Span, date_list
from gis_service.publications.exchange.queries.healing import Healed, heal_code, heal_codes
from gis_service.publications.exchange.queries.spells import Spell, spells_of_codes

__all__ = [
    "Asked",
    "Crosswalk",
    "Dating",
    "Healed",
    "Misfit",
    "Part",
    "Span",
    "Spell",
    "Unknown",
    "correspondence",
    "crosswalk",
    "date_list",
    "heal_code",
    "heal_codes",
    "spells_of_codes",
]
