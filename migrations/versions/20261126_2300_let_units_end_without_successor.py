"""let units end without a successor: that an end went to nobody is told, and no gap in the record.

Only adds.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "e63b9c28d057"
down_revision = "d52a8b17c946"
branch_labels = None
depends_on = None

oldest_program = "6e1f0c9a4b27"


def upgrade() -> None:
    op.add_column(
        "division_version",
        sa.Column("without_successor", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("division_version", "without_successor")
