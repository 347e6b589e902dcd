"""The questions find a fault where there is one: in a service that answers otherwise than it promised."""

from __future__ import annotations

import pytest
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.contract.asking import Fault, Plan, Report, ask
from tests.contract.office import Office

BRIEFLY = Plan(examples=2, seed=1, phases=("fuzzing",))
ID = {"X-Request-Id": "12345678"}
MISREADING = {"rule": "R-WEB-01"}


def always(answer: Response) -> ASGIApp:
    async def answering(scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "http"
        await answer(scope, receive, send)

    return answering


@pytest.mark.parametrize(
    ("label", "answer", "check"),
    [
        ("GET /healthz", JSONResponse({}, 500, ID), "not_a_server_error"),
        ("GET /healthz", JSONResponse({"status": "ok"}, 418, ID), "status_code_conformance"),
        ("GET /healthz", PlainTextResponse("ok", 200, ID), "content_type_conformance"),
        ("GET /healthz", JSONResponse({"status": "ill"}, 200, ID), "response_schema_conformance"),
        ("GET /healthz", JSONResponse({"status": "ok"}, 200), "response_headers_conformance"),
        ("GET /divisions", JSONResponse({"findings": [MISREADING]}, 422, ID), "positive_data_acceptance"),
        ("GET /divisions", JSONResponse({"next": None}, 200, ID), "negative_data_rejection"),
    ],
)
def test_an_answer_that_is_not_as_told_is_a_fault(label: str, answer: Response, check: str) -> None:
    report = ask(Office(always(answer), {}), BRIEFLY, label)
    assert check in {fault.check for fault in report.faults.values()}


def test_faults_of_a_kind_are_told_once_by_the_shortest_request() -> None:
    report = Report()
    for told in ("a long one", "short", "another long one"):
        report.add(Fault("status_code_conformance", "Undocumented HTTP status code", told))
    [fault] = report.faults.values()
    assert (fault.told, fault.times) == ("short", 3)
