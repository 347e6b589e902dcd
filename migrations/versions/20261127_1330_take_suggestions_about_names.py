"""take suggestions about place names, and tell what became of them.

Only adds.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "e93b5c17d240"
down_revision = "b6f1d29c7e04"
branch_labels = None
depends_on = None

oldest_program = "6e1f0c9a4b27"

_REFERS = {
    "feature_id": "feature",
    "division_id": "division",
    "account_id": "account",
    "instrument_id": "instrument",
}


def upgrade() -> None:
    op.create_table(
        "name_suggestion",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_texts("number", "kind", "feature_name", "text", "evidence", "contact", "state"),
        *(sa.Column(name, sa.Uuid(), nullable=True) for name in _REFERS),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("proposed", postgresql.JSONB(), nullable=False),
        sa.Column("receipt_hash", sa.String(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.Date(), nullable=True) for name in ("due_on", "ended_on")),
        *(sa.Column(name, sa.String(), nullable=True) for name in ("reason", "decided_by")),
        sa.Column("applied", postgresql.JSONB(), nullable=True),
        *(_refers(column, other) for column, other in _REFERS.items()),
        sa.UniqueConstraint("number", name=op.f("uq_name_suggestion_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_suggestion")),
    )
    for column in ("feature_id", "division_id", "account_id", "state"):
        op.create_index(op.f(f"ix_name_suggestion_{column}"), "name_suggestion", [column])


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _refers(column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_name_suggestion_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def downgrade() -> None:
    op.drop_table("name_suggestion")
