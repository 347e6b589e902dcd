"""Parting areas by what a plan draws: which faces of a giver go to which taker."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from gis_service.foundation.errors import Conflict
from gis_service.foundation.transaction import Transaction
from gis_service.procedures.changes.rules import ChangeEvidence, Plan


@dataclass
class Parted:
    """The faces that move in part, each with its taker, and what is told of them."""

    faces: dict[UUID, UUID] = field(default_factory=dict)
    told: list[dict[str, Any]] = field(default_factory=list)

    def hand_over(self, tx: Transaction, *, on: date, instrument_id: UUID) -> None:
        """Let the faces belong to their takers from a day on."""


def part_areas(tx: Transaction, plan: Plan, evidence: ChangeEvidence, *, instrument_id: UUID) -> Parted:
    """Cut the areas of givers as the plan draws it; to be done before anything else is written."""
    if any(move.area is not None or move.line is not None for move in plan.moves):
        raise Conflict("尚不能按图形划分区域", way_out="请列出下级单位")
    return Parted()
