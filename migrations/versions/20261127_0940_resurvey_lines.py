"""extend settlements, and keep resurveys of lines whose features changed.

Only adds.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "a61d93f8c7b2"
down_revision = "f27c5b90e1a4"
branch_labels = None
depends_on = None

oldest_program = "6e1f0c9a4b27"


def upgrade() -> None:
    _extensions()
    _resurveys()


def _extensions() -> None:
    op.add_column("settlement", sa.Column("extended_by", sa.Uuid(), nullable=True))
    op.add_column("settlement", sa.Column("extension_reason", sa.String(), nullable=True))
    name = op.f("fk_settlement_extended_by_instrument")
    op.create_foreign_key(name, "settlement", "instrument", ["extended_by"], ["id"])


def _resurveys() -> None:
    acts = ("instrument_id", "done_by", "filed_by")
    op.create_table(
        "resurvey",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("id", "line_id", "first_id", "second_id")),
        *_texts("number", "line_code", "line_name", "level", "cause", "object_name", "note", "state"),
        *(sa.Column(name, sa.Float(), nullable=True) for name in ("from_m", "to_m")),
        sa.Column("object_id", sa.Uuid(), nullable=True),
        *(sa.Column(name, sa.Uuid(), nullable=name != "instrument_id") for name in acts),
        sa.Column("found_on", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Date(), nullable=True) for name in ("due_on", "ended_on")),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        *(_refers("resurvey", name, "instrument") for name in acts),
        sa.UniqueConstraint("number", name=op.f("uq_resurvey_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resurvey")),
    )
    for column in ("line_id", "first_id", "second_id", "state"):
        op.create_index(op.f(f"ix_resurvey_{column}"), "resurvey", [column])


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def downgrade() -> None:
    op.drop_table("resurvey")
    op.drop_constraint(op.f("fk_settlement_extended_by_instrument"), "settlement", type_="foreignkey")
    op.drop_column("settlement", "extension_reason")
    op.drop_column("settlement", "extended_by")
