"""keep archives of lines: items, what they are about, files, fits of scans, images, vectors, appraisals.

Only adds.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "e3a95c17d048"
down_revision = "b81f4d2c96e7"
branch_labels = None
depends_on = None

oldest_program = "6e1f0c9a4b27"

TABLES = (
    "archive_item",
    "archive_subject",
    "archive_file",
    "georeference",
    "archive_image",
    "traced_vector",
    "archive_appraisal",
)
ITEM, PAPER = ("item_id", "archive_item", False), ("instrument_id", "instrument", False)


def upgrade() -> None:
    _items()
    _files()
    _shapes()


def _items() -> None:
    _table(
        "archive_item",
        _id(),
        *_texts("number", "title", "kind", "fonds", "retention", "issuer", "medium"),
        *_texts("note", optional=True),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        PAPER,
        _moment(),
        sa.UniqueConstraint("number", name=op.f("uq_archive_item_number")),
    )
    about = (
        ("line_id", "boundary_line", True),
        ("marker_id", "marker", True),
        ("tri_point_id", "tri_point", True),
    )
    columns = ("item_id", *(column for column, _, _ in about))
    _table(
        "archive_subject",
        _id(),
        ITEM,
        *about,
        PAPER,
        sa.UniqueConstraint(
            *columns,
            name=op.f("uq_archive_subject_item_id_line_id_marker_id_tri_point_id"),
            postgresql_nulls_not_distinct=True,
        ),
        sa.CheckConstraint(
            "num_nonnulls(line_id, marker_id, tri_point_id) = 1", name=op.f("ck_archive_subject_one_subject")
        ),
    )
    for column in columns[1:]:
        op.create_index(op.f(f"ix_archive_subject_{column}"), "archive_subject", [column])
    _table(
        "archive_appraisal",
        _id(),
        _ordinal(),
        ITEM,
        sa.Column("appraised_on", sa.Date(), nullable=False),
        *_texts("conclusion"),
        PAPER,
        _moment(),
    )
    op.create_index(op.f("ix_archive_appraisal_item_id"), "archive_appraisal", ["item_id"])


def _files() -> None:
    _table(
        "archive_file",
        ITEM,
        _ordinal(),
        *_texts("sha256", "name", "media_type"),
        *_texts("made_from", optional=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("told", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        PAPER,
        _moment(),
        key=("item_id", "sha256"),
    )
    op.create_index(op.f("ix_archive_file_sha256"), "archive_file", ["sha256"])
    _table(
        "georeference",
        _id(),
        _ordinal(),
        ITEM,
        *_texts("sha256", "made_sha256", "method"),
        sa.Column("made_on", sa.Date(), nullable=False),
        *(
            sa.Column(name, postgresql.JSONB(astext_type=sa.Text()), nullable=False)
            for name in ("control", "fit")
        ),
        *(sa.Column(name, sa.Float(), nullable=False) for name in ("rms_m", "worst_m")),
        PAPER,
        _moment(),
    )
    op.create_index(op.f("ix_georeference_item_id"), "georeference", ["item_id"])


def _shapes() -> None:
    _table(
        "archive_image",
        ITEM,
        *_texts("sha256", "crs"),
        sa.Column("captured_on", sa.Date(), nullable=True),
        sa.Column("resolution_m", sa.Float(), nullable=False),
        _geometry("POLYGON"),
        PAPER,
        key=("item_id", "sha256"),
    )
    _table(
        "traced_vector",
        _id(),
        _ordinal(),
        ITEM,
        *_texts("kind"),
        *_texts("name", "source_sha256", optional=True),
        _geometry("GEOMETRY"),
        sa.Column("accuracy_m", sa.Float(), nullable=True),
        ("source_id", "archive_item", True),
        PAPER,
    )
    op.create_index(op.f("ix_traced_vector_item_id"), "traced_vector", ["item_id"])


def _id() -> sa.Column[object]:
    return sa.Column("id", sa.Uuid(), nullable=False)


def _ordinal() -> sa.Column[int]:
    return sa.Column("ordinal", sa.BigInteger(), sa.Identity(always=True), nullable=False)


def _moment() -> sa.Column[object]:
    return sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False)


def _texts(*names: str, optional: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=optional) for name in names]


def _geometry(kind: str) -> sa.Column[object]:
    return sa.Column("geom", Geometry(kind, srid=4490, dimension=2, spatial_index=False), nullable=False)


def _table(table: str, *parts: object, key: tuple[str, ...] = ("id",)) -> None:
    items: list[sa.schema.SchemaItem] = []
    for part in parts:
        if isinstance(part, tuple):
            column, other, optional = part
            items.append(sa.Column(column, sa.Uuid(), nullable=optional))
            name = op.f(f"fk_{table}_{column}_{other}")
            last = {"deferrable": True, "initially": "DEFERRED"} if other == "boundary_line" else {}
            items.append(sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, **last))
        else:
            assert isinstance(part, sa.schema.SchemaItem)
            items.append(part)
    op.create_table(table, *items, sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}")))
    if any(isinstance(item, sa.Column) and isinstance(item.type, Geometry) for item in items):
        op.create_geospatial_index(
            f"idx_{table}_geom", table, ["geom"], unique=False, postgresql_using="gist"
        )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
