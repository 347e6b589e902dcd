"""Who may do what, as plain values: roles, reach, scope and second factor, without any database."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_service.foundation.access import (
    ANONYMOUS,
    TABLE,
    Act,
    Actor,
    Classification,
    Grant,
    Reach,
    Role,
    highest,
    may,
    operator,
    permission_for,
    read_role,
    require,
)
from gis_service.foundation.errors import InvalidInput, NotPermitted, NotSignedIn, SecondFactorNeeded

PLACE = uuid4()


def somebody(*roles: Role, **changes: object) -> Actor:
    actor = Actor("某人", "某机关", uuid4(), tuple(Grant(role, PLACE) for role in roles))
    return replace(actor, **changes)  # type: ignore[arg-type]


def test_every_act_has_one_row() -> None:
    assert sorted(row.act for row in TABLE) == sorted(Act)


def test_no_role_is_without_an_act_of_its_own() -> None:
    public = {row.act for row in TABLE if row.is_public}
    for role in Role:
        assert {row.act for row in TABLE if role in row.roles} - public


def test_what_decides_asks_for_a_second_factor() -> None:
    deciding = {
        Act.decide_change,
        Act.decide_disputes,
        Act.enact_change,
        Act.manage_accounts,
        Act.classify_records,
    }
    assert {row.act for row in TABLE if row.second_factor} == deciding


@pytest.mark.parametrize("act", Act)
def test_the_public_does_what_is_public(act: Act) -> None:
    assert may(ANONYMOUS, act) is permission_for(act).is_public


@pytest.mark.parametrize("act", Act)
def test_an_operator_reaches_everything(act: Act) -> None:
    assert may(operator("root", "本机操作"), act)


def test_each_refusal_says_what_is_missing() -> None:
    with pytest.raises(NotSignedIn):
        require(ANONYMOUS, Act.draft_change)
    with pytest.raises(NotPermitted, match="区划登记员"):
        require(somebody(Role.viewer), Act.draft_change)
    with pytest.raises(SecondFactorNeeded):
        require(somebody(Role.registrar), Act.decide_change)
    require(somebody(Role.registrar, second_factor=True), Act.decide_change)


def test_a_role_counts_where_it_is_held() -> None:
    registrar = somebody(Role.registrar)
    assert registrar.reach(Act.draft_change) == Reach(roots=frozenset({PLACE}))
    everywhere = somebody(grants=(Grant(Role.registrar), Grant(Role.registrar, PLACE)))
    assert everywhere.reach(Act.draft_change) == Reach(everywhere=True)
    assert not somebody(Role.viewer).reach(Act.draft_change)


@given(st.sampled_from(Act), st.frozensets(st.sampled_from(Act)), st.sampled_from(Role))
def test_a_scope_only_ever_narrows(act: Act, scope: frozenset[Act], role: Role) -> None:
    whole = somebody(role, second_factor=True)
    narrowed = replace(whole, scope=scope)
    is_public = permission_for(act).is_public
    assert may(narrowed, act) is (may(whole, act) and (is_public or act in scope))
    assert narrowed.reach(act) == (whole.reach(act) if is_public or act in scope else Reach())


@pytest.mark.parametrize(
    ("written", "role"),
    [
        ("registrar", Role.registrar),
        ("Naming-Officer", Role.naming_officer),
        ("gazetteer editor", Role.editor),
        ("界线管理员", Role.boundary_officer),
        (" admin ", Role.administrator),
    ],
)
def test_roles_are_read_as_people_write_them(written: str, role: Role) -> None:
    assert read_role(written) is role


def test_an_unknown_role_is_refused_with_all_there_are() -> None:
    with pytest.raises(InvalidInput, match="auditor"):
        read_role("superuser")


def test_classifications_stand_one_above_the_other() -> None:
    assert highest() is Classification.public
    assert highest("公开", "涉密", "内部") is Classification.secret
    assert Classification.internal.allows(Classification.public)
    assert not Classification.internal.allows(Classification.secret)
