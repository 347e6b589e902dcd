"""Asking an office what its own contract allows and forbids, with Schemathesis, and judging its answers.

All checks of Schemathesis hold; the one thing judged here is what a schema can tell of a request at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Any

import schemathesis
from schemathesis import openapi
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure
from schemathesis.core.transport import Response
from schemathesis.engine import events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder
from schemathesis.openapi.checks import RejectedPositiveData

from gis_service.foundation.access import Actor
from gis_service.foundation.web.wording import READABLE
from tests.contract.office import OFFICER, Known, Office, headers_for
from tests.support.web import service

PHASES = ("examples", "coverage", "fuzzing", "stateful")
OF_RECORDS = 0.6  # how many of the values that could be those of a record are
LONGEST_ANSWER_S = 20.0  # what a query may take
MOST_STEPS = 10  # one after another along links
UNREADABLE = ("请求的地址或参数含有控制字符", "请求内容的文字中含有控制字符", "不认识的参数")


@dataclass(frozen=True, slots=True)
class Plan:
    """How many examples for each operation, the seed of all chance, which phases, how long to go on."""

    examples: int
    seed: int
    phases: tuple[str, ...] = PHASES[:-1]
    seconds: float | None = None
    actor: Actor | None = OFFICER


@dataclass(frozen=True, slots=True)
class Fault:
    """An answer that is not as the contract tells; `times` counts those of the same kind."""

    check: str
    title: str
    told: str = ""
    times: int = 1

    def __str__(self) -> str:
        return f"[{self.check}] {self.title} ×{self.times}\n{self.told}".rstrip()


@dataclass(slots=True)
class Report:
    """What was asked, and what came of it."""

    asked: int = 0
    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    faults: dict[tuple[str, str], Fault] = field(default_factory=dict)

    def add(self, fault: Fault) -> None:
        """Count one; the one told shortest is kept."""
        known = self.faults.setdefault((fault.check, fault.title), replace(fault, times=0))
        kept = min(known, fault, key=lambda each: len(each.told))
        self.faults[fault.check, fault.title] = replace(kept, times=known.times + fault.times)

    def take_in(self, other: Report) -> None:
        """Add what another report tells."""
        self.asked += other.asked
        self.seconds += other.seconds
        self.statuses += other.statuses
        for fault in other.faults.values():
            self.add(fault)


def labels() -> list[str]:
    """Every operation of the contract: `GET /divisions`."""
    paths = service().openapi()["paths"]
    return [f"{method.upper()} {path}" for path, methods in paths.items() for method in methods]


def ask(office: Office, plan: Plan, label: str | None = None) -> Report:
    """Ask about one operation, or about all of them."""
    schema = openapi.from_dict(service().openapi(), config=_configured(office.known, plan, label))
    schema.app = office.app
    schema.hook("filter_failure")(_is_fault)
    report, began = Report(), monotonic()
    for event in from_schema(schema.include(name=label) if label else schema).execute():
        if isinstance(event, events.ScenarioFinished):
            _count(report, event.recorder)
        elif isinstance(event, events.NonFatalError):
            report.add(Fault("asking", type(event.value).__name__, str(event.value)))
        elif isinstance(event, events.FatalError):
            raise event.exception
    report.seconds = monotonic() - began
    return report


def _count(report: Report, recorder: ScenarioRecorder) -> None:
    answers = [asked.response for asked in recorder.interactions.values() if asked.response is not None]
    report.asked += len(answers)
    report.statuses.update(answer.status_code for answer in answers)
    for case, checks in recorder.checks.items():
        for check in checks:
            if check.failure_info is not None:
                failure = check.failure_info.failure
                answer = recorder.interactions[case].response
                told = (failure.message, check.failure_info.code_sample, _shown(answer))
                report.add(Fault(check.name, failure.title, "\n".join(told)))


def _shown(answer: Response | None) -> str:
    if answer is None:
        return "no answer"
    return f"→ {answer.status_code} {answer.content[:1000].decode('utf-8', 'replace')}"


def _is_fault(_context: Any, failure: Failure, case: schemathesis.Case, response: Response) -> bool:  # noqa: ARG001
    """Whether a failed check shows a fault.

    A schema tells the form of a request and not whether it makes sense in the registers: `between` a province
    and its own city, a rule of law that is broken, content that is not what the name of its file says. Such
    requests are refused with 422 though they fit the schema; refusing their form would be a fault.
    """
    if not isinstance(failure, RejectedPositiveData) or response.status_code != 422:
        return True
    problem = response.json()
    about_form = any(finding["rule"] == READABLE.id for finding in problem["findings"])
    return about_form or problem["detail"].startswith(UNREADABLE)


def _configured(known: Known, plan: Plan, label: str | None) -> SchemathesisConfig:
    shared = {name: values for name, values in known.items() if not _operation(name)}
    own = {name: values for name, values in known.items() if label and _operation(name) == label}
    rest = {name: values for name, values in known.items() if not label and _operation(name)}
    told: dict[str, Any] = {
        "seed": plan.seed,
        "continue-on-failure": True,
        "headers": headers_for(plan.actor),
        "output": {"sanitization": {"enabled": False}},
        "checks": {"max_response_time": LONGEST_ANSWER_S},
        "generation": {"max-examples": plan.examples, "database": "none"},
        "phases": {name: {"enabled": name in plan.phases} for name in PHASES},
        "dictionaries": {_plain(name): {"values": values} for name, values in (shared | own | rest).items()},
        "parameters": dict(_drawn(shared)) | dict(_drawn(own)),
        "operations": [
            {"include-name": _operation(name), "parameters": dict(_drawn([name]))} for name in rest
        ],
    }
    told["phases"]["stateful"]["max-steps"] = MOST_STEPS
    if plan.seconds is not None:
        told["max-time"] = max(1, int(plan.seconds))  # filled to the end, with as many examples as it takes
    return SchemathesisConfig.from_dict(told)


def _operation(name: str) -> str:
    """The operation that a known value is for: `GET /path` of `GET /path name`, nothing of `name`."""
    return name.rpartition(" ")[0]


def _plain(name: str) -> str:
    return name.replace(" ", ":")


def _drawn(names: Mapping[str, Any] | list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in names:
        yield name.rpartition(" ")[2], {"dictionary": _plain(name), "probability": OF_RECORDS}
