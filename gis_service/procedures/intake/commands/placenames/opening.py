"""From a path and some wishes to records of place names, read as often as wanted; needs no database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from gis_service.foundation.access import Classification
from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.intake.commands.placenames import packaged
from gis_service.procedures.intake.commands.placenames.place_lists import read_place_list
from gis_service.procedures.intake.commands.placenames.streams import Stream, chunks
from gis_service.procedures.intake.formats import ReadOptions
from gis_service.procedures.intake.rules.placenames import Columns, PlaceRecord, Reader, Tally, columns_of
from gis_service.procedures.intake.rules.placenames.catalogue import R_PLN_01
from gis_service.procedures.intake.rules.placenames.positions import Positions
from gis_service.procedures.intake.rules.placenames.words import limit

_PLAIN = "地名来件，未附说明，使用前请核实"
_UNVERIFIED = "待核"


@dataclass(frozen=True, slots=True)
class ListRequest:
    """What somebody wants read. `within` keeps what lies below these codes."""

    path: str
    crs: str | None = None
    within: tuple[str, ...] = ()
    reading: ReadOptions = field(default_factory=ReadOptions)


@dataclass(frozen=True, slots=True)
class Origin:
    """What the register keeps about where records come from."""

    name: str
    title: str
    statement: str
    licence: str | None = None
    valid_on: date | None = None


class Records(Protocol):
    """Records that can be read again and again, in chunks; `findings` are about the whole."""

    @property
    def source(self) -> str:
        """What messages call it."""

    @property
    def sha256(self) -> str:
        """Of the content and of what changes its meaning."""

    @property
    def findings(self) -> Sequence[Finding]:
        """Of the whole."""

    @property
    def origin(self) -> Origin:
        """Where they come from."""

    def chunks(self, tally: Tally) -> Iterator[list[PlaceRecord]]:
        """All records, what is wrong with them told to the tally."""


class PlaceList:
    """A list of place names in a file or a package."""

    def __init__(self, request: ListRequest) -> None:
        self.request = request
        self.stream: Stream = read_place_list(request.path, request.reading)
        self._columns: Columns | None = None
        told: list[Finding] = []
        if self.stream.rows is not None:
            self._columns, told = columns_of(self.stream.heads, self.stream.source)
        self.findings = [*self.stream.findings, *told, *self._system_told()]

    @property
    def source(self) -> str:
        """What messages call it."""
        return self.stream.source

    @property
    def sha256(self) -> str:
        """Of the file and of what was asked of it."""
        asked = f"placenames\t{self.stream.sha256}\t{self.request.crs}\t{self.request.within}"
        return hashlib.sha256(asked.encode()).hexdigest()

    @property
    def origin(self) -> Origin:
        """Of a package what its manifest says; of a file its name."""
        if packaged.is_named(self.request.path):
            dataset = packaged.manifest(self.request.path)["dataset"]
            return Origin(
                dataset["id"],
                dataset["title"],
                dataset["statement"].strip(),
                dataset["licence"],
                dataset["valid_on"],
            )
        return Origin(self.source, f"地名来件（{self.source}）", _PLAIN)

    @property
    def is_open(self) -> bool:
        """Whether there is anything to read."""
        return self.stream.rows is not None and self._columns is not None

    def chunks(self, tally: Tally) -> Iterator[list[PlaceRecord]]:
        """All records that lie within, in the order of the file."""
        if self.stream.rows is None or self._columns is None:
            return
        reader = self._reader(self._columns, tally)
        yield from chunks(reader.read(self.stream.rows()), int(limit("chunk_rows")))
        if reader.left_out:
            message = f"{self.source}：{reader.left_out} 行不在 {'、'.join(self.request.within)} 之内，未取用"
            tally.extend([R_PLN_01.finding(Severity.info, self.source, message)])

    def _reader(self, columns: Columns, tally: Tally) -> Reader:
        return Reader(
            columns,
            tally,
            self._positions(tally),
            _UNVERIFIED if packaged.is_named(self.request.path) else None,
            tuple(code.removesuffix("00").removesuffix("00") for code in self.request.within),
        )

    def _positions(self, tally: Tally) -> Positions:
        return Positions(tally, self.stream.crs, self.request.crs, has_shapes=self.stream.crs is not None)

    def _system_told(self) -> list[Finding]:
        """Of the system of shapes, or of the one that was named."""
        if self.stream.rows is None:
            return []
        return self._positions(Tally(self.source)).findings


def classified(kept: Classification | None) -> Classification:
    """How closely a list is kept, where nobody said."""
    return kept or Classification.public
