"""A campaign of kills: workers work, somebody kills, a supervisor brings all up again; then the audit."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from statistics import median
from threading import Event, Thread

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.access import Role
from gis_service.foundation.cluster import ensure_cluster, stop_cluster
from gis_service.foundation.database import open_engine, session_factory
from gis_service.foundation.transaction import Transaction, transaction
from gis_service.procedures.accounts.commands import Service, issue_service_token, open_with_roles
from gis_service.registers.authorities.commands import NewAccount
from gis_service.schema import upgrade
from tests.faults.audit import faults
from tests.faults.installation import Installation, installed
from tests.faults.ledger import Ledger, Step
from tests.faults.province import changes_to, register_province
from tests.faults.victims import VICTIMS, kill
from tests.faults.workers import CLERK, OFFICER, CommandLine, DrawingTable, Office
from tests.support.factories import REGISTRAR

OFFICES = 3
LONGEST_PEACE_S = 1.5
AIMS_FOR_S = 3.0
WORKER_ENDS_WITHIN_S = 90.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How many kills, how large the province, the seed of all chance, and how many web servers."""

    kills: int
    prefectures: int
    seed: int
    servers: int = 2


@dataclass
class Figures:
    """What came of it."""

    ledger: Ledger
    killed: Counter[str] = field(default_factory=Counter)
    processes: int = 0
    amid_writing: int = 0
    recoveries_s: list[float] = field(default_factory=list)
    exits: list[int] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def told(self) -> Iterator[str]:
        """As lines for people."""
        kinds = ", ".join(f"{victim} {count}" for victim, count in sorted(self.killed.items()))
        yield f"kills: {self.killed.total()} ({self.processes} processes): {kinds}"
        yield f"kills while a transaction had written and not committed: {self.amid_writing}"
        for step in Step:
            promised = sum(promise.step is step for promise in self.ledger.promises)
            yield (
                f"{step.value}: {self.ledger.attempts[step]} attempts, {promised} acknowledged and found, "
                f"{self.ledger.unanswered[step]} unanswered, of which {self.ledger.kept_silent[step]} "
                "had been committed"
            )
        least, middle, most = min(self.recoveries_s), median(self.recoveries_s), max(self.recoveries_s)
        yield f"recovery: {least:.1f} s at least, {middle:.1f} s in the middle, {most:.1f} s at most"
        yield f"exit codes after SIGTERM: {self.exits}"
        yield f"lost, half done or unproved: {len(self.faults)}"
        yield f"refusals that no kill explains: {len(self.ledger.errors)}"


def run(plan: Plan, say: Callable[[str], None]) -> Figures:
    """Kill as planned, and judge what is left."""
    figures = Figures(Ledger())
    with installed(plan.servers) as installation:
        tokens = _prepare(installation, plan)
        installation.bring_up()
        with _at_work(installation, tokens, plan, figures.ledger):
            _kill_at_random(installation, plan, figures, say)
            figures.exits = installation.terminate_servers()
        stop_cluster(installation.home)
        figures.faults = _audited(installation.home, figures.ledger)
        if figures.ledger.errors:
            figures.ledger.error(installation.log_tail())
    return figures


def _prepare(installation: Installation, plan: Plan) -> Mapping[str, str]:
    """Fill the registers, and let two people act; their tokens."""
    with open_registers(installation.home) as sessions:
        register_province(sessions, plan.prefectures)
        with transaction(sessions, actor=REGISTRAR, at=datetime.now(UTC)) as tx:
            return {person: _token_of(tx, person) for person in (CLERK, OFFICER)}


def _token_of(tx: Transaction, person: str) -> str:
    new = NewAccount(person, person, "fault-test", None)
    account = open_with_roles(tx, new, frozenset({Role.registrar}))
    return issue_service_token(tx, account, Service("faults", 30)).token


@contextmanager
def open_registers(home: Path) -> Iterator[sessionmaker[Session]]:
    """Sessions on the private cluster of `home`, brought up to date."""
    with _engine(home) as engine:
        upgrade(engine)
        yield session_factory(engine)


@contextmanager
def _engine(home: Path) -> Iterator[Engine]:
    engine = open_engine(ensure_cluster(home))
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _at_work(
    installation: Installation, tokens: Mapping[str, str], plan: Plan, ledger: Ledger
) -> Iterator[None]:
    """Workers, each with prefectures of its own; stopped and awaited in the end."""
    stop = Event()
    shares = [
        chain.from_iterable(changes_to(each) for each in range(first, plan.prefectures, OFFICES + 1))
        for first in range(OFFICES + 1)
    ]
    servers = [installation.servers[number % plan.servers] for number in range(OFFICES)]
    workers: list[Thread] = [
        Office(server, tokens, share, ledger, stop) for server, share in zip(servers, shares, strict=False)
    ]
    workers += [CommandLine(installation, shares[-1], ledger, stop), DrawingTable(installation, ledger, stop)]
    for worker in workers:
        worker.start()
    try:
        yield
    finally:
        stop.set()
        kill({process.pid for process in tuple(installation.commands)})
        for worker in workers:
            worker.join(timeout=WORKER_ENDS_WITHIN_S)
    assert not [worker for worker in workers if worker.is_alive()]


def _kill_at_random(
    installation: Installation, plan: Plan, figures: Figures, say: Callable[[str], None]
) -> None:
    chance = random.Random(plan.seed)
    for number, victim in enumerate(_drawn_by_lot(plan.kills, chance), start=1):
        hit = 0
        while not hit:  # a command may be between two runs
            time.sleep(chance.uniform(0, LONGEST_PEACE_S))
            writing = _await_writing(installation.home, patient=chance.random() < 0.5)
            hit = kill(VICTIMS[victim](installation, chance))
        begun = time.monotonic()
        installation.bring_up()
        figures.recoveries_s.append(time.monotonic() - begun)
        figures.killed[victim] += 1
        figures.processes += hit
        figures.amid_writing += writing > 0
        say(f"{number:3d} {victim}: {hit} processes, up again after {figures.recoveries_s[-1]:.1f} s")


def _drawn_by_lot(kills: int, chance: random.Random) -> Iterator[str]:
    """Every kind of victim equally often, in a random order."""
    while kills > 0:
        for victim in chance.sample(sorted(VICTIMS), k=min(kills, len(VICTIMS))):
            kills -= 1
            yield victim


def _await_writing(home: Path, *, patient: bool) -> int:
    """How many transactions have written and not committed; the patient wait until there is one."""
    asked = text("SELECT count(*) FROM pg_stat_activity WHERE backend_xid IS NOT NULL")
    deadline = time.monotonic() + (AIMS_FOR_S if patient else 0)
    with _engine(home) as engine:
        try:
            while True:
                with engine.connect() as connection:
                    writing = int(connection.scalar(asked) or 0)
                if writing or time.monotonic() > deadline:
                    return writing
        except DBAPIError:
            return 0  # gone already: a backend that was killed a moment ago took all with it


def _audited(home: Path, ledger: Ledger) -> list[str]:
    with open_registers(home) as sessions, sessions() as session:
        return faults(session, home, ledger.promises)
