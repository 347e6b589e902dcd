"""Which steps of a history are replayed in which provinces: where the register is silent, and only there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.intake.rules.chronicle.findings import R_HIS_05
from gis_service.procedures.intake.rules.chronicle.joining import Register, contradicts, differences
from gis_service.procedures.intake.rules.chronicle.values import Link, Step, Table

_LISTED = 8


class Move(Enum):
    """What is done with a step in one province."""

    replay = auto()
    lead_up = auto()  # replay, and meet what the register begins with on its last day
    look_on = auto()  # nothing happens in it, save that area may go to or come from another province
    known = auto()  # the register tells of it already
    give_way = auto()  # the register tells of these days otherwise, and what was replayed ends before
    contradict = auto()


@dataclass(slots=True)
class Course:
    """What is decided so far: provinces being replayed, and those that the register took over."""

    register: Register
    left_out: Collection[str] = ()
    running: set[str] = field(default_factory=set)
    yielded: dict[str, date] = field(default_factory=dict)
    unused: dict[str, list[Table]] = field(default_factory=lambda: defaultdict(list))
    against: dict[str, list[Finding]] = field(default_factory=lambda: defaultdict(list))

    def moves(self, step: Step, links: Iterable[Link]) -> dict[str, Move]:
        """What to do with a step, by province; nothing for those that contradict the register."""
        here = sorted(step.before.provinces | step.after.provinces)
        moves = {each: self._move(each, step) for each in here if each not in self.left_out}
        links = list(links)
        for link in links:
            if link.old[:2] == link.new[:2] and moves.get(link.old[:2]) is Move.look_on:
                moves[link.old[:2]] = Move.replay
        return self._together(moves, step, links)

    def _move(self, province: str, step: Step) -> Move:
        before, after = (table.only({province}) for table in (step.before, step.after))
        if province in self.against:
            return Move.contradict
        fresh = not self.register.on(province, before.day)
        if province not in self.running and not fresh and not self._meets(province, before):
            return Move.contradict
        if self.register.stirs(province, before.day, after.day):
            return self._beside_register(province, after, fresh=fresh)
        if province in self.running or fresh or before.units != after.units:
            return Move.replay
        return Move.look_on

    def _meets(self, province: str, table: Table) -> bool:
        """Whether the register says the same of a province; where it took over, it need not."""
        registered = self.register.names(province, table.day)
        if registered == table.units:
            return True
        self._differs(province, table, registered)
        return False

    def _differs(self, province: str, table: Table, registered: dict[str, str]) -> None:
        if province in self.yielded:
            self.unused[province].append(table)
        else:
            self.against[province] += differences(table, province, registered)

    def _beside_register(self, province: str, after: Table, *, fresh: bool) -> Move:
        """A step in which something of the province begins or ends in the register."""
        registered = self.register.names(province, after.day)
        alike = registered == after.units
        if fresh and self.register.begins_on(province, after.day):
            if not alike:
                self.against[province] += differences(after, province, registered)
            return Move.lead_up if alike else Move.contradict
        if province in self.running or fresh:
            self.yielded[province] = after.day
            if not alike:
                self.unused[province].append(after)
            return Move.give_way
        if not alike:
            self._differs(province, after, registered)
        return Move.known if alike else Move.contradict

    def _together(self, moves: dict[str, Move], step: Step, links: Iterable[Link]) -> dict[str, Move]:
        """Provinces that area goes between are replayed both or neither."""
        going = {Move.replay, Move.lead_up}
        for link in links:
            pair = link.old[:2], link.new[:2]
            if pair[0] == pair[1] or not any(moves.get(each) in going for each in pair):
                continue
            for each, other in (pair, pair[::-1]):
                if moves.get(each) is Move.look_on:
                    moves[each] = Move.replay
                elif moves.get(each) not in going and each not in self.left_out:
                    what = f"{step.before.units[link.old]}→{step.after.units[link.new]}（{step.file}）"
                    self.against[other].append(_parted(other, each, what))
        return moves

    def told(self) -> Iterator[Finding]:
        """Where tables were not used since the register tells of their days otherwise."""
        for province, tables in self.unused.items():
            tables = list({table.day: table for table in tables}.values())
            years = "、".join(str(table.year) for table in tables[:_LISTED])
            more = f"等 {len(tables)} 张" if len(tables) > _LISTED else ""
            message = (
                f"{province}0000 的单位自 {tables[0].year} 年起在登记簿另有登记，"
                f"沿革只回放到 {tables[0].year - 1} 年末；{years} 年{more}代码表与登记不合，未取用"
            )
            yield R_HIS_05.finding(
                Severity.warning, f"{province}0000", message, suggestion="其后的变更请用 changes 逐件办理"
            )


def _parted(province: str, other: str, what: str) -> Finding:
    message = f"{what}跨 {province}0000 与 {other}0000，而登记簿对 {other}0000 的同一时期另有登记"
    return contradicts(f"{province}0000", message)
