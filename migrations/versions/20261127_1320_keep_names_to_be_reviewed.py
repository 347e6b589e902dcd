"""keep names to be reviewed: records of foreign lists of which an editor decides what they are.

Only adds.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "b6f1d29c7e04"
down_revision = "e7b2c95d4a18"
branch_labels = None
depends_on = None

oldest_program = "6e1f0c9a4b27"


def upgrade() -> None:
    table = "name_review"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instrument_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("source", "sha256")),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("record", postgresql.JSONB(), nullable=False),
        sa.Column("candidates", postgresql.JSONB(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("division_id", sa.Uuid(), nullable=True),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("feature_id", sa.Uuid(), nullable=True),
        sa.Column("adjusted", postgresql.JSONB(), nullable=True),
        *(sa.Column(name, sa.String(), nullable=True) for name in ("reason", "decided_by")),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entered_by", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        *(_reference(table, *pair) for pair in _REFERENCES),
        sa.UniqueConstraint("sha256", "row", name=op.f("uq_name_review_sha256_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_review")),
    )
    op.create_index("ix_name_review_state", table, ["state", "id"])


def downgrade() -> None:
    op.drop_table("name_review")


_REFERENCES = (
    ("instrument_id", "instrument"),
    ("division_id", "division"),
    ("entered_by", "instrument"),
)


def _reference(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
