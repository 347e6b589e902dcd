"""What may differ from one installation to the next. Read once in `main` or `cli`, then passed down."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gis_service.foundation.errors import InvalidInput


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

    def for_children(self) -> dict[str, str]:
        """The environment of a process that serves the same installation."""
        return {**os.environ, "GIS_HOME": str(self.home)}

    @property
    def files_dir(self) -> Path:
        """Where materials and acts are kept, each named by the hash of its content."""
        return self.home / "files"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read `GIS_HOME`, `GIS_DATABASE_URL` and `GIS_PORT`.

    Raises:
        InvalidInput: `GIS_PORT` is no port number.
    """
    env = os.environ if environment is None else environment
    home = Path(env["GIS_HOME"]).expanduser() if env.get("GIS_HOME") else _default_home()
    return Settings(
        home=home.resolve(),
        database_url=_database_url(env.get("GIS_DATABASE_URL") or ""),
        port=_port(env.get("GIS_PORT") or "8000"),
    )


def _default_home() -> Path:
    """`var/` of the checkout this code runs from, whatever the working directory; else of that directory."""
    checkout = Path(__file__).resolve().parents[2]
    return (checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()) / "var"


def _database_url(text: str) -> str | None:
    """A plain `postgresql://` or `postgres://` address means the driver this service comes with."""
    scheme, separator, rest = text.partition("://")
    if scheme in {"postgresql", "postgres"}:
        return f"postgresql+psycopg2{separator}{rest}"
    return text or None


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    raise InvalidInput(f"GIS_PORT 不能是“{text}”", way_out="请写 1 至 65535 的端口号，如 8000")
