"""keep what was published of archives that are put right.

Only adds.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "c90b7e24d6f3"
down_revision = "a61d93f8c7b2"
branch_labels = None
depends_on = None

oldest_program = "6e1f0c9a4b27"


def upgrade() -> None:
    references = (("item_id", "archive_item"), ("instrument_id", "instrument"))
    op.create_table(
        "archive_correction",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("id", "item_id", "instrument_id")),
        sa.Column("ordinal", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        *(sa.Column(name, postgresql.JSONB(), nullable=False) for name in ("published", "corrected")),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        *(_refers(column, other) for column, other in references),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_correction")),
    )
    op.create_index(op.f("ix_archive_correction_item_id"), "archive_correction", ["item_id"])


def _refers(column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_archive_correction_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def downgrade() -> None:
    op.drop_table("archive_correction")
