"""The catalogue of files of lines (案卷目录) and of their items (卷内目录), with what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from gis_service.foundation.findings import Finding
from gis_service.registers.archives.queries.items import Wanted, items_page
from gis_service.registers.archives.queries.telling import ToldItem, told_of
from gis_service.registers.archives.rules import counted, expires_on, judge_complete
from gis_service.registers.boundaries.queries import LineInForce


@dataclass(frozen=True, slots=True)
class Inventory:
    """What is on file of one line on a day."""

    line: LineInForce
    items: tuple[ToldItem, ...]
    findings: tuple[Finding, ...]

    @property
    def kinds(self) -> Mapping[str, int]:
        """How many items of each kind."""
        return counted(each.item.kind for each in self.items)

    @property
    def pages(self) -> int:
        """How many pages in all, as far as they are known."""
        return sum(each.item.pages or 0 for each in self.items)

    def until(self, told: ToldItem) -> date | None:
        """The day an item's period of keeping runs out; None for ever."""
        return expires_on(told.item.retention, told.item.dated_on)


def inventory_of(session: Session, lines: Sequence[LineInForce], *, on: date) -> list[Inventory]:
    """One for each line, in the given order; items dated after the day are left out."""
    found = told_of(session, items_page(session, Wanted(lines=[line.id for line in lines])))
    told = [each for each in found if each.item.dated_on <= on]
    inventories = []
    for line in lines:
        own = tuple(each for each in told if line.id in {one.id for one in each.lines})
        findings = tuple(judge_complete(line.name, {each.item.kind for each in own}))
        inventories.append(Inventory(line, own, findings))
    return inventories
