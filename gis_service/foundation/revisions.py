"""Which versions of the program may serve on a database: its own, and older ones it was made to bear with.

In a rolling upgrade the database is migrated first, while programs of the version before still serve. Whether
they may go on, only the newer program knows; it leaves word as a comment on Alembic's own table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, text

_IS_THERE = text("SELECT to_regclass('alembic_version') IS NOT NULL")
_COMMENT = text("SELECT obj_description('alembic_version'::regclass, 'pg_class')")


def revision_of(connection: Connection) -> str | None:
    """The revision of the schema; None where there is no schema."""
    if not connection.scalar(_IS_THERE):
        return None
    found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return None if found is None else str(found)


def may_serve(connection: Connection, program: str | None) -> bool:
    """Whether a program, named by the revision it was written for, may serve on this database."""
    found = revision_of(connection)
    return found is not None and (found == program or program in _served(connection, found))


def leave_word(connection: Connection, programs: Iterable[str]) -> None:
    """Tell programs to come, and those still running, who may serve on the schema as it is now."""
    word = f"{revision_of(connection)} serves {' '.join(sorted(programs))}"
    quoted = connection.scalar(text("SELECT quote_literal(:word)"), {"word": word})
    connection.exec_driver_sql(f"COMMENT ON TABLE alembic_version IS {quoted}")


def served(chain: Sequence[tuple[str, str | None]]) -> frozenset[str]:
    """Programs that may serve on the last schema of a chain of `(revision, oldest program it bears with)`.

    Each revision on the way must bear with a program; one that names none bears with its own only.
    """
    place = {revision: number for number, (revision, _) in enumerate(chain)}
    oldest_borne = [place[oldest or revision] for revision, oldest in chain]
    return frozenset(
        revision
        for revision, number in place.items()
        if all(oldest <= number for oldest in oldest_borne[number + 1 :])
    )


def _served(connection: Connection, revision: str) -> list[str]:
    """Whom the word names; none where it was left about another revision."""
    about, _, programs = str(connection.scalar(_COMMENT) or "").partition(" serves ")
    return programs.split() if about == revision else []
