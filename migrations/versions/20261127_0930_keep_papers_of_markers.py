"""keep the papers by which markers were moved or added, and revisions of cross-line uses.

Only adds.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "f27c5b90e1a4"
down_revision = "c4f8a1d27e60"
branch_labels = None
depends_on = None

oldest_program = "6e1f0c9a4b27"


def upgrade() -> None:
    _papers()
    _uses()


def _papers() -> None:
    op.create_table(
        "marker_paper",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("id", "marker_id", "instrument_id")),
        sa.Column("done_on", sa.Date(), nullable=False),
        *_texts("action", "role"),
        sa.Column("signed_by", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        _refers("marker_paper", "marker_id", "marker"),
        _refers("marker_paper", "instrument_id", "instrument"),
        sa.UniqueConstraint(
            *("marker_id", "done_on", "action", "role", "instrument_id"),
            name=op.f("uq_marker_paper_marker_id_done_on_action_role_instrument_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marker_paper")),
    )


def _uses() -> None:
    """What was on record was never revised: each row is a use of its own."""
    known = sa.Column("use_id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False)
    op.add_column("cross_line_use", known)
    op.execute("UPDATE cross_line_use SET use_id = id")
    op.create_exclude_constraint(
        "ex_cross_line_use_one_at_a_time", "cross_line_use", ("use_id", "="), ("valid", "&&"), using="gist"
    )


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def downgrade() -> None:
    op.drop_constraint("ex_cross_line_use_one_at_a_time", "cross_line_use")
    op.drop_column("cross_line_use", "use_id")
    op.drop_table("marker_paper")
