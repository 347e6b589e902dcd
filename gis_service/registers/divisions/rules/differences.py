"""What sets two states of a unit apart, in the words of the law (区划条例; R-CHG)."""

from __future__ import annotations

from enum import StrEnum


class ChangeKind(StrEnum):
    """What became of a unit between two days. Values are the Chinese terms."""

    began = "设立"
    ended = "撤销"
    converted = "建制变更"
    renamed = "更名"
    recoded = "代码变更"
    moved = "隶属关系变更"
    seat_moved = "驻地迁移"
    area_changed = "区域变更"


def differences(before: object, after: object) -> list[ChangeKind]:
    """How one unit differs from what it was: type, name, code and seat; an unknown seat tells nothing."""
    judged = (
        (ChangeKind.converted, _differ(before, after, "type")),
        (ChangeKind.renamed, _differ(before, after, "name")),
        (ChangeKind.recoded, _differ(before, after, "code")),
        (ChangeKind.seat_moved, _both_known(before, after, "seat") and _differ(before, after, "seat")),
    )
    return [kind for kind, holds in judged if holds]


def _differ(before: object, after: object, attribute: str) -> bool:
    return bool(getattr(before, attribute) != getattr(after, attribute))


def _both_known(before: object, after: object, attribute: str) -> bool:
    return None not in (getattr(before, attribute), getattr(after, attribute))
