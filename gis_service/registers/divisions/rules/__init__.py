"""What judges a division as such: levels, types and codes. Pure; asked by intake, by changes, by the client.

`RULES` lists every rule kept here, in the order of its findings.
"""

from gis_service.registers.divisions.rules.code_fits import (
    R_COD_01,
    R_COD_02,
    R_COD_03,
    R_COD_04,
    judge_code,
    judge_fit,
    judge_shape,
    judge_superior,
)
from gis_service.registers.divisions.rules.code_tables import abbreviations, known_codes, provinces
from gis_service.registers.divisions.rules.codes import (
    codes_above,
    is_code,
    is_leaf_prefecture,
    is_summary_code,
    level_of_code,
    superior_code,
)
from gis_service.registers.divisions.rules.differences import ChangeKind, differences
from gis_service.registers.divisions.rules.free_codes import Proposal, propose_codes
from gis_service.registers.divisions.rules.holders import (
    R_COD_05,
    R_COD_06,
    Holder,
    judge_codes_unique,
    judge_holders,
)
from gis_service.registers.divisions.rules.keeping_codes import (
    R_COD_08,
    R_COD_10,
    Coded,
    judge_kept_code,
    judge_successors,
    must_change_code,
)
from gis_service.registers.divisions.rules.levels import DivisionLevel, DivisionType, rank_of
from gis_service.registers.divisions.rules.long_codes import (
    R_COD_11,
    R_COD_12,
    is_urban,
    judge_place_code,
    judge_statistical_code,
    urban_rural_classes,
)
from gis_service.registers.divisions.rules.names import names_with_generics, specific_and_generic, type_of
from gis_service.registers.divisions.rules.names_of_superiors import REFERENCE_DAY, names_of_superiors
from gis_service.registers.divisions.rules.seats import R_CHG_06
from gis_service.registers.divisions.rules.sharing import Hop
from gis_service.registers.divisions.rules.tracing import Graph, LinkFact, Reached, Ways, graph_of, ways_from
from gis_service.registers.divisions.rules.uncertain_days import allows

RULES = (
    R_CHG_06,
    R_COD_01,
    R_COD_02,
    R_COD_03,
    R_COD_04,
    R_COD_05,
    R_COD_06,
    R_COD_08,
    R_COD_10,
    R_COD_11,
    R_COD_12,
)

__all__ = [
    "REFERENCE_DAY",
    "RULES",
    "R_CHG_06",
    "R_COD_01",
    "R_COD_02",
    "R_COD_03",
    "R_COD_04",
    "R_COD_05",
    "R_COD_06",
    "R_COD_08",
    "R_COD_10",
    "R_COD_11",
    "R_COD_12",
    "ChangeKind",
    "Coded",
    "DivisionLevel",
    "DivisionType",
    "Graph",
    "Holder",
    "Hop",
    "LinkFact",
    "Proposal",
    "Reached",
    "Ways",
    "abbreviations",
    "allows",
    "codes_above",
    "differences",
    "graph_of",
    "is_code",
    "is_leaf_prefecture",
    "is_summary_code",
    "is_urban",
    "judge_code",
    "judge_codes_unique",
    "judge_fit",
    "judge_holders",
    "judge_kept_code",
    "judge_place_code",
    "judge_shape",
    "judge_statistical_code",
    "judge_successors",
    "judge_superior",
    "known_codes",
    "level_of_code",
    "must_change_code",
    "names_of_superiors",
    "names_with_generics",
    "propose_codes",
    "provinces",
    "rank_of",
    "specific_and_generic",
    "superior_code",
    "type_of",
    "urban_rural_classes",
    "ways_from",
]
