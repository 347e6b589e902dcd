"""What a risk map is drawn from: plain values, whoever gathered them. Shapes are lon/lat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry


class DrawnCase(Protocol):
    """A case: `facts` are told in a popup, in order; without a place it is only listed."""

    @property
    def number(self) -> str:
        """Its number."""

    @property
    def headline(self) -> str:
        """What it is in a line."""

    @property
    def weight(self) -> int:
        """What it weighs now; nothing once it is closed."""

    @property
    def band(self) -> str:
        """The band its own weight falls into."""

    @property
    def overdue(self) -> bool:
        """Whether its day has passed."""

    @property
    def facts(self) -> Sequence[tuple[str, str]]:
        """What is told of it: title and text."""

    @property
    def place(self) -> Point | None:
        """Where it lies."""


class DrawnStretch(Protocol):
    """A stretch of a line with the numbers of the cases on it."""

    @property
    def title(self) -> str:
        """Which stretch of which line."""

    @property
    def band(self) -> str:
        """Its band of risk, one of the bands of the picture."""

    @property
    def weight(self) -> int:
        """What the open cases on it weigh."""

    @property
    def summary(self) -> str:
        """How many cases stand how."""

    @property
    def cases(self) -> Sequence[str]:
        """The numbers of the cases on it."""

    @property
    def shape(self) -> BaseGeometry:
        """The stretch itself."""


class RiskPicture(Protocol):
    """A whole map: bands from the gravest to none, stretches from the gravest to those without a case."""

    @property
    def title(self) -> str:
        """What it shows."""

    @property
    def on(self) -> date:
        """The day it shows."""

    @property
    def bands(self) -> Sequence[str]:
        """Bands of risk, the gravest first."""

    @property
    def stretches(self) -> Sequence[DrawnStretch]:
        """All stretches of the lines shown."""

    @property
    def cases(self) -> Sequence[DrawnCase]:
        """All cases."""

    @property
    def notes(self) -> Sequence[str]:
        """What readers must be told: sources, synthetic data, classification."""
