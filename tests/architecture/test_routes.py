"""Over HTTP registers and publications are read only; whoever wants to change something opens a case."""

from __future__ import annotations

from inspect import iscoroutinefunction, signature
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from gis_service.foundation.access import Act
from gis_service.foundation.settings import Settings
from gis_service.foundation.web.acts import endpoints as served
from gis_service.foundation.web.identity import OpenToAll, Permitted, act_of
from gis_service.main import create_app
from tests.architecture.tree import TIERS_WITH_SLICES, complain, modules, slice_of

READING = {"GET", "HEAD"}


@pytest.fixture(scope="module")
def endpoints(tmp_path_factory: pytest.TempPathFactory) -> list[APIRoute]:
    """The endpoints of the service as composed; nothing is opened."""
    home: Path = tmp_path_factory.mktemp("home")
    return list(served(create_app(Settings(home)).routes))


def test_registers_and_publications_are_only_read(endpoints: list[APIRoute]) -> None:
    found = {slice_of(route.endpoint.__module__): route for route in endpoints}
    assert {("registers", "divisions"), ("registers", "boundaries"), ("registers", "instruments")} <= set(
        found
    )
    writing = [
        f"{sorted(route.methods)} {route.path}"
        for route in endpoints
        if slice_of(route.endpoint.__module__)[0] in {"registers", "publications"} and route.methods - READING
        if act_of(route) is not Act.ask_at_length
    ]
    assert not writing, complain(writing)


def test_questions_that_come_with_a_body_are_answered_from_a_session_for_reading(
    endpoints: list[APIRoute],
) -> None:
    asking = [route for route in endpoints if act_of(route) is Act.ask_at_length]
    assert asking
    for route in asking:
        assert slice_of(route.endpoint.__module__) in {
            ("publications", "exchange"),
            ("publications", "checks"),
        }
        assert "session" in signature(route.endpoint).parameters
        assert "tx" not in signature(route.endpoint).parameters


def test_every_slice_with_routes_is_served(endpoints: list[APIRoute]) -> None:
    served = {slice_of(route.endpoint.__module__) for route in endpoints}
    written = {slice_of(m.__name__) for m in modules() if m.__name__.split(".")[3:4] == ["routes"]}
    assert len(written) >= 3
    assert written <= served


def test_endpoints_of_slices_are_synchronous(endpoints: list[APIRoute]) -> None:
    """The driver blocks: a coroutine around it would stop the whole server while one query runs."""
    found = [
        f"{route.endpoint.__module__}.{route.endpoint.__name__}"
        for route in endpoints
        if iscoroutinefunction(route.endpoint) and slice_of(route.endpoint.__module__)[0] in TIERS_WITH_SLICES
    ]
    assert not found, complain(found)


def test_every_endpoint_is_explained(endpoints: list[APIRoute]) -> None:
    mute = [
        route.path
        for route in endpoints
        if route.include_in_schema and not (route.summary or route.description)
    ]
    assert not mute, complain(mute)


def test_every_endpoint_does_exactly_one_act(endpoints: list[APIRoute]) -> None:
    """Who may do what is asked of one table: a route that names no act of it would be open to everybody."""
    doing = {
        f"{sorted(route.methods)} {route.path}": [
            each.dependency.act
            for each in route.dependencies
            if isinstance(each.dependency, Permitted | OpenToAll)
        ]
        for route in endpoints
    }
    assert len(doing) > 30
    wrong = [f"{route}: {acts or 'no act'}" for route, acts in doing.items() if len(acts) != 1]
    assert not wrong, complain(wrong)


def test_what_is_written_over_http_is_no_act_of_reading(endpoints: list[APIRoute]) -> None:
    reading = {Act.ask_the_service, Act.read_registers, Act.read_products}
    writing = [route for route in endpoints if route.methods - READING]
    assert len(writing) > 5
    found = [route.path for route in writing if act_of(route) in reading]
    assert not found, complain(found)
