from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy.orm import Session, sessionmaker

from gis_service.procedures.accounts.commands import hashing
from tests.support.accounts import House


@pytest.fixture(scope="package", autouse=True)
def by_the_rules() -> Iterator[PasswordHasher]:
    """The hasher that the rules ask for. All but what is about it uses a light one, of the same kind."""
    asked_for, light = hashing._hasher(), PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hashing, "_hasher", lambda: light)
        hashing._nobodys.cache_clear()
        yield asked_for
    hashing._nobodys.cache_clear()


@pytest.fixture
def house(sessions: sessionmaker[Session], tmp_path: Path) -> House:
    """A service on the shared database, undone after the test."""
    return House(sessions, tmp_path)
