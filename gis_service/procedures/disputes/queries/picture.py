"""What a risk map shows: plain values, gathered for whoever draws it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from gis_service.foundation.access import Classification, highest
from gis_service.procedures.disputes.queries.cases import Asked
from gis_service.procedures.disputes.queries.features import shapes_of
from gis_service.procedures.disputes.queries.weighing import LineWeighed, Weighing, stretch_told, weighing
from gis_service.procedures.disputes.rules import Piece, band_of, bands, levels
from gis_service.procedures.disputes.schemas import DisputeOut, RiskStretchOut


@dataclass(frozen=True, slots=True)
class CaseShown:
    """A case as it is shown: its place is the middle of its section."""

    number: str
    headline: str
    weight: int
    band: str
    overdue: bool
    facts: tuple[tuple[str, str], ...]
    place: Point | None


@dataclass(frozen=True, slots=True)
class StretchShown:
    """A stretch as it is shown, lon/lat."""

    title: str
    band: str
    weight: int
    summary: str
    cases: tuple[str, ...]
    shape: BaseGeometry


@dataclass(frozen=True, slots=True)
class Picture:
    """All that is shown: stretches by rank, then those without a case."""

    title: str
    on: date
    bands: tuple[str, ...]
    stretches: tuple[StretchShown, ...]
    cases: tuple[CaseShown, ...]
    notes: tuple[str, ...]


def picture(session: Session, asked: Asked, title: str, *, on: date) -> Picture:
    """The lines on which there are cases, and the cases, as far as the reader may know of them."""
    found = weighing(session, asked, on=on)
    cases = [*(case for line in found.lines for case in line.cases), *_not_on(found)]
    places = shapes_of(session, cases, on=on)
    ranked = sorted(
        ((line, piece) for line in found.lines for piece in line.pieces),
        key=lambda pair: tuple(-value for value in pair[1].rank),
    )
    return Picture(
        title=title,
        on=on,
        bands=bands(),
        stretches=tuple(_stretch(line, piece) for line, piece in ranked),
        cases=tuple(_case(case, places.get(case.number)) for case in cases),
        notes=tuple(_notes(found, cases)),
    )


def _not_on(found: Weighing) -> list[DisputeOut]:
    """Cases whose line cannot be shown at all."""
    shown = {line.line.id for line in found.lines}
    return [case for case in found.unplaced if case.line not in shown]


def _stretch(line: LineWeighed, piece: Piece) -> StretchShown:
    told = stretch_told(line.line, piece)
    return StretchShown(
        title=f"{told.line_name} {told.begins_at}—{told.ends_at}",
        band=told.band,
        weight=told.weight,
        summary=_summary(told),
        cases=tuple(told.cases),
        shape=line.shape(piece),
    )


def _summary(told: RiskStretchOut) -> str:
    length_km = (told.to_m - told.from_m) / 1000.0
    counts = (
        f"未办结 {told.open}",
        f"逾期 {told.overdue}",
        f"复发 {told.recurrences}",
        f"已办结 {told.closed}",
    )
    return "，".join((f"权数 {told.weight}", *counts, f"长 {length_km:.1f} km"))


def _case(case: DisputeOut, shape: BaseGeometry | None) -> CaseShown:
    weight = levels()[case.level] if case.closed_on is None else 0
    return CaseShown(
        number=case.number,
        headline=f"{case.level}{case.kind}，{case.state}：{case.place}",
        weight=weight,
        band=band_of(weight),
        overdue=case.overdue,
        facts=tuple((title, text) for title, text in _facts(case) if text),
        place=None if shape is None else _middle(shape),
    )


def _facts(case: DisputeOut) -> Iterator[tuple[str, str]]:
    yield "界线", f"{case.line_name}（{case.line_code}）"
    yield "区间", "" if case.from_m is None else f"{case.from_m:.0f}—{case.to_m:.0f} 米"
    yield "界桩", "、".join(filter(None, (case.marker, case.from_marker, case.to_marker)))
    yield "当事各方", "、".join(party.name for party in case.parties)
    yield "起因", case.cause
    yield "发现", f"{case.found_on}，{case.found_how}"
    yield "措施", case.measures
    yield "期限", f"{case.due_on}{'（逾期）' if case.overdue else ''}"
    yield "责任单位", case.responsible
    yield "结果", case.result or ""


def _middle(shape: BaseGeometry) -> Point:
    if isinstance(shape, Point):
        return shape
    longest = max(shape.geoms, key=lambda part: part.length) if hasattr(shape, "geoms") else shape
    middle = longest.interpolate(0.5, normalized=True)
    assert isinstance(middle, Point)
    return middle


def _notes(found: Weighing, cases: list[DisputeOut]) -> Iterator[str]:
    kept = highest(Classification.public, *(case.classification for case in cases))
    if kept is not Classification.public:
        yield f"本图含{kept.value}级事项，请按规定使用和保管。"
    if found.synthetic:
        yield "所列界桩含合成数据，并非真实界桩。"
    yield from found.statements
