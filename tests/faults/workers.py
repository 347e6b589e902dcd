"""Those who go on working whatever is killed: over HTTP, at the command line, at the drawing table.

Each repeats a request until it knows that the step is done, as people do.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from hashlib import sha256
from threading import Event, Thread
from typing import Any

import httpx

from gis_service.procedures.changes.rules import required_materials
from tests.faults.installation import Installation, Server
from tests.faults.ledger import Ledger, Step
from tests.faults.province import Change

PAUSE_S = 0.2
BETWEEN_COMMANDS_S = 1.0
ANSWERS_WITHIN_S = 60.0
CLERK, OFFICER = "clerk", "officer"
DONE_IN_STATE = {
    "draft": {Step.drafted},
    "submitted": {Step.drafted, Step.submitted},
    "approved": {Step.drafted, Step.submitted, Step.approved},
    "enacted": {Step.drafted, Step.submitted, Step.approved, Step.enacted},
}


class Office(Thread):
    """Carries out changes over HTTP, step by step, with one document in each file."""

    def __init__(
        self,
        server: Server,
        tokens: Mapping[str, str],
        changes: Iterable[Change],
        ledger: Ledger,
        stop: Event,
    ) -> None:
        super().__init__(daemon=True)
        self.client = httpx.Client(base_url=server.address, timeout=ANSWERS_WITHIN_S)
        self.tokens = tokens
        self.changes, self.ledger, self.stop = changes, ledger, stop

    def run(self) -> None:
        """Until told to stop, or until nothing is left to change."""
        with self.client:
            for change in self.changes:
                if self.stop.is_set() or not self._carried_out(change):
                    return

    def _carried_out(self, change: Change) -> bool:
        number = self._drafted(change)
        if number is None:
            return False
        return (
            self._filed(change, number)
            and self._moved(change, number, Step.submitted, "submission", CLERK)
            and self._moved(change, number, Step.approved, "approval", OFFICER, change.act)
            and self._moved(change, number, Step.enacted, "enactment", OFFICER)
        )

    def _drafted(self, change: Change) -> str | None:
        """The number of the case; found in the refusal when a case was opened without an answer."""
        proposal = change.proposal | {"instrument": change.act}
        answer = self._insist(Step.drafted, CLERK, "/changes", json=proposal)
        if answer is None:
            return None
        known = re.search(r"BG-\d{4}-\d{5}", answer.text)
        if answer.status_code not in {201, 409} or known is None:
            return self._complain(answer)
        self.ledger.promise(change.act_number, Step.drafted, silent=answer.status_code == 409)
        return known[0]

    def _filed(self, change: Change, number: str) -> bool:
        """Filing the same document again is answered like the first time."""
        kind = next(iter(required_materials()))
        content = f"%PDF-1.4 {change.act_number}".encode()
        document = {"kind": kind, "name": "材料.pdf"}
        address = f"/changes/{number}/materials"
        answer = self._insist(Step.filed, CLERK, address, params=document, content=content)
        if answer is None or answer.status_code != 201:
            return bool(self._complain(answer))
        self.ledger.promise(change.act_number, Step.filed, sha256=sha256(content).hexdigest())
        return True

    def _moved(
        self, change: Change, number: str, step: Step, verb: str, person: str, body: Any = None
    ) -> bool:
        answer = self._insist(step, person, f"/changes/{number}/{verb}", json=body)
        silent = answer is not None and answer.status_code == 409 and step in self._steps_of(number)
        if answer is None or not (answer.status_code == 200 or silent):
            return bool(self._complain(answer))
        self.ledger.promise(change.act_number, step, silent=silent)
        return True

    def _steps_of(self, number: str) -> set[Step]:
        """What is done of a case, asked until somebody answers."""
        while not self.stop.is_set():
            with suppress(httpx.TransportError):
                answer = self.client.get(f"/changes/{number}", headers=self._signed_in(CLERK))
                if answer.status_code == 200:
                    return DONE_IN_STATE[answer.json()["state"]]
            time.sleep(PAUSE_S)
        return set()

    def _insist(self, step: Step, person: str, address: str, **sent: Any) -> httpx.Response | None:
        """The first answer that says yes or no, not "later"; None when it is time to stop."""
        while not self.stop.is_set():
            self.ledger.attempt(step)
            with suppress(httpx.TransportError):
                answer = self.client.post(address, headers=self._signed_in(person), **sent)
                if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                    return answer
            self.ledger.miss(step)
            time.sleep(PAUSE_S)
        return None

    def _signed_in(self, person: str) -> Mapping[str, str]:
        """The header by which the service knows a person; who drafts does not decide."""
        return {"Authorization": f"Bearer {self.tokens[person]}"}

    def _complain(self, answer: httpx.Response | None) -> None:
        if answer is not None:
            asked = f"{answer.request.method} {answer.request.url}"
            self.ledger.error(f"{asked}: {answer.status_code} {answer.text[:500]}")


KILLED = -9
UNAVAILABLE = 3


class CommandLine(Thread):
    """Enacts published acts by `changes enact`, one process each."""

    def __init__(
        self, installation: Installation, changes: Iterable[Change], ledger: Ledger, stop: Event
    ) -> None:
        super().__init__(daemon=True)
        self.installation, self.changes, self.ledger, self.stop = installation, changes, ledger, stop

    def run(self) -> None:
        """Until told to stop, or until nothing is left to change."""
        for change in self.changes:
            if self.stop.is_set() or not self._enacted(change):
                return
            self.stop.wait(BETWEEN_COMMANDS_S)

    def _enacted(self, change: Change) -> bool:
        path = self.installation.home / "change.json"
        path.write_text(json.dumps(change.proposal | {"instrument": change.act}), encoding="utf-8")
        while not self.stop.is_set():
            self.ledger.attempt(Step.enacted)
            done = self.installation.run("changes", "enact", path, "--json")
            if done.returncode == 0:
                self.ledger.promise(change.act_number, Step.enacted)
                return True
            if "不能重复实施" in done.stdout:
                self.ledger.promise(change.act_number, Step.enacted, silent=True)
                return True
            self.ledger.miss(Step.enacted)
            if done.returncode not in {KILLED, UNAVAILABLE}:
                told = f"{done.stdout[-500:]} {done.stderr[-2000:]}"
                self.ledger.error(f"changes enact: {done.returncode} {told}")
                return False
        return False


class DrawingTable(Thread):
    """Draws what has gone stale, over and over."""

    def __init__(self, installation: Installation, ledger: Ledger, stop: Event) -> None:
        super().__init__(daemon=True)
        self.installation, self.ledger, self.stop = installation, ledger, stop

    def run(self) -> None:
        """Until told to stop."""
        while not self.stop.is_set():
            done = self.installation.run("sheets", "draw", "--stale", "--json")
            if done.returncode not in {0, KILLED, UNAVAILABLE}:
                self.ledger.error(f"sheets draw: {done.returncode} {done.stderr[-2000:]}")
                return
            self.stop.wait(BETWEEN_COMMANDS_S)
