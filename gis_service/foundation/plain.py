"""Records as plain values."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def values_of(record: DataclassInstance) -> dict[str, Any]:
    """The fields of a dataclass by name, as they are: `asdict` copies each, longer than most queries take."""
    return {name: getattr(record, name) for name in _names(type(record))}


@cache
def _names(model: type[DataclassInstance]) -> tuple[str, ...]:
    return tuple(each.name for each in fields(model))
