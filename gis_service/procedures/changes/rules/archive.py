"""What the file of a change holds when it is archived (归档目录), part by part, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from gis_service.procedures.changes.rules.evidence import Basis
from gis_service.procedures.changes.rules.statute import duties, required_materials
from gis_service.procedures.changes.rules.versioned import Row, table

DUTY = "duty_"  # what the documents of a duty are filed under: duty_survey


@dataclass(frozen=True, slots=True)
class Filed:
    """Something in the file of a case: a document by its hash, or a record of the case itself (no hash)."""

    kind: str
    title: str
    on: date | None = None
    sha256: str | None = None
    size_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class ArchivePart:
    """A part of the list with what it holds, and the titles of what it should hold and does not."""

    title: str
    held: tuple[Filed, ...]
    missing: tuple[str, ...]


def papers() -> Mapping[str, str]:
    """Kind → Chinese title of documents that are no part of the application."""
    titles = {row["kind"]: row["title"] for row in table("papers.toml")["paper"]}
    return titles | {f"{DUTY}{duty.id}": f"{duty.title}的文件" for duty in duties()}


def material_titles() -> Mapping[str, str]:
    """Kind → Chinese title of every document a case may hold."""
    return {**required_materials(), **papers()}


def legal_basis_of_archive() -> str:
    """By which article a change is archived."""
    return str(table("archive.toml")["legal_basis"])


def archive_of(filed: Iterable[Filed], *, basis: Basis, enacted: bool) -> list[ArchivePart]:
    """The list in the order of the data; whatever fits no part stands in the last one."""
    found = list(filed)
    rows: list[Row] = table("archive.toml")["part"]
    known = {kind for row in rows for kind in _kinds(row)}
    parts = [_part(row, found, basis=basis, enacted=enacted) for row in rows]
    stray = tuple(each for each in found if each.kind not in known)
    last = parts[-1]
    return [*parts[:-1], ArchivePart(last.title, last.held + stray, last.missing)]


def _kinds(row: Row) -> list[str]:
    return [*row.get("records", ()), *row.get("materials", ())]


def _part(row: Row, filed: list[Filed], *, basis: Basis, enacted: bool) -> ArchivePart:
    held = tuple(each for each in filed if each.kind in _kinds(row))
    is_needed = {
        "application": basis is Basis.application,
        "enacted": enacted,
    }.get(row["needed"], False)
    return ArchivePart(row["title"], held, tuple(_missing(row, held)) if is_needed else ())


def _missing(row: Row, held: tuple[Filed, ...]) -> Iterator[str]:
    """Where records speak for a part, any of it will do; else each kind of document is wanted."""
    kinds = {each.kind for each in held}
    if "records" in row:
        if not kinds:
            yield row["title"]
        return
    for kind in row["materials"]:
        if kind not in kinds:
            yield material_titles()[kind]
