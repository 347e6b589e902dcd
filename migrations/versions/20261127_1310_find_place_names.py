"""find place names: each name in the forms it is searched in, and indexes by which features are read.

Only adds.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "e7b2c95d4a18"
down_revision = "c7a15e9d2b40"
branch_labels = None
depends_on = None

oldest_program = "6e1f0c9a4b27"

TABLE = "sought_name"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("name_id", sa.Uuid(), nullable=False),
        sa.Column("feature_id", sa.Uuid(), nullable=False),
        sa.Column("name_valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("feature_valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("weight", sa.SmallInteger(), nullable=False),
        sa.Column("alone", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("kind", "text")),
        _form("folded"),
        _form("base", nullable=True),
        _form("pinyin"),
        _form("base_pinyin", nullable=True),
        _form("tones"),
        _form("initials"),
        _form("base_initials", nullable=True),
        _form("roman", nullable=True),
        sa.Column("class_code", sa.String(), nullable=False),
        *(
            sa.Column(name, postgresql.ARRAY(sa.Uuid()), nullable=False)
            for name in ("division_ids", "sources")
        ),
        sa.Column("keys", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.PrimaryKeyConstraint("name_id", name=op.f(f"pk_{TABLE}")),
    )
    op.create_index("ix_feature_shape_feature_id", "feature_shape", ["feature_id"])
    op.create_index(f"ix_{TABLE}_feature_id", TABLE, ["feature_id"])
    for name in ("folded", "pinyin", "initials"):
        op.create_index(f"ix_{TABLE}_{name}", TABLE, [name, "rank"])
    for name in ("base", "base_pinyin", "base_initials", "roman"):
        op.create_index(
            f"ix_{TABLE}_{name}", TABLE, [name, "rank"], postgresql_where=sa.text(f"{name} IS NOT NULL")
        )
    op.create_index(
        f"ix_{TABLE}_heavy_pinyin", TABLE, ["pinyin", "rank"], postgresql_where=sa.text("weight >= 60")
    )
    op.create_index(f"ix_{TABLE}_keys", TABLE, ["keys"], postgresql_using="gin")


def downgrade() -> None:
    op.execute("DROP FUNCTION IF EXISTS sought_places(jsonb)")
    op.drop_table(TABLE)
    op.drop_index("ix_feature_shape_feature_id", "feature_shape")


def _form(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(collation="C"), nullable=nullable)
