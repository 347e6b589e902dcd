"""What every command works with: settings, a database that is up and current, an actor, a clock."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from gis_service.cli.console import err
from gis_service.foundation.access import Actor
from gis_service.foundation.access import operator as at_the_keyboard
from gis_service.foundation.cluster import check_database, ensure_cluster
from gis_service.foundation.database import open_engine, session_factory
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.settings import Settings, read_settings
from gis_service.foundation.standing import stand_before
from gis_service.foundation.transaction import Transaction, transaction
from gis_service.reactions import react
from gis_service.schema import upgrade

AUTHORITY = "本机操作"  # until accounts say for which authority somebody acts


def say(message: str) -> None:
    """Tell what is going on, on standard error, so that `--json` stays clean."""
    err.print(f"[dim]{message}[/]")


def ready_database(settings: Settings) -> Engine:
    """The database of this installation: started or checked, and migrated."""
    url = settings.database_url or ensure_cluster(settings.home, say=say)
    if settings.database_url:
        check_database(url)
    engine = open_engine(url)
    upgrade(engine)
    return engine


@contextmanager
def sessions_open() -> Iterator[sessionmaker[Session]]:
    """Sessions on this installation's database."""
    engine = ready_database(read_settings())
    try:
        sessions = session_factory(engine)
        stand_before(sessions, operator(), at=datetime.now(UTC))
        yield sessions
    finally:
        engine.dispose()


@contextmanager
def reading() -> Iterator[Session]:
    """A session for reading."""
    with sessions_open() as sessions, sessions() as session:
        yield session


@contextmanager
def writing(*, dry_run: bool = False) -> Iterator[Transaction]:
    """A transaction by the person at the keyboard, with everything that must follow."""
    with (
        sessions_open() as sessions,
        transaction(sessions, actor=operator(), at=datetime.now(UTC), react=react, dry_run=dry_run) as tx,
    ):
        yield tx


def operator() -> Actor:
    """Who runs the command, by the account of the operating system."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = f"uid {os.getuid()}"
    return at_the_keyboard(name, AUTHORITY)


def day(text: str | None) -> date:
    """A date as typed; absent means today: this edge is where absence becomes today."""
    if text is None:
        return datetime.now(UTC).astimezone().date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(f"“{text}”不是日期", way_out="请写如 2020-06-05") from error
