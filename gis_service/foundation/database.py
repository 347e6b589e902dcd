"""Tables, sessions and bulk loading on PostgreSQL/PostGIS; nothing is opened at import."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from json import dumps
from typing import Any
from uuid import UUID

import psycopg2
from geoalchemy2 import Geometry
from psycopg2.extras import DateRange
from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Connection,
    Date,
    Dialect,
    Engine,
    ExceptionContext,
    Function,
    MetaData,
    Table,
    create_engine,
    event,
    func,
    literal,
    text,
)
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB, ExcludeConstraint
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.sql.schema import CallableColumnDefault, ScalarElementColumnDefault
from sqlalchemy.types import TypeDecorator

from gis_service.foundation.crs import STORAGE_SRID
from gis_service.foundation.errors import Conflict
from gis_service.foundation.periods import Period

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """All tables of the service. A constraint's `info["conflict"]` is what people read when it is broken."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


def table_of(model: type[DeclarativeBase]) -> Table:
    """The table that the rows of a model stand in."""
    table = model.__table__
    assert isinstance(table, Table)
    return table


class PeriodColumn(TypeDecorator[Period]):
    """A half-open period of days as a PostgreSQL `daterange`."""

    impl = DATERANGE
    cache_ok = True

    def process_bind_param(self, value: Period | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """`Period` → `[from,to)`."""
        return None if value is None else DateRange(value.start, value.end, "[)")

    def process_result_value(self, value: Any, dialect: Dialect) -> Period | None:  # noqa: ARG002
        """`[from,to)` → `Period`."""
        return None if value is None else Period(value.lower, value.upper)


def storage_geometry(kind: str) -> Geometry:
    """The only way a geometry column is declared: `kind` in the storage CRS, with a spatial index."""
    return Geometry(kind, srid=STORAGE_SRID, spatial_index=True)


def envelope(west: float, south: float, east: float, north: float) -> Function[Any]:
    """A bounding box, lon/lat degrees, as an SQL geometry in the storage CRS."""
    return func.ST_MakeEnvelope(west, south, east, north, STORAGE_SRID)


def holds_on(valid: Any, day: date) -> ColumnElement[bool]:
    """The SQL condition that a period contains a day."""
    condition: ColumnElement[bool] = valid.op("@>", is_comparison=True)(literal(day, Date))
    return condition


def holds_at_or_after(valid: Any, day: date) -> ColumnElement[bool]:
    """The SQL condition that a period has a day in common with all time from `day` on."""
    condition: ColumnElement[bool] = valid.op("&&", is_comparison=True)(Period(day))
    return condition


def no_overlap(
    *columns: str, name: str, conflict: str, where: str | None = None, hashed: str | None = None
) -> ExcludeConstraint:
    """Forbid rows with equal `columns` whose `valid` periods share a day, among those where `where` holds.

    `hashed` is a column of text in which many rows differ: they are told apart by its hash first.
    """
    return ExcludeConstraint(
        *(() if hashed is None else ((text(f"hashtextextended({hashed}, 0)"), "="),)),
        *((Column(column), "=") for column in columns),
        (Column("valid"), "&&"),
        name=name,
        using="gist",
        where=None if where is None else text(where),
        info={"conflict": conflict},
    )


def open_engine(url: str, *, pool_size: int = 10) -> Engine:
    """An engine whose sessions speak UTC and UTF-8, with connections proved before use."""
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=10,
        pool_pre_ping=True,
        executemany_mode="values_plus_batch",  # many rows updated one by one go to the server together
    )
    event.listen(engine, "handle_error", _lost_connection)
    return engine


def _lost_connection(context: ExceptionContext) -> OperationalError | None:
    """The driver tells of a lost connection by several classes of error; everybody else hears of one."""
    if not context.is_disconnect or isinstance(context.sqlalchemy_exception, OperationalError):
        return None
    return OperationalError(context.statement, context.parameters, context.original_exception)


def session_factory(engine: Engine) -> sessionmaker[Session]:
    """Sessions that keep loaded values readable after commit."""
    return sessionmaker(engine, expire_on_commit=False)


