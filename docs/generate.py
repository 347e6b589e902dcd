"""Write the pages that are made from the code: `docs/rules.md` from the `Rule` objects of the package.

Run it after a rule was added or changed; a test compares the page with the code.
"""

from __future__ import annotations

import importlib
import pkgutil
from itertools import groupby
from pathlib import Path

import gis_service
from gis_service.foundation.findings import Rule

PAGE = Path(__file__).resolve().with_name("rules.md")

FAMILIES = {
    "R-BND": "Boundary lines (界线)",
    "R-CHG": "Changes of divisions (区划变更)",
    "R-COD": "Division codes (区划代码)",
    "R-INT": "Deliveries (来件)",
    "R-MAP": "Maps (地图)",
    "R-MRK": "Markers (界桩)",
    "R-NAM": "Names (地名)",
    "R-REG": "Registers as a whole (登记簿核查)",
}

HEAD = """# Rules

Every judgement this service makes has an id, a legal basis and a version; a finding names all three.
This page is made from the code by `docs/generate.py`; do not edit it.

*Source* tells how well the rule's source is known: **V** read in the original, **P** known from a secondary
source, **D** derived from one that was read, **M** from memory or a convention of this house. Numbers behind
rules marked P or M lie as versioned data beside the rule, to be corrected without touching code.
"""


def rules() -> list[Rule]:
    """Every rule that any module of the package holds, by id."""
    found: set[Rule] = set()
    for module in pkgutil.walk_packages(gis_service.__path__, "gis_service."):
        if not module.name.endswith("__main__"):
            values = vars(importlib.import_module(module.name)).values()
            found.update(value for value in values if isinstance(value, Rule))
    return sorted(found, key=lambda rule: rule.id)


def family(rule: Rule) -> str:
    """The first two parts of a rule's id: `R-COD`."""
    return "-".join(rule.id.split("-")[:2])


def page() -> str:
    """The whole of `docs/rules.md`."""
    parts = [HEAD]
    for name, group in groupby(rules(), key=family):
        parts.append(f"## {name} {FAMILIES.get(name, '')}".rstrip() + "\n")
        parts.append("| id | what must hold | legal basis | source | version |")
        parts.append("|---|---|---|---|---|")
        parts.extend(map(_row, group))
        parts.append("")
    return "\n".join(parts)


def _row(rule: Rule) -> str:
    cells = (rule.id, rule.title, rule.legal_basis, rule.status, rule.version)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
