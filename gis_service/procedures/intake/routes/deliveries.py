"""Reading which deliveries were entered. Entering one is an operator's work, by command."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import PurePath
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from gis_service.foundation.access import Act, Classification
from gis_service.foundation.readings import note_readings
from gis_service.foundation.web import Listing, PageById, Reading
from gis_service.foundation.web.identity import permitted
from gis_service.procedures.intake.queries import deliveries_page

router = APIRouter(prefix="/deliveries", tags=["来件"], dependencies=[permitted(Act.read_deliveries)])

FileName = Annotated[str, AfterValidator(lambda source: PurePath(source).name)]


class DeliveryOut(BaseModel):
    """A delivery that was entered."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(description="来件的标识")
    source: FileName = Field(description="来件的名称", examples=["jiangsu-anhui-2020-01-01"])
    sha256: str = Field(description="内容摘要（SHA-256）；同样的内容再装一次不作改动")
    valid_on: date = Field(description="数据所示状况的日期")
    units: int = Field(description="装入的单位数")
    loaded_at: datetime = Field(description="装入时刻")
    instrument_id: UUID = Field(description="登记为数据集的文件，见 /instruments")
    classification: Classification = Field(description="密级：公开、内部、涉密", examples=["公开"])
    report: dict[str, Any] = Field(description="装入报告：边、面、界线的数目，装入时的各项意见")


@router.get("", summary="列出已装入的来件")
def list_deliveries(session: Reading, page: PageById) -> Listing[DeliveryOut]:
    """装入登记簿的各批数据，先装入的在前，逐页取得。核查和装入由操作员用 `gis-service intake` 命令办理。"""
    found = deliveries_page(session, after=page.after_id, limit=page.one_more)
    rows, following = page.cut(found, lambda row: str(row.id))
    note_readings(session, ((row.classification, row.source) for row in rows))
    return Listing(items=[DeliveryOut.model_validate(row) for row in rows], next=following)
