"""Taking back what an act wrote, putting right what is wrong; what was published stays readable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from gis_service.foundation.periods import Period
from gis_service.foundation.transaction import Transaction
from gis_service.registers.divisions.models import (
    DivisionVersion,
    Lineage,
    SupersededLink,
    SupersededVersion,
)
from gis_service.registers.divisions.queries import division_by_id

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


def correct(
    tx: Transaction, division_id: UUID, *, on: date, by: UUID, changes: Mapping[str, Any]
) -> DivisionVersion:
    """Let the version that holds on a day say what is right; its period and its acts stay."""
    version = division_by_id(tx.session, division_id, on=on)
    before = {name: getattr(version, name) for name in changes}
    keep(tx, version, by=by)
    for name, value in changes.items():
        setattr(version, name, value)
    tx.session.flush()
    tx.journal(
        "divisions.correct",
        version.code,
        instrument_id=by,
        before=before,
        after=dict(changes),
        division=division_id,
    )
    return version
