"""Validity: half-open periods of days, `[from, to)`. The first day counts, the day of ending does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from `start` (included) to `end` (excluded); `end is None` means in force."""

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end <= self.start:
            raise ValueError(f"a period must last at least a day: {self.start} … {self.end}")

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    def overlaps(self, other: Period) -> bool:
        """Whether both hold on some day."""
        starts_before_other_ends = other.end is None or self.start < other.end
        return starts_before_other_ends and (self.end is None or other.start < self.end)

    def ended(self, on: date) -> Period:
        """The same period, ending on `on`."""
        return Period(self.start, on)

    @property
    def in_force(self) -> bool:
        """Whether no end is known."""
        return self.end is None
