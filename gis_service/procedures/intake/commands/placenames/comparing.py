"""What a record changes of a feature that is on record: the edits, or why they cannot be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from gis_service.foundation.crs import GRID_DEGREES
from gis_service.procedures.intake.queries.placenames import FeatureHeld, NameHeld
from gis_service.procedures.intake.rules.placenames import MinorityName, NameChange, PlaceRecord, Tally
from gis_service.procedures.intake.rules.placenames.catalogue import R_PLN_06, R_PLN_09
from gis_service.procedures.intake.rules.placenames.words import head_of
from gis_service.registers.placenames.commands import (
    AddName,
    CorrectName,
    Edit,
    EndFeature,
    EndName,
    NewName,
    NewShape,
    Rename,
    Reshape,
    Restate,
    Seen,
)
from gis_service.registers.placenames.models import (
    NameEventKind,
    NameKind,
    NameProcess,
    NameStatus,
    ShapeRole,
)
from gis_service.registers.placenames.rules.spelling import is_computed
from gis_service.registers.placenames.rules.statuses import in_use

_LISTS = ((NameKind.former, "former"), (NameKind.alias, "aliases"), (NameKind.short, "short"))
_SPELLED = ("roman", "reading", "specific", "generic", "roman_source", "reading_source")
_NEARLY = GRID_DEGREES / 2


def edits_of(
    record: PlaceRecord, units: Sequence[UUID], held: FeatureHeld, tally: Tally, *, whole: bool
) -> list[Edit]:
    """The edits that make a feature what a record says. `whole`: its lists of names are all there are.

    A record that says nothing of something leaves it as it is.
    """
    seen = Seen(held.id, held.revision if record.revision is None else record.revision)
    if record.end:
        return [EndFeature(seen, record.reason or "来件注明注销")]
    standard = held.standard
    if held.ended or standard is None:
        tally.refuse(
            R_PLN_09, record.row, record.subject, "此地名已注销", "请核对标识和日期", head_of("name")
        )
        return []
    return [
        *_standard_name(record, standard, seen, held, tally),
        *_other_names(record, held, seen, whole=whole),
        *_minority_names(record, held, seen),
        *_restated(record, units, held, seen),
        *_reshaped(record, held, seen),
    ]


def _standard_name(
    record: PlaceRecord, standard: NameHeld, seen: Seen, held: FeatureHeld, tally: Tally
) -> Iterator[Edit]:
    if not record.name:
        return
    if record.name != standard.text:
        if record.change is None:
            message = f"名称与登记不同（登记“{standard.text}”，来件“{record.name}”），没有说明是更名还是更正"
            way_out = "请加 change 列（更名、更正），或用 --change rename|correct"
            tally.refuse(
                R_PLN_06, record.row, record.subject, message, way_out, head_of("name"), "名称与登记不同"
            )
        elif held.is_unit:
            message = f"“{standard.text}”是行政区划，名称由区划变更办理"
            tally.refuse(
                R_PLN_06,
                record.row,
                record.subject,
                message,
                "请办理区划变更",
                head_of("name"),
                "行政区划的名称",
            )
        elif record.change is NameChange.rename:
            yield Rename(seen, new_name(record), record.reason or "来件更名")
        else:
            fields = {"text": record.name, **_told(record, *_SPELLED)}
            yield CorrectName(seen, standard.id, fields, record.reason or "来件更正")
        return
    fields = {
        name: text
        for name, text in _told(record, *_SPELLED[:4]).items()
        if getattr(standard, name) != text and not _is_computed(record, name)
    }
    if fields:
        sources = {
            f"{name}_source": getattr(record, f"{name}_source")
            for name in ("roman", "reading")
            if name in fields
        }
        yield CorrectName(seen, standard.id, {**fields, **sources}, record.reason or "来件更正")


def _is_computed(record: PlaceRecord, name: str) -> bool:
    """Whether a part of a record was not given, but filled in here."""
    if name in ("specific", "generic"):
        return record.split_computed
    return is_computed(getattr(record, f"{name}_source"))


def _told(record: PlaceRecord, *names: str) -> dict[str, Any]:
    return {name: text for name in names if (text := getattr(record, name)) is not None}


def _other_names(record: PlaceRecord, held: FeatureHeld, seen: Seen, *, whole: bool) -> Iterator[Edit]:
    for kind, attribute in _LISTS:
        wanted: tuple[str, ...] | None = getattr(record, attribute)
        if wanted is None:
            continue
        known = {name.text: name for name in held.names if name.kind == kind.value and name.in_force}
        before = {
            name.text for name in held.names if not name.in_force and name.kind == NameKind.standard.value
        }
        for text in wanted:
            if text not in known and not (kind is NameKind.former and text in before):
                yield AddName(seen, _other_name(text, kind, record))
        for text, name in known.items() if whole else ():
            if text not in wanted and in_use(name.status):
                yield EndName(seen, name.id, NameEventKind.disused, record.reason or "来件不再列出")


def _minority_names(record: PlaceRecord, held: FeatureHeld, seen: Seen) -> Iterator[Edit]:
    known = {name.text for name in held.names if name.kind == NameKind.minority.value}
    for each in record.minority or ():
        if each.text not in known:
            yield AddName(seen, minority_name(each, record))


def _restated(record: PlaceRecord, units: Sequence[UUID], held: FeatureHeld, seen: Seen) -> Iterator[Edit]:
    facts = {name: value for name, value in record.facts.items() if held.facts.get(name) != value}
    changed: dict[str, Any] = {}
    if record.class_code is not None and record.class_code != held.class_code:
        changed["class_code"] = record.class_code
    if units and tuple(units) != held.division_ids and not held.is_unit:
        changed["division_ids"] = tuple(units)
    if facts:
        changed["facts"] = {**held.facts, **facts}
    if record.code is not None and record.code != held.code:
        changed["code"] = record.code
    if changed:
        yield Restate(seen, **changed)


def _reshaped(record: PlaceRecord, held: FeatureHeld, seen: Seen) -> Iterator[Edit]:
    if record.geometry is None or record.role is None:
        return
    known = held.shapes.get(record.role)
    if known is None or not known.equals_exact(record.geometry, _NEARLY):
        yield Reshape(seen, new_shape(record))


def new_name(record: PlaceRecord) -> NewName:
    """The standard name of a record."""
    return NewName(
        record.name,
        specific=record.specific,
        generic=record.generic,
        reading=record.reading,
        reading_source=record.reading_source,
        roman=record.roman,
        roman_source=record.roman_source,
        process=_process(record),
        status=NameStatus(record.status) if record.status else None,
    )


def new_names(record: PlaceRecord) -> tuple[NewName, ...]:
    """All names of a record, the standard one first."""
    others = [
        _other_name(text, kind, record)
        for kind, attribute in _LISTS
        for text in getattr(record, attribute) or ()
    ]
    minority = [minority_name(each, record) for each in record.minority or ()]
    return (new_name(record), *others, *minority)


def _other_name(text: str, kind: NameKind, record: PlaceRecord) -> NewName:
    """A name beside the standard one; one that was used before is disused."""
    status = NameStatus.disused if kind is NameKind.former else None
    return NewName(text, kind=kind, process=_process(record), status=status)


def minority_name(name: MinorityName, record: PlaceRecord) -> NewName:
    """A name in a minority language."""
    return NewName(
        name.text, kind=NameKind.minority, language=name.language, roman=name.roman, process=_process(record)
    )


def new_shape(record: PlaceRecord) -> NewShape:
    """The geometry of a record that has one."""
    assert record.geometry is not None
    assert record.role is not None
    return NewShape(
        role=ShapeRole(record.role),
        geom=record.geometry,
        system=record.system,
        given=record.given,
        method=record.method,
        accuracy_m=record.accuracy_m,
        surveyed_on=record.surveyed_on,
    )


def _process(record: PlaceRecord) -> NameProcess:
    return NameProcess(record.process) if record.process else NameProcess.census
