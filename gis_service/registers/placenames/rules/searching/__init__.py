"""How names are found: the forms they are compared in, the keys of the index, what a question may mean."""

from gis_service.registers.placenames.rules.searching.asking import Asked, read_question
from gis_service.registers.placenames.rules.searching.bands import rank_of
from gis_service.registers.placenames.rules.searching.explaining import MatchKind, why
from gis_service.registers.placenames.rules.searching.forms import Forms, forms_of, search_form, without_type
from gis_service.registers.placenames.rules.searching.keys import all_lacking, division_key, keys_of
from gis_service.registers.placenames.rules.searching.weights import weight_of

__all__ = [
    "Asked",
    "Forms",
    "MatchKind",
    "all_lacking",
    "division_key",
    "forms_of",
    "keys_of",
    "rank_of",
    "read_question",
    "search_form",
    "weight_of",
    "why",
    "without_type",
]
