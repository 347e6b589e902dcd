"""What a suggestion comes to in the register: a new feature, or edits of the one it is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from shapely import Point

from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.findings import Finding
from gis_service.procedures.corrections.queries import Known
from gis_service.procedures.corrections.rules import Kind, NameMeaning
from gis_service.procedures.corrections.schemas import ProposedIn
from gis_service.registers.placenames.commands import (
    AddName,
    CorrectName,
    Edit,
    EndFeature,
    NewFeature,
    NewName,
    NewShape,
    Rename,
    Reshape,
    Restate,
    Seen,
)
from gis_service.registers.placenames.models import NameProcess, ShapeRole
from gis_service.registers.placenames.rules.characters import judge_characters
from gis_service.registers.placenames.rules.romanization import Romanized, romanize
from gis_service.registers.placenames.rules.spelling import COMPUTED, computed_spelling

_SUGGESTED = "更正建议"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to stand in the register, of a feature or a new one, and why."""

    kind: Kind
    values: ProposedIn
    unit: UUID | None
    code: str
    change: NameMeaning
    reason: str

    def findings(self) -> list[Finding]:
        """What the rules of names say of a proposed name."""
        if self.values.name is None:
            return []
        spelled = [] if self.values.roman else list(self.romanized(self.values.name).findings)
        return [*judge_characters(self.values.name), *spelled]

    def romanized(self, text: str) -> Romanized:
        """How the rules spell a name here."""
        return romanize(text, self.code, self.values.class_ or "")


def new_feature(wanted: Wanted) -> NewFeature:
    """The feature that is missing.

    Raises:
        InvalidInput: no name or no class is told.
    """
    values = wanted.values
    if values.name is None or values.class_ is None or wanted.unit is None:
        raise InvalidInput(
            "漏登的地名须写明名称、类别和所在政区", way_out="请以 adjust 答复，在 values 中补全"
        )
    return NewFeature(
        (_new_name(wanted, values.name, NameProcess.census),),
        values.class_,
        (wanted.unit,),
        tuple(_shapes(values)),
    )


def edits_of(wanted: Wanted, known: Known, seen: Seen) -> list[Edit]:
    """The edits of a feature.

    Raises:
        InvalidInput: nothing is proposed that could be written.
    """
    if wanted.kind is Kind.gone and wanted.values.is_empty:
        return [EndFeature(seen, wanted.reason)]
    edits = list(_edits(wanted, known, seen))
    if not edits:
        raise InvalidInput(
            "建议没有可写入登记簿的内容", way_out="请以 adjust 答复，在 values 中写明；或以 reject 答复"
        )
    return edits


def _edits(wanted: Wanted, known: Known, seen: Seen) -> Iterator[Edit]:
    values = wanted.values
    yield from _of_name(wanted, known, seen)
    if values.class_ is not None or wanted.unit is not None:
        units = (wanted.unit,) if wanted.unit else None
        yield Restate(seen, class_code=values.class_, division_ids=units)
    for shape in _shapes(values):
        yield Reshape(seen, shape)


def _of_name(wanted: Wanted, known: Known, seen: Seen) -> Iterator[Edit]:
    values, name = wanted.values, known.name
    if values.name is not None and name is None:
        yield AddName(seen, _new_name(wanted, values.name, NameProcess.census))
    elif values.name is not None and name is not None and wanted.change is NameMeaning.rename:
        yield Rename(seen, _new_name(wanted, values.name, NameProcess(name.process)), wanted.reason)
    elif name is not None and (fields := _corrected(wanted)):
        yield CorrectName(seen, name.id, fields, wanted.reason)


def _corrected(wanted: Wanted) -> dict[str, str | None]:
    """The columns of a name that are put right; another text is read and split anew."""
    values = wanted.values
    fields: dict[str, str | None] = {}
    if values.name is not None:
        fields |= {"text": values.name, **_spelling(wanted, values.name)}
    return fields | _told(values)


def _new_name(wanted: Wanted, text: str, process: NameProcess) -> NewName:
    told = _spelling(wanted, text) | _told(wanted.values)
    return replace(NewName(text, process=process), **told)


def _told(values: ProposedIn) -> dict[str, str]:
    told = {"roman": values.roman, "reading": values.reading}
    sources = {f"{name}_source": _SUGGESTED for name, value in told.items() if value}
    return {name: value for name, value in told.items() if value} | sources


def _spelling(wanted: Wanted, text: str) -> dict[str, Any]:
    """Parts, reading and spelling as the rules give them; none that a human has still to decide."""
    own = computed_spelling(wanted.romanized(text))
    sure = own.roman is not None and own.source == COMPUTED
    return {
        "specific": own.specific,
        "generic": own.generic,
        "reading": own.reading if sure else None,
        "reading_source": own.source if sure else None,
        "roman": own.roman if sure else None,
        "roman_source": own.source if sure else None,
    }


def _shapes(values: ProposedIn) -> Iterator[NewShape]:
    if values.lon is not None and values.lat is not None:
        given = f"{values.lon},{values.lat}"
        yield NewShape(ShapeRole.point, Point(values.lon, values.lat), given=given, method=_SUGGESTED)
