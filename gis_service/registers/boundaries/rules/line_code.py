"""R-BND-02: the code of a line is made of digits of the two unit codes, the smaller first."""

from __future__ import annotations

from gis_service.foundation.findings import Rule
from gis_service.registers.boundaries.rules.line_name import line_tables
from gis_service.registers.divisions.rules import DivisionLevel

R_BND_02 = Rule(
    id="R-BND-02",
    title="界线代码由两侧代码的对应数位按升序组成，已登记的代码优先",
    legal_basis="GB/T 17796-2009",
    status="P",
    version="2026-1",
)


def line_code(level: DivisionLevel, first: str, second: str) -> str:
    """Code of the line between two units: 3234 (苏皖), 0411 (常镇); both whole codes where no rule fits."""
    low, high = sorted((first, second))
    for rule in line_tables()["code"]:
        shared, (begin, stop) = rule["shared"], rule["digits"]
        if rule["level"] == level.value and low[:shared] == high[:shared]:
            return low[begin:stop] + high[begin:stop]
    return low + high
