"""The contract tells what the service does: the form of every text, every header, every shape of answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gis_service.foundation.settings import Rates, Settings
from gis_service.main import create_app
from tests.support.web import service

Operation = dict[str, Any]


def operations() -> Iterator[tuple[str, Operation]]:
    for path, methods in service().openapi()["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def answers(operation: Operation) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from operation["responses"].items()


def test_the_contract_is_the_same_however_the_service_is_set_up(tmp_path: Path) -> None:
    """So that services composed for a test may share one."""
    settings = Settings(home=tmp_path, port=1, local_operator="off", token="x", rates=Rates(reading="1/hour"))
    assert create_app(settings).openapi() == service().openapi()


def test_every_answer_has_an_id_in_the_contract() -> None:
    missing = [
        (name, status)
        for name, operation in operations()
        for status, answer in answers(operation)
        if "X-Request-Id" not in answer["headers"]
    ]
    assert not missing


def test_no_parameter_can_be_sent_as_null() -> None:
    assert not [
        (name, parameter["name"])
        for name, operation in operations()
        for parameter in operation.get("parameters", ())
        if {"type": "null"} in parameter["schema"].get("anyOf", ())
    ]


def forms(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A schema and what it is made of, without following references."""
    yield schema
    for inner in (*schema.get("anyOf", ()), *filter(None, [schema.get("items")])):
        yield from forms(inner)


def test_every_text_a_request_may_hold_has_a_form() -> None:
    """A text without a pattern would promise that control characters are taken."""
    says_how = {"pattern", "format", "enum", "const"}
    schemas = service().openapi()["components"]["schemas"]
    sent = [
        (name, parameter["schema"])
        for name, operation in operations()
        for parameter in operation.get("parameters", ())
        if parameter["in"] != "header"
    ] + [
        (name, field)
        for name in ("ProposalIn", "NewUnitIn", "ActIn", "ReasonIn", "MaterialIn")
        for field in schemas[name]["properties"].values()
    ]
    assert len(sent) > 60
    for name, schema in sent:
        for form in forms(schema):
            assert form.get("type") != "string" or says_how & form.keys(), (name, form)


@pytest.mark.parametrize(
    ("address", "status", "names"),
    [
        ("POST /changes", "201", {"ETag", "Location"}),
        ("POST /changes/{number}/approval", "200", {"ETag"}),
        ("POST /changes/{number}/materials", "201", {"ETag"}),
        ("GET /changes/{number}", "200", {"ETag"}),
        ("GET /divisions", "200", {"GIS-On", "GIS-Statement", "Link"}),
        ("GET /edges/{edge_id}", "200", {"GIS-On", "GIS-Statement"}),
        ("GET /instruments", "200", {"Link"}),
        ("GET /sheets/{sheet_id}/editions/{number}.{format}", "304", {"ETag"}),
        ("GET /readyz", "503", {"Retry-After"}),
        ("GET /healthz", "200", set()),
    ],
)
def test_headers_of_answers_are_told(address: str, status: str, names: set[str]) -> None:
    told = dict(operations())[address]["responses"][status]["headers"]
    assert set(told) == names | {"X-Request-Id"}


def test_geojson_is_told_down_to_the_properties_of_a_feature() -> None:
    document = service().openapi()
    answer = document["paths"]["/edges"]["get"]["responses"]["200"]
    features = answer["content"]["application/geo+json"]["schema"]["properties"]["features"]
    feature = document["components"]["schemas"][features["items"]["$ref"].rpartition("/")[2]]
    assert feature["properties"]["properties"]["$ref"] == "#/components/schemas/EdgeOut"
    assert "left" in document["components"]["schemas"]["EdgeOut"]["properties"]
    assert "$defs" not in str(document)


def test_defaults_of_headers_can_be_sent_as_they_are() -> None:
    defaults = [
        parameter["schema"]["default"]
        for _, operation in operations()
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "header" and "default" in parameter["schema"]
    ]
    assert all(str(default).isascii() for default in defaults), set(defaults)
