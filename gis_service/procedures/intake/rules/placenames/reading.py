"""From rows of text to records: each cell read by what its column is, each fault told with row and column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.intake.rules.placenames.catalogue import R_PLN_01, R_PLN_02, R_PLN_09
from gis_service.procedures.intake.rules.placenames.positions import Positions
from gis_service.procedures.intake.rules.placenames.record import (
    PLACE_DIGITS,
    STATISTICAL,
    STATISTICAL_DIGITS,
    MinorityName,
    NameChange,
    PlaceRecord,
)
from gis_service.procedures.intake.rules.placenames.tally import Tally
from gis_service.procedures.intake.rules.placenames.words import (
    head_of,
    is_yes,
    language_of,
    meant,
    parted,
    recognised,
    words,
)

_TEMPLATE = "列名见 gis-service intake template placenames --out 模板.xlsx"
_LISTS = ("former", "aliases", "short")
_PLAIN = ("code", "specific", "generic", "roman", "reading", "status", "process", "method", "reason")
_UNIT_DIGITS = (9, 6)
_UNITS = ("town", "county", "prefecture", "province")  # the lowest that is given counts


@dataclass(frozen=True, slots=True)
class Columns:
    """Where in a row each known thing stands."""

    at: Mapping[str, int]
    facts: Mapping[str, int]
    heads: tuple[str, ...]

    def head(self, name: str) -> str:
        """How the file calls a column."""
        return self.heads[self.at[name]] if name in self.at else head_of(name)


def columns_of(heads: Sequence[str], source: str) -> tuple[Columns | None, list[Finding]]:
    """Which column is which; None, with the reason, where there is none with names."""
    known, facts, unknown = recognised(head for head in dict.fromkeys(heads) if head)
    found = []
    if unknown:
        message = f"{source}：未用的列：{'、'.join(unknown)}"
        found.append(R_PLN_01.finding(Severity.info, source, message, suggestion=_TEMPLATE))
    if "name" not in known:
        message = f"{source}：没有“标准名称”列（现有：{'、'.join(filter(None, heads)) or '无'}）"
        return None, [*found, R_PLN_01.finding(Severity.blocking, source, message, suggestion=_TEMPLATE)]
    at = {name: heads.index(head) for name, head in known.items()}
    return Columns(at, {name: heads.index(head) for name, head in facts.items()}, tuple(heads)), found


@dataclass(slots=True)
class Reader:
    """Reads rows under known columns; what is wrong goes into the tally."""

    columns: Columns
    tally: Tally
    positions: Positions
    status: str | None = None
    within: tuple[str, ...] = ()
    left_out: int = 0

    def read(self, rows: Iterable[Any]) -> Iterator[PlaceRecord]:
        """Records of rows (`number`, `cells`, `shape`); a row outside `within` is left out and counted."""
        for row in rows:
            get = _Getter(self.columns, row.cells)
            units = _units(get)
            if self.within and not any(unit.startswith(self.within) for unit in units):
                self.left_out += 1
                continue
            yield self._record(row.number, get, units, row.shape)

    def _record(self, number: int, get: _Getter, units: tuple[str, ...], shape: Any) -> PlaceRecord:
        record = PlaceRecord(number, self._name(number, get))
        for name in _PLAIN:
            if text := get(name):
                setattr(record, name, text)
        for name in _LISTS:
            if text := get(name):
                setattr(record, name, parted(text))
        record.class_code = _class(get("class"))
        record.facts = {fact: text for fact, at in self.columns.facts.items() if (text := get.at(at))}
        record.code = record.code or _of_digits(get, PLACE_DIGITS)
        if statistical := _statistical(get):
            record.facts[STATISTICAL] = statistical
            record.class_code = record.class_code or _class_of(statistical)
        record.divisions = units
        record.status = record.status or self.status
        self._minority(record, get)
        self._keys(record, get)
        self._changes(record, get)
        self.positions.read(record, get, shape)
        return record

    def _name(self, number: int, get: _Getter) -> str:
        raw = get.raw("name")
        name = raw.strip()
        if name and name != raw:
            column = self.columns.head("name")
            self.tally.tell(R_PLN_02, number, name, "名称前后有空白，已去掉", "请在源数据去掉", column)
        return name

    def _minority(self, record: PlaceRecord, get: _Getter) -> None:
        text = get("minority")
        if not text:
            return
        told = get("language")
        language = language_of(told)
        if language is None and told:
            message = f"不认识语种“{told}”"
            self.tally.warn(
                R_PLN_09, record.row, record.subject, message, "已按未注明登记", self.columns.head("language")
            )
        record.minority = (MinorityName(text, language or "und"),)

    def _keys(self, record: PlaceRecord, get: _Getter) -> None:
        for name in ("id", "name_id"):
            if text := get(name):
                self._set(record, name, text, UUID, "标识")
        if text := get("revision"):
            self._set(record, "revision", text, int, "整数")
        if text := get("surveyed_on"):
            self._set(record, "surveyed_on", text, date.fromisoformat, "日期（如 2024-05-01）")
        if text := get("accuracy_m"):
            self._set(record, "accuracy_m", text, float, "以米为单位的数")

    def _set(self, record: PlaceRecord, name: str, text: str, read: Any, what: str) -> None:
        try:
            setattr(record, name, read(text))
        except ValueError:
            column = self.columns.head(name)
            message = f"“{text[:40]}”不是{what}"
            self.tally.refuse(
                R_PLN_09, record.row, record.subject, message, "请改正", column, f"{column}：不是{what}"
            )

    def _changes(self, record: PlaceRecord, get: _Getter) -> None:
        if text := get("change"):
            word = meant("change", text)
            record.change = NameChange(word) if word else None
            if word is None:
                message = f"“{text[:40]}”不是更名或更正"
                self.tally.refuse(
                    R_PLN_09,
                    record.row,
                    record.subject,
                    message,
                    "请写更名或更正",
                    self.columns.head("change"),
                )
        record.end = is_yes(get("end"))
        record.synthetic = is_yes(get("synthetic"))


class _Getter:
    """The cells of one row, by what they are."""

    __slots__ = ("_at", "_cells")

    def __init__(self, columns: Columns, cells: Sequence[str]) -> None:
        self._at, self._cells = columns.at, cells

    def raw(self, name: str) -> str:
        """As it is written."""
        at = self._at.get(name)
        return self._cells[at] if at is not None and at < len(self._cells) else ""

    def at(self, at: int) -> str:
        """By its place, without the space around it."""
        return self._cells[at].strip() if at < len(self._cells) else ""

    def __call__(self, name: str) -> str:
        """Without the space around it; empty where there is none."""
        return self.raw(name).strip()


def _class_of(statistical: str) -> str | None:
    """The class of what a code of twelve digits stands for, by its last three."""
    last = statistical[9:]
    fitting = (each["class"] for each in words()["classes_by_code"] if each["first"] <= last <= each["last"])
    return next(fitting, None)


def _class(text: str) -> str | None:
    """A class code, or one with its name behind it as drop-down lists have it."""
    return text.split(maxsplit=1)[0] if text else None


def _statistical(get: _Getter) -> str | None:
    """Its code of twelve digits, under a head of its own or under one that does not say which code it is."""
    return get("statistical") or _of_digits(get, STATISTICAL_DIGITS)


def _of_digits(get: _Getter, count: int) -> str | None:
    text = get("any_code")
    return text if len(text) == count else None


def _units(get: _Getter) -> tuple[str, ...]:
    """Codes or names of the units it lies in, first the one it is listed under."""
    told = parted(get("division")) or tuple(filter(None, (next(filter(None, map(get, _UNITS)), ""),)))
    if not told and len(code := _statistical(get) or "") == STATISTICAL_DIGITS:
        told = (code[:9],)
    if not told and len(code := get("any_code")) in _UNIT_DIGITS:
        told = (code,)
    return tuple(dict.fromkeys((*told, *parted(get("divisions")))))
