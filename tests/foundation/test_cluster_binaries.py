"""What is said when PostgreSQL or PostGIS is not installed. Needs no database."""

from __future__ import annotations

from pathlib import Path

import pytest

from gis_service.foundation.cluster import Machine, ensure_cluster
from gis_service.foundation.cluster.binaries import choose, installed
from gis_service.foundation.errors import DatabaseUnavailable


def install(root: Path, version: str, *extensions: str) -> None:
    """Lay out an installation that has programs and extension files but cannot serve."""
    programs = root / version / "bin"
    programs.mkdir(parents=True)
    for name in ("initdb", "pg_ctl", "postgres"):
        (programs / name).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
        (programs / name).chmod(0o755)
    shares = root / version / "share" / "extension"
    shares.mkdir(parents=True)
    for name in extensions:
        (shares / f"{name}.control").write_text("")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(binaries=(f"{tmp_path}/*/bin",))


def test_without_postgresql_the_command_to_install_it_is_given(machine: Machine, tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match="没有可用的 PostgreSQL") as refusal:
        ensure_cluster(tmp_path / "home", machine=machine)
    assert "apt-get install" in refusal.value.way_out
    assert not (tmp_path / "home" / "postgres").is_symlink()
    assert not (tmp_path / "home" / "postgres").exists()


def test_without_postgis_the_package_of_that_version_is_named(machine: Machine, tmp_path: Path) -> None:
    install(tmp_path, "97.1", "btree_gist", "pg_trgm")
    with pytest.raises(DatabaseUnavailable, match="缺少扩展：postgis") as refusal:
        choose(machine)
    assert "postgresql-97-postgis-3" in refusal.value.way_out


def test_an_old_server_is_not_enough(machine: Machine, tmp_path: Path) -> None:
    install(tmp_path, "14.9", "postgis", "btree_gist", "pg_trgm")
    with pytest.raises(DatabaseUnavailable, match="只找到 PostgreSQL 14"):
        choose(machine)


def test_the_newest_complete_server_is_chosen(machine: Machine, tmp_path: Path) -> None:
    install(tmp_path, "97.1", "postgis", "btree_gist", "pg_trgm")
    install(tmp_path, "98.0", "postgis", "btree_gist", "pg_trgm")
    install(tmp_path, "99.3", "btree_gist", "pg_trgm")
    assert [found.major for found in installed(machine)] == [99, 98, 97]
    assert choose(machine).major == 98
    assert choose(machine, major=97).major == 97


def test_this_machine_has_a_server_that_will_do() -> None:
    assert choose(Machine()).missing == ()
