"""Finding the unit somebody means: by its lasting identity, or by a code that it held on a day."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from gis_service.foundation.errors import InvalidInput, NotFound
from gis_service.foundation.readings import note_readings
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries.published import ids_published
from gis_service.registers.divisions.queries.spans import Span, note_spans, read_spans, spans_where
from gis_service.registers.divisions.queries.standing import (
    division_by_code,
    holders_of_code,
    versions_of,
)
from gis_service.registers.divisions.rules import is_code, names_with_generics


def read_reference(text: str) -> UUID | str:
    """A UUID, or a code of 6, 9 or 12 digits.

    Raises:
        InvalidInput: neither of the two.
    """
    if is_code(text):
        return text
    try:
        return UUID(text)
    except ValueError as error:
        raise InvalidInput(
            f"“{text[:40]}”既不是行政区划代码，也不是单位标识",
            way_out="请写 6、9 或 12 位数字代码（如 320602），或单位的 UUID",
        ) from error


def division_named(session: Session, reference: UUID | str, *, on: date) -> DivisionVersion:
    """The unit a reference means on a day.

    Raises:
        NotFound: nobody held the code, or the unit did not exist that day; says when it was otherwise.
    """
    if isinstance(reference, str):
        return division_by_code(session, reference, on=on)
    versions = versions_of(session, reference)
    standing = next((version for version in versions if on in version.valid), None)
    if standing is None:
        raise NotFound(f"{on} 没有标识为 {reference} 的行政区划", way_out=_spells(session, versions))
    return standing


def _spells(session: Session, versions: list[DivisionVersion]) -> str:
    if not versions:
        return "登记簿中从未有过此单位；请核对标识"
    note_readings(session, ((v.classification, v.code) for v in versions))
    spells = "；".join(f"{v.name}（{v.code}）{v.valid.start} 至 {v.valid.end or '今'}" for v in versions)
    return f"此单位的存续情况：{spells}"


def last_held(session: Session, reference: UUID | str, *, today: date) -> tuple[DivisionVersion, date]:
    """The unit a reference meant last, and the last day on which it did: today where it still does.

    Raises:
        NotFound: no unit ever had this id or held this code.
    """
    versions = versions_meant(session, reference)
    begun = [version for version in versions if version.valid.start <= today] or versions[:1]
    last = begun[-1]
    if last.valid.end is not None and last.valid.end <= today:
        return last, last.valid.end - timedelta(days=1)
    return last, max(today, last.valid.start)


def standing_or_retired(session: Session, reference: UUID | str, *, on: date) -> tuple[DivisionVersion, date]:
    """What a reference means on a day; one that is retired by then, on the last day on which it stood.

    Raises:
        NotFound: it never meant anything, or nothing until that day; says when it did.
    """
    versions = versions_meant(session, reference)
    standing = next((version for version in versions if on in version.valid), None)
    if standing is not None:
        return standing, on
    retired = [(end, version) for version in versions if (end := version.valid.end) and end <= on]
    if not retired:
        return division_named(session, reference, on=on), on
    end, last = max(retired, key=lambda each: each[0])
    return last, end - timedelta(days=1)


_NAMED = spans_where("v.name = ANY(:names) AND (CAST(:on AS date) IS NULL OR v.valid @> CAST(:on AS date))")


def named_ever(session: Session, name: str, *, on: date | None = None) -> list[Span]:
    """Every spell of every unit of a name, with or without its generic (淮阴, 淮阴市), on any day or on one.

    Unlike codes, names are no keys: several units may bear one on the same day.
    """
    names = names_with_generics(name.strip())
    spans = read_spans(session, _NAMED, {"names": list(names), "on": on})
    note_spans(session, spans)
    return sorted(spans, key=lambda span: (span.begins, span.code))


def ids_ever_named(session: Session, reference: UUID | str) -> list[UUID]:
    """The units a reference has meant on any day, oldest first, also in what was published and taken back.

    Raises:
        NotFound: no unit ever had this id or held this code.
    """
    units = [version.division_id for version in _versions(session, reference)]
    units += ids_published(session, reference)
    if not units:
        raise _never(reference)
    return list(dict.fromkeys(units))


def versions_meant(session: Session, reference: UUID | str) -> list[DivisionVersion]:
    """Every version that a reference has meant on any day, oldest first.

    Raises:
        NotFound: no unit ever had this id or held this code.
    """
    versions = _versions(session, reference)
    if not versions:
        raise _never(reference)
    return versions


def _versions(session: Session, reference: UUID | str) -> list[DivisionVersion]:
    if isinstance(reference, str):
        return holders_of_code(session, reference)
    return versions_of(session, reference)


def _never(reference: UUID | str) -> NotFound:
    return NotFound(f"登记簿中从未有过 {reference}", way_out="请核对代码或标识，或先导入该地区数据")
