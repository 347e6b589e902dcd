"""The tables of all years there are, replayed through the real command: each is reached, code and name."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, text

from gis_service.foundation.database import open_engine, session_factory
from gis_service.foundation.transaction import transaction
from gis_service.procedures.intake.commands.listing import load_listed
from gis_service.procedures.intake.rules.chronicle import Trust, Yearly
from gis_service.procedures.intake.rules.chronicle.selecting import links_of
from gis_service.registers.boundaries.queries.proofs import prove_timeless
from tests.support.factories import NOW, REGISTRAR
from tests.support.histories import large_history, opened, table_of, years_of

HISTORY = large_history()
YEARS = years_of(HISTORY)

if HISTORY is not None:

    @pytest.fixture(scope="module")
    def loaded(make_database: Callable[[], str]) -> Iterator[Engine]:
        """A database that holds the whole history, loaded once."""
        engine = open_engine(make_database())
        with transaction(session_factory(engine), actor=REGISTRAR, at=NOW) as tx:
            load_listed(tx, opened(HISTORY))
        yield engine
        engine.dispose()

    @pytest.mark.parametrize("year", YEARS)
    def test_the_register_is_the_table_of_each_year(loaded: Engine, year: int) -> None:
        wanted = "SELECT code, name FROM division_version WHERE valid @> CAST(:day AS date)"
        with loaded.connect() as connection:
            rows = connection.execute(text(wanted), {"day": f"{year}-12-31"})
            found = {row.code: row.name for row in rows}
        assert HISTORY is not None
        assert found == table_of(HISTORY, year)

    @pytest.mark.parametrize("year", YEARS[1:])
    def test_the_links_of_a_year_are_those_of_its_diff(loaded: Engine, year: int) -> None:
        """Whither each record without inferiors went, by the register and by the diff alone."""
        assert HISTORY is not None
        assert whither_by_register(loaded, year) == whither_by_diff(opened(HISTORY).content, year)

    def test_every_superior_stands_on_every_day(loaded: Engine) -> None:
        gaps = """
            SELECT v.code, v.valid FROM division_version v WHERE v.superior_id IS NOT NULL
            AND NOT (SELECT range_agg(s.valid) FROM division_version s
                     WHERE s.division_id = v.superior_id) @> v.valid"""
        with loaded.connect() as connection:
            assert not connection.execute(text(gaps)).all()

    def test_every_link_joins_what_stood_the_day_before_to_what_stands_on_the_day(loaded: Engine) -> None:
        loose = """
            SELECT l.* FROM lineage l WHERE NOT (
                EXISTS (SELECT FROM division_version v WHERE v.division_id = l.predecessor_id
                        AND v.valid @> l.on_date - 1)
                AND EXISTS (SELECT FROM division_version v WHERE v.division_id = l.successor_id
                        AND v.valid @> l.on_date))"""
        with loaded.connect() as connection:
            assert not connection.execute(text(loose)).all()

    def test_every_end_is_told_whither(loaded: Engine) -> None:
        with session_factory(loaded)() as session:
            assert not prove_timeless(session)

    def test_loading_it_again_changes_nothing(loaded: Engine) -> None:
        count = text("SELECT count(*) FROM division_version")
        with loaded.connect() as connection:
            before = connection.scalar(count)
        assert HISTORY is not None
        with transaction(session_factory(loaded), actor=REGISTRAR, at=NOW) as tx:
            assert "没有改动" in load_listed(tx, opened(HISTORY)).told
        with loaded.connect() as connection:
            assert connection.scalar(count) == before


def whither_by_diff(history: Yearly, year: int) -> set[tuple[str, str]]:
    """Pairs of codes, told by the lines of one diff and by the records that stay as they are."""
    [step] = [step for step in history.steps if step.after.year == year]
    before, after = step.before.units, step.after.units
    links, findings = links_of(step)
    assert not any(finding.blocking for finding in findings)
    stay = {(code, code) for code, name in before.items() if after.get(code) == name}
    pairs = stay | {(link.old, link.new) for link in links if link.trust is not Trust.doubtful}
    return {pair for pair in pairs if pair[0] not in step.before.with_inferiors}


def whither_by_register(engine: Engine, year: int) -> set[tuple[str, str]]:
    """The same by links and by divisions that go on."""
    wanted = """
        WITH old AS (SELECT * FROM division_version v WHERE valid @> CAST(:before AS date) AND NOT EXISTS (
                SELECT FROM division_version b
                WHERE b.superior_id = v.division_id AND b.valid @> CAST(:before AS date))),
            new AS (SELECT * FROM division_version WHERE valid @> CAST(:after AS date))
        SELECT old.code, new.code FROM old JOIN new USING (division_id)
        UNION SELECT old.code, new.code FROM old JOIN lineage l ON l.predecessor_id = old.division_id
            JOIN new ON new.division_id = l.successor_id
        WHERE l.certainty <> '存疑' AND l.on_date > :before AND l.on_date <= :after"""
    days = {"before": f"{year - 1}-12-31", "after": f"{year}-12-31"}
    with engine.connect() as connection:
        return {(row[0], row[1]) for row in connection.execute(text(wanted), days)}


def test_the_large_history_is_whole_where_it_is() -> None:
    assert list(range(YEARS[0], YEARS[-1] + 1)) == YEARS if YEARS else HISTORY is None
