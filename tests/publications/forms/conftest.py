"""A small line with markers of every kind, as forms tell of it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import insert, select

from gis_service.foundation.periods import Period
from gis_service.foundation.transaction import Transaction
from gis_service.publications.forms.queries import gather
from gis_service.publications.forms.schemas import LineEvidence
from gis_service.registers.boundaries.models import BoundaryLine, Edge, EdgeSurvey, LineRecord
from gis_service.registers.markers.commands import Bearing, NewMarker, Position, register_markers
from gis_service.registers.markers.models import BoundaryPoint, MarkerState, Placement
from tests.support.factories import BEGINNING, an_act, drawn

UNITS = {"A": ("320102", "玄武区"), "B": ("320104", "秦淮区")}
ON = date(2020, 6, 5)
BEARINGS = (
    Bearing(1, "独立大树", 48.5, 62.4),
    Bearing(2, "水塔中心", 201.25, 88.0),
    Bearing(3, "桥头东北角", 310.0, 41.7),
)


def a_line(tx: Transaction) -> BoundaryLine:
    """The line between the two units, with its record, surveys, point and markers."""
    ids = drawn(tx, "AAABBB\nAAABBB\nAAAABB\nAAAABB\nAABBBB", UNITS)
    line = tx.session.scalars(select(BoundaryLine)).one()
    act = an_act(tx)
    _record(tx, line, act)
    register_markers(tx, _markers(line, ids), on=BEGINNING, instrument_id=act)
    return line


@pytest.fixture
def line(tx: Transaction) -> BoundaryLine:
    return a_line(tx)


@pytest.fixture
def evidence(tx: Transaction, line: BoundaryLine) -> LineEvidence:
    return gather(tx.session, line, on=ON)


def _record(tx: Transaction, line: BoundaryLine, act: UUID) -> None:
    dated = {"valid": Period(BEGINNING), "begun_by": act}
    tx.session.execute(
        insert(LineRecord).values(
            line_id=line.id, published_length_km=7.2, approver="江苏省人民政府", double_markers=2, **dated
        )
    )
    surveys = [
        {"edge_id": edge, "legal_state": "已定界", "follows": "河流中心线", "follows_name": "友谊河", **dated}
        for edge in tx.session.scalars(select(Edge.id).where(Edge.right_face_id.is_not(None)))
    ]
    tx.session.execute(insert(EdgeSurvey), surveys)
    tx.session.execute(
        insert(BoundaryPoint).values(
            line_id=line.id,
            number="J001",
            feature="友谊桥",
            system="CGCS2000",
            geom="SRID=4490;POINT(119.03 31.985)",
            **dated,
        )
    )


def _markers(line: BoundaryLine, ids: dict[str, UUID]) -> list[NewMarker]:
    return [
        NewMarker(
            number,
            line.id,
            placement=Placement.double if number[-1] in "AB" else Placement.single,
            shape="双面型",
            material="花岗岩",
            managing_id=ids["A"] if index % 2 else ids["B"],
            custodian="王某",
            is_synthetic=True,
            sides={
                ids["A"]: "玄武区孝陵卫街道钟灵街社区第三居民小组",
                ids["B"]: "秦淮区光华路街道石门坎社区",
            },
            position=_position(lon, lat),
            bearings=BEARINGS,
            state=MarkerState.intact,
            seen_on=BEGINNING,
            observer="测绘员",
            note="位于河堤北侧" if index == 0 else None,
        )
        for index, (number, lon, lat) in enumerate(
            [
                ("0204001Q", 119.03, 31.996),
                ("0204002A", 119.0299, 31.983),
                ("0204002B", 119.0301, 31.983),
                ("0204003Q", 119.04, 31.97),
            ]
        )
    ]


def _position(lon: float, lat: float) -> Position:
    return Position(
        (lon, lat),
        "CGCS2000",
        zone_width=3,
        zone=40,
        x=3541852.432,
        y=40405000.118,
        height=21.35,
        height_system="1985国家高程基准",
        method="卫星定位",
        accuracy_m=0.05,
        surveyed_on=date(2019, 11, 3),
    )
