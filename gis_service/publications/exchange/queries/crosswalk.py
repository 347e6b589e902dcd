"""A user's table carried from the codes of one day to those of another; every sum stays what it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import pandas as pd
from sqlalchemy.orm import Session

from gis_service.foundation.errors import Conflict, InvalidInput
from gis_service.foundation.readings import note_readings
from gis_service.publications.exchange.queries.corresponding import Part, correspondence
from gis_service.publications.exchange.queries.healing import Healed, codes_in, heal_codes
from gis_service.publications.exchange.queries.spells import Spell, spells_of_codes
from gis_service.publications.exchange.queries.spreading import (
    equal_shares,
    read_values,
    spread,
    total,
    written,
)
from gis_service.publications.exchange.queries.value_columns import amounts_in
from gis_service.registers.divisions.queries import find_by_codes

ADDED = ("to_code", "to_name", "share", "certainty")
_SHOWN = 20


class Unknown(StrEnum):
    """What to do where nothing says how much of a unit went where."""

    refuse = "refuse"
    equal = "equal"
    whole = "whole"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be done with a table. `weights` are the user's own: from code → to code → weight.

    Without `values`, all columns that hold amounts are parted.
    """

    code_column: str
    on: date
    to: date
    values: tuple[str, ...] | None = None
    unknown: Unknown = Unknown.refuse
    aggregate: bool = False
    weights: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A code nobody held on the first day; `spells` are when and by whom it was held otherwise."""

    code: str
    rows: int
    spells: tuple[Spell, ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of a column of values before and after, as it is written."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """The carried table, and all that was done to it."""

    table: pd.DataFrame
    rows_before: int
    healed: tuple[Healed, ...]
    unmatched: tuple[Unmatched, ...]
    without_heir: tuple[str, ...]
    divided: tuple[str, ...]
    sums: tuple[Sum, ...]


def crosswalk(session: Session, table: pd.DataFrame, asked: Asked) -> Crosswalk:
    """Carry a table of text cells from one day to another; every row becomes one row for each of its parts.

    Rows whose code answers to nothing stay, with an empty target.

    Raises:
        InvalidInput: a column is missing or in the way, or a value is no number.
        Conflict: shares are unknown and the user did not say what to do then; names the codes.
    """
    _require_columns(table, asked)
    chosen = amounts_in(table, code_column=asked.code_column) if asked.values is None else asked.values
    codes, healed = heal_codes(table[asked.code_column])
    parts = _weighted(session, correspondence(session, codes_in(codes), on=asked.on, to=asked.to), asked)
    values = {name: read_values(table[name]) for name in chosen}
    placed = _placed(codes, parts)
    divided = {name: Values(_divided(whole, placed), decimals) for name, (whole, decimals) in values.items()}
    make = _aggregated if asked.aggregate else _joined
    return Crosswalk(
        make(table, placed, divided, asked),
        len(table),
        tuple(healed),
        tuple(_unmatched(session, codes, parts)),
        tuple(code for code, found in parts.items() if not found),
        tuple(code for code, found in parts.items() if len(found) > 1),
        tuple(
            Sum(name, total(whole, decimals), total(divided[name].units, decimals))
            for name, (whole, decimals) in values.items()
        ),
    )


@dataclass(frozen=True, slots=True)
class Values:
    """A column in whole numbers of its last decimal."""

    units: pd.Series
    decimals: int


def _divided(whole: pd.Series, placed: pd.DataFrame) -> pd.Series:
    of_rows = whole.iloc[placed["row"].to_numpy()].reset_index(drop=True)
    return spread(of_rows, placed["weight"], placed["row"])


def _require_columns(table: pd.DataFrame, asked: Asked) -> None:
    missing = [name for name in (asked.code_column, *(asked.values or ())) if name not in table.columns]
    if missing:
        raise InvalidInput(
            f"表中没有列：{'、'.join(missing)}", way_out=f"表中的列有：{'、'.join(map(str, table.columns))}"
        )
    taken = [name for name in ADDED if name in table.columns]
    if taken:
        raise InvalidInput(f"表中已有列 {'、'.join(taken)}", way_out="请先改名：这些列由对照写入")
    if asked.code_column in (asked.values or ()):
        raise InvalidInput(f"列“{asked.code_column}”不能既是代码又是数值", way_out="请另指数值列")


def _weighted(
    session: Session, found: Mapping[str, tuple[Part, ...]], asked: Asked
) -> dict[str, tuple[Part, ...]]:
    """Parts with weights that come to 1: the user's own, else shares of area, else as he said."""
    names = _names_of_weighted(session, asked)
    weighted: dict[str, tuple[Part, ...]] = {}
    refused: list[str] = []
    for code, parts in found.items():
        own = asked.weights.get(code)
        made = _by_own(own, names) if own else _by_area(parts, asked.unknown)
        if made is None:
            refused.append(code)
        else:
            weighted[code] = made
    if refused:
        _refuse(refused, asked)
    return weighted


