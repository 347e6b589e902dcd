"""Areas kept in the memory of this process from one question to the next.

What is kept is a value: the shape of one version of one row. Which rows stand on a day, and which of them may
be seen, the database is asked in every transaction; so nothing kept is ever stale, or told to the wrong one.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from threading import Lock
from typing import Any
from uuid import UUID

import shapely
from sqlalchemy.orm import Session

from gis_service.foundation.database import read_rows

ROOM = 256_000_000  # bytes in one process: a national register of counties takes 40 MB, 150 MB if all indexed
_ID = 16  # bytes of a version that tell of which row it is
_VERTEX, _INDEXED_VERTEX = 16, 60  # bytes that GEOS needs

Version = bytes  # which version of which row
Shapes = dict[Version, Any]


class KeptAreas:
    """Shapes by version, as many as there is room for; those asked for longest ago go first.

    Several threads may test points against a shape that is kept: none is changed after it is put here.
    """

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._taken = 0
        self._shapes: OrderedDict[Version, Any] = OrderedDict()
        self._lock = Lock()

    def among(self, versions: Iterable[Version]) -> Shapes:
        """Those of some versions that are kept."""
        with self._lock:
            found = {version: self._shapes[version] for version in versions if version in self._shapes}
            for version in found:
                self._shapes.move_to_end(version)
        return found

    def keep(self, shapes: Mapping[Version, Any]) -> None:
        """Put shapes here, in place of what is kept of the same versions."""
        with self._lock:
            for version, shape in shapes.items():
                self._taken += _size(shape) - _size(self._shapes.pop(version, None))
                self._shapes[version] = shape
            while self._taken > self._room:
                _, shape = self._shapes.popitem(last=False)
                self._taken -= _size(shape)


def shapes_of(session: Session, kept: KeptAreas, versions: Iterable[Version], shapes: str) -> Shapes:
    """The shapes of versions, those read that are not kept; what is gone since it was asked for is left out.

    `shapes` is a query of the version and the WKB of rows with some `ids`.
    """
    wanted = list(versions)
    found = kept.among(wanted)
    missing = {version[:_ID]: version for version in wanted if version not in found}
    if missing:
        rows = list(read_rows(session, shapes, {"ids": [str(UUID(bytes=row)) for row in missing]}))
        read = dict(
            zip((row[0] or b"" for row in rows), shapely.from_wkb([row[1] for row in rows]), strict=True)
        )
        kept.keep(read)
        found |= {missing[version[:_ID]]: shape for version, shape in read.items()}
    return found


def indexed(shape: Any) -> Any:
    """The same shape, with an index of its segments.

    GEOS makes the index when a second point is tested, and not safely while other threads look: it is made
    here, on a copy nobody has seen yet.
    """
    copy = shapely.set_srid(shape, shapely.get_srid(shape))
    shapely.prepare(copy)
    west, south, east, north = copy.bounds
    for _ in range(2):
        shapely.intersects_xy(copy, (west + east) / 2, (south + north) / 2)
    return copy


def _size(shape: Any) -> int:
    if shape is None:
        return 0
    vertices = int(shapely.get_num_coordinates(shape))
    return vertices * (_INDEXED_VERTEX if shapely.is_prepared(shape) else _VERTEX)