def conflict_of(error: IntegrityError) -> Conflict:
    """What a broken database constraint means to people, found by the constraint's name."""
    name = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    for table in Base.metadata.tables.values():
        for constraint in table.constraints:
            if constraint.name == name and "conflict" in constraint.info:
                return Conflict(constraint.info["conflict"], way_out="请核对登记簿当日状态后重试")
    return Conflict(f"登记簿约束不允许此项写入（{name}）", way_out="请核对登记簿当日状态后重试")


def server_versions(session: Session) -> tuple[str, str]:
    """The versions of PostgreSQL and of PostGIS, such as `15.18` and `3.3.2`."""
    postgresql = str(session.scalar(text("SHOW server_version"))).split()[0]
    postgis = session.scalar(text("SELECT extversion FROM pg_extension WHERE extname = 'postgis'"))
    return postgresql, str(postgis)


def lock_registers(session: Session) -> None:
    """Let one writer of the registers in at a time, until its transaction ends.

    Exclusion constraints are the last guard; this lock makes the second writer wait and then see the truth.
    """
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('gis_service.registers'))"))


def hold_registers(session: Session) -> None:
    """Keep every writer out of the registers until the transaction ends: several statements see one state.

    To be taken before any lock on what a writer of the registers marks, or the two wait for each other.
    """
    session.execute(text("SELECT pg_advisory_xact_lock_shared(hashtext('gis_service.registers'))"))


def refresh_statistics(session: Session) -> None:
    """Let the planner know what a bulk load brought: without, it joins row by row for minutes."""
    session.execute(text("SELECT refresh_statistics()"))


@contextmanager
def set_by_set(session: Session) -> Iterator[None]:
    """Have statements join whole sets, for what is asked of many rows at once.

    The planner may take a list or a range of keys for one row, as long as it has no statistics of what was
    just written, and of the largest tables always: it would look at all of a set for each of another. What it
    then holds for very dear is not compiled either.
    """
    session.execute(text("SET LOCAL enable_nestloop = off; SET LOCAL jit = off"))
    yield
    session.execute(text("SET LOCAL enable_nestloop TO DEFAULT; SET LOCAL jit TO DEFAULT"))


