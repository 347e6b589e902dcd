"""Small histories told in lines, so that a test of time shows only what happens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from gis_service.foundation.transaction import Transaction
from gis_service.registers.divisions.commands import Descent, NewDivision, link, rewrite
from gis_service.registers.divisions.models import Certainty, LineageKind
from gis_service.registers.divisions.rules import level_of_code, type_of
from tests.support.factories import an_act

MERGER, CONVERSION = LineageKind.merger, LineageKind.conversion
SPLIT, TRANSFER = LineageKind.splitting, LineageKind.transfer


@dataclass
class Story:
    """A register that is told act by act; units are named by what the test calls them."""

    tx: Transaction
    ids: dict[str, UUID] = field(default_factory=dict)
    acts: int = 0

    def unit(
        self, key: str, code: str, name: str, above: str | None = None, seat: str | None = None
    ) -> NewDivision:
        """What `key` is to be: a new unit, or one that stands and is revised."""
        level = level_of_code(code)
        assert level is not None
        superior = self.ids[above] if above else None
        known = {"id": self.ids[key]} if key in self.ids else {}
        made = NewDivision(code, name, level, type_of(code, name), superior, seat, **known)
        self.ids[key] = made.id
        return made

    def act(
        self,
        on: date,
        *,
        begun: Iterable[NewDivision] = (),
        ended: Iterable[str] = (),
        revised: Iterable[NewDivision] = (),
        links: Iterable[tuple[str, str, LineageKind, float | None, float | None]] = (),
        certainty: Certainty = Certainty.certain,
    ) -> UUID:
        """One act of a day and all that it does; returns the instrument."""
        self.acts += 1
        act = an_act(self.tx, number=f"国函〔{on.year}〕{self.acts}号", on=on)
        rewrite(
            self.tx,
            ended=[self.ids[key] for key in ended],
            begun=list(begun),
            revised=list(revised),
            on=on,
            instrument_id=act,
        )
        self.link(on, act, links, certainty)
        return act

    def link(
        self,
        on: date,
        act: UUID,
        links: Iterable[tuple[str, str, LineageKind, float | None, float | None]],
        certainty: Certainty = Certainty.certain,
    ) -> None:
        """Record more links of an act."""
        descents = [
            Descent(self.ids[old], self.ids[new], kind, of_old, of_new, certainty)
            for old, new, kind, of_old, of_new in links
        ]
        link(self.tx, descents, on=on, instrument_id=act)
