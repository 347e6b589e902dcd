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
from gis_service.foundation.access import ANONYMOUS, Act, Actor, require
from gis_service.foundation.access import operator as at_the_keyboard
from gis_service.foundation.cluster import check_database, ensure_cluster
from gis_service.foundation.database import open_engine, session_factory
from gis_service.foundation.errors import InvalidInput, NotSignedIn
from gis_service.foundation.readings import noted_in, record_noted
from gis_service.foundation.settings import Settings, read_settings
from gis_service.foundation.standing import stand_before, stood_before
from gis_service.foundation.transaction import Transaction, transaction
from gis_service.foundation.web.identity import Credential
from gis_service.procedures.accounts.commands import identify
from gis_service.reactions import react
from gis_service.schema import upgrade

AUTHORITY = "本机操作"  # of who can reach the database without this program


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
def sessions_open(act: Act) -> Iterator[sessionmaker[Session]]:
    """Sessions on this installation's database for whoever runs the command, who must be allowed the act."""
    settings = read_settings()
    engine = ready_database(settings)
    try:
        sessions = session_factory(engine)
        at = datetime.now(UTC)
        actor = whoever_acts(sessions, settings, at=at)
        require(actor, act)
        stand_before(sessions, actor, at=at)
        yield sessions
    finally:
        engine.dispose()


@contextmanager
def reading(act: Act) -> Iterator[Session]:
    """A session for reading, of which all statements see one state."""
    with sessions_open(act) as sessions:
        with sessions() as session:
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session
        leave_trace(sessions, session, act)


def leave_trace(sessions: sessionmaker[Session], session: Session, act: Act) -> None:
    """Journal what was told above public."""
    noted, actor = noted_in(session), stood_before(session)
    if noted is not None and actor is not None:
        record_noted(sessions, noted, actor=actor, at=datetime.now(UTC), by=f"gis-service {act}")


@contextmanager
def reading_as(act: Act) -> Iterator[tuple[Session, Actor, datetime]]:
    """A session for reading, for whom it reads, and when: for what depends on who asks."""
    with sessions_open(act) as sessions:
        at = datetime.now(UTC)
        with sessions() as session:
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session, whoever_acts(sessions, read_settings(), at=at), at
        leave_trace(sessions, session, act)


@contextmanager
def writing(act: Act, *, dry_run: bool = False) -> Iterator[Transaction]:
    """A transaction by whoever runs the command, with everything that must follow."""
    with sessions_open(act) as sessions, transaction_of(sessions, dry_run=dry_run) as tx:
        yield tx


@contextmanager
def transaction_of(sessions: sessionmaker[Session], *, dry_run: bool = False) -> Iterator[Transaction]:
    """One of several transactions of a command."""
    at = datetime.now(UTC)
    actor = whoever_acts(sessions, read_settings(), at=at)
    with transaction(sessions, actor=actor, at=at, react=react, dry_run=dry_run) as tx:
        yield tx


def whoever_acts(sessions: sessionmaker[Session], settings: Settings, *, at: datetime) -> Actor:
    """Whose token the settings hold; else the person at the keyboard, where that is not switched off.

    Raises:
        NotSignedIn: no token and no operator, or a token that does not hold.
    """
    if settings.token is not None:
        with sessions() as session:
            stand_before(session, ANONYMOUS, at=at)
            return identify(session, Credential(settings.token), at)
    if settings.local_operator == "off":
        raise NotSignedIn("本机操作已关闭", way_out="请在 GIS_TOKEN 或 GIS_TOKEN_FILE 中给出令牌")
    return operator()


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
