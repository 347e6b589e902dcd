"""settle lines after changes: what a change leaves to do of each line, and what was done.

Only adds.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "e7b21c90d4f5"
down_revision = "e3a95c17d048"
branch_labels = None
depends_on = None

oldest_program = "6e1f0c9a4b27"


def upgrade() -> None:
    op.create_table(
        "settlement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("line_code", "line_name", "level")),
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("first_id", "second_id")),
        sa.Column("follows", sa.String(), nullable=False),
        sa.Column("from_lines", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        *(sa.Column(name, sa.Float(), nullable=False) for name in ("new_km", "inherited_km", "left_km")),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("instrument_id", sa.Uuid(), nullable=False),
        sa.Column("tasks", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("filed_on", sa.Date(), nullable=True),
        *(sa.Column(name, sa.Uuid(), nullable=True) for name in ("filed_by", "withdrawn_by")),
        *(
            sa.ForeignKeyConstraint([name], ["instrument.id"], name=op.f(f"fk_settlement_{name}_instrument"))
            for name in ("instrument_id", "filed_by", "withdrawn_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement")),
        sa.UniqueConstraint("number", name=op.f("uq_settlement_number")),
        sa.UniqueConstraint(
            "line_id",
            "effective_on",
            "instrument_id",
            name=op.f("uq_settlement_line_id_effective_on_instrument_id"),
        ),
    )
    for name in ("first_id", "second_id", "instrument_id", "state"):
        op.create_index(op.f(f"ix_settlement_{name}"), "settlement", [name])
    op.create_table(
        "settlement_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("settlement_id", sa.Uuid(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("instruments", sa.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ordinal", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["settlement_id"], ["settlement.id"], name=op.f("fk_settlement_entry_settlement_id_settlement")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_settlement_entry_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_entry")),
    )
    op.create_index(op.f("ix_settlement_entry_settlement_id"), "settlement_entry", ["settlement_id"])


def downgrade() -> None:
    op.drop_table("settlement_entry")
    op.drop_table("settlement")
