"""Reading the register of instruments."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from gis_service.foundation.access import Act
from gis_service.foundation.errors import NotFound
from gis_service.foundation.readings import note_reading
from gis_service.foundation.web import Listing, PageByText, Reading, refusals
from gis_service.foundation.web.identity import permitted
from gis_service.registers.instruments.models import Instrument
from gis_service.registers.instruments.queries import (
    instrument_by_id,
    instrument_by_number,
    instruments_page,
)
from gis_service.registers.instruments.schemas import InstrumentOut

router = APIRouter(prefix="/instruments", tags=["文件依据"], dependencies=[permitted(Act.read_registers)])

Reference = Annotated[
    str,
    Path(
        max_length=200, description="文号（如 国函〔2020〕79号）或文件的 UUID", examples=["国函〔2020〕79号"]
    ),
]


@router.get("", summary="列出已登记的文件")
def list_instruments(session: Reading, page: PageByText) -> Listing[InstrumentOut]:
    """使登记事项成立的批复、决定、公告、协议书，以及最初录入所用的数据集，按文号排列。

    数据集的 `statement` 是使用者必须知道的声明（例如“界线经过综合，无法律效力”），引用其数据时都应附上。
    """
    rows, following = page.cut(
        instruments_page(session, after=page.after, limit=page.one_more), lambda row: row.number
    )
    return Listing(items=[_told(session, row) for row in rows], next=following)


@router.get("/{reference:path}", summary="查一份文件", responses=refusals(404))
def read_instrument(session: Reading, reference: Reference) -> InstrumentOut:
    """按文号或标识查一份文件。文号中的六角括号等须按 UTF-8 作百分号编码，浏览器会自动完成。"""
    return _told(session, _named(session, reference))


def _told(session: Reading, instrument: Instrument) -> InstrumentOut:
    note_reading(session, instrument.classification, instrument.number, instrument.id)
    return InstrumentOut.model_validate(instrument)


def _named(session: Reading, reference: str) -> Instrument:
    try:
        return instrument_by_id(session, UUID(reference))
    except ValueError:
        found = instrument_by_number(session, reference)
    if found is None:
        raise NotFound(f"没有文号为“{reference}”的文件", way_out="请核对文号，或在 /instruments 中查找")
    return found
