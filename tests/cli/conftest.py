"""The commands as an operator runs them, on a database and a home of their own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import Engine
from typer.testing import CliRunner

from gis_service.cli import app
from gis_service.foundation.database import open_engine

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "data" / "boundaries" / "jiangsu-anhui-2020-01-01.toml"
NANTONG = ROOT / "data" / "changes" / "guohan-2020-79-nantong.toml"
WUHU = ROOT / "data" / "changes" / "guohan-2020-80-wuhu.toml"


@dataclass(frozen=True)
class Desk:
    """Where an operator sits: a home folder, a database, and the commands."""

    home: Path
    url: str

    def run(self, *words: str | Path, code: int = 0) -> Result:
        """Run a command and require its exit code."""
        result = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
        assert result.exit_code == code, result.output
        return result

    def json(self, *words: str | Path, code: int = 0) -> Any:
        """Run a command with `--json` and parse what it says on standard output."""
        return json.loads(self.run(*words, "--json", code=code).stdout)

    def json_list(self, *words: str | Path) -> Any:
        """Run a list command with `--format json`."""
        return json.loads(self.run(*words, "--format", "json").stdout)

    def engine(self) -> Engine:
        """An engine on the same database."""
        return open_engine(self.url)


def _sit_down(patch: pytest.MonkeyPatch, home: Path, url: str) -> Desk:
    patch.setenv("GIS_HOME", str(home))
    patch.setenv("GIS_DATABASE_URL", url)
    return Desk(home, url)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, make_database: Callable[[], str]) -> Desk:
    """An empty register."""
    return _sit_down(monkeypatch, tmp_path, make_database())


@pytest.fixture(scope="module")
def shared_desk(tmp_path_factory: pytest.TempPathFactory, make_database: Callable[[], str]) -> Iterator[Desk]:
    """An empty register that the tests of a module share."""
    with pytest.MonkeyPatch.context() as patch:
        yield _sit_down(patch, tmp_path_factory.mktemp("home"), make_database())


@pytest.fixture(scope="module")
def enacted(shared_desk: Desk) -> Desk:
    """The sample loaded and both acts enacted, once for a module that only reads."""
    shared_desk.run("intake", "load", SAMPLE)
    shared_desk.run("changes", "enact", NANTONG)
    shared_desk.run("changes", "enact", WUHU)
    return shared_desk
