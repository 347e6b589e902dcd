"""Reading the history of divisions. What needs areas is answered by the register of boundaries."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from gis_service.foundation.access import Act
from gis_service.foundation.web import Reading, parsed_by, refusals
from gis_service.foundation.web.identity import permitted
from gis_service.registers.divisions.queries import histories_of, ids_ever_named, note_history, read_reference
from gis_service.registers.divisions.schemas import HistoriesOut, HistoryOut

router = APIRouter(prefix="/divisions", tags=["行政区划"], dependencies=[permitted(Act.read_registers)])

_WRITTEN = {
    "anyOf": [
        {"type": "string", "format": "uuid"},
        {"type": "string", "pattern": "^([0-9]{6}|[0-9]{9}|[0-9]{12})$"},
    ],
}
NamedDivision = Annotated[UUID | str, parsed_by(read_reference, written=_WRITTEN)]
DivisionReference = Annotated[
    NamedDivision,
    Path(description="行政区划代码（6、9 或 12 位数字），或单位的 UUID", examples=["320613"]),
]


@router.get("/{reference}/history", summary="查一个单位的沿革", responses=refusals(404))
def read_history(session: Reading, reference: DivisionReference) -> HistoriesOut:
    """列出曾以此代码（或标识）存在的每个单位的历次版本、由哪些单位而来、归入哪些单位，以及各自的文件依据。

    与日期无关：代码今天无人使用时也能查到从前的使用者。
    """
    histories = histories_of(session, ids_ever_named(session, reference))
    for history in histories:
        note_history(session, history)
    return HistoriesOut(units=[HistoryOut.model_validate(history) for history in histories])
