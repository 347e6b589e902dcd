"""Which programs may serve on which schema."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from gis_service.foundation.database import open_engine
from gis_service.foundation.revisions import may_serve, revision_of, served


@pytest.mark.parametrize(
    ("chain", "who"),
    [
        ([("a", None)], "a"),
        ([("a", None), ("b", None)], "b"),
        ([("a", None), ("b", "a")], "ab"),
        ([("a", None), ("b", "a"), ("c", "b")], "bc"),
        ([("a", None), ("b", "a"), ("c", "a")], "abc"),
        ([("a", None), ("b", None), ("c", "a")], "bc"),
        ([("a", None), ("b", "a"), ("c", None), ("d", "c")], "cd"),
    ],
)
def test_every_revision_on_the_way_must_bear_with_a_program(
    chain: list[tuple[str, str | None]], who: str
) -> None:
    assert served(chain) == set(who)


def test_without_a_word_only_the_program_of_the_schema_serves(fresh_engine: Engine) -> None:
    with fresh_engine.connect() as connection:
        own = revision_of(connection)
        assert own is not None
        assert may_serve(connection, own)
        assert not may_serve(connection, "older")
        assert not may_serve(connection, None)


def test_where_there_is_no_schema_nobody_serves(server_url: str) -> None:
    engine = open_engine(server_url)
    with engine.connect() as connection:
        connection.execute(text("SET search_path = pg_catalog"))
        assert revision_of(connection) is None
        assert not may_serve(connection, None)
    engine.dispose()
