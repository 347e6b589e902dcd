"""How the caller wants the cluster to be started."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum, auto

from gis_service.foundation.cluster.machine import Machine, Say, quiet


class Over(StrEnum):
    """How clients reach the server."""

    socket = auto()
    tcp = auto()


@dataclass(frozen=True, slots=True)
class Wishes:
    """`say` hears in Chinese what takes time; not `durable` is for throw-away clusters only."""

    say: Say = quiet
    over: Over = Over.socket
    durable: bool = True
    machine: Machine = field(default_factory=Machine)
