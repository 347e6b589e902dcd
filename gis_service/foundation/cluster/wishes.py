"""How the caller wants the cluster to be started."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum, auto

from gis_service.foundation.cluster.machine import Machine, Say, quiet

START_WITHIN_S = 300


class Over(StrEnum):
    """How clients reach the server."""

    socket = auto()
    tcp = auto()


@dataclass(frozen=True, slots=True)
class Wishes:
    """`say` hears in Chinese what takes time; not `durable` is for throw-away clusters only.

    Replaying the write-ahead log after a crash may take minutes; after a restore, hours.
    """

    say: Say = quiet
    over: Over = Over.socket
    durable: bool = True
    start_within_s: int = START_WITHIN_S
    machine: Machine = field(default_factory=Machine)
