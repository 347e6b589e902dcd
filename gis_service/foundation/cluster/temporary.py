"""A throw-away cluster for tests and benchmarks: quick, and gone afterwards."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gis_service.foundation.cluster.keeping import ensure_cluster, remove_cluster


@contextmanager
def temporary_home() -> Iterator[Path]:
    """Yield an empty home a server account can reach; its cluster, if one was made, is removed with it."""
    home = Path(tempfile.mkdtemp(prefix="gis-"))
    home.chmod(0o711)
    try:
        yield home
    finally:
        remove_cluster(home)
        shutil.rmtree(home)


@contextmanager
def temporary_cluster() -> Iterator[str]:
    """Yield the SQLAlchemy URL of a fresh cluster that does not wait for the disk; remove it in the end."""
    with temporary_home() as home:
        yield ensure_cluster(home, durable=False)
