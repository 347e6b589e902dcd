"""Proofs of the registers day by day: what an earlier day proved is not asked again, and nothing escapes."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import text

from gis_service.foundation.transaction import Transaction
from gis_service.registers.boundaries.commands import derive, hand_over
from gis_service.registers.boundaries.queries.days import days_of_change
from gis_service.registers.boundaries.queries.proofs import prove, prove_day, prove_days
from gis_service.registers.divisions.commands import Descent, NewDivision, end, establish, link
from gis_service.registers.divisions.models import LineageKind
from gis_service.registers.divisions.rules import DivisionLevel
from tests.support.factories import BEGINNING, an_act, drawn

UNITS = {
    "A": ("320102", "甲区"),
    "B": ("320104", "乙区"),
    "C": ("320105", "丙区"),
    "D": ("320205", "丁区"),
    "E": ("320206", "戊区"),
    "F": ("340103", "己区"),
}
DRAWING = "AABBD AABBD CCCEE FFFFF"
FIRST, SECOND = date(2021, 1, 1), date(2022, 1, 1)


@pytest.fixture
def ids(tx: Transaction) -> dict[str, UUID]:
    """Three days of change: the beginning, A and B become G, D and E of the other city become H."""
    ids = drawn(tx, DRAWING, UNITS)
    ids["G"] = _merge(tx, [ids["A"], ids["B"]], "320120", ids["320100"], FIRST)
    ids["H"] = _merge(tx, [ids["D"], ids["E"]], "320220", ids["320200"], SECOND)
    return ids


def _merge(tx: Transaction, givers: list[UUID], code: str, above: UUID, on: date) -> UUID:
    act = an_act(tx, f"国函〔{on.year}〕1号", on)
    for giver in givers:
        end(tx, giver, on=on, instrument_id=act)
    new = NewDivision(code, "新区", DivisionLevel.county, "市辖区", above)
    establish(tx, [new], on=on, instrument_id=act)
    hand_over(tx, dict.fromkeys(givers, new.id), on=on, instrument_id=act)
    link(
        tx,
        [Descent(giver, new.id, LineageKind.merger, 1.0, None) for giver in givers],
        on=on,
        instrument_id=act,
    )
    derive(tx, leaves=[*givers, new.id], superiors=[], on=on, instrument_id=act)
    return new.id


def _day_by_day(tx: Transaction) -> set[tuple[str, str]]:
    days = days_of_change(tx.session)
    found = (finding for _, findings in prove_days(tx.session, days) for finding in findings)
    return {(finding.rule, finding.subject) for finding in found}


def _each_day_whole(tx: Transaction) -> set[tuple[str, str]]:
    days = days_of_change(tx.session)
    found = (finding for day in days for finding in prove_day(tx.session, on=day))
    return {(finding.rule, finding.subject) for finding in found}


@pytest.mark.usefixtures("ids")
def test_sound_registers_have_no_findings_on_any_day(tx: Transaction) -> None:
    assert days_of_change(tx.session) == [BEGINNING, FIRST, SECOND]
    assert not prove(tx.session)


# What somebody might do to the database behind the service's back, with the unit it is done to.
TAMPERED = {
    "an area of the beginning moves": ("C", "UPDATE extent SET geom = ST_Translate(geom, 0.001, 0)"),
    "an area born later moves": ("G", "UPDATE extent SET geom = ST_Translate(geom, 0.001, 0)"),
    "the newest area moves": ("H", "UPDATE extent SET geom = ST_Translate(geom, 0, 0.001)"),
    "an area vanishes": ("G", "DELETE FROM extent"),
    "an area ends too early": ("C", "UPDATE extent SET valid = daterange('2020-01-01', '2021-06-01')"),
    "a city keeps too little": (
        "320200",
        "UPDATE extent SET geom = ST_Multi(ST_Envelope(ST_Buffer(ST_Centroid(geom), 0.001)))",
    ),
    "a province loses its area": ("320000", "DELETE FROM extent"),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_nothing_done_behind_the_back_escapes_the_shorter_way(
    tx: Transaction, ids: dict[str, UUID], what: str
) -> None:
    letter, statement = TAMPERED[what]
    tx.session.execute(text(f"{statement} WHERE division_id = :unit"), {"unit": ids[letter]})
    found = _day_by_day(tx)
    assert found
    assert found == _each_day_whole(tx)


def test_area_taken_over_behind_the_back_is_seen_on_the_day_it_happens(
    tx: Transaction, ids: dict[str, UUID]
) -> None:
    tx.session.execute(
        text("UPDATE division_version SET superior_id = :other WHERE division_id = :unit"),
        {"unit": ids["H"], "other": ids["320100"]},
    )
    days = days_of_change(tx.session)
    broken_on = {day for day, findings in prove_days(tx.session, days) if findings}
    assert broken_on == {SECOND}
    assert _day_by_day(tx) == _each_day_whole(tx)
