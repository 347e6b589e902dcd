"""The import contracts in `pyproject.toml` are kept, and break when someone sins against them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.architecture.tree import PACKAGE, ROOT

LINT = Path(sys.executable).with_name("lint-imports")

# A planted sin for each contract: file, line added to it, contract that must break.
SINS = (
    (
        "client/asking.py",
        "import gis_service.foundation.errors",
        "The notebook client only talks HTTP",
    ),
    (
        "registers/instruments/queries.py",
        "import gis_service.procedures.intake.models",
        "Imports point downwards",
    ),
    (
        "registers/divisions/queries/standing.py",
        "import gis_service.registers.boundaries.models",
        "Registers build on one another in one order",
    ),
    (
        "procedures/intake/models.py",
        "import gis_service.procedures.changes.models",
        "Procedures do not know each other",
    ),
    (
        "publications/books/__init__.py",
        "import gis_service.publications.maps",
        "Publications do not know each other",
    ),
    ("registers/divisions/helpers.py", "", "One vocabulary in registers, read from top to bottom"),
    ("procedures/changes/utils.py", "", "One vocabulary in procedures, read from top to bottom"),
    (
        "publications/maps/models.py",
        "import gis_service.publications.maps.sheets",
        "One vocabulary in publications, read from top to bottom",
    ),
    ("registers/divisions/rules/names.py", "import sqlalchemy", "Rules are pure"),
    (
        "foundation/periods.py",
        "import gis_service.foundation.database",
        "The pure part of the foundation knows no database and no web",
    ),
    ("registers/boundaries/queries/lines.py", "import fastapi", "Only routes speak HTTP"),
    ("registers/boundaries/models.py", "import folium", "Only publications draw"),
    ("foundation/findings.py", "import gis_service.foundation.lifecycle", "No cycles between siblings"),
)


def broken_contracts(folder: Path) -> tuple[set[str], str]:
    """Names of the contracts broken in a folder with `pyproject.toml` and the package, and the report."""
    command = [str(LINT), "--no-cache", "--no-logo"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert re.search(r"Contracts: \d+ kept, \d+ broken", done.stdout), done.stdout + done.stderr
    return set(re.findall(r"^(.*?) BROKEN", done.stdout, flags=re.MULTILINE)), done.stdout


def test_every_import_contract_is_kept() -> None:
    broken, report = broken_contracts(ROOT)
    assert not broken, report


def test_every_contract_breaks_when_it_is_sinned_against(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "gis_service", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name, line, _ in SINS:
        path = tmp_path / "gis_service" / name
        path.parent.mkdir(exist_ok=True)
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(f"{before}\n{line}\n", encoding="utf-8")
    broken, report = broken_contracts(tmp_path)
    assert broken == {contract for *_, contract in SINS}, report
    assert len(SINS) == (ROOT / "pyproject.toml").read_text(encoding="utf-8").count(
        "importlinter.contracts]]"
    )