def copy_rows(session: Session, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Load many rows with COPY, about ten times the speed of INSERT; geometries come as EWKB hex.

    Values may be None, str, bool, numbers, dates, UUIDs or `Period`. Returns the number of rows. They pass
    through a table of this transaction alone: COPY does not go through the walls around rows, INSERT does.

    Raises:
        DBAPIError: as any other statement would.
    """
    buffer = io.StringIO()
    count = 0
    for row in rows:
        buffer.write(copy_line(row))
        count += 1
    buffer.seek(0)
    names, incoming = ", ".join(columns), f"incoming_{table.name}"
    connection = session.connection()
    connection.exec_driver_sql(
        f"CREATE TEMPORARY TABLE {incoming} ON COMMIT DROP AS SELECT {names} FROM {table.name} LIMIT 0"
    )
    _copy(connection, f"COPY {incoming} ({names}) FROM STDIN", buffer)
    connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {incoming}")
    connection.exec_driver_sql(f"DROP TABLE {incoming}")
    return count


def copy_new(session: Session, rows: Iterable[Base]) -> None:
    """Write new rows of any tables with COPY, each table as a whole, in the order in which each first comes.

    What is not set is by default. The objects are left as they were: the session does not know of them.
    """
    several: dict[type[Base], list[Base]] = {}
    for row in rows:
        several.setdefault(type(row), []).append(row)
    for model, each in several.items():
        table = table_of(model)
        columns = [(column.name, _default(column), _form(column)) for column in table.columns]
        values = (tuple(_stored(row, *column) for column in columns) for row in each)
        copy_rows(session, table, [name for name, *_ in columns], values)


def _default(column: Column[Any]) -> Callable[[], Any]:
    default = column.default
    if isinstance(default, CallableColumnDefault):
        made: Any = default.arg
        return lambda: made(None)
    value = default.arg if isinstance(default, ScalarElementColumnDefault) else None
    return lambda: value


def _form(column: Column[Any]) -> Callable[[Any], Any] | None:
    """How a value is written that COPY would not read as it is."""
    if isinstance(column.type, ARRAY):
        return written_array
    return _json if isinstance(column.type, JSONB) else None


def _json(value: Any) -> str:
    return dumps(value, ensure_ascii=False)


def _stored(row: Base, name: str, default: Callable[[], Any], form: Callable[[Any], Any] | None) -> Any:
    value = getattr(row, name)
    if value is None:
        value = default()
    return value if form is None or value is None else form(value)


def copy_line(row: Sequence[Any]) -> str:
    """A row as COPY reads it."""
    told = "".join([value for value in row if value.__class__ is str])
    if told.isprintable() and "\\" not in told:  # as most rows are: nothing of it must be escaped
        values = [value if value.__class__ is str else _copy_text(value) for value in row]
    else:
        values = [_copy_text(value) for value in row]
    return "\t".join(values) + "\n"


def copy_text(session: Session, statement: str, lines: str) -> None:
    """Run a COPY of lines that `copy_line` wrote, into a table that is not walled."""
    _copy(session.connection(), statement, io.StringIO(lines))


def read_rows(session: Session, query: str, parameters: Mapping[str, Any]) -> Iterator[list[bytes | None]]:
    """Rows of a query as the server's binary form of each value, at a third of the cost of reading text.

    For large values of which the form is plain, such as `bytea` and `uuid`; parameters are `%(name)s`.
    """
    connection = session.connection()
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg2.extensions.connection)
    asked = driver.cursor().mogrify(query, parameters).decode()
    buffer = io.BytesIO()
    _copy(connection, f"COPY ({asked}) TO STDOUT (FORMAT binary)", buffer)
    return _values(buffer.getbuffer())


_COPY_HEAD = 19  # bytes: signature, flags, length of an extension that no server sends


def _values(copied: memoryview) -> Iterator[list[bytes | None]]:
    at = _COPY_HEAD
    while (count := int.from_bytes(copied[at : at + 2], signed=True)) >= 0:
        at += 2
        row: list[bytes | None] = []
        for _ in range(count):
            size = int.from_bytes(copied[at : at + 4], signed=True)
            at += 4
            row.append(None if size < 0 else bytes(copied[at : at + size]))
            at += max(size, 0)
        yield row


def _copy(connection: Connection, statement: str, rows: io.StringIO | io.BytesIO) -> None:
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg2.extensions.connection)
    try:
        driver.cursor().copy_expert(statement, rows)
    except psycopg2.Error as error:
        if driver.closed:
            connection.invalidate(error)
            raise OperationalError(statement, None, error) from error
        raise DBAPIError.instance(statement, None, error, psycopg2.Error) from error


def written_array(values: Iterable[object]) -> str:
    """Numbers or UUIDs as PostgreSQL writes an array of them."""
    return "{" + ",".join(map(str, values)) + "}"


_COPY_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def _copy_text(value: Any) -> str:
    if value is None:
        return r"\N"
    if value.__class__ is str:  # most values are: told first, and without a look at any other type
        text_: str = value if value.isalnum() else value.translate(_COPY_ESCAPES)
        return text_
    if value.__class__ is int:
        return str(value)
    if isinstance(value, Period):
        return f"[{value.start},{value.end or ''})"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, int | date | UUID):
        return str(value)
    return str(value).translate(_COPY_ESCAPES)


def append_only(table: Table) -> None:
    """Let the database itself refuse UPDATE, DELETE and TRUNCATE on `table`."""

    @event.listens_for(table, "after_create")
    def _guard(target: Table, connection: Any, **_: Any) -> None:
        connection.execute(
            text(
                "CREATE OR REPLACE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
            )
        )
        connection.execute(
            text(
                f"CREATE TRIGGER {target.name}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
                f"ON {target.name} FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()"
            )
        )
