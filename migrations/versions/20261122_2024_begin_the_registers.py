"""begin the registers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "09079dea74be"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "division",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_division")),
    )
    op.create_table(
        "instrument",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("statement", sa.String(), nullable=True),
        sa.Column("licence", sa.String(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instrument")),
        sa.UniqueConstraint("number", name=op.f("uq_instrument_number")),
    )
    op.create_table(
        "journal_entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("command", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("instrument_id", sa.Uuid(), nullable=True),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_entry")),
    )
    op.create_index(op.f("ix_journal_entry_at"), "journal_entry", ["at"], unique=False)
    op.create_index(op.f("ix_journal_entry_command"), "journal_entry", ["command"], unique=False)
    op.create_index(op.f("ix_journal_entry_subject"), "journal_entry", ["subject"], unique=False)
    op.create_table(
        "sheet",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("stale_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet")),
        sa.UniqueConstraint("type", "subject", name=op.f("uq_sheet_type_subject")),
    )
    op.create_index(op.f("ix_sheet_stale_on"), "sheet", ["stale_on"], unique=False)
    op.create_table(
        "boundary_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("begun_by", sa.Uuid(), nullable=False),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("first_id"), "="),
            (sa.column("second_id"), "="),
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_boundary_line_one_at_a_time",
        ),
        sa.CheckConstraint("first_id <> second_id", name=op.f("ck_boundary_line_two_sides")),
        sa.ForeignKeyConstraint(
            ["begun_by"], ["instrument.id"], name=op.f("fk_boundary_line_begun_by_instrument")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["instrument.id"], name=op.f("fk_boundary_line_ended_by_instrument")
        ),
        sa.ForeignKeyConstraint(
            ["first_id"], ["division.id"], name=op.f("fk_boundary_line_first_id_division")
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["division.id"], name=op.f("fk_boundary_line_second_id_division")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_boundary_line")),
    )
    op.create_index("ix_boundary_line_code", "boundary_line", ["code"], unique=False)
    op.create_index(op.f("ix_boundary_line_second_id"), "boundary_line", ["second_id"], unique=False)
    op.create_table(
        "change_case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("proposal", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("instrument_id", sa.Uuid(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("completion_due", sa.Date(), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("findings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("outcome", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instrument.id"], name=op.f("fk_change_case_instrument_id_instrument")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_case")),
        sa.UniqueConstraint("number", name=op.f("uq_change_case_number")),
    )
    op.create_index(op.f("ix_change_case_digest"), "change_case", ["digest"], unique=False)
    op.create_index(op.f("ix_change_case_instrument_id"), "change_case", ["instrument_id"], unique=False)
    op.create_index(op.f("ix_change_case_state"), "change_case", ["state"], unique=False)
    op.create_table(
        "division_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("division_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=True),
        sa.Column("superior_id", sa.Uuid(), nullable=True),
        sa.Column("seat", sa.String(), nullable=True),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("begun_by", sa.Uuid(), nullable=False),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("code"), "="),
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_division_version_code",
        ),
        postgresql.ExcludeConstraint(
            (sa.column("division_id"), "="),
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_division_version_one_at_a_time",
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_division_version_has_a_beginning")
        ),
        sa.ForeignKeyConstraint(
            ["begun_by"], ["instrument.id"], name=op.f("fk_division_version_begun_by_instrument")
        ),
        sa.ForeignKeyConstraint(
            ["division_id"], ["division.id"], name=op.f("fk_division_version_division_id_division")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["instrument.id"], name=op.f("fk_division_version_ended_by_instrument")
        ),
        sa.ForeignKeyConstraint(
            ["superior_id"], ["division.id"], name=op.f("fk_division_version_superior_id_division")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_division_version")),
    )
    op.create_index(
        op.f("ix_division_version_division_id"), "division_version", ["division_id"], unique=False
    )
    op.create_index("ix_division_version_superior_id", "division_version", ["superior_id"], unique=False)
    op.create_table(
        "edition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("valid_on", sa.Date(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("denominator", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["sheet_id"], ["sheet.id"], name=op.f("fk_edition_sheet_id_sheet")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("sheet_id", "number", name=op.f("uq_edition_sheet_id_number")),
    )
    op.create_index(op.f("ix_edition_sheet_id"), "edition", ["sheet_id"], unique=False)
    op.create_geospatial_table(
        "extent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("division_id", sa.Uuid(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="MULTIPOLYGON",
                srid=4490,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column("area_km2", sa.Double(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("division_id"), "="),
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_extent_one_at_a_time",
        ),
        sa.ForeignKeyConstraint(
            ["division_id"], ["division.id"], name=op.f("fk_extent_division_id_division")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extent")),
    )
    op.create_geospatial_index(
        "idx_extent_geom", "extent", ["geom"], unique=False, postgresql_using="gist", postgresql_ops={}
    )
    op.create_geospatial_table(
        "face",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="POLYGON",
                srid=4490,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column("area_km2", sa.Double(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["instrument.id"], name=op.f("fk_face_source_id_instrument")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_face")),
    )
    op.create_geospatial_index(
        "idx_face_geom", "face", ["geom"], unique=False, postgresql_using="gist", postgresql_ops={}
    )
    op.create_table(
        "instrument_file",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("instrument_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instrument.id"], name=op.f("fk_instrument_file_instrument_id_instrument")
        ),
        sa.PrimaryKeyConstraint("sha256", "instrument_id", name=op.f("pk_instrument_file")),
    )
    op.create_table(
        "lineage",
        sa.Column("predecessor_id", sa.Uuid(), nullable=False),
        sa.Column("successor_id", sa.Uuid(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("share_of_predecessor", sa.Double(), nullable=True),
        sa.Column("share_of_successor", sa.Double(), nullable=True),
        sa.Column("certainty", sa.String(), nullable=False),
        sa.Column("instrument_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instrument.id"], name=op.f("fk_lineage_instrument_id_instrument")
        ),
        sa.ForeignKeyConstraint(
            ["predecessor_id"], ["division.id"], name=op.f("fk_lineage_predecessor_id_division")
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["division.id"], name=op.f("fk_lineage_successor_id_division")
        ),
        sa.PrimaryKeyConstraint("predecessor_id", "successor_id", "on_date", name=op.f("pk_lineage")),
    )
    op.create_table(
        "loaded_delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instrument_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("valid_on", sa.Date(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("report", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instrument.id"], name=op.f("fk_loaded_delivery_instrument_id_instrument")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loaded_delivery")),
    )
    op.create_index(
        op.f("ix_loaded_delivery_instrument_id"), "loaded_delivery", ["instrument_id"], unique=False
    )
    op.create_table(
        "change_follow_up",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("duty", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("legal_basis", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["change_case.id"], name=op.f("fk_change_follow_up_case_id_change_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_follow_up")),
        sa.UniqueConstraint("case_id", "duty", name=op.f("uq_change_follow_up_case_id_duty")),
    )
    op.create_index(op.f("ix_change_follow_up_case_id"), "change_follow_up", ["case_id"], unique=False)
    op.create_table(
        "change_material",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["change_case.id"], name=op.f("fk_change_material_case_id_change_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_material")),
    )
    op.create_index(op.f("ix_change_material_case_id"), "change_material", ["case_id"], unique=False)
    op.create_geospatial_table(
        "edge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="LINESTRING",
                srid=4490,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column("left_face_id", sa.Uuid(), nullable=False),
        sa.Column("right_face_id", sa.Uuid(), nullable=True),
        sa.Column("length_m", sa.Double(), nullable=False),
        sa.Column("legal_state", sa.String(), nullable=False),
        sa.Column("accuracy_m", sa.Double(), nullable=True),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("left_face_id <> right_face_id", name=op.f("ck_edge_two_sides")),
        sa.ForeignKeyConstraint(["left_face_id"], ["face.id"], name=op.f("fk_edge_left_face_id_face")),
        sa.ForeignKeyConstraint(["right_face_id"], ["face.id"], name=op.f("fk_edge_right_face_id_face")),
        sa.ForeignKeyConstraint(["source_id"], ["instrument.id"], name=op.f("fk_edge_source_id_instrument")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edge")),
    )
    op.create_geospatial_index(
        "idx_edge_geom", "edge", ["geom"], unique=False, postgresql_using="gist", postgresql_ops={}
    )
    op.create_index(op.f("ix_edge_left_face_id"), "edge", ["left_face_id"], unique=False)
    op.create_index(op.f("ix_edge_right_face_id"), "edge", ["right_face_id"], unique=False)
    op.create_table(
        "edition_file",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_edition_file_edition_id_edition")
        ),
        sa.PrimaryKeyConstraint("edition_id", "format", name=op.f("pk_edition_file")),
    )
    op.create_table(
        "membership",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("face_id", sa.Uuid(), nullable=False),
        sa.Column("division_id", sa.Uuid(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("begun_by", sa.Uuid(), nullable=False),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("face_id"), "="),
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_membership_one_owner",
        ),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_membership_has_a_beginning")
        ),
        sa.ForeignKeyConstraint(
            ["begun_by"], ["instrument.id"], name=op.f("fk_membership_begun_by_instrument")
        ),
        sa.ForeignKeyConstraint(
            ["division_id"], ["division.id"], name=op.f("fk_membership_division_id_division")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["instrument.id"], name=op.f("fk_membership_ended_by_instrument")
        ),
        sa.ForeignKeyConstraint(["face_id"], ["face.id"], name=op.f("fk_membership_face_id_face")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    op.create_index(op.f("ix_membership_division_id"), "membership", ["division_id"], unique=False)
    op.create_index(op.f("ix_membership_face_id"), "membership", ["face_id"], unique=False)
    op.execute(
        """
        CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER journal_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
        ON journal_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()
        """
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_membership_face_id"), table_name="membership")
    op.drop_index(op.f("ix_membership_division_id"), table_name="membership")
    op.drop_table("membership")
    op.drop_table("edition_file")
    op.drop_index(op.f("ix_edge_right_face_id"), table_name="edge")
    op.drop_index(op.f("ix_edge_left_face_id"), table_name="edge")
    op.drop_geospatial_index("idx_edge_geom", table_name="edge", postgresql_using="gist", column_name="geom")
    op.drop_geospatial_table("edge")
    op.drop_index(op.f("ix_change_material_case_id"), table_name="change_material")
    op.drop_table("change_material")
    op.drop_index(op.f("ix_change_follow_up_case_id"), table_name="change_follow_up")
    op.drop_table("change_follow_up")
    op.drop_index(op.f("ix_loaded_delivery_instrument_id"), table_name="loaded_delivery")
    op.drop_table("loaded_delivery")
    op.drop_table("lineage")
    op.drop_table("instrument_file")
    op.drop_geospatial_index("idx_face_geom", table_name="face", postgresql_using="gist", column_name="geom")
    op.drop_geospatial_table("face")
    op.drop_geospatial_index(
        "idx_extent_geom", table_name="extent", postgresql_using="gist", column_name="geom"
    )
    op.drop_geospatial_table("extent")
    op.drop_index(op.f("ix_edition_sheet_id"), table_name="edition")
    op.drop_table("edition")
    op.drop_index("ix_division_version_superior_id", table_name="division_version")
    op.drop_index(op.f("ix_division_version_division_id"), table_name="division_version")
    op.drop_table("division_version")
    op.drop_index(op.f("ix_change_case_state"), table_name="change_case")
    op.drop_index(op.f("ix_change_case_instrument_id"), table_name="change_case")
    op.drop_index(op.f("ix_change_case_digest"), table_name="change_case")
    op.drop_table("change_case")
    op.drop_index(op.f("ix_boundary_line_second_id"), table_name="boundary_line")
    op.drop_index("ix_boundary_line_code", table_name="boundary_line")
    op.drop_table("boundary_line")
    op.drop_index(op.f("ix_sheet_stale_on"), table_name="sheet")
    op.drop_table("sheet")
    op.drop_index(op.f("ix_journal_entry_subject"), table_name="journal_entry")
    op.drop_index(op.f("ix_journal_entry_command"), table_name="journal_entry")
    op.drop_index(op.f("ix_journal_entry_at"), table_name="journal_entry")
    op.drop_table("journal_entry")
    op.drop_table("instrument")
    op.drop_table("division")
    op.execute("DROP FUNCTION refuse_rewriting()")
