"""Which state of the registers a transaction sees, told by the database: equal states, equal answers.

Whatever writes a table that is watched leaves a row here in the same transaction, whoever it is and by
whatever way. So what was read in one state may be kept in memory as long as that state is seen again.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Connection, Table, event, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from gis_service.foundation.database import Base

State = tuple[str, ...]


class RegisterState(Base):
    """That a transaction wrote what is watched. Rows are only added; `xid` is the transaction's number."""

    __tablename__ = "register_state"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    xid: Mapped[int] = mapped_column(BigInteger, index=True)


# One row for a transaction; undone with the part of it that wrote, and then written again by the next part.
_TELL = """
CREATE OR REPLACE FUNCTION tell_register_state() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    own text := pg_current_xact_id();
BEGIN
    IF current_setting('gis.register_state', true) IS DISTINCT FROM own THEN
        PERFORM set_config('gis.register_state', own, true);
        INSERT INTO register_state (id, xid) VALUES (gen_random_uuid(), CAST(own AS bigint));
    END IF;
    RETURN NULL;
END $$
"""
_WATCH = """
CREATE TRIGGER {table}_tells_state AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE
ON {table} FOR EACH STATEMENT EXECUTE FUNCTION tell_register_state()
"""

# Rows of transactions older than any that still runs never grow more: of these the newest stands for all.
_STATE = text("""
SELECT md5(string_agg(CAST(id AS text), ' ' ORDER BY id)), current_setting('role'),
    CAST(ARRAY(SELECT hidden_instruments() ORDER BY 1) AS text)
FROM register_state WHERE xid >= coalesce((
    SELECT max(xid) FROM register_state
    WHERE xid < CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint)), 0)
HAVING pg_current_xact_id_if_assigned() IS NULL AND count(*) > 0
    AND current_setting('transaction_isolation') = 'repeatable read'
""")


def watch(table: Table) -> None:
    """Let the database itself tell a new state with every write to a table."""

    @event.listens_for(table, "after_create")
    def _watched(target: Table, connection: Connection, **_: Any) -> None:
        connection.exec_driver_sql(_TELL.replace("%", "%%"))
        connection.exec_driver_sql(_WATCH.format(table=target.name))


def state_of(session: Session) -> State | None:
    """The state that a transaction sees, as far as its reader may see it.

    None where its statements may see more than one: it has written, or sees what others commit meanwhile.
    """
    row = session.execute(_STATE).one_or_none()
    return None if row is None else tuple(row)
