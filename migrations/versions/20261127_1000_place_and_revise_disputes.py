"""place and revise disputes: markers a case names, what a revision changed, whose account took a step.

Only adds.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "b1c9e4d27a60"
down_revision = "c90b7e24d6f3"
branch_labels = None
depends_on = None

oldest_program = "6e1f0c9a4b27"

MARKERS = ("marker_id", "from_marker_id", "to_marker_id")


def upgrade() -> None:
    for column in MARKERS:
        op.add_column("dispute_case", sa.Column(column, sa.Uuid(), nullable=True))
        op.create_foreign_key(
            op.f(f"fk_dispute_case_{column}_marker"), "dispute_case", "marker", [column], ["id"]
        )
    op.create_index(op.f("ix_dispute_case_marker_id"), "dispute_case", ["marker_id"])
    op.add_column("dispute_step", sa.Column("changes", postgresql.JSONB(), nullable=True))
    op.add_column("dispute_step", sa.Column("account_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("dispute_step", "account_id")
    op.drop_column("dispute_step", "changes")
    op.drop_index(op.f("ix_dispute_case_marker_id"), table_name="dispute_case")
    for column in reversed(MARKERS):
        op.drop_constraint(op.f(f"fk_dispute_case_{column}_marker"), "dispute_case", type_="foreignkey")
        op.drop_column("dispute_case", column)
