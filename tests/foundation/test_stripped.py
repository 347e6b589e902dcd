"""What a schema says of texts that are taken without the space around them is what the model does."""

from __future__ import annotations

import re
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, ValidationError, create_model

from gis_service.foundation.stripped import Stripped, pattern_of_at_least

MOST = 6


def model_with(least: int) -> type[Stripped]:
    fields: dict[str, Any] = {"words": (Annotated[str, Field(min_length=least, max_length=MOST)], ...)}
    return create_model("Sent", __base__=Stripped, **fields)


MODELS = {least: model_with(least) for least in (1, 2, 4)}
texts = st.text(st.sampled_from("一 a\t\n\u3000\x85\u2028"), max_size=9)


def is_taken(model: type[Stripped], words: str) -> bool:
    try:
        model.model_validate({"words": words})
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("least", MODELS)
@given(words=texts)
def test_the_schema_takes_what_the_model_takes(least: int, words: str) -> None:
    told = MODELS[least].model_json_schema()["properties"]["words"]
    fits = re.search(told["pattern"].replace("$", r"\Z"), words) and len(words) <= told["maxLength"]
    assert bool(fits) is is_taken(MODELS[least], words)
    assert told["maxLength"] == MOST


@pytest.mark.parametrize("words", ["\x00", "a\x00b", "\x7f", "a\x1bb"])
def test_control_characters_fit_no_pattern(words: str) -> None:
    assert not re.search(pattern_of_at_least(1), words)
