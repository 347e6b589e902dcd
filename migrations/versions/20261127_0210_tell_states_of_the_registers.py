"""tell states of the registers: a row for each transaction that wrote divisions, links or acts.

Only adds.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c4d81a7e93b6"
down_revision = "e63b9c28da57"
branch_labels = None
depends_on = None

oldest_program = "6e1f0c9a4b27"

WATCHED = ("division_version", "lineage", "instrument")


def upgrade() -> None:
    op.create_table(
        "register_state",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("xid", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_state")),
    )
    op.create_index(op.f("ix_register_state_xid"), "register_state", ["xid"])
    op.execute(
        """
        CREATE FUNCTION tell_register_state() RETURNS trigger
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
    )
    for table in WATCHED:
        op.execute(
            f"CREATE TRIGGER {table}_tells_state AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE"
            f" ON {table} FOR EACH STATEMENT EXECUTE FUNCTION tell_register_state()"
        )
    op.execute(
        "INSERT INTO register_state (id, xid)"
        " VALUES (gen_random_uuid(), CAST(CAST(pg_current_xact_id() AS text) AS bigint))"
    )


def downgrade() -> None:
    for table in WATCHED:
        op.execute(f"DROP TRIGGER {table}_tells_state ON {table}")
    op.execute("DROP FUNCTION tell_register_state()")
    op.drop_table("register_state")
