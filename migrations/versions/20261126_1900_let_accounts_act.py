"""let accounts act: authorities, accounts, appointments; classification; parties of a case.

Only adds. The walls around rows are put up after every migration by the program itself.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "b7d24e5f8a01"
down_revision = "6e1f0c9a4b27"
branch_labels = None
depends_on = None

oldest_program = "6e1f0c9a4b27"

KNOWN = "classification IN ('公开', '内部', '涉密')"
FUNCTIONS = (
    "divisions_within(uuid[], date)",
    "divisions_in_reach(text)",
    "cleared_for(text)",
    "hidden_instruments()",
    "cases_in_reach()",
    "sheets_in_reach()",
    "hidden_subjects()",
    "accounts_in_reach(text)",
    "journal_end()",
    "refresh_statistics()",
    "hidden_divisions()",
    "partly_hidden(uuid[], uuid[], date)",
)
NAME_THE_SOURCES = """
WITH RECURSIVE below(extent_id, unit, valid) AS (
    SELECT id, division_id, valid FROM extent
    UNION
    SELECT below.extent_id, v.division_id, below.valid
    FROM below JOIN division_version v ON v.superior_id = below.unit AND v.valid && below.valid
)
UPDATE extent SET sources = found.sources FROM (
    SELECT below.extent_id, array_agg(DISTINCT face.source_id) AS sources
    FROM below
    JOIN membership m ON m.division_id = below.unit AND m.valid && below.valid
    JOIN face ON face.id = m.face_id
    GROUP BY below.extent_id
) found WHERE found.extent_id = extent.id
"""
TAKE_THE_WALLS_DOWN = """
DO $$
DECLARE
    wall record;
BEGIN
    FOR wall IN SELECT tablename, policyname FROM pg_policies WHERE schemaname = 'public' LOOP
        EXECUTE format('DROP POLICY %I ON public.%I', wall.policyname, wall.tablename);
        EXECUTE format('ALTER TABLE public.%I DISABLE ROW LEVEL SECURITY', wall.tablename);
    END LOOP;
END $$
"""


def upgrade() -> None:
    op.create_table(
        "authority",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("division_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["division_id"], ["division.id"], name=op.f("fk_authority_division_id_division")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authority")),
        sa.UniqueConstraint("name", name=op.f("uq_authority_name")),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("clearance", sa.String(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=True),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(issuer IS NULL) = (subject IS NULL)", name=op.f("ck_account_whole_outside_identity")
        ),
        sa.CheckConstraint("clearance IN ('公开', '内部', '涉密')", name=op.f("ck_account_known_clearance")),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authority.id"], name=op.f("fk_account_authority_id_authority")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_account_issuer_subject")),
        sa.UniqueConstraint("name", name=op.f("uq_account_name")),
    )
    op.create_index(op.f("ix_account_authority_id"), "account", ["authority_id"], unique=False)
    op.create_table(
        "appointment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("division_id", sa.Uuid(), nullable=True),
        sa.Column("jurisdiction", sa.String(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_appointment_has_a_beginning")
        ),
        postgresql.ExcludeConstraint(
            (sa.column("account_id"), "="),
            (sa.column("role"), "="),
            (sa.column("jurisdiction"), "="),
            (sa.column("valid"), "&&"),
            where=sa.text("revoked_at IS NULL"),
            using="gist",
            name="ex_appointment_once_at_a_time",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_appointment_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["division_id"], ["division.id"], name=op.f("fk_appointment_division_id_division")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    op.create_index(op.f("ix_appointment_account_id"), "appointment", ["account_id"], unique=False)

    _classify("instrument", "公开")
    op.add_column(
        "instrument",
        sa.Column("kept_within", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
    )
    op.create_index(
        "ix_instrument_above_public",
        "instrument",
        ["id"],
        unique=False,
        postgresql_where=sa.text("classification <> '公开'"),
    )
    _classify("sheet", "公开")
    _classify("edition", "公开")
    op.add_column(
        "extent",
        sa.Column("sources", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
    )
    op.execute(NAME_THE_SOURCES)
    op.create_index(op.f("ix_division_version_begun_by"), "division_version", ["begun_by"], unique=False)

    _classify("change_case", "内部")
    for column in ("drafted_by", "submitted_by"):
        op.add_column("change_case", sa.Column(column, sa.Uuid(), nullable=True))
        op.create_foreign_key(
            op.f(f"fk_change_case_{column}_account"), "change_case", "account", [column], ["id"]
        )
    op.create_index(op.f("ix_change_case_drafted_by"), "change_case", ["drafted_by"], unique=False)
    op.create_table(
        "change_party",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("division_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["change_case.id"], name=op.f("fk_change_party_case_id_change_case")
        ),
        sa.ForeignKeyConstraint(
            ["division_id"], ["division.id"], name=op.f("fk_change_party_division_id_division")
        ),
        sa.PrimaryKeyConstraint("case_id", "division_id", name=op.f("pk_change_party")),
    )
    op.create_index(op.f("ix_change_party_division_id"), "change_party", ["division_id"], unique=False)
    op.create_table(
        "change_endorsement",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("division_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("endorsed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_change_endorsement_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["change_case.id"], name=op.f("fk_change_endorsement_case_id_change_case")
        ),
        sa.ForeignKeyConstraint(
            ["division_id"], ["division.id"], name=op.f("fk_change_endorsement_division_id_division")
        ),
        sa.PrimaryKeyConstraint("case_id", "division_id", name=op.f("pk_change_endorsement")),
    )


def _classify(table: str, classification: str) -> None:
    op.add_column(
        table, sa.Column("classification", sa.String(), server_default=classification, nullable=False)
    )
    op.create_check_constraint(op.f(f"ck_{table}_known_classification"), table, KNOWN)


def downgrade() -> None:
    op.execute(TAKE_THE_WALLS_DOWN)
    for function in reversed(FUNCTIONS):
        op.execute(f"DROP FUNCTION IF EXISTS {function}")
    op.drop_table("change_endorsement")
    op.drop_table("change_party")
    for column in ("drafted_by", "submitted_by", "classification"):
        op.drop_column("change_case", column)
    op.drop_index(op.f("ix_division_version_begun_by"), table_name="division_version")
    op.drop_column("extent", "sources")
    op.drop_column("edition", "classification")
    op.drop_column("sheet", "classification")
    op.drop_index("ix_instrument_above_public", table_name="instrument")
    for column in ("kept_within", "classification"):
        op.drop_column("instrument", column)
    op.drop_table("appointment")
    op.drop_table("account")
    op.drop_table("authority")
