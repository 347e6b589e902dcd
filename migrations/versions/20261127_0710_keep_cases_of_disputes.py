"""keep cases of disputes: hidden risks and disputes on lines, and what was done in them.

Only adds.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "d5e0a7b3f219"
down_revision = "e7b21c90d4f5"
branch_labels = None
depends_on = None

oldest_program = "6e1f0c9a4b27"


def upgrade() -> None:
    references = ("line_id", "boundary_line"), *((f"{who}_id", "division") for who in ("first", "second"))
    references = (*references, ("responsible_id", "division"))
    op.create_table(
        "dispute_case",
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(column, sa.Uuid(), nullable=False) for column, _ in references),
        *_texts("number", "kind", "place", "level", "cause", "found_by", "found_how", "measures", "state"),
        sa.Column("result", sa.String(), nullable=True),
        sa.Column("classification", sa.String(), server_default="内部", nullable=False),
        *(sa.Column(name, sa.Date(), nullable=False) for name in ("found_on", "due_on")),
        sa.Column("closed_on", sa.Date(), nullable=True),
        *(sa.Column(name, sa.Float(), nullable=True) for name in ("from_m", "to_m")),
        sa.Column("geom", Geometry("GEOMETRY", srid=4490, dimension=2, spatial_index=False), nullable=True),
        sa.Column("parties", postgresql.JSONB(), nullable=False),
        *(_refers("dispute_case", column, table) for column, table in references),
        sa.CheckConstraint(
            "classification IN ('公开', '内部', '涉密')", name=op.f("ck_dispute_case_known_classification")
        ),
        sa.UniqueConstraint("number", name=op.f("uq_dispute_case_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_case")),
    )
    for column in ("line_id", "first_id", "second_id"):
        op.create_index(op.f(f"ix_dispute_case_{column}"), "dispute_case", [column])
    op.create_geospatial_index(
        "idx_dispute_case_geom", "dispute_case", ["geom"], unique=False, postgresql_using="gist"
    )
    op.create_table(
        "dispute_step",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        *_texts("kind", "state", "words", "actor", "authority"),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("attendants", postgresql.JSONB(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("minutes_sha256", sa.String(), nullable=True),
        sa.Column("instrument_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        _refers("dispute_step", "case_id", "dispute_case"),
        _refers("dispute_step", "instrument_id", "instrument"),
        sa.PrimaryKeyConstraint("case_id", "ordinal", name=op.f("pk_dispute_step")),
    )


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    last = {"deferrable": True, "initially": "DEFERRED"} if other == "boundary_line" else {}
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), **last
    )


def downgrade() -> None:
    op.drop_table("dispute_step")
    op.drop_table("dispute_case")
