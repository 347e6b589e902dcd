"""What may differ from one installation to the next. Read once in `main` or `cli`, then passed down."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """`home` holds the private cluster and generated files; `database_url` names a real server."""

    home: Path
    database_url: str | None = None
    port: int = 8000

    @property
    def editions_dir(self) -> Path:
        """Where editions of sheets are kept; old editions stay."""
        return self.home / "editions"

    @property
    def files_dir(self) -> Path:
        """Where materials and acts are kept, each named by the hash of its content."""
        return self.home / "files"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read `GIS_HOME`, `GIS_DATABASE_URL` and `GIS_PORT`."""
    env = os.environ if environment is None else environment
    return Settings(
        home=Path(env.get("GIS_HOME") or "var").resolve(),
        database_url=env.get("GIS_DATABASE_URL") or None,
        port=int(env.get("GIS_PORT") or "8000"),
    )
