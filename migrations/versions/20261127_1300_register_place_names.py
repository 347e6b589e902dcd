"""register place names: features, what they were, where they lay, what they were called, what happened.

Only adds.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "d4e80b6a1f35"
down_revision = "a9d3c6e81f27"
branch_labels = None
depends_on = None

oldest_program = "6e1f0c9a4b27"


def upgrade() -> None:
    _features()
    _versions()
    _shapes()
    _relations()
    _names()
    _events()


def downgrade() -> None:
    for table in (
        "name_event",
        "place_name",
        "feature_relation",
        "feature_shape",
        "feature_version",
        "feature",
    ):
        op.drop_table(table)


def _features() -> None:
    op.create_table(
        "feature",
        _id(),
        _text("code", nullable=True),
        sa.Column("division_id", sa.Uuid(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        *_reference("feature", "registered_by", "instrument"),
        sa.ForeignKeyConstraint(
            ["division_id"],
            ["division.id"],
            name=op.f("fk_feature_division_id_division"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.UniqueConstraint("code", name=op.f("uq_feature_code")),
        sa.UniqueConstraint("division_id", name=op.f("uq_feature_division_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feature")),
    )


def _versions() -> None:
    table = "feature_version"
    op.create_table(
        table,
        *_dated(table, "feature_id"),
        _text("class_code"),
        sa.Column("division_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False, server_default="{}"),
    )
    _no_overlap("ex_feature_version_one_at_a_time", table, "feature_id")
    op.create_index("ix_feature_version_division_ids", table, ["division_ids"], postgresql_using="gin")
    op.create_index(
        "ix_feature_version_class_code",
        table,
        ["class_code"],
        postgresql_ops={"class_code": "text_pattern_ops"},
    )


def _shapes() -> None:
    table = "feature_shape"
    op.create_table(
        table,
        *_dated(table, "feature_id"),
        _text("role"),
        sa.Column("geom", Geometry("GEOMETRY", srid=4490, spatial_index=False), nullable=False),
        _text("system"),
        *(_text(name, nullable=True) for name in ("given", "method")),
        sa.Column("accuracy_m", sa.Float(), nullable=True),
        sa.Column("surveyed_on", sa.Date(), nullable=True),
    )
    _no_overlap("ex_feature_shape_one_at_a_time", table, "feature_id", "role")
    op.create_index(f"idx_{table}_geom", table, ["geom"], postgresql_using="gist")


def _relations() -> None:
    table = "feature_relation"
    op.create_table(
        table,
        *_dated(table, "feature_id"),
        *_reference(table, "other_id", "feature"),
        _text("kind"),
        sa.CheckConstraint("feature_id <> other_id", name=op.f(f"ck_{table}_of_two")),
    )
    _no_overlap("ex_feature_relation_once", table, "feature_id", "other_id", "kind")
    op.create_index(op.f(f"ix_{table}_other_id"), table, ["other_id"])


def _names() -> None:
    table = "place_name"
    op.create_table(
        table,
        *_dated(table, "feature_id"),
        *(_text(name) for name in ("kind", "text")),
        *(_text(name, nullable=True) for name in ("specific", "generic")),
        sa.Column("language", sa.String(), nullable=False, server_default="zho"),
        *(_text(name, nullable=True) for name in ("reading", "reading_source", "roman", "roman_source")),
        *(_text(name) for name in ("process", "status")),
        *(_text(name, nullable=True) for name in ("used", "note")),
    )
    op.execute(
        "ALTER TABLE place_name ADD CONSTRAINT ex_place_name_one_standard_name"
        " EXCLUDE USING gist (feature_id WITH =, valid WITH &&) WHERE (kind = '标准名称')"
    )
    op.create_index("ix_place_name_feature_id", table, ["feature_id"])


def _events() -> None:
    table = "name_event"
    op.create_table(
        table,
        _id(),
        *_reference(table, "feature_id", "feature"),
        *_reference(table, "name_id", "place_name", nullable=True),
        _text("kind"),
        sa.Column("on_date", sa.Date(), nullable=False),
        *(_text(name, nullable=True) for name in ("from_status", "to_status")),
        *_reference(table, "instrument_id", "instrument"),
        _text("reason", nullable=True),
        sa.Column("detail", postgresql.JSONB(), nullable=False, server_default="{}"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_name_event_feature_id", table, ["feature_id"])


def _id() -> sa.Column[object]:
    return sa.Column("id", sa.Uuid(), nullable=False)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _dated(table: str, owner: str) -> list[sa.schema.SchemaItem]:
    return [
        _id(),
        *_reference(table, owner, "feature"),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        *_reference(table, "begun_by", "instrument"),
        *_reference(table, "ended_by", "instrument", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _reference(
    table: str, column: str, other: str, *, nullable: bool = False
) -> tuple[sa.Column[object], sa.ForeignKeyConstraint]:
    name = op.f(f"fk_{table}_{column}_{other}")
    return (
        sa.Column(column, sa.Uuid(), nullable=nullable),
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name),
    )


def _no_overlap(name: str, table: str, *columns: str) -> None:
    key = ", ".join(f"{column} WITH =" for column in columns)
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist ({key}, valid WITH &&)")
