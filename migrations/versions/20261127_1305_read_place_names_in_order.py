"""read place names in the order of their features: pages begin where the last one ended.

Only adds an index.
"""

from __future__ import annotations

from alembic import op

revision = "c7a15e9d2b40"
down_revision = "d4e80b6a1f35"
branch_labels = None
depends_on = None

oldest_program = "6e1f0c9a4b27"


def upgrade() -> None:
    op.create_index("ix_feature_version_feature_id", "feature_version", ["feature_id"])


def downgrade() -> None:
    op.drop_index("ix_feature_version_feature_id", "feature_version")
