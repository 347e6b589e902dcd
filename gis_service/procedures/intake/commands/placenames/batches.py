"""Records that programs send: the same records as of files, held in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import orjson
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from gis_service.foundation.crs import GRID_DEGREES
from gis_service.foundation.findings import Finding, RuleViolated
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.intake.commands.placenames.entering import (
    EnteringNames,
    StaleRecords,
    load_placenames,
)
from gis_service.procedures.intake.commands.placenames.opening import Origin
from gis_service.procedures.intake.commands.placenames.reporting import NamesReport
from gis_service.procedures.intake.rules.placenames import MinorityName, PlaceRecord, Tally
from gis_service.procedures.intake.rules.placenames.catalogue import R_PLN_03
from gis_service.procedures.intake.rules.placenames.positions import ROLES, lies_in_china
from gis_service.procedures.intake.rules.placenames.words import language_of, limit, meant
from gis_service.procedures.intake.schemas.placenames import BatchIn, PlaceNameRecord


@dataclass(frozen=True)
class Batch:
    """A batch as records that can be read again and again."""

    sent: BatchIn

    @property
    def source(self) -> str:
        """What messages call it."""
        return self.sent.source

    @cached_property
    def sha256(self) -> str:
        """Of all that was sent: the same batch again changes nothing."""
        digest = hashlib.sha256(b"batch")
        options = orjson.OPT_SORT_KEYS
        for record in self.sent.records:
            digest.update(orjson.dumps(record.model_dump(mode="json"), option=options))
        told = self.sent.model_dump(mode="json", exclude={"records"})
        digest.update(orjson.dumps(told, option=options))
        return digest.hexdigest()

    @property
    def findings(self) -> Sequence[Finding]:
        """Nothing is said of it as a whole."""
        return ()

    @property
    def origin(self) -> Origin:
        """What it is where it stands by no act."""
        return Origin(self.source, f"成批提交的地名（{self.source}）", "成批提交，未附文件依据")

    def chunks(self, tally: Tally) -> Iterator[list[PlaceRecord]]:
        """All records, so many at once."""
        size = int(limit("chunk_rows"))
        sent = self.sent.records
        for start in range(0, len(sent), size):
            part = enumerate(sent[start : start + size], start=start + 1)
            yield [_record(row, each, tally) for row, each in part]


def push(tx: Transaction, sent: BatchIn) -> NamesReport:
    """Enter and change what a batch says, all of it or nothing.

    Raises:
        StaleRecords: names every record that others changed. RuleViolated: with all findings.
    """
    return load_placenames(tx, Batch(sent), _wish(sent))


def rehearse(tx: Transaction, sent: BatchIn) -> NamesReport:
    """What `push` would come to, told whole: nothing raises that a record is at fault for."""
    try:
        return load_placenames(tx, Batch(sent), _wish(sent, keep_all=True))
    except StaleRecords as stale:
        found, conflicts = stale.findings, stale.conflicts
    except RuleViolated as refused:
        found, conflicts = refused.findings, ()
    return NamesReport(sent.source, len(sent.records), findings=found, conflicts=conflicts)


def _wish(sent: BatchIn, *, keep_all: bool = False) -> EnteringNames:
    return EnteringNames(
        sent.on, sent.instrument, sent.partial, sent.change, whole=True, keep_all=keep_all, fields=keep_all
    )


def _record(row: int, sent: PlaceNameRecord, tally: Tally) -> PlaceRecord:
    units = dict.fromkeys(filter(None, (sent.division, *(sent.divisions or ()))))
    record = PlaceRecord(
        row,
        sent.name.strip(),
        sent.class_ or None,
        tuple(units),
        sent.code or None,
        sent.id,
        sent.revision,
        sent.name_id,
        sent.specific or None,
        sent.generic or None,
        sent.roman or None,
        sent.reading or None,
        former=_several(sent.former),
        aliases=_several(sent.aliases),
        short=_several(sent.short),
        minority=_minority(sent),
        status=sent.status or None,
        process=sent.process or None,
        accuracy_m=sent.accuracy_m,
        method=sent.method or None,
        surveyed_on=sent.surveyed_on,
        facts={name: value for name, value in sent.facts.items() if value is not None},
        synthetic=sent.synthetic,
        change=sent.change,
        end=sent.end,
        reason=sent.reason or None,
    )
    _place(record, sent, tally)
    return record


def _several(names: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(dict.fromkeys(filter(None, map(str.strip, names))))


def _minority(sent: PlaceNameRecord) -> tuple[MinorityName, ...] | None:
    if sent.minority is None:
        return None
    return tuple(
        MinorityName(each.text, language_of(each.language) or "und", each.roman) for each in sent.minority
    )


def _place(record: PlaceRecord, sent: PlaceNameRecord, tally: Tally) -> None:
    shape = _shape(record, sent, tally)
    if shape is None:
        return
    if not lies_in_china(shape):
        tally.refuse(R_PLN_03, record.row, record.subject, "位置在我国范围以外", "请核对坐标", "位置")
        return
    record.geometry = shape
    record.role = (meant("role", sent.role) if sent.role else None) or ROLES[shape.geom_type]


def _shape(record: PlaceRecord, sent: PlaceNameRecord, tally: Tally) -> BaseGeometry | None:
    if sent.geometry is not None:
        try:
            shape = shapely.force_2d(shapely.from_geojson(orjson.dumps(sent.geometry).decode()))
        except ShapelyError:
            shape = None
        if shape is None or shape.is_empty or shape.geom_type not in ROLES:
            tally.refuse(R_PLN_03, record.row, record.subject, "图形不能读取", "请按 GeoJSON 书写", "图形")
            return None
        return shapely.set_precision(shape, GRID_DEGREES, mode="pointwise")
    if (sent.lon is None) != (sent.lat is None):
        tally.refuse(R_PLN_03, record.row, record.subject, "经度、纬度缺一", "请补填或都不填", "经纬度")
        return None
    return None if sent.lon is None or sent.lat is None else Point(round(sent.lon, 7), round(sent.lat, 7))
