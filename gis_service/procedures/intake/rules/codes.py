"""R-COD-01 to R-COD-04 on every delivered unit; the rules themselves are the register's."""

from __future__ import annotations

from gis_service.foundation.findings import Finding
from gis_service.procedures.intake.rules.evidence import Evidence
from gis_service.registers.divisions.rules import judge_code


def codes_fit_the_units(evidence: Evidence) -> list[Finding]:
    """Shape, bands by edition, superior as the file states it; held codes: `each_code_one_name`."""
    return [
        finding
        for unit in evidence.units
        for finding in judge_code(
            unit.code,
            unit.name,
            unit.type,
            on=evidence.delivery.valid_on,
            superior=unit.superior_as_given,
        )
    ]
