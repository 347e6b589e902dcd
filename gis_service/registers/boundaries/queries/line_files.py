"""Everything that is known of a line on a day, and its published length beside the derived one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np
import shapely
from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Session, aliased

from gis_service.foundation.access import highest
from gis_service.foundation.database import holds_on
from gis_service.registers.boundaries.models import LineRecord
from gis_service.registers.boundaries.queries.beside import Enclave, enclaves_on
from gis_service.registers.boundaries.queries.standing import LineInForce
from gis_service.registers.boundaries.queries.walking import Walked, walked_on
from gis_service.registers.boundaries.rules import (
    LengthEvidence,
    Lengths,
    SourceOfLine,
    explained,
    gaps_m,
)
from gis_service.registers.instruments.models import Instrument

NOT_SETTLED = ("未定界", "争议")


@dataclass(frozen=True, slots=True)
class RecordOnDay:
    """What is on record of a line, with the numbers of the acts it names; None where the reader sees none."""

    record: LineRecord
    agreement: str | None
    published_by: str | None
    instrument: str
    classification: str


@dataclass(frozen=True, slots=True)
class LineFile:
    """A line on a day; `walked` and `lengths` are None where it has no edges or is withheld in part."""

    line: LineInForce
    record: RecordOnDay | None
    walked: Walked | None
    lengths: Lengths | None
    enclaves: tuple[Enclave, ...]

    @property
    def classification(self) -> str:
        """How closely the most closely kept part of it is kept."""
        edges = (self.walked.classification,) if self.walked else ()
        record = (self.record.classification,) if self.record else ()
        return highest(self.line.classification, *edges, *record)


def line_file_on(session: Session, line: LineInForce, *, on: date, walked: Walked | None = None) -> LineFile:
    """Everything of a line on a day that is not asked for by itself; `walked` where it was walked before."""
    record = record_facts(session, [line.id], on=on).get(line.id)
    walked = walked or walked_on(session, line, on=on)
    if walked is None:
        return LineFile(line, record, None, None, ())
    shapes = np.asarray(list(walked.shapes.values()), dtype=object)
    return LineFile(
        line=line,
        record=record,
        walked=walked,
        lengths=explained(_evidence(session, line, record, walked, on=on)),
        enclaves=tuple(enclaves_on(session, line, shapes, on=on)),
    )


def record_facts(session: Session, lines: Iterable[UUID], *, on: date) -> dict[UUID, RecordOnDay]:
    """What is on record of lines on a day, by line; those without a record are left out."""
    agreement, published, begun = aliased(Instrument), aliased(Instrument), aliased(Instrument)
    wanted = (
        select(LineRecord, agreement.number, published.number, begun.number, begun.classification)
        .join(begun, begun.id == LineRecord.begun_by)
        .outerjoin(agreement, agreement.id == LineRecord.agreement_id)
        .outerjoin(published, published.id == LineRecord.published_by)
        .where(LineRecord.line_id.in_(set(lines)), holds_on(LineRecord.valid, on))
    )
    return {row[0].line_id: RecordOnDay(*row) for row in session.execute(wanted)}


def _evidence(
    session: Session, line: LineInForce, record: RecordOnDay | None, walked: Walked, *, on: date
) -> LengthEvidence:
    states = walked.lengths_km(lambda facts: facts.legal_state)
    return LengthEvidence(
        derived_km=walked.course.length_m / 1000.0,
        published_km=record.record.published_length_km if record else None,
        sources=_sources(walked),
        gaps_m=tuple(gaps_m(walked.course)),
        without_area=tuple(_without_area(session, line, on=on)),
        unsettled_km=sum(states.get(state, 0.0) for state in NOT_SETTLED),
    )


def _sources(walked: Walked) -> tuple[SourceOfLine, ...]:
    lengths: dict[tuple[str, float | None], float] = defaultdict(float)
    steps: dict[tuple[str, float | None], int] = defaultdict(int)
    for place, facts in walked.placed:
        key = facts.source, facts.accuracy_m
        lengths[key] += (place.to_m - place.from_m) / 1000.0
        steps[key] += int(shapely.get_num_coordinates(walked.shapes[place.edge])) - 1
    return tuple(
        SourceOfLine(name, accuracy, lengths[name, accuracy], steps[name, accuracy])
        for name, accuracy in sorted(lengths, key=lambda key: -lengths[key])
    )


# Units at the county level and above below either side of which no area is registered: the line has an edge
# only where both sides have one.
_WITHOUT_AREA = text("""
WITH RECURSIVE tree(id, name, code, level) AS (
    SELECT v.division_id, v.name, v.code, v.level FROM division_version v
    WHERE v.division_id = ANY(:units) AND v.valid @> :on
    UNION ALL
    SELECT below.* FROM tree, LATERAL (
        SELECT v.division_id, v.name, v.code, v.level FROM division_version v
        WHERE v.superior_id = tree.id AND v.valid @> :on OFFSET 0
    ) below
)
SELECT name FROM tree
WHERE level IN ('prefecture', 'county')
    AND NOT EXISTS (SELECT FROM extent e WHERE e.division_id = tree.id AND e.valid @> :on)
ORDER BY code
""").bindparams(bindparam("units", type_=ARRAY(PG_UUID(as_uuid=True))))


def _without_area(session: Session, line: LineInForce, *, on: date) -> list[str]:
    return list(session.scalars(_WITHOUT_AREA, {"units": [line.first_id, line.second_id], "on": on}))
