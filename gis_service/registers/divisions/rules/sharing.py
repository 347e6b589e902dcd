"""How a part of an area is parted and merged along links; what nothing says is never guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple
from uuid import UUID

_WHOLE = 1 - 1e-9
_ROUNDED = 0.005  # shares are recorded with few decimals


class Hop(NamedTuple):
    """A link in the direction of travel: a share of the origin's area goes on to the goal."""

    origin: UUID
    goal: UUID
    on: date
    share: float | None
    is_doubtful: bool
    is_certain: bool
    act: object


@dataclass(frozen=True, slots=True)
class Part:
    """The part of the source that lies in a unit; `share` is None where nothing says how much.

    `is_pure`: the unit holds area of the source and no other. `is_gone`: all of it went on to other units.
    """

    share: float | None
    is_pure: bool
    is_certain: bool
    is_gone: bool = False

    def with_purity(self, is_pure: bool) -> Part:
        """The same part in a unit that is (no longer) of one source."""
        return replace(self, is_pure=is_pure)


def parted(part: Part, hops: Sequence[Hop], *, stays: bool) -> tuple[Part, list[Part]]:
    """What of a part stays, and what goes over each link of a day.

    Which piece of a mixed unit a link takes is not known, unless it takes all of it or nothing.
    """
    shares = _known([hop.share for hop in hops], stays=stays)
    rest = 0.0 if not stays else _rest(shares)
    going = [
        Part(_of(part, share), part.is_pure, part.is_certain and hop.is_certain)
        for hop, share in zip(hops, shares, strict=True)
    ]
    staying = replace(part, share=_of(part, rest), is_gone=not stays)
    return staying, going


def _known(shares: list[float | None], *, stays: bool) -> list[float | None]:
    """Shares of a unit that ends make up its whole: a single missing one is found, rounding is taken out."""
    known = sum(share for share in shares if share is not None)
    if stays or shares.count(None) > 1:
        return shares
    if len(shares) == 1:
        return [1.0]
    if None in shares:
        return [max(0.0, 1 - known) if share is None else share for share in shares]
    return [share / known for share in shares if share is not None] if abs(known - 1) < _ROUNDED else shares


def _rest(shares: Sequence[float | None]) -> float | None:
    known = [share for share in shares if share is not None]
    return max(0.0, 1 - sum(known)) if len(known) == len(shares) else None


def _of(part: Part, share: float | None) -> float | None:
    if share == 0 or part.share == 0:
        return 0.0
    if share is None or part.share is None:
        return None
    return part.share * share if part.is_pure or share > _WHOLE else None


def merged(parts: Sequence[Part]) -> Part:
    """Parts that come together in one unit."""
    shares = [part.share for part in parts]
    total = None if None in shares else sum(share for share in shares if share is not None)
    return Part(total, is_pure=False, is_certain=any(part.is_certain and not part.is_gone for part in parts))


def with_remainder(shares: Mapping[UUID, float | None], is_complete: bool) -> dict[UUID, float | None]:
    """Shares with the single missing one found as what is left, where nothing was lost on the way."""
    missing = [unit for unit, share in shares.items() if share is None]
    if not is_complete or len(missing) != 1:
        return dict(shares)
    rest = 1 - sum(share for share in shares.values() if share is not None)
    return {**shares, missing[0]: max(0.0, rest)}
