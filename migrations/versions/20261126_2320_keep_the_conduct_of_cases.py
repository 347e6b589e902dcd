"""keep the conduct of cases: steps, consulted departments, verdicts, evaluations, filings; seats as seen.

Only adds.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "a94c6e30d7f2"
down_revision = "7b3f52c8e1d0"
branch_labels = None
depends_on = None

oldest_program = "6e1f0c9a4b27"

JSONB = postgresql.JSONB(astext_type=sa.Text())
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "change_step",
        *_of_a_case("change_step"),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        _text("kind"),
        sa.Column("begun_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        *map(_text, ("organiser", "result", "summary")),
        sa.Column("documents", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("in_favour", sa.Integer(), nullable=True),
        sa.Column("against", sa.Integer(), nullable=True),
        sa.Column("published_from", sa.Date(), nullable=True),
        sa.Column("published_to", sa.Date(), nullable=True),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "ordinal", name=op.f("pk_change_step")),
    )
    op.create_table(
        "change_consultation",
        *_of_a_case("change_consultation"),
        _text("department"),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("opinion", sa.String(), nullable=True),
        _text("summary"),
        sa.Column("document", sa.String(), nullable=True),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "department", name=op.f("pk_change_consultation")),
    )
    op.create_table(
        "change_standard_verdict",
        *_of_a_case("change_standard_verdict"),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        _text("standard"),
        sa.Column("edition", sa.String(), nullable=True),
        _text("unit"),
        sa.Column("judged_for", sa.Date(), nullable=False),
        _text("verdict"),
        sa.Column("figures", JSONB, nullable=False),
        sa.Column("told", JSONB, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "ordinal", name=op.f("pk_change_standard_verdict")),
    )
    _make_evaluations_and_filings()
    _make_seats()


def _make_evaluations_and_filings() -> None:
    op.create_table(
        "change_evaluation",
        *_of_a_case("change_evaluation"),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        _text("side"),
        sa.Column("evaluated_on", sa.Date(), nullable=False),
        *map(_text, ("evaluator", "indicator_set")),
        sa.Column("figures", JSONB, nullable=False),
        sa.Column("scores", JSONB, nullable=False),
        sa.Column("total", sa.Float(), nullable=True),
        *map(_text, ("grade", "summary")),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "round", "side", name=op.f("pk_change_evaluation")),
    )
    op.create_table(
        "change_filing",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_of_a_case("change_filing"),
        *map(_text, ("matter", "number")),
        sa.Column("filed_on", sa.Date(), nullable=False),
        _text("filed_with"),
        sa.Column("document", sa.String(), nullable=True),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_filing")),
        sa.UniqueConstraint(
            "case_id", "matter", "number", name=op.f("uq_change_filing_case_id_matter_number")
        ),
    )
    _index_cases("change_filing")


def _make_seats() -> None:
    op.create_table(
        "seat_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("division_id", sa.Uuid(), nullable=False),
        *map(_text, ("aspect", "place")),
        sa.Column("position", Geometry("POINT", srid=4490, spatial_index=False), nullable=True),
        sa.Column("located_in", sa.String(), nullable=True),
        sa.Column("known_on", sa.Date(), nullable=False),
        _text("source"),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.CheckConstraint("aspect IN ('批准驻地', '实际办公地')", name=op.f("ck_seat_record_known_aspect")),
        sa.ForeignKeyConstraint(
            ["division_id"], ["division.id"], name=op.f("fk_seat_record_division_id_division")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_record")),
    )
    op.create_index(op.f("ix_seat_record_division_id"), "seat_record", ["division_id"], unique=False)
    op.create_index("idx_seat_record_position", "seat_record", ["position"], postgresql_using="gist")


def _of_a_case(table: str) -> tuple[sa.Column, sa.ForeignKeyConstraint]:
    return (
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["change_case.id"], name=op.f(f"fk_{table}_case_id_change_case")
        ),
    )


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.String(), nullable=False)


def _index_cases(table: str) -> None:
    op.create_index(op.f(f"ix_{table}_case_id"), table, ["case_id"], unique=False)


def downgrade() -> None:
    for table in (
        "seat_record",
        "change_filing",
        "change_evaluation",
        "change_standard_verdict",
        "change_consultation",
        "change_step",
    ):
        op.drop_table(table)
