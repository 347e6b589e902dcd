"""The tables of the journal, and what the database itself does to keep them whole.

The service may insert entries and nothing else. Position, link and hash of an entry are the database's work:
whatever an insert says about them is overwritten.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy import BigInteger, CheckConstraint, DateTime, FetchedValue, Table, event, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis_service.foundation.database import Base, append_only, table_of


class JournalEntry(Base):
    """One fact written or read. `at` is record time (aware UTC); legal time stands in the registers.

    `before` and `after` hold what the command changed; `before` is empty where something began.
    """

    __tablename__ = "journal_entry"

    position: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, server_default=FetchedValue()
    )
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    actor: Mapped[str] = mapped_column(index=True)
    account_id: Mapped[UUID | None]
    authority: Mapped[str]
    command: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str] = mapped_column(index=True)
    instrument_id: Mapped[UUID | None]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB)
    previous_hash: Mapped[str] = mapped_column(server_default=FetchedValue())
    hash: Mapped[str] = mapped_column(server_default=FetchedValue())

    def as_json(self) -> dict[str, Any]:
        """The entry as scripts read it."""
        values = {column.name: getattr(self, column.name) for column in ENTRIES.columns}
        told: dict[str, Any] = to_jsonable_python(values)
        return told


class JournalHead(Base):
    """Where the chain ends: one row, moved by the database along with every insert.

    Without it, an end that was cut off could not be told from a journal that is simply shorter.
    """

    __tablename__ = "journal_head"
    __table_args__ = (CheckConstraint("single", name="one_row"),)

    single: Mapped[bool] = mapped_column(primary_key=True, server_default=text("true"))
    journal_id: Mapped[UUID]
    position: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str]


ENTRIES = table_of(JournalEntry)

RUNTIME_RIGHTS = (
    "REVOKE ALL ON journal_entry, journal_head FROM {role}",
    "GRANT SELECT, INSERT ON journal_entry TO {role}",
    "GRANT SELECT ON journal_head TO {role}",
)
"""All that the service's own role may do here; `{role}` is its name."""

# The canonical line of an entry, which is what is hashed; `line_of` in `chain.py` says the same. What is NULL
# is left out, so that NULL and JSON null differ, and a column added later changes no line written before.
_LINE = """
CREATE FUNCTION journal_line(entry journal_entry) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
    SELECT concat(
        '{"position": ' || entry.position,
        ', "previous_hash": ' || to_json(entry.previous_hash),
        ', "at": ' || to_json((to_json(entry.at AT TIME ZONE 'UTC') #>> '{}') || 'Z'),
        ', "actor": ' || to_json(entry.actor),
        ', "account_id": ' || to_json(entry.account_id),
        ', "authority": ' || to_json(entry.authority),
        ', "command": ' || to_json(entry.command),
        ', "subject": ' || to_json(entry.subject),
        ', "instrument_id": ' || to_json(entry.instrument_id),
        ', "before": ' || entry.before::text,
        ', "after": ' || entry.after::text,
        ', "detail": ' || entry.detail::text,
        '}')
$$
"""

# The lock on the head lets one writer in at a time until it commits, so that the chain never forks. Entries
# beyond the head are those of the same statement: the head moves once, when the statement ends.
_CHAIN = """
CREATE FUNCTION chain_journal_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    head record;
    newest record;
BEGIN
    SELECT position, hash INTO STRICT head FROM public.journal_head FOR UPDATE;
    SELECT entry.position, entry.hash INTO newest FROM public.journal_entry AS entry
        WHERE entry.position > head.position ORDER BY entry.position DESC LIMIT 1;
    IF NOT FOUND THEN
        newest := head;
    END IF;
    NEW.position := newest.position + 1;
    NEW.previous_hash := newest.hash;
    NEW.hash := encode(sha256(convert_to(public.journal_line(NEW), 'UTF8')), 'hex');
    RETURN NEW;
END $$
"""

_ADVANCE = """
CREATE FUNCTION advance_journal_head() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.journal_head AS head SET position = newest.position, hash = newest.hash
        FROM (SELECT position, hash FROM public.journal_entry ORDER BY position DESC LIMIT 1) AS newest
        WHERE head.position < newest.position;
    RETURN NULL;
END $$
"""

_TRIGGERS = (
    "CREATE TRIGGER journal_entry_chained BEFORE INSERT ON journal_entry"
    " FOR EACH ROW EXECUTE FUNCTION chain_journal_entry()",
    "CREATE TRIGGER journal_head_advanced AFTER INSERT ON journal_entry"
    " FOR EACH STATEMENT EXECUTE FUNCTION advance_journal_head()",
)

# A journal begins with its own id, so that no two journals have an entry in common.
_BEGIN = """
INSERT INTO journal_head (journal_id, position, hash)
SELECT id, 0, encode(sha256(convert_to(id::text, 'UTF8')), 'hex') FROM gen_random_uuid() AS id
"""


@event.listens_for(ENTRIES, "after_create")
def _chained(_table: Table, connection: Any, **_: Any) -> None:
    for statement in (_LINE, _CHAIN, _ADVANCE, *_TRIGGERS):
        connection.exec_driver_sql(statement)


@event.listens_for(table_of(JournalHead), "after_create")
def _begun(_table: Table, connection: Any, **_: Any) -> None:
    connection.exec_driver_sql(_BEGIN)


append_only(ENTRIES)
