"""chain the journal.

Entries keep their order and everything they say; their numbers become positions without gaps.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "6e1f0c9a4b27"
down_revision = "09079dea74be"
branch_labels = None
depends_on = None

LINE = """
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

CHAIN = """
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

ADVANCE = """
CREATE FUNCTION advance_journal_head() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.journal_head AS head SET position = newest.position, hash = newest.hash
        FROM (SELECT position, hash FROM public.journal_entry ORDER BY position DESC LIMIT 1) AS newest
        WHERE head.position < newest.position;
    RETURN NULL;
END $$
"""

BEGIN = """
INSERT INTO journal_head (journal_id, position, hash)
SELECT id, 0, encode(sha256(convert_to(id::text, 'UTF8')), 'hex') FROM gen_random_uuid() AS id
"""

CHAIN_WHAT_IS_THERE = """
DO $$
DECLARE
    head journal_head;
    entry journal_entry;
    number bigint;
BEGIN
    SELECT * INTO STRICT head FROM journal_head;
    FOR entry IN SELECT * FROM journal_entry ORDER BY position LOOP
        number := entry.position;
        head.position := head.position + 1;
        entry.position := head.position;
        entry.previous_hash := head.hash;
        head.hash := encode(sha256(convert_to(journal_line(entry), 'UTF8')), 'hex');
        UPDATE journal_entry
            SET position = entry.position, previous_hash = entry.previous_hash, hash = head.hash
            WHERE position = number;
    END LOOP;
    UPDATE journal_head SET position = head.position, hash = head.hash;
END $$
"""


def upgrade() -> None:
    op.execute("ALTER TABLE journal_entry DISABLE TRIGGER journal_entry_append_only")
    op.execute("ALTER TABLE journal_entry ALTER COLUMN id DROP IDENTITY")
    op.alter_column("journal_entry", "id", new_column_name="position")
    op.add_column("journal_entry", sa.Column("account_id", sa.Uuid(), nullable=True))
    op.add_column("journal_entry", sa.Column("before", postgresql.JSONB(), nullable=True))
    op.add_column("journal_entry", sa.Column("after", postgresql.JSONB(), nullable=True))
    op.add_column("journal_entry", sa.Column("previous_hash", sa.String(), nullable=True))
    op.add_column("journal_entry", sa.Column("hash", sa.String(), nullable=True))
    op.create_index(op.f("ix_journal_entry_actor"), "journal_entry", ["actor"], unique=False)
    op.create_table(
        "journal_head",
        sa.Column("single", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("journal_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.CheckConstraint("single", name=op.f("ck_journal_head_one_row")),
        sa.PrimaryKeyConstraint("single", name=op.f("pk_journal_head")),
    )
    for statement in (LINE, CHAIN, ADVANCE, BEGIN, CHAIN_WHAT_IS_THERE):
        op.execute(statement)
    op.alter_column("journal_entry", "previous_hash", nullable=False)
    op.alter_column("journal_entry", "hash", nullable=False)
    op.execute(
        """
        CREATE TRIGGER journal_entry_chained BEFORE INSERT ON journal_entry
        FOR EACH ROW EXECUTE FUNCTION chain_journal_entry()
        """
    )
    op.execute(
        """
        CREATE TRIGGER journal_head_advanced AFTER INSERT ON journal_entry
        FOR EACH STATEMENT EXECUTE FUNCTION advance_journal_head()
        """
    )
    op.execute("ALTER TABLE journal_entry ENABLE TRIGGER journal_entry_append_only")


def downgrade() -> None:
    op.execute("DROP TRIGGER journal_head_advanced ON journal_entry")
    op.execute("DROP TRIGGER journal_entry_chained ON journal_entry")
    op.execute("DROP FUNCTION advance_journal_head()")
    op.execute("DROP FUNCTION chain_journal_entry()")
    op.execute("DROP FUNCTION journal_line(journal_entry)")
    op.drop_table("journal_head")
    op.drop_index(op.f("ix_journal_entry_actor"), table_name="journal_entry")
    for column in ("hash", "previous_hash", "after", "before", "account_id"):
        op.drop_column("journal_entry", column)
    op.alter_column("journal_entry", "position", new_column_name="id")
    op.execute("ALTER TABLE journal_entry ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY")
    op.execute(
        "SELECT setval(pg_get_serial_sequence('journal_entry', 'id'), max(id))"
        " FROM journal_entry HAVING max(id) > 0"
    )
