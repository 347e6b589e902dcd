"""Synthetic markers for the demonstration: made on the lines of the sample, loaded by the ordinary intake."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session, sessionmaker

from gis_service.cli.console import out
from gis_service.cli.office import transaction_of
from gis_service.cli.progress import step
from gis_service.procedures.intake.commands.entering_surveys import SYNTHETIC, Entering, load_survey
from gis_service.procedures.intake.commands.surveying import SurveyOptions, open_survey
from gis_service.procedures.intake.commands.synthesising import synthesise
from gis_service.procedures.intake.queries import deliveries_page
from gis_service.registers.boundaries.queries import LineInForce, lines_in_force
from gis_service.registers.boundaries.queries.by_sides import line_referred_to
from gis_service.registers.divisions.queries import divisions_by_id
from gis_service.registers.divisions.rules import DivisionLevel

NAME = "合成界桩.xlsx"
# 苏皖线, and the five lines of Jiangsu cities that were jointly inspected in 2021
LINES = ("3234", "320500-321200", "320700-320900", "320700-321300", "320900-321200", "321000-321100")


def load_demo_markers(sessions: sessionmaker[Session], home: Path, *, on: date) -> None:
    """Make and load them, once."""
    with sessions() as session:
        if any(delivery.source == NAME for delivery in deliveries_page(session)):
            out.print("合成界桩已装入，没有改动")
            return
        with step("生成合成界桩"):
            path = home / NAME
            synthesise(session, _lines(session, on), path, on=on)
    survey = open_survey(path, "markers", SurveyOptions())
    with step("装入合成界桩"), transaction_of(sessions) as tx:
        report = load_survey(tx, survey, Entering(on))
    out.print(report.told)
    out.print(f"[dim]{SYNTHETIC}[/]")


def _lines(session: Session, on: date) -> list[LineInForce]:
    """The lines named, and the county lines of the cities on either side of the city lines."""
    named = [line_referred_to(session, each, on=on) for each in LINES]
    cities = {side for line in named[1:] for side in (line.first_id, line.second_id)}
    codes = [unit.code[:4] for unit in divisions_by_id(session, cities, on=on).values()]
    counties = lines_in_force(session, on=on, level=DivisionLevel.county)
    firsts = divisions_by_id(session, {line.first_id for line in counties}, on=on)
    return [*named, *(line for line in counties if firsts[line.first_id].code[:4] in codes)]
