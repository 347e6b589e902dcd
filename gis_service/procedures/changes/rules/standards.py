"""The standards for setting up units (设镇、设街道、设市 …): which edition holds where and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from gis_service.procedures.changes.rules.versioned import Row, holds, tables_in

# Which standard an establishment of this type is measured by.
STANDARD_OF_TYPE: Mapping[str, str] = {
    "镇": "镇",
    "街道": "街道",
    "县级市": "县级市",
    "地级市": "地级市",
    "市辖区": "市辖区",
}


@dataclass(frozen=True, slots=True)
class Indicator:
    """Something a standard asks for. `ratio` names the two figures it can be reckoned from."""

    id: str
    title: str
    unit: str
    ratio: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Bound:
    """What a figure must be; the words of `limits` are those of the data: at_least, more_than … is."""

    indicator: str
    limits: Mapping[str, Any]
    status: str


@dataclass(frozen=True, slots=True)
class Path:
    """One way to meet a standard: for whom it is (`when`), and what it demands."""

    id: str
    title: str
    when: tuple[Bound, ...]
    demands: tuple[Bound, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """A standard as it holds from a day on, in some provinces or everywhere."""

    id: str
    standard: str
    title: str
    source: str
    legal_basis: str
    status: str
    is_public: bool
    is_draft: bool
    provinces: tuple[str, ...]
    valid_from: date
    valid_from_edtf: str | None
    valid_to: date | None
    paths: tuple[Path, ...]


LIMITS: Mapping[str, str] = {
    "at_least": "不少于",
    "more_than": "大于",
    "at_most": "不超过",
    "less_than": "小于",
    "is": "为",
}


@cache
def indicators() -> Mapping[str, Indicator]:
    """Every indicator by its id."""
    rows = [row for each in tables_in("standards") for row in each.get("indicator", ())]
    return {
        row["id"]: Indicator(row["id"], row["title"], row["unit"], _pair(row.get("ratio"))) for row in rows
    }


def _pair(ratio: list[str] | None) -> tuple[str, str] | None:
    return (ratio[0], ratio[1]) if ratio else None


@cache
def editions() -> tuple[Edition, ...]:
    """Every edition of every standard, by standard and day."""
    found = [_edition(row) for row in tables_in("standards") if "standard" in row]
    return tuple(sorted(found, key=lambda each: (each.standard, each.valid_from, each.provinces)))


def _edition(row: Row) -> Edition:
    return Edition(
        id=row["id"],
        standard=row["standard"],
        title=row["title"],
        source=row["source"],
        legal_basis=row["legal_basis"],
        status=row["status"],
        is_public=row["is_public"],
        is_draft=row.get("is_draft", False),
        provinces=tuple(row.get("provinces", ())),
        valid_from=row["valid_from"],
        valid_from_edtf=row.get("valid_from_edtf"),
        valid_to=row.get("valid_to"),
        paths=tuple(_path(path, row["status"]) for path in row.get("path", ())),
    )


def _path(row: Row, status: str) -> Path:
    own = row.get("status", status)
    return Path(
        row["id"],
        row["title"],
        tuple(_bound(each, own) for each in row.get("when", ())),
        tuple(_bound(each, own) for each in row.get("demand", ())),
    )


def _bound(row: Row, status: str) -> Bound:
    limits = {word: row[word] for word in LIMITS if word in row}
    return Bound(row["indicator"], limits, row.get("status", status))


def known_standards() -> tuple[str, ...]:
    """The names of all standards."""
    return tuple(dict.fromkeys(each.standard for each in editions()))


@dataclass(frozen=True, slots=True)
class Applied:
    """The edition that holds in a province on a day; where it is not public, what is known of others."""

    edition: Edition | None
    reference: Edition | None
    note: str


def edition_for(standard: str, province: str, on: date) -> Applied:
    """The province's own edition before the national one, the newest before older ones.

    Where that one is not public, the newest public national one is named as a reference, not as the law.
    """
    local = _newest(standard, on, province)
    national = _newest(standard, on, None)
    edition = local or national
    reference = None if edition is None or edition.is_public else _newest(standard, on, None, public=True)
    return Applied(edition, reference, _note(edition, reference, is_local=local is not None, on=on))


def _newest(standard: str, on: date, province: str | None, *, public: bool = False) -> Edition | None:
    fitting = [
        each
        for each in editions()
        if each.standard == standard
        and holds({"valid_from": each.valid_from, "valid_to": each.valid_to or date.max}, on=on)
        and ((province in each.provinces) if province else not each.provinces)
        and (each.is_public or not public)
    ]
    return max(fitting, key=lambda each: each.valid_from, default=None)


SET_BY_PROVINCES_FROM = date(2019, 1, 1)  # 区划条例 Art 11 in force
SET_BY_PROVINCES = frozenset({"镇", "街道"})


def _note(edition: Edition | None, reference: Edition | None, *, is_local: bool, on: date) -> str:
    if edition is None:
        return "该日没有已知的标准"
    notes = []
    if not edition.is_public:
        notes.append(f"无公开标准：{edition.source}")
    if reference is not None:
        notes.append(f"另列“{reference.title}”的对照结果，仅供参考")
    if not is_local and edition.standard in SET_BY_PROVINCES and on >= SET_BY_PROVINCES_FROM:
        notes.append("2019年起由省级人民政府制定标准，未见该省标准，依全国标准对照")
    if edition.is_draft:
        notes.append("所依为征求意见稿，从未正式公布")
    return "；".join(notes)
