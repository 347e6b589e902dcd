"""know what is uncertain: days known only roughly, and the wording of acts.

Only adds.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "d52a8b17c946"
down_revision = "c41f7a90de35"
branch_labels = None
depends_on = None

oldest_program = "6e1f0c9a4b27"


def upgrade() -> None:
    op.add_column("division_version", sa.Column("begun_edtf", sa.String(), nullable=True))
    op.add_column("division_version", sa.Column("ended_edtf", sa.String(), nullable=True))
    op.add_column("instrument", sa.Column("issued_edtf", sa.String(), nullable=True))
    op.add_column("instrument", sa.Column("text", sa.String(), nullable=True))
    op.create_index(op.f("ix_lineage_successor_id"), "lineage", ["successor_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_lineage_successor_id"), table_name="lineage")
    op.drop_column("instrument", "text")
    op.drop_column("instrument", "issued_edtf")
    op.drop_column("division_version", "ended_edtf")
    op.drop_column("division_version", "begun_edtf")
