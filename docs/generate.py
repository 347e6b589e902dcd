"""Write the pages that are made from the code: `docs/rules.md` and `docs/permissions.md`.

Run it after a rule or a permission was added or changed; a test compares the pages with the code.
"""

from __future__ import annotations

import importlib
import pkgutil
from itertools import groupby
from pathlib import Path

import gis_service
from gis_service.foundation.access import ROLE_WORDS, TABLE, Permission, Role
from gis_service.foundation.findings import Rule

PAGE = Path(__file__).resolve().with_name("rules.md")
PERMISSIONS = Path(__file__).resolve().with_name("permissions.md")

PERMISSIONS_HEAD = """# Who may do what

The one table that service, commands and workers ask (`gis_service/foundation/access/acts.py`). This page is
made from it by `docs/generate.py`; do not edit it. Every address names its act in `/openapi.json` as `x-act`.

**in** means: within the division a role was granted for and all below it, on today's register, mergers
followed. **●** means: anywhere. Acts with a second factor ask people who signed in with a password for a code
as well. Why it is so: [decision 14](decisions/0014-access.md).
"""

FAMILIES = {
    "R-ACC": "Accounts (账户)",
    "R-ARC": "Archives of lines (勘界档案)",
    "R-BND": "Boundary lines (界线)",
    "R-CHG": "Changes of divisions (区划变更)",
    "R-COD": "Division codes (区划代码)",
    "R-COR": "Corrections of names (地名更正)",
    "R-INT": "Deliveries (来件)",
    "R-MAP": "Maps (地图)",
    "R-MRK": "Markers (界桩)",
    "R-NAM": "Names (地名)",
    "R-PEA": "Peace of lines (平安边界)",
    "R-PY": "Romanization (罗马字母拼写)",
    "R-REG": "Registers as a whole (登记簿核查)",
    "R-SUR": "Survey data (勘界资料)",
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


def permissions() -> str:
    """The whole of `docs/permissions.md`: who may do what."""
    heads = [f"{role.value}<br>{ROLE_WORDS[role]}" for role in Role]
    rows = [PERMISSIONS_HEAD, f"| act | what | everybody | {' | '.join(heads)} | second factor |"]
    rows.append("|---|---|" + ":-:|" * (len(heads) + 2))
    rows.extend(_permission_row(permission) for permission in TABLE)
    return "\n".join(rows) + "\n"


def _permission_row(row: Permission) -> str:
    mark = "in" if row.within_jurisdiction else "●"
    cells = [f"`{row.act}`", row.title, "●" if row.is_public else ""]
    cells += [mark if role in row.roles or row.is_for_all_accounts else "" for role in Role]
    return "| " + " | ".join([*cells, "●" if row.second_factor else ""]) + " |"


def main() -> None:
    """Write the pages."""
    PAGE.write_text(page(), encoding="utf-8")
    PERMISSIONS.write_text(permissions(), encoding="utf-8")


if __name__ == "__main__":
    main()
