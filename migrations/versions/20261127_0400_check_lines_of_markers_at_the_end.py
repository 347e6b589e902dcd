"""check lines of markers at the end: a line that is taken back is gone before its markers are given back.

Bears with programs that know markers already.
"""

from __future__ import annotations

from alembic import op

revision = "c4d7e02a915b"
down_revision = "b81f4d2c96e7"
branch_labels = None
depends_on = None

oldest_program = "6e1f0c9a4b27"

_NAME = "fk_marker_line_line_id_boundary_line"


def upgrade() -> None:
    op.execute(f"ALTER TABLE marker_line ALTER CONSTRAINT {_NAME} DEFERRABLE INITIALLY DEFERRED")


def downgrade() -> None:
    op.execute(f"ALTER TABLE marker_line ALTER CONSTRAINT {_NAME} NOT DEFERRABLE")
