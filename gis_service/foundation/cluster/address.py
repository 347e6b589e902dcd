"""Where the server of a cluster listens, how to connect to it, and what it answers."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum, auto
from pathlib import Path

import psycopg2
from psycopg2.extensions import connection, make_dsn
from sqlalchemy import URL

from gis_service.foundation.cluster.place import Place
from gis_service.foundation.cluster.wishes import Over
from gis_service.foundation.standing import SIGHT_ROLE

SUPERUSER = "postgres"
ROLE = "gis_service"  # owns the database and is no superuser, as on a server run by others
DATABASE = "gis_service"
SOCKET_PORT = 5432  # only part of the socket's name
LONGEST_SOCKET_PATH = 107
ANSWER_WITHIN_S = 5
HERE = "."


class Answer(StrEnum):
    """What a server said to a connection attempt."""

    serving = auto()
    full = auto()  # running, all connections taken
    unfurnished = auto()  # running, but the database, its owner or the owner's password is not there yet
    busy = auto()  # starting, recovering or shutting down
    silent = auto()  # nobody there, or somebody else


@dataclass(frozen=True, slots=True)
class Address:
    """A socket folder, or a loopback port with the password file that opens it."""

    over: Over
    port: int
    folder: Path | None = None
    password_file: Path | None = None

    @property
    def host(self) -> str:
        """The host as libpq wants it: a folder means a socket."""
        return "127.0.0.1" if self.folder is None else str(self.folder)

    @property
    def url(self) -> str:
        """SQLAlchemy URL of the register database. Holds no secret: the password is in a file."""
        query = {"host": self.host, "port": str(self.port)}
        if self.password_file is not None:
            query["passfile"] = str(self.password_file)
        url = URL.create("postgresql+psycopg2", username=ROLE, database=DATABASE, query=query)
        return url.render_as_string(hide_password=False)

    def connect(self, *, role: str = ROLE, database: str = DATABASE) -> connection:
        """Connect with libpq."""
        parameters: dict[str, str] = {
            "host": self.host,
            "port": str(self.port),
            "user": role,
            "dbname": database,
            "connect_timeout": str(ANSWER_WITHIN_S),
            "client_encoding": "UTF8",
        }
        if self.password_file is not None:
            parameters["passfile"] = str(self.password_file)
        return psycopg2.connect(make_dsn(**parameters))


def socket_path(folder: Path, port: int = SOCKET_PORT) -> Path:
    """The file PostgreSQL listens on."""
    return folder / f".s.PGSQL.{port}"


def suits_a_socket(folder: Path) -> bool:
    """Whether the kernel takes a socket path below `folder`, and libpq (which splits at commas) finds it."""
    path = str(socket_path(folder))
    return len(path.encode()) <= LONGEST_SOCKET_PATH and "," not in path


def read_address(place: Place) -> Address | None:
    """Where the server listens, or last did; None when it never started or the note is damaged."""
    try:
        note = json.loads(place.address_file.read_text(encoding="utf-8"))
        over, port = Over(note["over"]), int(note["port"])
        if over is Over.tcp:
            return Address(over, port, password_file=place.password_file)
        return Address(over, port, folder=place.folder if note["folder"] == HERE else Path(note["folder"]))
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError):
        return None


def as_note(place: Place, address: Address) -> str:
    """The text `read_address` reads; a socket below the cluster's own folder moves along with it."""
    folder = HERE if address.folder == place.folder else str(address.folder)
    return json.dumps({"over": address.over, "port": address.port, "folder": folder})


def ask(address: Address, data: Path) -> Answer:
    """Knock at `address`; only the server of the data directory `data` counts as serving."""
    try:
        with closing(address.connect()) as server, server.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('data_directory'), to_regrole(%s) IS NOT NULL", (SIGHT_ROLE,)
            )
            folder, is_furnished = cursor.fetchone() or ("", False)
    except psycopg2.OperationalError as error:
        return _understand(str(error))
    if not _same_folder(Path(folder), data):
        return Answer.silent
    return Answer.serving if is_furnished else Answer.unfurnished


def _understand(words: str) -> Answer:
    """Read libpq's reason; the cluster's messages are English whatever the user's locale."""
    if "too many clients" in words or "remaining connection slots" in words:
        return Answer.full
    if ("does not exist" in words and "FATAL" in words) or "password" in words:
        return Answer.unfurnished
    if any(sign in words for sign in ("starting up", "shutting down", "recovery", "not yet accepting")):
        return Answer.busy
    return Answer.silent


def _same_folder(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except FileNotFoundError:
        return False
