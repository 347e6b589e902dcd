"""The register of acts: each once, by its number; a second text under one number is refused."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from pydantic import ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.access import Actor, Classification
from gis_service.foundation.errors import Conflict, NotFound, NotPermitted
from gis_service.foundation.transaction import Transaction, transaction
from gis_service.registers.instruments.commands import register_instrument
from gis_service.registers.instruments.models import Instrument, InstrumentKind
from gis_service.registers.instruments.queries import (
    instrument_by_id,
    instrument_by_number,
    instruments_by_id,
    instruments_page,
)
from gis_service.registers.instruments.schemas import InstrumentIn, InstrumentOut
from tests.support.factories import NOW, REGISTRAR, an_act

STRANGER = UUID(int=0)
ACT = InstrumentIn(
    number="国函〔2020〕79号",
    kind=InstrumentKind.approval,
    title="国务院关于同意江苏省调整南通市部分行政区划的批复",
    issuer="国务院",
    issued_on=date(2020, 6, 5),
)


def test_an_act_is_found_under_its_number_as_it_was_entered(tx: Transaction) -> None:
    entered = register_instrument(tx, ACT)
    found = instrument_by_number(tx.session, "国函〔2020〕79号")
    assert found is entered
    told = InstrumentOut.model_validate(found)
    assert told.model_dump(exclude={"id"}) == ACT.model_dump()


def test_registering_the_same_act_again_changes_nothing(tx: Transaction) -> None:
    first = register_instrument(tx, ACT)
    again = register_instrument(tx, ACT.model_copy())
    assert again.id == first.id
    assert tx.session.scalar(select(func.count()).select_from(Instrument)) == 1
    assert len(tx.entries) == 1


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"issuer": "江苏省人民政府"}, "制发机关"),
        ({"issued_on": date(2020, 6, 6)}, "成文日期"),
        ({"sha256": "00"}, "内容摘要"),
    ],
)
def test_another_act_under_a_known_number_is_refused(
    tx: Transaction, change: dict[str, object], word: str
) -> None:
    register_instrument(tx, ACT)
    with pytest.raises(Conflict, match=word) as refused:
        register_instrument(tx, ACT.model_copy(update=change))
    assert "国函〔2020〕79号" in refused.value.message
    assert refused.value.way_out


def test_the_database_itself_refuses_a_second_text_under_one_number(sessions: sessionmaker[Session]) -> None:
    with (
        pytest.raises(Conflict, match="该文号的文件已登记"),
        transaction(sessions, actor=REGISTRAR, at=NOW) as tx,
    ):
        tx.session.add_all(Instrument(**ACT.model_dump()) for _ in range(2))


def test_registering_is_journaled_under_the_act(tx: Transaction) -> None:
    act = register_instrument(tx, ACT)
    [entry] = tx.entries
    assert (entry["command"], entry["subject"], entry["instrument_id"]) == (
        "instruments.register",
        ACT.number,
        act.id,
    )
    assert entry["before"] is None
    assert (entry["after"]["number"], entry["after"]["issued_on"]) == (ACT.number, str(ACT.issued_on))


def test_an_unknown_act_is_not_found(tx: Transaction) -> None:
    known = an_act(tx)
    assert instrument_by_number(tx.session, "国函〔1900〕1号") is None
    with pytest.raises(NotFound):
        instrument_by_id(tx.session, STRANGER)
    assert set(instruments_by_id(tx.session, [known, STRANGER])) == {known}


def test_acts_are_paged_by_their_number(tx: Transaction) -> None:
    for number in ("国函〔2020〕3号", "国函〔2020〕1号", "国函〔2020〕2号"):
        an_act(tx, number)
    first = instruments_page(tx.session, after=None, limit=2)
    rest = instruments_page(tx.session, after=first[-1].number, limit=2)
    assert [act.number for act in (*first, *rest)] == [f"国函〔2020〕{n}号" for n in (1, 2, 3)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": ""},
        {"number": "  "},
        {"title": ""},
        {"issuer": ""},
        {"issued_on": "2020-02-30"},
        {"kind": "小道消息"},
        {"stray": 1},
    ],
)
def test_an_act_without_number_title_issuer_or_date_is_no_act(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        InstrumentIn.model_validate(ACT.model_dump() | wrong)


def test_blanks_around_a_number_do_not_make_another_act() -> None:
    assert InstrumentIn.model_validate(ACT.model_dump() | {"number": " 国函〔2020〕79号 "}) == ACT


def test_an_act_above_public_is_kept_within_jurisdictions(tx: Transaction) -> None:
    kept = [UUID(int=2), UUID(int=1)]
    entered = register_instrument(
        tx, ACT.model_copy(update={"classification": Classification.internal}), kept_within=kept
    )
    assert (entered.classification, entered.kept_within) == ("内部", sorted(kept))
    assert tx.entries[-1]["after"]["kept_within"] == [str(place) for place in sorted(kept)]


def test_a_public_act_is_kept_nowhere(tx: Transaction) -> None:
    assert register_instrument(tx, ACT, kept_within=[UUID(int=1)]).kept_within == []


def test_nobody_registers_what_he_may_not_know(sessions: sessionmaker[Session]) -> None:
    somebody = Actor("某人", "某机关", account_id=UUID(int=7), clearance=Classification.internal)
    secret = ACT.model_copy(update={"classification": Classification.secret})
    with transaction(sessions, actor=somebody, at=NOW) as tx, pytest.raises(NotPermitted, match="涉密"):
        register_instrument(tx, secret)


def test_a_known_act_is_not_taken_for_a_more_classified_one(tx: Transaction) -> None:
    register_instrument(tx, ACT)
    internal = ACT.model_copy(update={"classification": Classification.internal})
    with pytest.raises(Conflict, match="已按公开级登记"):
        register_instrument(tx, internal)
