"""tell states of the registers also when members, extents, lines or their records change.

Only adds.
"""

from __future__ import annotations

from alembic import op

revision = "c4f8a1d27e60"
down_revision = "d5e0a7b3f219"
branch_labels = None
depends_on = None

oldest_program = "6e1f0c9a4b27"

WATCHED = ("membership", "extent", "boundary_line", "line_record")


def upgrade() -> None:
    for table in WATCHED:
        op.execute(
            f"CREATE TRIGGER {table}_tells_state AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE"
            f" ON {table} FOR EACH STATEMENT EXECUTE FUNCTION tell_register_state()"
        )


def downgrade() -> None:
    for table in WATCHED:
        op.execute(f"DROP TRIGGER {table}_tells_state ON {table}")
