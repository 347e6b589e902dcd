"""Parting areas by what a plan draws: which faces of a giver go to which taker."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from gis_service.foundation.errors import Conflict, InvalidInput
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.changes.queries import PartMoved
from gis_service.procedures.changes.rules import Plan
from gis_service.procedures.changes.rules.outcome import Move
from gis_service.registers.boundaries.commands import cut_off, divide, hand_over_faces
from gis_service.registers.boundaries.queries import extents_on
from gis_service.registers.boundaries.queries.faces import area_of_faces


@dataclass
class Parting:
    """Areas on their way: cut first, before anything else is written, and handed over once takers stand."""

    tx: Transaction
    on: date
    instrument_id: UUID
    faces: dict[UUID, UUID] = field(default_factory=dict)
    moved: list[PartMoved] = field(default_factory=list)

    def cut(self, plan: Plan) -> None:
        """Cut the areas of givers as the plan draws it.

        Raises:
            InvalidInput: what is drawn does not part the area of its giver.
            Conflict: two parts claim the same area.
        """
        drawn = [move for move in plan.moves if move.area is not None]
        sharing = {move.giver for move in drawn if _several_give(drawn, move)}
        for move in drawn:
            self._claim(move, self._cut_off(move, whole=move.giver not in sharing))
        for giver, moves in _by_giver(move for move in plan.moves if move.line is not None):
            self._divide(giver, moves)

    def _cut_off(self, move: Move, *, whole: bool) -> frozenset[UUID]:
        area = move.area
        if not whole:  # one polygon over several givers: of each, what lies in it
            area = area.intersection(extents_on(self.tx.session, [move.giver], on=self.on)[move.giver])
        return cut_off(self.tx, move.giver, area, on=self.on, instrument_id=self.instrument_id)

    def _divide(self, giver: UUID, moves: list[Move]) -> None:
        pieces = divide(self.tx, giver, moves[0].line, on=self.on, instrument_id=self.instrument_id)
        left = dict(enumerate(pieces))
        for move in (move for move in moves if move.at is not None):
            number = self._piece_at(pieces, move.at)
            self._claim(move, pieces[number])
            left.pop(number, None)
        for move in (move for move in moves if move.at is None):
            rest = frozenset[UUID]().union(*left.values())
            if not rest:
                raise InvalidInput("分界线分出的部分都已有归属", way_out="请核对各单位驻地的位置（seat_at）")
            self._claim(move, rest)

    def _piece_at(self, pieces: list[frozenset[UUID]], at: Any) -> int:
        for number, piece in enumerate(pieces):
            if area_of_faces(self.tx.session, piece)[0].covers(at):
                return number
        raise InvalidInput(
            "驻地的位置（seat_at）不在被拆分单位的范围内", way_out="请核对经纬度（先经度，后纬度）"
        )

    def _claim(self, move: Move, faces: frozenset[UUID]) -> None:
        if any(self.faces.get(face, move.taker) != move.taker for face in faces):
            raise Conflict("方案中划给不同单位的部分互相重叠", way_out="请修正各部分的图形")
        self.faces |= dict.fromkeys(faces, move.taker)
        shape, km2 = area_of_faces(self.tx.session, faces)
        self.moved.append(PartMoved(move.giver, move.taker, km2, shape))

    def hand_over(self) -> None:
        """Let the faces belong to their takers from the day on."""
        if self.faces:
            hand_over_faces(self.tx, self.faces, on=self.on, instrument_id=self.instrument_id)


def _several_give(drawn: list[Move], move: Move) -> bool:
    """Whether one drawn part is taken from several givers."""
    return any(other.area is move.area and other.giver != move.giver for other in drawn)


def _by_giver(moves: Iterable[Move]) -> Iterator[tuple[UUID, list[Move]]]:
    found: dict[UUID, list[Move]] = defaultdict(list)
    for move in moves:
        found[move.giver].append(move)
    yield from found.items()