def _refuse(codes: Sequence[str], asked: Asked) -> None:
    shown = "、".join(codes[:_SHOWN]) + ("……" if len(codes) > _SHOWN else "")
    raise Conflict(
        f"{len(codes)} 个代码在 {asked.to} 的面积比例无从得知：{shown}",
        way_out="请给出自己的权重（weights），或选择平均分（unknown=equal）、整个归入已知比例最大者（whole）",
    )


def _names_of_weighted(session: Session, asked: Asked) -> dict[str, str]:
    wanted = {code for own in asked.weights.values() for code in own}
    held = find_by_codes(session, wanted, on=asked.to)
    strange = sorted(wanted - held.keys())
    if strange:
        raise InvalidInput(
            f"权重所指的代码 {'、'.join(strange[:_SHOWN])} 在 {asked.to} 无人使用",
            way_out="请核对权重表的 to 列",
        )
    note_readings(session, ((version.classification, version.code) for version in held.values()))
    return {code: version.name for code, version in held.items()}


def _by_own(own: Mapping[str, float], names: Mapping[str, str]) -> tuple[Part, ...]:
    whole = sum(own.values())
    return tuple(Part(code, names[code], weight / whole, "") for code, weight in own.items() if weight)


def _by_area(parts: tuple[Part, ...], unknown: Unknown) -> tuple[Part, ...] | None:
    """None where the shares are not known and that was to be refused."""
    known = [part.share for part in parts if part.share is not None]
    whole = sum(known)
    if not parts or (len(known) == len(parts) and abs(whole - 1) < _WHOLE):
        return tuple(_with(part, part.share / whole) for part in parts if part.share)
    if unknown is Unknown.equal:
        shares = equal_shares(len(parts))
        return tuple(_with(part, share) for part, share in zip(parts, shares, strict=True))
    if unknown is Unknown.whole and known:
        largest = max((part for part in parts if part.share is not None), key=lambda part: part.share or 0)
        return (_with(largest, 1.0),)
    return None


_WHOLE = 1e-6


def _with(part: Part, weight: float) -> Part:
    return Part(part.code, part.name, weight, part.certainty)


def _placed(codes: pd.Series, parts: Mapping[str, tuple[Part, ...]]) -> pd.DataFrame:
    """Row by row, the parts of its code; `weight` is 1 for a row that stays as it is."""
    rows = [
        (code, part.code, part.name, part.share, part.certainty)
        for code, found in parts.items()
        for part in found
    ]
    told = pd.DataFrame(rows, columns=["code", *ADDED])
    asked = pd.DataFrame({"row": range(len(codes)), "code": codes.to_numpy()})
    placed = asked.merge(told, on="code", how="left", sort=False)
    placed["weight"] = placed["share"].astype(float).fillna(1.0)
    texts = ["to_code", "to_name", "certainty"]
    placed[texts] = placed[texts].astype(object).where(placed[texts].notna(), "")
    return placed


def _joined(
    table: pd.DataFrame, placed: pd.DataFrame, divided: Mapping[str, Values], asked: Asked
) -> pd.DataFrame:
    """Every row of the table once for each of its parts."""
    carried = table.iloc[placed["row"].to_numpy()].reset_index(drop=True)
    carried[asked.code_column] = placed["code"].to_numpy()
    for name, values in divided.items():
        carried[name] = written(values.units, values.decimals).to_numpy()
    for name in ADDED:
        carried[name] = placed[name].to_numpy()
    return carried


def _aggregated(
    _table: pd.DataFrame, placed: pd.DataFrame, divided: Mapping[str, Values], asked: Asked
) -> pd.DataFrame:
    """One row for each target; codes without one keep a row of their own."""
    own = placed["code"].where(placed["to_code"] == "", "")
    frame = pd.DataFrame({asked.code_column: own, "to_code": placed["to_code"], "to_name": placed["to_name"]})
    keys = list(frame.columns)
    for name, values in divided.items():
        frame[name] = values.units
    summed = frame.groupby(keys, sort=True, as_index=False)[list(divided)].sum(min_count=1)
    for name, values in divided.items():
        summed[name] = written(summed[name], values.decimals)
    return summed[["to_code", "to_name", asked.code_column, *divided]]


def _unmatched(session: Session, codes: pd.Series, parts: Mapping[str, tuple[Part, ...]]) -> list[Unmatched]:
    strange = Counter(code for code in codes if code not in parts)
    spells = spells_of_codes(session, codes_in(strange))
    return [Unmatched(code, rows, spells.get(code, ())) for code, rows in sorted(strange.items())]
