"""keep the keys of slips in a column of their own, with an index that is made beside that of the others.

Only adds; the index holds nothing yet, and is made by reading the table once. Until `names reindex`
has run, slips are not found; `verify` says that it is due.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "f2a86d91c3b7"
down_revision = "e93b5c17d240"
branch_labels = None
depends_on = None

oldest_program = "6e1f0c9a4b27"

TABLE, INDEX = "sought_name", "ix_sought_name_lacking"


def upgrade() -> None:
    lacking = sa.Column(
        "lacking", postgresql.ARRAY(sa.Integer()), server_default=sa.text("'{}'"), nullable=False
    )
    op.add_column(TABLE, lacking)
    op.create_index(INDEX, TABLE, ["lacking"], postgresql_using="gin")


def downgrade() -> None:
    op.execute("DROP FUNCTION IF EXISTS sought_places(jsonb)")
    op.drop_index(INDEX, TABLE)
    op.drop_column(TABLE, "lacking")
