"""Every notebook runs from first to last cell against a service with sample names, and is kept bare."""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import nbformat
import pytest
from jupyter_client import KernelManager
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from sqlalchemy.orm import Session, sessionmaker

from gis_service.client import Gazetteer
from gis_service.foundation.access import Role
from gis_service.foundation.database import open_engine, session_factory
from gis_service.foundation.settings import Settings
from gis_service.foundation.transaction import transaction
from gis_service.reactions import react
from gis_service.registers.divisions.commands import NewDivision, rewrite
from gis_service.registers.divisions.queries import division_by_id
from gis_service.registers.divisions.rules import DivisionLevel
from notebooks.sample import enter
from tests.support.factories import NOW, REGISTRAR, an_act, drawn
from tests.support.offices import somebody
from tests.support.web import UNRATED, behind_a_server, composed, stand, token_of

FOLDER = Path(__file__).parents[2] / "notebooks"
pytestmark = pytest.mark.filterwarnings("ignore")  # of what runs notebooks, not of what they run
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
UNITS = {"a": ("320116", "六合区"), "b": ("320115", "江宁区"), "c": ("320684", "海门市")}
CHANGED_ON = date(2020, 7, 1)


@pytest.fixture(scope="module")
def environment(
    make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """A service with three units, one of which changed its code and name, and the sample names."""
    engine = open_engine(make_database())
    sessions = session_factory(engine)
    out = tmp_path_factory.mktemp("out")
    app = composed(Settings(tmp_path_factory.mktemp("home"), rates=UNRATED), engine)
    stand(app, sessions)
    _draw(sessions)
    token = token_of(somebody(sessions, "编辑", "320116", Role.editor))
    with behind_a_server(app) as url:
        assert enter(Gazetteer(url, token, progress=False), "320116", (119.01, 31.99)).written
        asked = {"GIS_URL": url, "GIS_TOKEN": token, "GIS_WITHIN": "320116", "GIS_OUT": str(out)}
        yield {**os.environ, **asked, "JUPYTER_PLATFORM_DIRS": "1", "IPYTHONDIR": str(out)}
    engine.dispose()


def _draw(sessions: sessionmaker[Session]) -> None:
    with transaction(sessions, actor=REGISTRAR, at=NOW, react=react) as tx:
        units = drawn(tx, "aabbcc aabbcc", UNITS)
        known = division_by_id(tx.session, units["c"], on=CHANGED_ON)
        after = NewDivision(
            "320614", "海门区", DivisionLevel(known.level), "市辖区", known.superior_id, id=units["c"]
        )
        rewrite(tx, revised=[after], on=CHANGED_ON, instrument_id=an_act(tx))


@pytest.fixture(scope="module")
def kernel(environment: dict[str, str]) -> Iterator[KernelManager]:
    """One kernel for all notebooks, as what they import takes longer than most of them run."""
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(env=environment)
    yield manager
    manager.shutdown_kernel(now=True)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_without_an_error(path: Path, kernel: KernelManager) -> None:
    notebook = nbformat.read(path, as_version=4)
    fresh = nbformat.v4.new_code_cell("%reset -f")
    notebook.cells.insert(0, fresh)
    client = NotebookClient(notebook, km=kernel, timeout=60, resources={"metadata": {"path": str(FOLDER)}})
    client.execute()
    del client
    gc.collect()  # its sockets warn when they go, which is no matter of the test that comes next
    outputs = [each for cell in notebook.cells for each in cell.get("outputs", ())]
    assert not [each for each in outputs if each.output_type == "error" or each.get("name") == "stderr"]
    if keep := os.environ.get("KEEP_NOTEBOOKS"):
        page, _ = HTMLExporter().from_notebook_node(notebook)
        Path(keep, f"{path.stem}.html").write_text(page, encoding="utf-8")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_what_it_gave(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert cells[0]["cell_type"] == "markdown"
    for cell in cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
