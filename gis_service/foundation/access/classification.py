"""How far a record may be known: 公开, 内部, 涉密, each above the one before."""

from __future__ import annotations

from enum import StrEnum


class Classification(StrEnum):
    """The classification (密级) of a record, file or product. Values are the Chinese terms (R-PUB-02)."""

    public = "公开"
    internal = "内部"
    secret = "涉密"

    @property
    def rank(self) -> int:
        """The higher, the fewer may know."""
        return _ORDER.index(self)

    def allows(self, other: Classification) -> bool:
        """Whether somebody cleared up to here may know what is classified as `other`."""
        return other.rank <= self.rank


_ORDER = tuple(Classification)


def highest(*found: Classification | str) -> Classification:
    """What something made of these is classified as; 公开 where it is made of nothing."""
    return max(map(Classification, found), key=_ORDER.index, default=Classification.public)
