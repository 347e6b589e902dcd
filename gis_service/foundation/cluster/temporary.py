"""A throw-away cluster for tests and benchmarks: quick, and gone afterwards."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gis_service.foundation.cluster.keeping import ensure_cluster, remove_cluster


@contextmanager
def temporary_cluster() -> Iterator[str]:
    """Yield the SQLAlchemy URL of a fresh cluster that does not wait for the disk; remove it in the end."""
    home = Path(tempfile.mkdtemp(prefix="gis-"))
    home.chmod(0o711)  # the server account must reach what lies below
    try:
        yield ensure_cluster(home, durable=False)
    finally:
        remove_cluster(home)
        shutil.rmtree(home)
