"""Carrying a table of the user from the codes of one day to those of another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Annotated

import pandas as pd
from fastapi import APIRouter, Query

from gis_service.foundation.access import Act
from gis_service.foundation.web import Day, Reading, refusals
from gis_service.foundation.web.bodies import JsonBody
from gis_service.foundation.web.identity import permitted
from gis_service.foundation.web.limits import body_up_to
from gis_service.publications.exchange.queries import Asked, Unknown, crosswalk
from gis_service.publications.exchange.routes.tables import table_of
from gis_service.publications.exchange.schemas import (
    MOST_BODY_BYTES,
    CrosswalkIn,
    CrosswalkOut,
    ReportOut,
    WeightIn,
)

router = APIRouter(
    prefix="/divisions",
    tags=["行政区划"],
    route_class=JsonBody,
    dependencies=[permitted(Act.ask_at_length)],
)


@router.post(
    "/crosswalk",
    summary="把表格从一日的代码转为另一日的代码",
    responses=refusals(409),
    openapi_extra=body_up_to(MOST_BODY_BYTES),
)
def crosswalk_table(
    session: Reading,
    asked: CrosswalkIn,
    from_: Annotated[Day, Query(alias="from", description="表格代码的日期", examples=["2009-12-31"])],
    to: Annotated[Day, Query(description="要转到的日期，可早可晚", examples=["2010-12-31"])],
) -> CrosswalkOut:
    """每行按其代码所指单位的去向分为若干行，数值列按面积比例（或自己的权重）分摊，每列合计不变。

    面积比例无从得知的代码默认拒绝并列出；对不上的代码原样保留并说明其使用日期。代码按文本处理，
    电子表格造成的 320602.0 之类的写法会改正并告知。
    """
    done = crosswalk(
        session,
        table_of(asked),
        Asked(
            asked.code_column,
            from_,
            to,
            None if asked.values is None else tuple(dict.fromkeys(asked.values)),
            Unknown(asked.unknown),
            asked.aggregate,
            weights_of(asked.weights),
        ),
    )
    as_csv = asked.csv is not None
    return CrosswalkOut(
        rows=None if as_csv else _rows(done.table),
        csv=done.table.to_csv(index=False, lineterminator="\n") if as_csv else None,
        report=ReportOut.model_validate(done),
    )


def weights_of(weights: Iterable[WeightIn]) -> dict[str, dict[str, float]]:
    """The user's weights by the code they part; a code whose weights are all nothing is parted by area."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for each in weights:
        if each.weight:
            found[each.from_][each.to] = found[each.from_].get(each.to, 0.0) + each.weight
    return dict(found)


def _rows(table: pd.DataFrame) -> list[dict[str, str | float | None]]:
    plain = table.astype(object).where(table.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")]
