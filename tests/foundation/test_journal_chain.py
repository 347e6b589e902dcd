"""Whatever is done to the journal behind the service's back, proving it finds and names it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.database import open_engine
from gis_service.foundation.journal import Breach, JournalEntry, JournalHead, append, lines, prove, snapshot
from gis_service.foundation.transaction import Transaction, no_reaction, transaction
from tests.support.factories import NOW, REGISTRAR
from tests.support.journal import break_after, proof_after, proof_of, tamper, write

# For every column of an entry something else that a superuser might put there.
FORGERIES = {
    "position": "99",
    "at": "at + interval '1 microsecond'",
    "actor": "'别人'",
    "account_id": "'00000000-0000-0000-0000-000000000001'",
    "authority": "authority || ' '",
    "command": "''",
    "subject": "'乙' || chr(10)",
    "instrument_id": "gen_random_uuid()",
    "before": "NULL",
    "after": "'null'",
    "detail": "detail || '{\"面积\": 1.50}'",
    "previous_hash": "upper(previous_hash)",
    "hash": "reverse(hash)",
}
HEAD_FORGERIES = {
    "position": ("2", Breach.inserted, 3),
    "hash": ("repeat('0', 64)", Breach.head, 5),
    "journal_id": ("gen_random_uuid()", Breach.unlinked, 1),
}


@pytest.fixture(scope="module")
def five(make_database: Callable[[], str]) -> Iterator[Engine]:
    """A journal of five entries; what tests do to it is undone."""
    engine = open_engine(make_database())
    write(engine, *"甲乙丙丁戊")
    yield engine
    engine.dispose()


def test_a_journal_nobody_touched_holds(five: Engine) -> None:
    proof = proof_of(five)
    assert proof.holds
    assert proof.position == 5


def test_an_empty_journal_holds(fresh_engine: Engine) -> None:
    assert proof_of(fresh_engine).holds


def test_every_column_is_forged_below() -> None:
    assert set(FORGERIES) == set(JournalEntry.__table__.columns.keys())
    assert set(HEAD_FORGERIES) == set(JournalHead.__table__.columns.keys()) - {"single"}


@pytest.mark.parametrize("column", FORGERIES)
@pytest.mark.parametrize("position", [1, 3, 5])
def test_a_change_to_any_column_is_found_and_named(five: Engine, column: str, position: int) -> None:
    found = break_after(
        five, f"UPDATE journal_entry SET {column} = {FORGERIES[column]} WHERE position = {position}"
    )
    assert found.position == position
    assert str(position) in found.message
    renumbered = Breach.missing if column == "position" else Breach.altered
    assert found.breach is renumbered


@pytest.mark.parametrize(
    "forgery",
    [
        "at = at - interval '4051 years'",  # the same day before Christ
        "at = 'infinity'",
        "before = NULL, detail = detail || jsonb_build_object('before', before)",
        "after = 'null'",
        "actor = actor || '\", \"authority\": \"', authority = ''",
        "account_id = NULL, actor = NULL",
    ],
)
def test_cunning_changes_are_found_too(five: Engine, forgery: str) -> None:
    found = break_after(
        five,
        "ALTER TABLE journal_entry ALTER COLUMN actor DROP NOT NULL",
        f"UPDATE journal_entry SET {forgery} WHERE position = 3",
    )
    assert (found.position, found.breach) == (3, Breach.altered)


def test_json_null_is_not_the_same_as_nothing(fresh_engine: Engine) -> None:
    with transaction(sessionmaker(fresh_engine), actor=REGISTRAR, at=NOW) as tx:
        tx.journal("trial", "甲")
    found = break_after(fresh_engine, "UPDATE journal_entry SET before = 'null'")
    assert found.breach is Breach.altered


@pytest.mark.parametrize(
    ("which", "message"),
    [
        ("position = 1", "缺少第 1 条，下一条是第 2 条"),
        ("position = 3", "缺少第 3 条，下一条是第 4 条"),
        ("position IN (2, 3)", "缺少第 2 至 3 条，下一条是第 4 条"),
        ("position = 5", "末尾被截去：缺少第 5 条"),
        ("position > 3", "末尾被截去：缺少第 4 至 5 条"),
        ("true", "末尾被截去：缺少第 1 至 5 条"),
    ],
)
def test_removed_entries_are_named(five: Engine, which: str, message: str) -> None:
    assert break_after(five, f"DELETE FROM journal_entry WHERE {which}").message == message


def test_closing_the_gap_does_not_hide_a_removal(five: Engine) -> None:
    found = break_after(
        five,
        "DELETE FROM journal_entry WHERE position = 3",
        "UPDATE journal_entry SET position = position - 1 WHERE position > 3",
    )
    assert found.position == 3


COPY = """
INSERT INTO journal_entry (position, at, actor, authority, command, subject, detail, previous_hash, hash)
SELECT {position}, at, actor, authority, command, subject, detail, previous_hash, hash
FROM journal_entry WHERE position = {like}
"""


@pytest.mark.parametrize("position", [0, 6])
def test_an_entry_put_at_either_end_is_found(five: Engine, position: int) -> None:
    assert break_after(five, COPY.format(position=position, like=5)).position == position


def test_an_entry_put_in_between_is_found(five: Engine) -> None:
    found = break_after(
        five,
        "UPDATE journal_entry SET position = -position - 1 WHERE position > 2",
        "UPDATE journal_entry SET position = -position WHERE position < 0",
        COPY.format(position=3, like=2),
        "UPDATE journal_head SET position = 6",
    )
    assert found.position == 3


def test_an_entry_there_twice_is_found(five: Engine) -> None:
    found = break_after(
        five, "ALTER TABLE journal_entry DROP CONSTRAINT pk_journal_entry", COPY.format(position=3, like=3)
    )
    assert (found.position, found.breach) == (3, Breach.inserted)


def test_entries_that_changed_places_are_found(five: Engine) -> None:
    found = break_after(
        five,
        "UPDATE journal_entry SET position = -2 WHERE position = 4",
        "UPDATE journal_entry SET position = 4 WHERE position = 2",
        "UPDATE journal_entry SET position = 2 WHERE position = -2",
    )
    assert found.position == 2


def test_an_entry_made_anew_with_a_true_hash_breaks_the_link_after_it(five: Engine) -> None:
    found = break_after(
        five,
        "UPDATE journal_entry SET actor = '别人' WHERE position = 3",
        REHASH.format(position=3),
    )
    assert (found.position, found.breach) == (4, Breach.unlinked)


REHASH = """
UPDATE journal_entry AS entry SET hash = encode(sha256(convert_to(journal_line(entry), 'UTF8')), 'hex')
WHERE position = {position}
"""


@pytest.mark.parametrize("column", HEAD_FORGERIES)
def test_a_change_to_the_head_is_found(five: Engine, column: str) -> None:
    forged, breach, position = HEAD_FORGERIES[column]
    found = break_after(five, f"UPDATE journal_head SET {column} = {forged}")
    assert (found.breach, found.position) == (breach, position)


def test_a_missing_head_is_found_and_stops_all_writing(fresh_engine: Engine) -> None:
    tamper(fresh_engine, "DELETE FROM journal_head")
    found = proof_of(fresh_engine).first_break
    assert found is not None
    assert found.breach is Breach.head
    with pytest.raises(DBAPIError, match="no rows"):
        write(fresh_engine, "己")


def rewritten_from(position: int) -> list[str]:
    """Change an entry, then hash and link it and all that follow anew, the head too: a perfect chain."""
    steps = [f"UPDATE journal_entry SET actor = '别人' WHERE position = {position}"]
    for each in range(position, 6):
        steps.append(REHASH.format(position=each))
        steps.append(
            "UPDATE journal_entry SET previous_hash = (SELECT hash FROM journal_entry WHERE"
            f" position = {each}) WHERE position = {each + 1}"
        )
    steps.append(
        "UPDATE journal_head SET hash = (SELECT hash FROM journal_entry ORDER BY position DESC LIMIT 1)"
    )
    return steps


def test_a_chain_rewritten_as_a_whole_is_found_against_a_hash_kept_elsewhere(five: Engine) -> None:
    with Session(five) as session:
        kept = {entry.position: entry.hash for entry in session.scalars(select(JournalEntry))}
    assert proof_of(five, kept).holds
    steps = rewritten_from(2)
    assert proof_after(five, *steps).holds
    assert proof_after(five, *steps, known={1: kept[1]}).holds
    found = break_after(five, *steps, known={1: kept[1], 4: kept[4]})
    assert (found.position, found.breach) == (4, Breach.rewritten)
    assert "第 2 至 4 条" in found.message
    assert break_after(five, known={7: kept[5]}).breach is Breach.cut_off


def test_a_replaced_function_of_the_database_does_not_deceive(five: Engine) -> None:
    found = break_after(
        five,
        "CREATE OR REPLACE FUNCTION journal_line(entry journal_entry) RETURNS text LANGUAGE sql AS"
        " $$ SELECT entry.position::text $$",
        "UPDATE journal_entry SET actor = '别人' WHERE position = 3",
        REHASH.format(position=3),
    )
    assert (found.position, found.breach) == (3, Breach.altered)


def test_many_writers_at_once_leave_one_chain(fresh_engine: Engine) -> None:
    def work(writer: int) -> None:
        for number in range(10):
            with transaction(sessionmaker(fresh_engine), actor=REGISTRAR, at=NOW) as tx:
                for each in "一二三":
                    tx.journal("trial", f"{writer}-{number}-{each}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert proof_of(fresh_engine).holds
    with Session(fresh_engine) as session:
        positions = list(session.scalars(select(JournalEntry.position).order_by("position")))
        subjects = list(session.scalars(select(JournalEntry.subject).order_by("position")))
    assert positions == list(range(1, 241))
    together = [{subject.rpartition("-")[0] for subject in subjects[at : at + 3]} for at in range(0, 240, 3)]
    assert all(len(each) == 1 for each in together), "a transaction's entries stand together"


def test_writing_while_others_prove_is_seen_as_of_one_moment(fresh_engine: Engine) -> None:
    write(fresh_engine, "甲")
    with snapshot(sessionmaker(fresh_engine)) as session:
        assert session.scalar(select(JournalHead.position)) == 1
        write(fresh_engine, "乙")
        assert prove(session).position == 1


# Any text PostgreSQL can hold: no NUL, no lone surrogates.
texts = st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",)), max_size=40)
numbers = st.one_of(
    st.integers(-(10**30), 10**30), st.floats(allow_nan=False, allow_infinity=False), st.booleans()
)
documents = st.recursive(
    st.one_of(st.none(), texts, numbers),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=12,
)
mappings = st.none() | st.dictionaries(texts, documents, max_size=4)


@given(subject=texts, before=mappings, after=mappings, detail=st.dictionaries(texts, documents, max_size=4))
def test_here_and_in_the_database_the_same_line_is_made(
    engine: Engine, subject: str, before: Any, after: Any, detail: dict[str, Any]
) -> None:
    with Session(engine) as session:
        tx = Transaction(session, REGISTRAR, NOW, no_reaction)
        tx.journal("trial", subject, before=before, after=after, **detail)
        append(session, tx.entries)
        [(link, line)] = lines(session)
        assert line == session.scalar(text("SELECT journal_line(entry) FROM journal_entry AS entry"))
        assert link.found == link.stored
        assert json.loads(line)["detail"] == entry_detail(session)


def entry_detail(session: Session) -> Any:
    return session.scalars(select(JournalEntry.detail)).one()
