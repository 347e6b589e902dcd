"""Which status a name may have and what moves it (R-NAM-17): the table `statuses.toml`, and what asks it.

Each move has its process, its event and its legal basis; whatever is not in the table is refused.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from gis_service.foundation.errors import IllegalMove
from gis_service.foundation.findings import Rule

R_NAM_17 = Rule(
    "R-NAM-17",
    "地名的状态只按其来源程序规定的事项转变",
    "地名管理条例第九条至第十五条；行政区划管理条例",
    "D",
)


@dataclass(frozen=True, slots=True)
class Move:
    """What an event makes of a status; `before` is None where the name was not on record.

    With `ends`, the name no longer holds from the day of the event.
    """

    process: str
    event: str
    after: str
    basis: str
    mark: str
    before: str | None = None
    ends: bool = False


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("statuses.toml").read_text(encoding="utf-8"))


@cache
def moves() -> tuple[Move, ...]:
    """Every legal move."""
    return tuple(
        Move(process, **row) for process, told in _table()["processes"].items() for row in told["moves"]
    )


@cache
def gives_standard_names(process: str) -> bool:
    """Whether a name that came by this process may be a standard name."""
    return bool(_table()["processes"][process]["standard"])


def in_use(status: str) -> bool:
    """Whether a name of this status is in use."""
    return status in _table()["statuses"]["in_use"]


@cache
def entry(process: str, event: str | None = None, after: str | None = None) -> Move:
    """How a name comes on record: by this event if one is said, with this status if one is said.

    Raises:
        IllegalMove: not so by this process; says what would be allowed.
    """
    for known in moves():
        is_meant = event in (None, known.event) and after in (None, known.after)
        if (known.process, known.before) == (process, None) and is_meant:
            return known
    raise IllegalMove(
        f"{process}的名称不能以“{event or '登记'}”登记为“{after or '现行'}”", way_out=_allowed(process, None)
    )


@cache
def move(process: str, before: str, event: str) -> Move:
    """What an event makes of the status of a name.

    Raises:
        IllegalMove: the table knows no such move; says what would be allowed.
    """
    for known in moves():
        if (known.process, known.before, known.event) == (process, before, event):
            return known
    raise IllegalMove(f"{process}的名称现为“{before}”，不能“{event}”", way_out=_allowed(process, before))


def _allowed(process: str, before: str | None) -> str:
    ways = [f"{m.event}→{m.after}" for m in moves() if (m.process, m.before) == (process, before)]
    return f"可以：{'、'.join(ways)}" if ways else "此状态不能再变"
