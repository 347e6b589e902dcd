"""How long agreements run and how often plans are looked through: data with its source, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from gis_service.foundation.legal_days import months_after


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("peace.toml").read_text(encoding="utf-8"))


def kinds_of_agreements() -> tuple[str, ...]:
    """What an agreement may be called."""
    return tuple(_data()["agreement"]["kinds"])


def usual_years() -> int:
    """For how many years an agreement is signed where it does not say."""
    return int(_data()["agreement"]["years"])


def days_ahead() -> int:
    """How many days ahead is told what falls due."""
    return int(_data()["due"]["days"])


def last_day(begins_on: date, years: int) -> date:
    """The last day of a term of years."""
    return months_after(begins_on, 12 * years) - timedelta(days=1)


def review_due(last_looked_through: date) -> date:
    """By when a plan is to be looked through again."""
    return months_after(last_looked_through, 12 * int(_data()["plan"]["review_years"]))
