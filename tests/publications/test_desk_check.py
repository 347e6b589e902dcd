"""A desk check finds what was put wrong, tells where it lies, and calls what is right right."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import shapely
from shapely.geometry import LineString, MultiLineString, box
from sqlalchemy import insert, select, update

from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.periods import Period
from gis_service.foundation.transaction import Transaction
from gis_service.publications.checks.formats import page, workbook
from gis_service.publications.checks.queries import Asked, check_line, lines_within
from gis_service.publications.checks.schemas import CheckOut
from gis_service.registers.boundaries.models import LineRecord
from gis_service.registers.boundaries.queries import LineInForce, course_on, lines_in_force
from gis_service.registers.boundaries.rules import Course, Parcel, matched
from gis_service.registers.markers.commands import NewMarker, Position, register_markers
from gis_service.registers.markers.models import MarkerPosition
from tests.support.factories import BEGINNING, an_act, drawn

UNITS = {"A": ("320102", "玄武区"), "B": ("320104", "秦淮区"), "C": ("320105", "建邺区")}
ON = date(2020, 6, 5)


@pytest.fixture
def line(tx: Transaction) -> LineInForce:
    drawn(tx, "AAABBB\nAAABBB\nAAAABB\nCCCCCC", UNITS)
    ids = {line.code: line for line in lines_in_force(tx.session, on=ON)}
    line = next(each for each in ids.values() if each.name == "玄武—秦淮线")
    course = course_on(tx.session, line, on=ON)
    assert course is not None
    act = an_act(tx)
    places = [course.point_at(course.length_m * share) for share in (0.2, 0.5, 0.8)]
    new = [
        NewMarker(f"{line.code}{serial:03}Q", line.id, position=Position((at.x, at.y), "CGCS2000"))
        for serial, at in enumerate(places, 1)
    ]
    register_markers(tx, new, on=BEGINNING, instrument_id=act)
    return line


def _checked(tx: Transaction, line: LineInForce, **asked: Any) -> CheckOut:
    return check_line(tx.session, line, Asked(**asked), on=ON)


def _found(check: CheckOut, rule: str) -> list[Any]:
    return [each for each in check.findings if each.rule == rule]


def _course(tx: Transaction, line: LineInForce) -> Course:
    course = course_on(tx.session, line, on=ON)
    assert course is not None
    return course


def test_every_rule_of_lines_and_markers_is_asked(tx: Transaction, line: LineInForce) -> None:
    asked = {each.rule for each in _checked(tx, line).rules}
    assert {
        f"R-BND-{number:02}" for number in (1, 2, 3, 4, 5, 9, 12, 13, 14, 15, 16, 20, 21, 22, 23)
    } <= asked
    assert {f"R-MRK-{number:02}" for number in range(1, 15)} <= asked


def test_a_marker_off_its_line_is_found_where_it_stands(tx: Transaction, line: LineInForce) -> None:
    assert _found(_checked(tx, line), "R-MRK-07") == []
    far = _course(tx, line).point_at(500.0)
    position = tx.session.scalars(select(MarkerPosition)).first()
    assert position is not None
    moved = f"SRID=4490;POINT({far.x + 0.01} {far.y})"
    tx.session.execute(
        update(MarkerPosition)
        .where(MarkerPosition.id == position.id)
        .values(geom=moved)
        .execution_options(synchronize_session=False)
    )
    tx.session.expire_all()
    [found] = _found(_checked(tx, line), "R-MRK-07")
    assert found.severity == "blocking"
    assert found.suggestion
    assert found.place["type"] == "Point"
    assert found.chainage_m == pytest.approx(
        _course(tx, line).foot(shapely.Point(far.x + 0.01, far.y)).chainage_m, abs=0.1
    )


def test_numbers_out_of_order_and_half_a_double_are_found(tx: Transaction, line: LineInForce) -> None:
    at = _course(tx, line).point_at(10.0)
    half = NewMarker(f"{line.code}004A", line.id, position=Position((at.x, at.y), "CGCS2000"))
    register_markers(tx, [half], on=BEGINNING, instrument_id=an_act(tx))
    check = _checked(tx, line)
    assert _found(check, "R-MRK-03")
    assert _found(check, "R-MRK-04")
    assert not check.passed


def test_silence_about_an_agreement_is_told_and_a_settled_line_without_one(
    tx: Transaction, line: LineInForce
) -> None:
    assert any("没有登记协议书" in each.message for each in _found(_checked(tx, line), "R-BND-05"))


def test_a_published_length_that_differs_is_told_with_reasons(tx: Transaction, line: LineInForce) -> None:
    record = insert(LineRecord).values(
        line_id=line.id, published_length_km=99.0, valid=Period(BEGINNING), begun_by=an_act(tx)
    )
    tx.session.execute(record)
    [found] = _found(_checked(tx, line), "R-BND-20")
    assert ("99.000" in found.message and "；" in found.message) or "：" in found.message


def test_where_three_units_meet_a_tri_point_is_missed(tx: Transaction, line: LineInForce) -> None:
    [found] = _found(_checked(tx, line), "R-BND-09")
    assert found.subject == "建邺区、玄武区、秦淮区"
    assert found.chainage_m in (0.0, pytest.approx(_course(tx, line).length_m, abs=0.1))


def test_a_section_keeps_what_lies_in_it(tx: Transaction, line: LineInForce) -> None:
    whole = _checked(tx, line)
    part = _checked(tx, line, from_m=0.0, to_m=whole.to_m / 2)
    assert 0 < len(part.findings) < len(whole.findings)
    assert all(each.chainage_m is not None and each.chainage_m <= part.to_m for each in part.findings)
    with pytest.raises(InvalidInput, match="没有里程"):
        _checked(tx, line, from_m=50.0, to_m=whole.to_m + 100.0)


def test_the_same_copy_is_certified_point_by_point(tx: Transaction, line: LineInForce) -> None:
    copy = MultiLineString([part.reverse() for part in reversed(_course(tx, line).parts)])
    [match] = _checked(tx, line, copies=(("对方", copy),)).matches
    assert match.same
    assert match.max_m == 0.0
    assert match.shared_vertices == match.vertices
    assert match.ours_sha256 == match.theirs_sha256


def test_a_copy_that_runs_apart_and_stops_short_is_found(tx: Transaction, line: LineInForce) -> None:
    course = _course(tx, line)
    length = course.length_m
    kept = course.between(0.0, length * 0.7).geoms[0]
    xy = shapely.get_coordinates(shapely.segmentize(kept, 0.0005))
    xy[1, 0] += 0.0002
    check = _checked(tx, line, copies=(("对方", LineString(xy)),))
    [match] = check.matches
    assert not match.same
    assert match.max_m == pytest.approx(0.0002 * 111320 * 0.85, rel=0.2)
    [lacking] = match.lacking
    assert lacking.from_m == pytest.approx(length * 0.7, abs=130.0)
    assert lacking.to_m == pytest.approx(length, abs=1.0)
    assert match.covered_km * 1000 == pytest.approx(length * 0.7, abs=160.0)
    assert len(_found(check, "R-BND-21")) == len(match.apart) + 1


def test_deviation_is_in_metres_of_the_ground() -> None:
    course = Course([LineString([(118.0, 32.0), (118.0, 32.1)])])
    match = matched(course, LineString([(118.0001, 32.0), (118.0001, 32.1)]), 1.0)
    assert match.hausdorff_m == pytest.approx(9.45, abs=0.05)  # 0.0001° of longitude at 32° N
    assert match.mean_m == pytest.approx(9.44, abs=0.05)


def test_parcels_beyond_the_line_are_candidates(tx: Transaction, line: LineInForce) -> None:
    course = _course(tx, line)
    at = course.point_at(course.length_m / 2)
    across = box(at.x - 0.002, at.y - 0.0005, at.x + 0.001, at.y + 0.0005)
    inside = box(at.x - 0.004, at.y - 0.0005, at.x - 0.003, at.y + 0.0005)
    asked = (
        Parcel("跨线", None, across),
        Parcel("界内", None, inside),
        Parcel("别处", None, box(1, 1, 2, 2)),
    )
    check = _checked(tx, line, parcels=asked)
    [found] = check.encroachments
    assert found.parcel == "跨线"
    assert not found.certain
    assert found.beyond_m2 < found.own_m2
    assert [each.subject for each in _found(check, "R-BND-22")] == ["跨线"]


def test_a_parcel_kept_under_the_other_side_is_beyond_as_a_whole(tx: Transaction, line: LineInForce) -> None:
    course = _course(tx, line)
    at = course.point_at(course.length_m / 2)
    whole = box(at.x - 0.004, at.y - 0.0005, at.x - 0.003, at.y + 0.0005)  # in 玄武区, west of the line
    [found] = _checked(tx, line, parcels=(Parcel("飞来", "320104", whole),)).encroachments
    assert found.beyond == "玄武区"
    assert found.certain
    assert found.own_m2 == 0.0


def test_a_text_that_tells_another_length_is_found(tx: Transaction, line: LineInForce) -> None:
    number = f"{line.code}001Q"
    text = f"从{number}号界桩起，向北行9999.0米，至{line.code}002Q号界桩止。"
    found = _found(_checked(tx, line, text=text), "R-MRK-10")
    assert any("9.9990千米" in each.message or "9999.0米" in each.message for each in found)
    assert any(each.place is not None for each in found)


def test_a_jurisdiction_has_all_its_lines(tx: Transaction, line: LineInForce) -> None:
    assert {each.id for each in lines_within(tx.session, "320102", on=ON)} >= {line.id}
    assert len(lines_within(tx.session, "320105", on=ON)) == 2


def test_page_and_workbook_hold_every_finding(tx: Transaction, line: LineInForce) -> None:
    check = _checked(tx, line)
    both = [(check, _course(tx, line).geometry)]
    text = page.draw(both).decode()
    assert text.count("<li class=") == len(check.findings)
    assert "http://" not in text.replace("http://www.w3.org", "")
    assert "https://" not in text
    assert workbook.draw(both).startswith(b"PK")
