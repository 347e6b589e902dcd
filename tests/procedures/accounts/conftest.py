from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from tests.support.accounts import House


@pytest.fixture
def house(sessions: sessionmaker[Session], tmp_path: Path) -> House:
    """A service on the shared database, undone after the test."""
    return House(sessions, tmp_path)
