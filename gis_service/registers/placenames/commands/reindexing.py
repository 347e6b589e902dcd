"""Making all that is searched anew, with as many processes and connections as are given."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from uuid import UUID

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from gis_service.foundation.database import copy_line, copy_text, lock_registers, open_engine
from gis_service.registers.placenames.queries.searching.rows import COLUMNS, names_of, sought_row

BATCH = 20_000  # features read, and rows written, at a time
Tell = Callable[[str, int, int], None]
"""Told the step in hand, how much of it is done, and of how much."""


@dataclass(frozen=True, slots=True)
class Reindexed:
    """How many features and names were indexed anew."""

    features: int
    names: int


@dataclass(frozen=True, slots=True)
class _Index:
    """An index of the table as it stands: its name, what makes it, and whether it is that of the key."""

    name: str
    definition: str
    is_key: bool

    @property
    def is_of_keys(self) -> bool:
        return " USING gin " in self.definition

    @property
    def beside(self) -> str:
        """The statement that makes the same index of the new table."""
        made = self.definition.replace(f"INDEX {self.name} ON", f"INDEX {self.name}_new ON")
        return made.replace("public.sought_name ", "public.sought_name_new ")

    @property
    def memory(self) -> str:
        """Of more, an index of arrays is made more slowly: a tree that outgrows the caches."""
        return "32MB" if self.is_of_keys else "512MB"


# The new table stands beside the old one until it is whole; who reads meanwhile reads the old one.
_FORGOTTEN = "DROP TABLE IF EXISTS sought_name_new, sought_name_raw"
_BESIDE = (
    _FORGOTTEN,
    "CREATE TABLE sought_name_new (LIKE sought_name INCLUDING DEFAULTS)",
    "CREATE UNLOGGED TABLE sought_name_raw (LIKE sought_name)",
)
_IN_ORDER = (
    "SET LOCAL work_mem = '512MB'",
    # in the order of ranks: of a frequent part that is cut off, the best stay
    "INSERT INTO sought_name_new SELECT * FROM sought_name_raw ORDER BY rank, folded, name_id",
    "DROP TABLE sought_name_raw",
)
_INDEXES = text("""
SELECT indexname, indexdef, EXISTS (SELECT FROM pg_constraint WHERE conname = indexname) AS is_key
FROM pg_indexes WHERE tablename = 'sought_name' AND schemaname = 'public'
""")
_POLICIES = text("""
SELECT polname, pg_get_expr(polqual, polrelid),
    ARRAY(SELECT CAST(CAST(r AS regrole) AS text) FROM unnest(polroles) AS r)
FROM pg_policy WHERE polrelid = CAST('sought_name' AS regclass)
""")
_TILL = text("SELECT id FROM feature WHERE id > :after ORDER BY id OFFSET :batch - 1 LIMIT 1")
_BETWEEN = "{id} > :after AND {id} <= :till"
_FIRST = UUID(int=0)
_LAST = UUID(int=(1 << 128) - 1)


def rebuild(engine: Engine, *, processes: int = 1, tell: Tell = lambda _step, _done, _of: None) -> Reindexed:
    """Make all that is searched anew, as the owner of the tables.

    Writers of the registers wait until it is done, readers do not. Rows are read, worked out and written by
    `processes`, each with a connection of its own; as many indexes are made at once. What fails leaves the
    old table as it was.
    """
    with Session(engine) as session, session.begin():
        lock_registers(session)
        with _tables_beside(engine):
            names = _fill(session, engine, processes, tell)
            _run(engine, *_IN_ORDER)
            indexes = [_Index(*row) for row in session.execute(_INDEXES)]
            _make(engine, indexes, processes, tell)
            with session.begin_nested():  # what fails in it lets go of the tables, and keeps the lock
                for statement in _as_before(session, indexes):
                    session.execute(text(statement))
        features = session.scalar(text("SELECT count(DISTINCT feature_id) FROM sought_name")) or 0
    return Reindexed(features, names)


@contextmanager
def _tables_beside(engine: Engine) -> Iterator[None]:
    """The new tables, gone again where what follows fails. Under the lock: others make them too."""
    _run(engine, *_BESIDE)
    with ExitStack() as failed:
        failed.callback(_run, engine, _FORGOTTEN)
        yield
        failed.pop_all()


def _run(engine: Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def _fill(session: Session, engine: Engine, processes: int, tell: Tell) -> int:
    total, done = session.scalar(text("SELECT count(*) FROM place_name")) or 0, 0
    url = engine.url.render_as_string(hide_password=False)
    with get_context("spawn").Pool(processes, initializer=_begin, initargs=(url,)) as pool:
        for written in pool.imap_unordered(_write, _ranges(session)):
            done += written
            tell("编入", done, total)
    return done


def _ranges(session: Session) -> Iterator[tuple[UUID, UUID]]:
    """Features in the order of their ids, so many at a time: after one of them, up to another."""
    after = _FIRST
    while after != _LAST:
        till = session.scalar(_TILL, {"after": after, "batch": BATCH}) or _LAST
        yield after, till
        after = till


_own: list[Engine] = []  # that of a process which writes rows


def _begin(url: str) -> None:
    _own[:] = [open_engine(url, pool_size=1)]
    gc.disable()  # rows hold nothing that holds them


def _write(between: tuple[UUID, UUID]) -> int:
    """Write the rows of some features; in another process. Returns how many."""
    after, till = between
    with Session(_own[0]) as session, session.begin():
        names = names_of(session, _BETWEEN, {"after": after, "till": till})
        lines = "".join(copy_line(sought_row(name)) for name in names)
        copy_text(session, f"COPY sought_name_raw ({', '.join(COLUMNS)}) FROM STDIN", lines)
    return len(names)


def _make(engine: Engine, indexes: list[_Index], processes: int, tell: Tell) -> None:
    """Make the indexes, the one that takes longest first."""

    def make(index: _Index) -> None:
        _run(engine, f"SET LOCAL maintenance_work_mem = '{index.memory}'", index.beside)

    with ThreadPoolExecutor(processes) as makers:
        in_turn = sorted(indexes, key=lambda index: not index.is_of_keys)
        made = [makers.submit(make, index) for index in in_turn]
        for done, each in enumerate(as_completed(made), start=1):
            each.result()
            tell("建索引", done, len(indexes))


def _as_before(session: Session, indexes: list[_Index]) -> Iterator[str]:
    """Walls, rights and names of the table, for the one that takes its place; then it does."""
    yield "ALTER TABLE sought_name_new ENABLE ROW LEVEL SECURITY"
    for name, condition, roles in session.execute(_POLICIES).all():
        known = ", ".join(roles)
        yield f"CREATE POLICY {name} ON sought_name_new TO {known} USING ({condition}) WITH CHECK (true)"
        yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON sought_name_new TO {known}"
    yield "ANALYZE sought_name_new"
    yield "DROP TABLE sought_name"
    yield "ALTER TABLE sought_name_new RENAME TO sought_name"
    for index in indexes:
        yield f"ALTER INDEX {index.name}_new RENAME TO {index.name}"
        if index.is_key:
            yield f"ALTER TABLE sought_name ADD CONSTRAINT {index.name} PRIMARY KEY USING INDEX {index.name}"
