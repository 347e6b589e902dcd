"""compare two days on a sheet: the earlier day of what a sheet, and each of its editions, compares.

Only adds.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7b3f52c8e1d0"
down_revision = "e63b9c28d057"
branch_labels = None
depends_on = None

oldest_program = "6e1f0c9a4b27"


def upgrade() -> None:
    op.add_column("sheet", sa.Column("since", sa.Date(), nullable=True))
    op.add_column("edition", sa.Column("since", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("edition", "since")
    op.drop_column("sheet", "since")
