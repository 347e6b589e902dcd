"""Every route × every role × inside and outside the jurisdiction × every classification.

What is expected follows from the one table of permissions and from what a question is about; nothing is
written down route by route. A route without a question fails here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy.orm import sessionmaker

from gis_service.foundation.access import ANONYMOUS, Act, Actor, Classification, permission_for
from gis_service.foundation.database import open_engine
from gis_service.foundation.settings import Settings
from gis_service.foundation.web.acts import endpoints
from gis_service.foundation.web.identity import act_of
from tests.access.questions import QUESTIONS, About, Question
from tests.access.scene import Scene, Subject, set_up
from tests.contract.office import Undoing
from tests.support.web import UNRATED, composed, service, stand, token_of


@cache
def operations() -> dict[str, APIRoute]:
    """Every operation of the service by its name."""
    return {route.name: route for route in endpoints(service().routes)}


@dataclass(frozen=True)
class Office:
    scene: Scene
    client: TestClient

    def answer(self, question: Question, actor: Actor, subject: Subject) -> Response:
        headers = {} if actor.is_anonymous else {"Authorization": f"Bearer {token_of(actor)}"}
        return self.client.request(**question.request(subject), headers=headers, follow_redirects=False)


@pytest.fixture(scope="module")
def office(make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The service on two cities; whatever a request writes is undone when it has been answered."""
    engine, settings = open_engine(make_database()), Settings(tmp_path_factory.mktemp("home"), rates=UNRATED)
    app = composed(settings, engine)
    with engine.connect() as connection:
        outer = connection.begin()
        sessions = sessionmaker(connection, join_transaction_mode="create_savepoint", expire_on_commit=False)
        stand(app, sessions)
        scene = set_up(sessions, settings)
        yield Office(scene, TestClient(Undoing(app, connection), raise_server_exceptions=False))
        outer.rollback()
    engine.dispose()


@dataclass(frozen=True)
class Expected:
    """What the table says of one cell: refused with a status, or answered, with the record or without it."""

    refused: frozenset[int] = frozenset()
    knows: bool = True


REFUSALS = frozenset({401, 403, 404})


def expected(scene: Scene, question: Question, act: Act, actor: Actor, subject: Subject) -> Expected:
    permission = permission_for(act)
    is_allowed = permission.is_public or any(grant.role in permission.roles for grant in actor.grants)
    if actor.is_anonymous and not permission.is_public:
        return Expected(refused=frozenset({401}))
    if not (is_allowed or permission.is_for_all_accounts):
        return Expected(refused=frozenset({403}))
    if permission.second_factor and not actor.second_factor:
        return Expected(refused=frozenset({403}))
    return _by_subject(scene, question, act, actor, subject)


def _by_subject(scene: Scene, question: Question, act: Act, actor: Actor, subject: Subject) -> Expected:
    inside = scene.lies_inside(actor)
    cleared = actor.clearance.allows(subject.classification)
    if question.about is About.nothing:
        return Expected()
    if question.about is About.office:
        return Expected() if inside else Expected(refused=frozenset({403}))
    if question.about is About.account:
        return _about_account(question, act, inside=inside, cleared=cleared)
    if question.about is About.holding:
        return Expected() if inside and cleared else Expected(refused=frozenset({403, 404}))
    if question.about in {About.entry, About.matter}:
        return Expected(knows=inside and cleared)
    if question.about is About.line:
        is_cleared = cleared and actor.clearance.allows(Classification.internal)
        return Expected() if inside and is_cleared else Expected(refused=frozenset({403, 404}))
    reading = Act.read_cases if question.about is About.case else Act.read_classified
    is_open = question.about is About.record and subject.classification is Classification.public
    knows = is_open or (inside and cleared and _may(actor, reading))
    if act is Act.classify_records and is_open:  # kept by no side: only the province above them may close it
        return Expected(refused=frozenset({403}))
    return Expected(knows=knows)


def _may(actor: Actor, act: Act) -> bool:
    return any(grant.role in permission_for(act).roles for grant in actor.grants)


def _about_account(question: Question, act: Act, *, inside: bool, cleared: bool) -> Expected:
    """Administrators have power over accounts of their own place that know no more than they do."""
    if question.shows is not None or act is Act.read_accounts:
        return Expected(knows=inside)
    return Expected() if inside and cleared else Expected(refused=frozenset({403, 404}))


def judge(question: Question, wanted: Expected, answer: Response, subject: Subject) -> str | None:
    """What is wrong with an answer, if anything."""
    if wanted.refused:
        return None if answer.status_code in wanted.refused else f"{answer.status_code}, not refused"
    if question.shows is not None:
        told = question.tells(answer, subject)
        return (
            None if answer.status_code == 200 and told == wanted.knows else f"{answer.status_code}, {told=}"
        )
    if not wanted.knows:
        return None if answer.status_code == 404 else f"{answer.status_code} instead of not found"
    is_refused = answer.status_code in REFUSALS and not _refuses_for_other_reasons(question, answer)
    return f"{answer.status_code}, refused: {answer.text[:160]}" if is_refused else None


def _refuses_for_other_reasons(question: Question, answer: Response) -> bool:
    """A wrong password, a token that does not exist: refused whoever asks."""
    kinds = {"/problems/not-signed-in", "/problems/not-found"}
    return question.about in {About.nothing, About.account} and answer.json()["type"] in kinds


def test_every_operation_has_a_question() -> None:
    assert set(QUESTIONS) == set(operations())


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_table_is_obeyed(office: Office, name: str) -> None:
    question, act = QUESTIONS[name], act_of(operations()[name])
    assert act is not None
    wrong = [
        f"{actor.name} / {subject.classification}: {fault}"
        for actor, subject in cells(office.scene, question, act)
        if (fault := _fault(office, question, act, actor, subject))
    ]
    assert not wrong, "\n".join([f"{len(wrong)} cells", *wrong[:30]])


def cells(scene: Scene, question: Question, act: Act) -> Iterator[tuple[Actor, Subject]]:
    """Everybody about every subject. Clearance and classification vary only where they can matter at all:
    not for roles that may not do the act, and not where there is no record. A clearance is held against what
    it just reaches and what it just does not: whoever may know more may know less (`allows`).
    """
    about_records = question.about not in {About.nothing, About.office}
    subjects = list(scene.subjects.values()) if about_records else [scene.subjects[Classification.internal]]
    people = [each for each in scene.everybody if _is_telling(each, act, varied=about_records)]
    for actor, subject in product((ANONYMOUS, *people), subjects):
        lacking = subject.classification.rank - actor.clearance.rank
        if not about_records or not _may(actor, act) or lacking in {0, 1}:
            yield actor, subject
    if permission_for(act).second_factor:
        cleared = [each for each in people if each.clearance is Classification.secret]
        alone = [replace(each, name=f"{each.name} alone", second_factor=False) for each in cleared]
        yield from product(alone, subjects)


def _is_telling(actor: Actor, act: Act, *, varied: bool) -> bool:
    return actor.clearance is Classification.secret or (varied and _may(actor, act))


def _fault(office: Office, question: Question, act: Act, actor: Actor, subject: Subject) -> Any:
    wanted = expected(office.scene, question, act, actor, subject)
    return judge(question, wanted, office.answer(question, actor, subject), subject)
