"""keep the peace of lines: agreements, joint meetings, contingency plans, yearly assessments.

Only adds.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "b84f3d2c6a17"
down_revision = "b1c9e4d27a60"
branch_labels = None
depends_on = None

oldest_program = "6e1f0c9a4b27"

DIVISION, LINE, INSTRUMENT = "division", "boundary_line", "instrument"
SIDES = {"line_id": LINE, "first_id": DIVISION, "second_id": DIVISION}
WHO = ("actor", "authority")


def upgrade() -> None:
    _keep_agreements()
    _keep_meetings()
    _keep_plans()
    _keep_assessments()


def _keep_agreements() -> None:
    table = "peace_agreement"
    op.create_table(
        table,
        *_of_a_line(table),
        *_texts("kind", "title", *WHO),
        sa.Column("signers", postgresql.JSONB(), nullable=False),
        *_days("signed_on", "begins_on", "expires_on"),
        _list("duties"),
        sa.Column("files", postgresql.JSONB(), nullable=False),
        *_reference(table, "instrument_id", INSTRUMENT),
        *_reference(table, "renews_id", table, nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(), nullable=True),
        _recorded(),
        sa.CheckConstraint("begins_on <= expires_on", name=op.f(f"ck_{table}_begins_before_it_expires")),
        _known_classification(table),
        sa.UniqueConstraint("number", name=op.f(f"uq_{table}_number")),
        sa.UniqueConstraint("renews_id", name=op.f(f"uq_{table}_renews_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    _index(table, *SIDES, "expires_on")


def _keep_meetings() -> None:
    op.create_table(
        "joint_meeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_texts("number", "place", "classification", *WHO),
        *_days("held_on"),
        *_reference("joint_meeting", "convener_id", DIVISION),
        *(_list(name) for name in ("attendants", "matters", "cases")),
        sa.Column("minutes_sha256", sa.String(), nullable=True),
        *_reference("joint_meeting", "instrument_id", INSTRUMENT, nullable=True),
        _recorded(),
        sa.UniqueConstraint("number", name=op.f("uq_joint_meeting_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_meeting")),
    )
    table = "joint_meeting_line"
    op.create_table(
        table,
        *_reference(table, "meeting_id", "joint_meeting"),
        *(part for column, other in SIDES.items() for part in _reference(table, column, other)),
        *_texts("classification"),
        _known_classification(table),
        sa.PrimaryKeyConstraint("meeting_id", "line_id", name=op.f(f"pk_{table}")),
    )
    _index(table, *SIDES)
    op.create_table(
        "meeting_resolution",
        *_reference("meeting_resolution", "meeting_id", "joint_meeting"),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        *_texts("words"),
        *_reference("meeting_resolution", "responsible_id", DIVISION),
        *_days("due_on"),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_words", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("meeting_id", "ordinal", name=op.f("pk_meeting_resolution")),
    )
    _index("meeting_resolution", "due_on")


def _keep_plans() -> None:
    table = "contingency_plan"
    op.create_table(
        table,
        *_of_a_line(table),
        *_texts("title", *WHO),
        sa.Column("version", sa.Integer(), nullable=False),
        *_days("begins_on"),
        sa.Column("ended_on", sa.Date(), nullable=True),
        *(sa.Column(name, postgresql.JSONB(), nullable=False) for name in ("contacts", "files")),
        _list("steps"),
        *_reference(table, "instrument_id", INSTRUMENT, nullable=True),
        _recorded(),
        _known_classification(table),
        sa.UniqueConstraint("number", name=op.f(f"uq_{table}_number")),
        sa.UniqueConstraint("line_id", "version", name=op.f(f"uq_{table}_line_id_version")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    _index(table, *SIDES)
    op.create_table(
        "plan_exercise",
        *_reference("plan_exercise", "plan_id", table),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        *_texts("kind", "words", "result", *WHO),
        *_days("held_on"),
        _list("attendants"),
        _recorded(),
        sa.PrimaryKeyConstraint("plan_id", "ordinal", name=op.f("pk_plan_exercise")),
    )


def _keep_assessments() -> None:
    table = "peace_assessment"
    op.create_table(
        table,
        *_of_a_line(table),
        *_reference(table, "side_id", DIVISION),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("year", "version")),
        *_days("as_of"),
        *(sa.Column(name, postgresql.JSONB(), nullable=False) for name in ("catalogue", "items", "vetoes")),
        sa.Column("points", sa.Float(), nullable=False),
        *_texts("grade", *WHO),
        *(sa.Column(name, sa.String(), nullable=True) for name in ("correction", "signed_by")),
        sa.Column("signed_on", sa.Date(), nullable=True),
        _recorded(),
        _known_classification(table),
        sa.UniqueConstraint("number", name=op.f(f"uq_{table}_number")),
        sa.UniqueConstraint(
            *("line_id", "side_id", "year", "version"), name=op.f(f"uq_{table}_line_id_side_id_year_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    _index(table, *SIDES, "side_id")


def _of_a_line(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        *_texts("number"),
        *(part for column, other in SIDES.items() for part in _reference(table, column, other)),
        sa.Column("classification", sa.String(), server_default="内部", nullable=False),
    ]


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _days(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Date(), nullable=False) for name in names]


def _list(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.ARRAY(sa.String()), nullable=False)


def _recorded() -> sa.Column[object]:
    return sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False)


def _known_classification(table: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(
        "classification IN ('公开', '内部', '涉密')", name=op.f(f"ck_{table}_known_classification")
    )


def _reference(
    table: str, column: str, other: str, *, nullable: bool = False
) -> tuple[sa.schema.SchemaItem, ...]:
    last = {"deferrable": True, "initially": "DEFERRED"} if other == LINE else {}
    name = op.f(f"fk_{table}_{column}_{other}")
    return (
        sa.Column(column, sa.Uuid(), nullable=nullable),
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, **last),
    )


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    op.execute("DROP POLICY IF EXISTS wall ON joint_meeting")  # it asks the lines, which go first
    for table in (
        "peace_assessment",
        "plan_exercise",
        "contingency_plan",
        "meeting_resolution",
        "joint_meeting_line",
        "joint_meeting",
        "peace_agreement",
    ):
        op.drop_table(table)
