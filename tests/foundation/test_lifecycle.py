"""A case makes allowed moves only, and is told in Chinese which ones those are."""

from __future__ import annotations

from enum import StrEnum

import pytest

from gis_service.foundation.errors import Conflict, IllegalMove
from gis_service.foundation.lifecycle import require_move


class State(StrEnum):
    draft = "draft"
    sent = "sent"
    done = "done"


WORDS = {State.draft: "起草", State.sent: "已报送", State.done: "已办结"}
MOVES = {
    State.draft: frozenset({State.sent, State.done}),
    State.sent: frozenset({State.done}),
    State.done: frozenset[State](),
}


def move(current: State, target: State) -> None:
    require_move(MOVES, current, target, subject="案卷一", words=WORDS)


@pytest.mark.parametrize("current", State)
@pytest.mark.parametrize("target", State)
def test_a_move_is_refused_unless_the_lifecycle_names_it(current: State, target: State) -> None:
    if target in MOVES[current]:
        move(current, target)
    else:
        with pytest.raises(IllegalMove):
            move(current, target)


def test_a_refused_move_says_where_the_case_stands_and_what_it_may_do() -> None:
    with pytest.raises(IllegalMove, match="案卷一现为“已报送”，不能转为“起草”") as refused:
        move(State.sent, State.draft)
    assert refused.value.way_out == "可转为：已办结"
    assert isinstance(refused.value, Conflict)


def test_a_closed_case_says_that_nothing_is_left_to_do() -> None:
    with pytest.raises(IllegalMove) as refused:
        move(State.done, State.sent)
    assert "已办结" in refused.value.way_out
