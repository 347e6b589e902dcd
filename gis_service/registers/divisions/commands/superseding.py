"""Taking back what an act wrote, putting right what is wrong; what was published stays readable."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from gis_service.foundation.database import table_of
from gis_service.foundation.periods import Period
from gis_service.foundation.replaced import Replaced, Row
from gis_service.foundation.rows import replace_rows
from gis_service.foundation.transaction import Transaction
from gis_service.registers.divisions.events import VersionsWritten
from gis_service.registers.divisions.models import (
    DivisionVersion,
    Lineage,
    SupersededLink,
    SupersededVersion,
)

_OF_VERSION = (
    "division_id",
    "code",
    "name",
    "level",
    "type",
    "superior_id",
    "seat",
    "valid",
    "begun_by",
    "ended_by",
    "begun_edtf",
    "ended_edtf",
)
_OF_LINK = (
    "predecessor_id",
    "successor_id",
    "on_date",
    "kind",
    "share_of_predecessor",
    "share_of_successor",
    "certainty",
    "instrument_id",
)


_VERSIONS, _LINKS = table_of(DivisionVersion), table_of(Lineage)


def take_back(tx: Transaction, units: Iterable[UUID], *, on: date, written_by: UUID, by: UUID) -> None:
    """Let units stand as if an act had written nothing of them on a day: versions and links.

    Identities stay, so that what was published can be read.
    """
    ids = set(units)
    own = select(DivisionVersion).where(DivisionVersion.division_id.in_(ids))
    begins = (DivisionVersion.begun_by == written_by) & (func.lower(DivisionVersion.valid) == on)
    ends = (DivisionVersion.ended_by == written_by) & (func.upper(DivisionVersion.valid) == on)
    begun, ended = (list(tx.session.scalars(own.where(which))) for which in (begins, ends))
    for version in (*begun, *ended):
        keep(tx, version, by=by)
    for version in begun:
        tx.session.delete(version)
    tx.session.flush()  # codes come free before others hold them again
    for version in ended:
        version.valid, version.ended_by, version.ended_edtf = Period(version.valid.start), None, None
        version.without_successor = False
    _take_back_links(tx, ids, on=on, written_by=written_by, by=by)
    tx.session.flush()
    tx.publish(VersionsWritten(tuple(ids), by))


def keep(tx: Transaction, version: DivisionVersion, *, by: UUID) -> None:
    """Keep a version as it was published, before it is changed."""
    published = {name: getattr(version, name) for name in _OF_VERSION}
    tx.session.add(SupersededVersion(**published, superseded_at=tx.at, superseded_by=by))
    told = published | {"valid": None, "valid_from": version.valid.start, "valid_to": version.valid.end}
    tx.journal("divisions.supersede", version.code, instrument_id=by, before=told, after={})


def _take_back_links(tx: Transaction, units: set[UUID], *, on: date, written_by: UUID, by: UUID) -> None:
    wanted = select(Lineage).where(
        Lineage.instrument_id == written_by,
        Lineage.on_date == on,
        or_(Lineage.predecessor_id.in_(units), Lineage.successor_id.in_(units)),
    )
    for link in tx.session.scalars(wanted):
        take_back_link(tx, link, by=by)


def take_back_link(tx: Transaction, link: Lineage, *, by: UUID) -> None:
    """Let a link be gone, and keep it as it was published."""
    published = {name: getattr(link, name) for name in _OF_LINK}
    tx.session.add(SupersededLink(**published, superseded_at=tx.at, superseded_by=by))
    tx.session.delete(link)


def correct(tx: Transaction, replaced: Iterable[Replaced], *, by: UUID) -> None:
    """Let versions and links be what is right; what they said stays readable as published.

    Raises:
        Conflict: a code or a unit would be held twice on a day.
    """
    told: dict[str, list[Replaced]] = {_VERSIONS.name: [], _LINKS.name: []}
    for each in replaced:
        if each.table in told:
            told[each.table].append(each)
    for each in told[_VERSIONS.name]:
        _correct_version(tx, each, by=by)
    for each in told[_LINKS.name]:
        _correct_link(tx, each, by=by)
    for table in (_VERSIONS, _LINKS):
        replace_rows(tx.session, table, told[table.name])
    versions = (row for each in told[_VERSIONS.name] for row in (each.before, each.after) if row is not None)
    if units := tuple(dict.fromkeys(row["division_id"] for row in versions)):
        tx.publish(VersionsWritten(units, by))


def _correct_version(tx: Transaction, each: Replaced, *, by: UUID) -> None:
    row = each.after or each.before
    assert row is not None, "one of the two is there"
    if each.before is not None:
        _publish(tx, SupersededVersion, _OF_VERSION, each.before, by=by)
    before, after = each.changed
    tx.journal(
        "divisions.correct",
        row["code"],
        instrument_id=by,
        before=_days(before),
        after=_days(after),
        division=row["division_id"],
    )


def _correct_link(tx: Transaction, each: Replaced, *, by: UUID) -> None:
    row = each.after or each.before
    assert row is not None, "one of the two is there"
    if each.before is not None:
        _publish(tx, SupersededLink, _OF_LINK, each.before, by=by)
    before, after = each.changed
    subject = f"{row['predecessor_id']} → {row['successor_id']}"
    tx.journal("divisions.correct_link", subject, instrument_id=by, before=before, after=after)


def _publish(tx: Transaction, model: Any, columns: Iterable[str], row: Row, *, by: UUID) -> None:
    published = {name: row[name] for name in columns}
    tx.session.add(model(**published, superseded_at=tx.at, superseded_by=by))


def _days(told: Row) -> dict[str, Any]:
    """A row as the journal tells it."""
    rest = {key: value for key, value in told.items() if key != "valid"}
    if (valid := told.get("valid")) is None:
        return rest
    return rest | {"valid_from": valid.start, "valid_to": valid.end}
