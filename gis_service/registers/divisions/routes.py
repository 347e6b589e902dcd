"""Reading the history of divisions. What needs areas is answered by the register of boundaries."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

from gis_service.foundation.access import Act, Classification
from gis_service.foundation.readings import note_reading
from gis_service.foundation.web import Day, OnDate, Reading, parsed_by, refusals
from gis_service.foundation.web.identity import permitted
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.divisions.queries import (
    Span,
    division_named,
    free_codes,
    histories_of,
    ids_ever_named,
    named_ever,
    note_history,
    read_reference,
)
from gis_service.registers.divisions.rules import DivisionType, Proposal
from gis_service.registers.divisions.schemas import (
    HistoriesOut,
    HistoryOut,
    NamedOut,
    ProposalOut,
    ProposalsOut,
    UnitOut,
    VersionOut,
)

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


@router.get("/named", summary="查曾用某名的单位")
def find_by_name(
    session: Reading,
    name: Annotated[
        str,
        Query(min_length=1, max_length=50, description="全名，或不带通名的专名", examples=["淮阴"]),
    ],
    day: Annotated[Day | None, Query(description="只列此日叫这个名字的；不写则不论何时")] = None,
) -> NamedOut:
    """任何时候用过此名的全部单位及其起止日：写“淮阴”也查得到淮阴市、淮阴县、淮阴区。名称须完整，不作模糊匹配。"""
    return NamedOut(units=[_version(span) for span in named_ever(session, name, on=day)])


def _version(span: Span) -> VersionOut:
    return VersionOut(
        id=span.id,
        code=span.code,
        name=span.name,
        level=span.level,
        type=span.type,
        seat=span.seat,
        superior=span.superior,
        valid_from=span.begins,
        valid_to=span.ends,
        begun_by=span.begun_by.number,
        ended_by=span.ended_by.number if span.ended_by else None,
        classification=Classification(span.classification),
        begun_edtf=span.begun_edtf,
        ended_edtf=span.ended_edtf,
    )


@router.get("/{reference}/history", summary="查一个单位的沿革", responses=refusals(404))
def read_history(session: Reading, reference: DivisionReference) -> HistoriesOut:
    """列出曾以此代码（或标识）存在的每个单位的历次版本、由哪些单位而来、归入哪些单位，以及各自的文件依据。

    与日期无关：代码今天无人使用时也能查到从前的使用者。
    """
    histories = histories_of(session, ids_ever_named(session, reference))
    for history in histories:
        note_history(session, history)
    return HistoriesOut(units=[HistoryOut.model_validate(history) for history in histories])


@router.get("/{reference}/free-codes", summary="拟新单位的代码", responses=refusals(404))
def propose_free_codes(
    session: Reading,
    reference: DivisionReference,
    on: OnDate,
    type: Annotated[DivisionType, Query(description="新单位的建制", examples=["市辖区"])],
    count: Annotated[int, Query(ge=1, le=100, description="至多几个")] = 5,
) -> ProposalsOut:
    """新设单位在此上级之下可用的代码：按当日有效的代码标准，在相应码段内取从未用过的；曾用过的排在最后并提示。"""
    superior = division_named(session, reference, on=on)
    note_reading(session, superior.classification, superior.code)
    return proposals_told(superior, type, on, free_codes(session, superior, type, on=on, count=count))


def proposals_told(
    superior: DivisionVersion, type_: DivisionType, on: date, found: list[Proposal]
) -> ProposalsOut:
    """Proposals as they are told."""
    return ProposalsOut(
        type=type_.value,
        superior=UnitOut.model_validate(superior),
        on=on,
        proposals=[
            ProposalOut(code=each.code, warnings=[finding.message for finding in each.findings])
            for each in found
        ],
    )
