"""What can never stand in the register, whoever hands it in and however it was judged before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

import numpy as np
import shapely
from sqlalchemy import any_, cast, select
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.dialects.postgresql import UUID as PG_UUID

from gis_service.foundation.database import holds_on
from gis_service.foundation.errors import Conflict, IllegalMove, InvalidInput
from gis_service.foundation.transaction import Transaction
from gis_service.registers.divisions.models import DivisionVersion
from gis_service.registers.placenames.commands.given import NewFeature, NewName, NewShape
from gis_service.registers.placenames.models import Feature, NameKind, ShapeRole
from gis_service.registers.placenames.rules.classes import class_of
from gis_service.registers.placenames.rules.codes import is_code
from gis_service.registers.placenames.rules.statuses import Move, entry, gives_standard_names, in_use

IDS = ARRAY(PG_UUID(as_uuid=True))
_SHOWN = 5
# The types of geometry, by GEOS number, that each role may have: single and multiple.
_TYPES: Mapping[str, tuple[int, ...]] = {
    ShapeRole.point: (0, 4),
    ShapeRole.line: (1, 5),
    ShapeRole.area: (3, 6),
    ShapeRole.extent: (3, 6),
}


def shown(several: Iterable[object]) -> str:
    """The first few, for people."""
    listed = [str(each) for each in several]
    return "、".join(listed[:_SHOWN]) + ("……" if len(listed) > _SHOWN else "")


def require_one_standard(features: Iterable[NewFeature]) -> None:
    """Refuse features without any name, or with two standard names at once.

    Raises:
        InvalidInput, Conflict: names them.
    """
    nameless, twofold = [], []
    for feature in features:
        standard = [name.text for name in feature.names if name.kind is NameKind.standard]
        if not feature.names or not all(name.text for name in feature.names):
            nameless.append(feature.code or feature.id)
        if len(standard) > 1:
            twofold.append("／".join(standard))
    if nameless:
        raise InvalidInput(f"地理实体没有名称：{shown(nameless)}", way_out="请至少填一个名称")
    if twofold:
        raise Conflict(
            f"同一地理实体有两个标准名称：{shown(twofold)}", way_out="请只留一个，其余列为别名或曾用名"
        )


def entry_of(name: NewName, event: str | None = None) -> Move:
    """How a name comes on record, by its process and the status it is handed in with.

    Raises:
        IllegalMove: the process knows no such status, or gives no standard names.
    """
    found = entry(name.process, event, name.status)
    if name.kind is NameKind.standard and not (in_use(found.after) and gives_standard_names(name.process)):
        raise IllegalMove(
            f"“{name.text}”来源为{name.process}、状态为{found.after}，不能作标准名称",
            way_out="标准名称由依法命名、行政区划或普查登记而来，状态为现行或待核",
        )
    return found


def require_classes(codes: Iterable[str]) -> None:
    """Refuse class codes of no main class (R-CLS-01).

    Raises:
        InvalidInput: names them.
    """
    if unknown := sorted({code[:20] for code in set(codes) if class_of(code) is None}):
        raise InvalidInput(
            f"地名类别代码不属于任何已知门类：{shown(unknown)}", way_out="用 names classes 查看类别表"
        )


def require_codes_free(tx: Transaction, codes: Sequence[str]) -> None:
    """Refuse place-name codes that are not 20 digits, twice the same, or were ever used (R-COD-12).

    Raises:
        InvalidInput, Conflict: names them.
    """
    if wrong := [code for code in codes if not is_code(code)]:
        raise InvalidInput(
            f"地名代码须为20位数字：{shown(code[:30] for code in wrong)}", way_out="请核对代码"
        )
    again = [code for code, times in Counter(codes).items() if times > 1]
    if not again and codes:
        wanted = select(Feature.code).where(Feature.code == any_(cast(list(codes), ARRAY(TEXT))))
        again = sorted(str(code) for code in tx.session.scalars(wanted))
    if again:
        raise Conflict(f"地名代码已有地理实体使用，永不重用：{shown(again)}", way_out="请核对代码")


def require_units(tx: Transaction, units: Iterable[UUID], *, on: date) -> None:
    """Refuse units that do not exist on the day, or of which the actor may not know.

    Raises:
        InvalidInput: names them.
    """
    wanted = set(units)
    if not wanted:
        return
    known = select(DivisionVersion.division_id).where(
        DivisionVersion.division_id == any_(cast(list(wanted), IDS)), holds_on(DivisionVersion.valid, on)
    )
    if missing := wanted - set(tx.session.scalars(known)):
        raise InvalidInput(f"{on} 没有这些行政区划：{shown(sorted(missing))}", way_out="请核对单位和日期")


def require_shapes(shapes: Sequence[NewShape]) -> None:
    """Refuse geometries that are empty, off the globe, or not of their role.

    Raises:
        InvalidInput: says which role and what was given.
    """
    if not shapes:
        return
    geometries = np.asarray([shape.geom for shape in shapes], dtype=object)
    bounds = shapely.bounds(geometries)
    on_globe = np.all(
        np.abs(bounds) <= np.array([180, 90, 180, 90]), axis=1
    ).tolist()  # never with NaN: of empty ones
    for shape, type_, placed in zip(shapes, shapely.get_type_id(geometries), on_globe, strict=True):
        if not placed or int(type_) not in _TYPES[shape.role]:
            raise InvalidInput(
                f"图形“{shape.role}”不能是 {shape.geom.wkt[:60]}",
                way_out="点填点，线填线，面和范围填多边形；坐标为经纬度，不能为空",
            )
