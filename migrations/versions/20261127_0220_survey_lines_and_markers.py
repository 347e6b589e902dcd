"""survey lines and markers: what agreements say of lines and edges; markers, points and tri-points.

Only adds.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "b81f4d2c96e7"
down_revision = "c4d81a7e93b6"
branch_labels = None
depends_on = None

oldest_program = "6e1f0c9a4b27"

JSONB = postgresql.JSONB(none_as_null=True, astext_type=sa.Text())
DATED = ("begun_by", "instrument", False), ("ended_by", "instrument", True)
TABLES = (
    "line_record",
    "edge_survey",
    "edge_descent",
    "claimed_line",
    "indicator",
    "cross_line_use",
    "marker",
    "marker_version",
    "marker_line",
    "marker_side",
    "marker_position",
    "bearing_object",
    "marker_observation",
    "marker_file",
    "boundary_point",
    "tri_point",
)


def upgrade() -> None:
    _lines()
    _markers()
    _points()


def _lines() -> None:
    _dated(
        "line_record",
        *_refers(("line_id", "boundary_line", False), *_acts("agreement_id", "published_by")),
        *_texts("code", "name", "approver", "runs", "begins_at", "ends_at", "note", optional=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("published_length_km", sa.Float(), nullable=True),
        *(
            sa.Column(f"{count}_markers", sa.Integer(), nullable=True)
            for count in ("single", "double", "triple")
        ),
        once=(("line_id",), "ex_line_record_one_at_a_time"),
    )
    op.create_index("ix_line_record_code", "line_record", ["code"])
    _dated(
        "edge_survey",
        *_refers(("edge_id", "edge", False), *_acts("moves_by", "agreement_id")),
        *_texts("legal_state", "follows"),
        *_texts("follows_name", optional=True),
        sa.Column("accuracy_m", sa.Float(), nullable=True),
        once=(("edge_id",), "ex_edge_survey_one_at_a_time"),
    )
    _table(
        "edge_descent",
        *_refers(
            ("edge_id", "edge", False), ("cut_from_id", "edge", False), ("instrument_id", "instrument", False)
        ),
        key=("edge_id",),
    )
    op.create_index(op.f("ix_edge_descent_cut_from_id"), "edge_descent", ["cut_from_id"])
    _dated(
        "claimed_line",
        *_refers(("line_id", "boundary_line", False), ("claimant_id", "division", False)),
        *_texts("section"),
        _geometry("MULTILINESTRING"),
        once=(("line_id", "claimant_id", "section"), "ex_claimed_line_one_at_a_time"),
    )
    _dated(
        "indicator",
        sa.Column("object_id", sa.Uuid(), nullable=False),
        *_refers(("line_id", "boundary_line", False), *_acts("resurvey_id", "filing_id")),
        *_texts("kind", "name"),
        *_texts("state", optional=True),
        _geometry("GEOMETRY"),
        once=(("object_id",), "ex_indicator_one_at_a_time"),
    )
    op.create_index(op.f("ix_indicator_line_id"), "indicator", ["line_id"])
    _dated(
        "cross_line_use",
        *_texts("kind", "place"),
        *_texts("purpose", optional=True),
        *_refers(
            ("line_id", "boundary_line", True),
            ("user_id", "division", False),
            ("host_id", "division", False),
            *_acts("decision_id", "filing_id"),
        ),
        _geometry("GEOMETRY", optional=True),
        sa.Column("consents", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
    )
    op.create_index(op.f("ix_cross_line_use_line_id"), "cross_line_use", ["line_id"])


def _markers() -> None:
    _table(
        "marker",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_texts("number", "kind"),
        *_refers(("line_id", "boundary_line", False), ("registered_by", "instrument", False)),
        *(sa.Column(f"is_{what}", sa.Boolean(), nullable=False) for what in ("historic", "synthetic")),
        sa.UniqueConstraint("line_id", "number", name=op.f("uq_marker_line_id_number")),
    )
    op.create_index("ix_marker_number", "marker", ["number"])
    _dated(
        "marker_version",
        *_refers(("marker_id", "marker", False), ("managing_id", "division", True), *_acts("management_id")),
        *_texts("placement"),
        *_texts("shape", "material", "custodian", "note", optional=True),
        sa.CheckConstraint(
            "NOT isempty(valid) AND NOT lower_inf(valid)", name=op.f("ck_marker_version_has_a_beginning")
        ),
        once=(("marker_id",), "ex_marker_version_one_at_a_time"),
    )
    op.create_index(op.f("ix_marker_version_managing_id"), "marker_version", ["managing_id"])
    _dated(
        "marker_line",
        *_refers(("marker_id", "marker", False), ("line_id", "boundary_line", False)),
        once=(("marker_id", "line_id"), "ex_marker_line_once"),
    )
    op.create_index(op.f("ix_marker_line_line_id"), "marker_line", ["line_id"])
    _dated(
        "marker_side",
        *_refers(("marker_id", "marker", False), ("division_id", "division", False)),
        *_texts("location"),
        once=(("marker_id", "division_id"), "ex_marker_side_one_at_a_time"),
    )
    _dated(
        "marker_position",
        *_refers(("marker_id", "marker", False)),
        *_given(),
        once=(("marker_id",), "ex_marker_position_one_at_a_time"),
    )
    _dated(
        "bearing_object",
        *_refers(("marker_id", "marker", False)),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        *_texts("name"),
        sa.Column("azimuth_deg", sa.Float(), nullable=False),
        sa.Column("distance_m", sa.Float(), nullable=False),
        _geometry("POINT", optional=True),
        once=(("marker_id", "ordinal"), "ex_bearing_object_one_at_a_time"),
    )
    _table(
        "marker_observation",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_refers(("marker_id", "marker", False), ("instrument_id", "instrument", False)),
        sa.Column("seen_on", sa.Date(), nullable=False),
        *_texts("state", "observer"),
        *_texts("action", "note", optional=True),
        _geometry("POINT", name="found", optional=True),
        sa.Column("neighbour_present", sa.Boolean(), nullable=True),
        sa.Column("ordinal", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
    )
    name = "ix_marker_observation_marker_id_seen_on"
    op.create_index(name, "marker_observation", ["marker_id", "seen_on"])
    _table(
        "marker_file",
        *_refers(("marker_id", "marker", False), ("instrument_id", "instrument", False)),
        *_texts("sha256", "kind", "name", "media_type"),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        _geometry("POINT", optional=True),
        sa.Column("azimuth_deg", sa.Float(), nullable=True),
        key=("marker_id", "sha256"),
    )


def _points() -> None:
    markers = ("after_marker_id", "marker", True), ("before_marker_id", "marker", True)
    _dated(
        "boundary_point",
        *_refers(("line_id", "boundary_line", False), *markers),
        *_texts("number"),
        *_texts("feature", optional=True),
        *_given(),
        once=(("line_id", "number"), "ex_boundary_point_one_at_a_time"),
    )
    sides = [(f"{which}_id", "division", False) for which in ("first", "second", "third")]
    _dated(
        "tri_point",
        *_texts("number", optional=True),
        *_texts("name"),
        _geometry("POINT"),
        *_refers(("marker_id", "marker", True), *sides),
    )


Reference = tuple[str, str, bool]


def _acts(*columns: str) -> list[Reference]:
    return [(column, "instrument", True) for column in columns]


def _refers(*references: Reference) -> list[Reference]:
    return list(references)


def _texts(*names: str, optional: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=optional) for name in names]


def _geometry(kind: str, *, name: str = "geom", optional: bool = False) -> sa.Column[object]:
    shape = Geometry(kind, srid=4490, dimension=2, spatial_index=False)
    return sa.Column(name, shape, nullable=optional)


def _given() -> list[sa.Column[object]]:
    """Coordinates as a survey gave them."""
    return [
        _geometry("POINT", optional=True),
        *_texts("system"),
        *_texts("height_system", "given", "method", optional=True),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in ("zone_width", "zone")),
        *(
            sa.Column(name, sa.Float(), nullable=True)
            for name in ("x", "y", "height", "accuracy_m", "residual_m")
        ),
        sa.Column("transform", JSONB, nullable=True),
        sa.Column("surveyed_on", sa.Date(), nullable=True),
    ]


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
    for item in items:
        if isinstance(item, sa.Column) and isinstance(item.type, Geometry):
            name = f"idx_{table}_{item.name}"
            op.create_geospatial_index(name, table, [item.name], unique=False, postgresql_using="gist")


def _dated(table: str, *parts: object, once: tuple[tuple[str, ...], str] | None = None) -> None:
    """A table of facts that hold for a period."""
    apart = []
    if once is not None:
        columns, name = once
        equal = [(sa.column(column), "=") for column in columns]
        apart = [postgresql.ExcludeConstraint(*equal, (sa.column("valid"), "&&"), using="gist", name=name)]
    _table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        *parts,
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        *DATED,
        *apart,
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
