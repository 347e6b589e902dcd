"""Registers filled with sensible defaults, so that a test shows only what matters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from uuid import UUID

from shapely.geometry.base import BaseGeometry

from gis_service.foundation.access import operator
from gis_service.foundation.transaction import Transaction
from gis_service.registers.boundaries.commands import derive, enter_areas
from gis_service.registers.divisions.commands import NewDivision, establish
from gis_service.registers.divisions.queries import find_by_code
from gis_service.registers.divisions.rules import level_of_code, superior_code, type_of
from gis_service.registers.instruments.commands import register_instrument
from gis_service.registers.instruments.models import InstrumentKind
from gis_service.registers.instruments.schemas import InstrumentIn
from tests.support.grid import areas

BEGINNING = date(2020, 1, 1)
REGISTRAR = operator("登记员", "测试机关")
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def an_act(tx: Transaction, number: str = "国函〔2020〕1号", on: date = BEGINNING) -> UUID:
    act = InstrumentIn(
        number=number, kind=InstrumentKind.approval, title="关于某事的批复", issuer="国务院", issued_on=on
    )
    return register_instrument(tx, act).id


def a_dataset(tx: Transaction) -> UUID:
    source = InstrumentIn(
        number="测试数据集", kind=InstrumentKind.dataset, title="测试数据", issuer="测试", issued_on=BEGINNING
    )
    return register_instrument(tx, source).id


def drawn(
    tx: Transaction, drawing: str, units: Mapping[str, tuple[str, str]], *, on: date = BEGINNING
) -> dict[str, UUID]:
    """Register the drawing: `units` gives code and name for each letter; superiors are named by their code.

    Returns the id of each unit by its letter, and of each superior by its code.
    """
    shapes = areas(drawing)
    return registered(tx, {letter: (*units[letter], shapes[letter]) for letter in shapes}, on=on)


def registered(
    tx: Transaction,
    units: Mapping[str, tuple[str, str, BaseGeometry]],
    *,
    on: date = BEGINNING,
    source: UUID | None = None,
) -> dict[str, UUID]:
    """Register units `(code, name, area)` with the superiors their codes imply."""
    source = source or a_dataset(tx)
    ids: dict[str, UUID] = {}
    new: dict[str, NewDivision] = {}
    for code, name in _with_superiors(units):
        if known := find_by_code(tx.session, code, on=on):
            ids[code] = known.division_id
            continue
        level = level_of_code(code)
        assert level is not None
        above = superior_code(code)
        new[code] = NewDivision(code, name, level, type_of(code, name), ids[above] if above else None)
        ids[code] = new[code].id
    establish(tx, list(new.values()), on=on, instrument_id=source)
    shapes = {ids[code]: area for code, _, area in units.values()}
    enter_areas(tx, shapes, on=on, instrument_id=source)
    above_all = [unit for code, unit in ids.items() if unit not in shapes and code in ids]
    derive(tx, leaves=shapes, superiors=above_all, on=on, instrument_id=source)
    return ids | {letter: ids[code] for letter, (code, _, _) in units.items()}


def _with_superiors(units: Mapping[str, tuple[str, str, BaseGeometry]]) -> list[tuple[str, str]]:
    named = {code: name for code, name, _ in units.values()}
    for code in list(named):
        above = superior_code(code)
        while above is not None:
            named.setdefault(above, f"{above[:4].rstrip('0')}{'省' if above.endswith('0000') else '市'}")
            above = superior_code(above)
    return sorted(named.items(), key=lambda item: (item[0].rstrip("0"), item[0]))
