"""What workers sent and what they were told: the truth that the registers are held against."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Lock


class Step(StrEnum):
    """What is done to a case; the value is the command in the journal."""

    drafted = "changes.draft"
    filed = "changes.add_material"
    submitted = "changes.submitted"
    approved = "changes.approved"
    enacted = "changes.enacted"


@dataclass(frozen=True, slots=True)
class Promise:
    """That a step of the change under this act was done, as somebody was told; `sha256` of what was filed."""

    act: str
    step: Step
    sha256: str = ""


@dataclass
class Ledger:
    """Shared by all workers.

    `kept_silent` are steps that were done although their answer never came: a commit, then the kill.
    """

    attempts: Counter[Step] = field(default_factory=Counter)
    unanswered: Counter[Step] = field(default_factory=Counter)
    kept_silent: Counter[Step] = field(default_factory=Counter)
    promises: list[Promise] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def attempt(self, step: Step) -> None:
        """A request goes out."""
        with self._lock:
            self.attempts[step] += 1

    def miss(self, step: Step) -> None:
        """No answer came, or one that does not say whether the step was done."""
        with self._lock:
            self.unanswered[step] += 1

    def promise(self, act: str, step: Step, *, sha256: str = "", silent: bool = False) -> None:
        """The step is done: by an answer, or (`silent`) as it was found when asked again."""
        with self._lock:
            self.promises.append(Promise(act, step, sha256))
            if silent:
                self.kept_silent[step] += 1

    def error(self, message: str) -> None:
        """Something no kill explains."""
        with self._lock:
            self.errors.append(message)
