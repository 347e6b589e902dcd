"""Which feature of the register each record is: by its id, its codes, else by name, unit, class and place.

Keys are put into a table of the transaction, so that a million records are matched by the database at once
and nothing of them is kept here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

import shapely
from sqlalchemy import Column, Float, Integer, MetaData, String, Table, Uuid, text
from sqlalchemy.orm import Session

from gis_service.foundation.database import copy_rows
from gis_service.procedures.intake.rules.placenames import STATISTICAL, PlaceRecord, Tally
from gis_service.procedures.intake.rules.placenames.catalogue import R_PLN_05, R_PLN_10
from gis_service.procedures.intake.rules.placenames.words import head_of, limit

KEYS = Table(
    "record_key",
    MetaData(),
    Column("row", Integer),
    Column("id", Uuid),
    Column("code", String),
    Column("statistical", String),
    Column("name", String),
    Column("division", Uuid),
    Column("class_code", String),
    Column("lon", Float),
    Column("lat", Float),
)
_COLUMNS = tuple(column.name for column in KEYS.columns)
_MADE = (
    "CREATE TEMPORARY TABLE record_key (row integer, id uuid, code text, statistical text, name text,"
    " division uuid, class_code text, lon float8, lat float8, feature_id uuid, met integer) ON COMMIT DROP"
)
_BY_ID = "UPDATE record_key k SET feature_id = f.id FROM feature f WHERE f.id = k.id"
_BY_CODE = (
    "UPDATE record_key k SET feature_id = f.id FROM feature f"
    " WHERE k.feature_id IS NULL AND k.code IS NOT NULL AND f.code = k.code"
)
_UNITS = "(SELECT array_agg(DISTINCT division) FROM record_key WHERE division IS NOT NULL)"
_BY_STATISTICAL = (
    "UPDATE record_key k SET feature_id = v.feature_id FROM feature_version v"
    f" WHERE k.feature_id IS NULL AND k.statistical IS NOT NULL AND v.facts->>'{STATISTICAL}' = k.statistical"
    f" AND v.valid @> CAST(:on AS date) AND v.division_ids && {_UNITS}"
)
_BY_NAME = f"""
UPDATE record_key k SET feature_id = found.features[1], met = cardinality(found.features) FROM (
    SELECT k.row, array_agg(DISTINCT v.feature_id) AS features
    FROM record_key k
    JOIN feature_version v ON v.division_ids[1] = k.division AND v.class_code = k.class_code
        AND v.valid @> CAST(:on AS date) AND v.division_ids && {_UNITS}
    JOIN place_name n ON n.feature_id = v.feature_id AND n.kind = '标准名称'
        AND n.valid @> CAST(:on AS date) AND n.text = k.name
    LEFT JOIN feature_shape s ON s.feature_id = v.feature_id AND s.valid @> CAST(:on AS date)
    WHERE k.feature_id IS NULL AND k.id IS NULL AND k.code IS NULL AND k.statistical IS NULL
        AND (k.lon IS NULL AND s.id IS NULL
            OR abs(ST_X(ST_Centroid(s.geom)) - k.lon) < :near
            AND abs(ST_Y(ST_Centroid(s.geom)) - k.lat) < :near)
    GROUP BY k.row
) found WHERE found.row = k.row
"""
_PLACE = "round(lon / :near), round(lat / :near)"
_TWICE = """
SELECT row, first FROM (
    SELECT row, min(row) OVER (PARTITION BY {key}) AS first FROM record_key WHERE {given}
) AS placed WHERE row <> first ORDER BY row
"""
_ALIKE = (
    ("feature_id", "feature_id IS NOT NULL", "指登记簿中的同一条地名"),
    ("code", "code IS NOT NULL", "地名代码相同"),
    ("statistical", "statistical IS NOT NULL", "统计用区划代码相同"),
    (
        f"name, division, class_code, {_PLACE}",
        "feature_id IS NULL AND code IS NULL AND statistical IS NULL AND lon IS NOT NULL",
        "名称、所在行政区、类别和位置都相同",
    ),
)
_PERHAPS_ALIKE = _TWICE.format(
    key="name, division, class_code",
    given="feature_id IS NULL AND code IS NULL AND statistical IS NULL AND lon IS NULL",
)


class Matcher:
    """Takes in the keys of records, then says which feature each is."""

    def __init__(self, session: Session) -> None:
        self.session = session
        session.connection().exec_driver_sql("DROP TABLE IF EXISTS record_key")
        session.connection().exec_driver_sql(_MADE)
        session.connection().exec_driver_sql("GRANT ALL ON record_key TO PUBLIC")

    def take(self, records: Iterable[tuple[PlaceRecord, Sequence[UUID]]]) -> None:
        """Put in the keys of records, with the units each lies in."""
        copy_rows(self.session, KEYS, _COLUMNS, (_key(record, units) for record, units in records))

    def match(self, tally: Tally, *, on: date) -> None:
        """Find the features; records that are the same one twice, or may be several, are refused."""
        connection = self.session.connection()
        connection.exec_driver_sql("ANALYZE record_key")
        asked = {"on": on, "near": limit("same_place_deg")}
        for statement in (_BY_ID, _BY_CODE, _BY_STATISTICAL, _BY_NAME):
            self.session.execute(text(statement), {k: v for k, v in asked.items() if f":{k}" in statement})
        for key, given, why in _ALIKE:
            self._refuse_twice(tally, key, given, why)
        for row, first in self.session.execute(text(_PERHAPS_ALIKE)).all():
            message = f"与第{first}行名称、所在行政区、类别都相同，没有代码和位置可以区分，仍各列一条"
            tally.warn(R_PLN_05, row, "", message, "如是同一地名，请删去一行；如不是，请补代码或位置")
        for row, name, met in self.session.execute(
            text("SELECT row, name, met FROM record_key WHERE met > 1 ORDER BY row")
        ):
            message = f"登记簿中有 {met} 条地名与此相符，无从区分"
            tally.refuse(R_PLN_10, row, name, message, "请写明地名代码或标识", head_of("name"), "与多条相符")

    def _refuse_twice(self, tally: Tally, key: str, given: str, why: str) -> None:
        statement = _TWICE.format(key=key, given=given)
        near = {"near": limit("same_place_deg")} if ":near" in statement else {}
        for row, first in self.session.execute(text(statement), near).all():
            if row not in tally.refused:
                tally.refuse(R_PLN_05, row, "", f"与第{first}行是同一地名（{why}）", "请删去一行", "", why)

    def features(self, rows: Sequence[int]) -> dict[int, UUID]:
        """Row → feature, of these rows those that are on record."""
        found = self.session.execute(
            text("SELECT row, feature_id FROM record_key WHERE row = ANY(:rows) AND feature_id IS NOT NULL"),
            {"rows": list(rows)},
        )
        return {row[0]: row[1] for row in found}

    def index(self) -> None:
        """Let `features` find rows fast."""
        self.session.connection().exec_driver_sql("CREATE INDEX ON record_key (row)")


def _key(record: PlaceRecord, units: Sequence[UUID]) -> tuple[object, ...]:
    centre = None if record.geometry is None else shapely.centroid(record.geometry)
    return (
        record.row,
        record.id,
        record.code,
        record.statistical,
        record.name,
        units[0] if units else None,
        record.class_code,
        None if centre is None else centre.x,
        None if centre is None else centre.y,
    )
