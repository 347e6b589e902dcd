"""What judges a delivery: a tuple of checks, each a pure function of the evidence returning findings.

`CHECKS` is what `judge` runs, in the order of the findings; `RULES` adds the rules that are asked when
preparing, mending and comparing with the register.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from gis_service.foundation.findings import Finding, Rule
from gis_service.procedures.intake.rules.attributes import (
    R_INT_40,
    R_INT_41,
    R_INT_42,
    names_are_clean_text,
    names_are_given,
    names_have_a_generic,
)
from gis_service.procedures.intake.rules.borders import (
    R_INT_24,
    R_INT_25,
    borders_share_their_vertices,
    no_inlet_parts_neighbours,
)
from gis_service.procedures.intake.rules.codes import codes_fit_the_units
from gis_service.procedures.intake.rules.columns import R_INT_04
from gis_service.procedures.intake.rules.coordinates import R_INT_05, R_MAP_02
from gis_service.procedures.intake.rules.coverage import (
    R_INT_20,
    R_INT_21,
    R_INT_22,
    R_INT_23,
    units_lie_side_by_side,
)
from gis_service.procedures.intake.rules.duplicates import (
    R_INT_30,
    R_INT_31,
    R_INT_32,
    each_code_one_name,
    each_unit_once,
    no_ground_twice,
    no_name_twice_under_one_superior,
)
from gis_service.procedures.intake.rules.evidence import Delivery, Evidence, Registered, UnitRecord
from gis_service.procedures.intake.rules.extent import (
    R_INT_50,
    R_INT_51,
    units_lie_in_china_and_their_province,
)
from gis_service.procedures.intake.rules.filling import R_INT_72
from gis_service.procedures.intake.rules.inventory import R_INT_60, number_of_units_is_plausible
from gis_service.procedures.intake.rules.offsets import R_MAP_04, no_coherent_offset
from gis_service.procedures.intake.rules.repair import R_INT_80, R_INT_81, R_INT_82
from gis_service.procedures.intake.rules.rows import R_INT_06, R_INT_07, R_INT_08, R_INT_09
from gis_service.procedures.intake.rules.standing import R_INT_70, R_INT_71
from gis_service.procedures.intake.rules.validity import (
    R_INT_10,
    R_INT_11,
    R_INT_12,
    geometry_is_valid,
    no_specks,
    no_spikes,
)
from gis_service.registers.divisions.rules import R_COD_01, R_COD_02, R_COD_03, R_COD_04, R_COD_05


class Check(NamedTuple):
    """One check and the rules whose findings it may return."""

    rules: tuple[Rule, ...]
    run: Callable[[Evidence], list[Finding]]


CHECKS: tuple[Check, ...] = (
    Check((R_COD_01, R_COD_02, R_COD_03, R_COD_04), codes_fit_the_units),
    Check((R_COD_05,), each_code_one_name),
    Check((R_INT_30,), each_unit_once),
    Check((R_INT_40,), names_are_given),
    Check((R_INT_41,), names_are_clean_text),
    Check((R_INT_42,), names_have_a_generic),
    Check((R_INT_32,), no_name_twice_under_one_superior),
    Check((R_INT_50, R_INT_51), units_lie_in_china_and_their_province),
    Check((R_INT_10,), geometry_is_valid),
    Check((R_INT_11,), no_specks),
    Check((R_INT_12,), no_spikes),
    Check((R_INT_31,), no_ground_twice),
    Check((R_INT_20, R_INT_21, R_INT_22, R_INT_23), units_lie_side_by_side),
    Check((R_INT_24,), borders_share_their_vertices),
    Check((R_INT_25,), no_inlet_parts_neighbours),
    Check((R_MAP_04,), no_coherent_offset),
    Check((R_INT_60,), number_of_units_is_plausible),
)

RULES: tuple[Check | Rule, ...] = (
    *CHECKS,
    *(R_INT_04, R_INT_05, R_MAP_02, R_INT_06, R_INT_07, R_INT_08, R_INT_09),
    *(R_INT_70, R_INT_71, R_INT_72),
    *(R_INT_80, R_INT_81, R_INT_82),
)


def judge(
    delivery: Delivery,
    *,
    reference: Sequence[Registered] | None = None,
    registered: Sequence[Registered] = (),
) -> list[Finding]:
    """All findings of all checks.

    `reference` is a trusted layer to compare positions with; `registered` are neighbours in the register, so
    that gaps, overlaps and double claims against them are seen too.
    """
    evidence = Evidence(
        delivery, tuple(registered), reference=None if reference is None else tuple(reference)
    )
    return [finding for check in CHECKS for finding in check.run(evidence)]


__all__ = ["CHECKS", "RULES", "Check", "Delivery", "Evidence", "Registered", "UnitRecord", "judge"]
