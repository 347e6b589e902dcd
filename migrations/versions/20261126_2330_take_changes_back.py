"""take changes back: what was published before an act took it back, and which case wrote what.

Only adds.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "e63b9c28da57"
down_revision = "a94c6e30d7f2"
branch_labels = None
depends_on = None

oldest_program = "6e1f0c9a4b27"


def upgrade() -> None:
    op.create_table(
        "superseded_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("division_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=True),
        sa.Column("superior_id", sa.Uuid(), nullable=True),
        sa.Column("seat", sa.String(), nullable=True),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("begun_by", sa.Uuid(), nullable=False),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("begun_edtf", sa.String(), nullable=True),
        sa.Column("ended_edtf", sa.String(), nullable=True),
        *_superseded(),
        _refers("superseded_version", "division_id", "division"),
        _refers("superseded_version", "superior_id", "division"),
        _refers("superseded_version", "begun_by", "instrument"),
        _refers("superseded_version", "ended_by", "instrument"),
        _refers("superseded_version", "superseded_by", "instrument"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_superseded_version")),
    )
    op.create_index(op.f("ix_superseded_version_division_id"), "superseded_version", ["division_id"])
    op.create_table(
        "superseded_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("predecessor_id", sa.Uuid(), nullable=False),
        sa.Column("successor_id", sa.Uuid(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("share_of_predecessor", sa.Float(), nullable=True),
        sa.Column("share_of_successor", sa.Float(), nullable=True),
        sa.Column("certainty", sa.String(), nullable=False),
        sa.Column("instrument_id", sa.Uuid(), nullable=False),
        *_superseded(),
        _refers("superseded_link", "predecessor_id", "division"),
        _refers("superseded_link", "successor_id", "division"),
        _refers("superseded_link", "instrument_id", "instrument"),
        _refers("superseded_link", "superseded_by", "instrument"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_superseded_link")),
    )
    op.create_index(op.f("ix_superseded_link_predecessor_id"), "superseded_link", ["predecessor_id"])
    op.create_index(op.f("ix_superseded_link_successor_id"), "superseded_link", ["successor_id"])
    op.add_column("change_case", sa.Column("written", postgresql.JSONB(none_as_null=True), nullable=True))
    op.add_column("change_case", sa.Column("cancelled_by", sa.Uuid(), nullable=True))
    name = op.f("fk_change_case_cancelled_by_instrument")
    op.create_foreign_key(name, "change_case", "instrument", ["cancelled_by"], ["id"])


def _superseded() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_by", sa.Uuid(), nullable=False),
    )


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def downgrade() -> None:
    op.drop_constraint(op.f("fk_change_case_cancelled_by_instrument"), "change_case", type_="foreignkey")
    op.drop_column("change_case", "cancelled_by")
    op.drop_column("change_case", "written")
    op.drop_table("superseded_link")
    op.drop_table("superseded_version")
