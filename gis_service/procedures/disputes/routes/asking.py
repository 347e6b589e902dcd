"""What is asked of cases in the query, and which case an address means."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from fastapi import Depends, Path, Query
from sqlalchemy.orm import Session

from gis_service.foundation.web import OnDate, Reading
from gis_service.procedures.disputes.models import STATE_WORDS, DisputeState
from gis_service.procedures.disputes.queries import Asked
from gis_service.procedures.disputes.rules import levels, words_for
from gis_service.registers.boundaries.queries import line_named
from gis_service.registers.boundaries.routes.lines import NamedLine
from gis_service.registers.divisions.queries import division_named
from gis_service.registers.divisions.routes import NamedDivision

Number = Annotated[
    str, Path(pattern=r"^YH-[0-9]{4}-[0-9]{5,9}$", description="案号", examples=["YH-2026-00001"])
]
OfLine = Annotated[NamedLine | None, Query(description="只列此界线的（代码或标识）", examples=["3234"])]
Within = Annotated[
    NamedDivision | None, Query(description="只列有一侧在此单位及其以下的（代码或标识）", examples=["320600"])
]
STATES = {word: state for state, word in STATE_WORDS.items()}


def one_of(words: Iterable[str]) -> str:
    """A pattern of one of these words, and nothing else."""
    return f"^({'|'.join(words)})$"


def asked_of(session: Session, line: NamedLine | None, within: NamedDivision | None, *, on: date) -> Asked:
    """Which cases a line and a unit mean on a day."""
    return Asked(
        line=line_named(session, line, on=on).id if line is not None else None,
        within=division_named(session, within, on=on).division_id if within is not None else None,
    )


def _place(session: Reading, on: OnDate, line: OfLine = None, within: Within = None) -> Asked:
    return asked_of(session, line, within, on=on)


OfPlace = Annotated[Asked, Depends(_place, scope="function")]
InState = Annotated[
    str | None, Query(pattern=one_of(STATES), description="只列此状态的", examples=["化解中"])
]
OfLevel = Annotated[
    str | None, Query(pattern=one_of(levels()), description="只列此等级的", examples=["重大"])
]
OfKind = Annotated[
    str | None, Query(pattern=one_of(words_for("kinds")), description="只列此种类的", examples=["纠纷"])
]


def state_named(word: str | None) -> DisputeState | None:
    """The state a word means."""
    return None if word is None else STATES[word]
