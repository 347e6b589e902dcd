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
    op.execute(_MOVED)
    op.execute(_ADDED)
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


# What moved was journaled with its papers; what was added only with the agreement, in what was seen of it.
_MOVED = """
INSERT INTO marker_paper (id, marker_id, done_on, action, role, instrument_id, signed_by)
SELECT gen_random_uuid(), marker.id, CAST(told.detail->>'on' AS date), '移位', told.role, instrument.id,
    told.signed
FROM (
    SELECT detail, '协议' AS role, CAST(instrument_id AS text) AS paper,
        CAST(ARRAY(SELECT jsonb_array_elements_text(detail->'agreed_by')) AS uuid[]) AS signed
    FROM journal_entry WHERE command = 'markers.relocate'
    UNION ALL
    SELECT detail, role, detail->>field, '{}'
    FROM journal_entry, (VALUES ('survey', '共同测量'), ('filing', '备案')) AS papers (field, role)
    WHERE command = 'markers.relocate'
) told
JOIN marker ON marker.id = CAST(told.detail->>'marker' AS uuid)
JOIN instrument ON instrument.id = CAST(told.paper AS uuid)
ON CONFLICT DO NOTHING
"""
_ADDED = """
INSERT INTO marker_paper (id, marker_id, done_on, action, role, instrument_id)
SELECT gen_random_uuid(), marker_id, seen_on, action, '协议', instrument_id
FROM marker_observation WHERE action = '增设'
ON CONFLICT DO NOTHING
"""


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
