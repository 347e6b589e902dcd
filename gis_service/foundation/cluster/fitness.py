"""Whether a database can carry the registers: version, PostGIS, a locale in which Chinese can be searched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import URL, Connection, create_engine, text
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.pool import NullPool

from gis_service.foundation.cluster.binaries import EXTENSIONS, OLDEST_MAJOR
from gis_service.foundation.errors import DatabaseUnavailable

OLDEST_POSTGIS = (3, 3)
ENCODING = "UTF8"
REBUILD = (
    "请用合适的区域设置重建数据库：CREATE DATABASE gis_service TEMPLATE template0 "
    "ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
)


@dataclass(frozen=True, slots=True)
class Traits:
    """What a database says of itself. `chinese_trigrams` counts the trigrams pg_trgm finds in 朝阳区."""

    encoding: str
    locale: str
    postgis: tuple[int, ...]
    chinese_trigrams: int


def check_database(database: str | URL | Connection) -> None:
    """Refuse a database that cannot carry the registers; create missing extensions where permitted.

    On a given connection nothing is committed: that is the caller's to do.

    Raises:
        DatabaseUnavailable: unreachable, too old, without PostGIS 3.3, or blind to Chinese; with the way out.
    """
    with _connected(database) as connection:
        refuse_old_server(_server_major(connection))
        _create_missing_extensions(connection)
        refuse_unfit(_read_traits(connection))


def refuse_old_server(major: int) -> None:
    """Refuse PostgreSQL older than 15."""
    if major < OLDEST_MAJOR:
        raise DatabaseUnavailable(
            f"数据库服务器是 PostgreSQL {major}，要求 {OLDEST_MAJOR} 或以上",
            way_out="请升级服务器，或不设 GIS_DATABASE_URL 而使用本系统自带的私有数据库",
        )


def refuse_unfit(traits: Traits) -> None:
    """Refuse an old PostGIS, and an encoding or locale in which Chinese names cannot be searched."""
    if traits.postgis < OLDEST_POSTGIS:
        raise DatabaseUnavailable(
            f"PostGIS 版本是 {_dotted(traits.postgis)}，要求 {_dotted(OLDEST_POSTGIS)} 或以上",
            way_out="请升级服务器上的 PostGIS，然后执行 ALTER EXTENSION postgis UPDATE",
        )
    if traits.encoding != ENCODING:
        raise DatabaseUnavailable(f"数据库编码是 {traits.encoding}，必须是 {ENCODING}", way_out=REBUILD)
    if traits.chinese_trigrams == 0:
        raise DatabaseUnavailable(
            f"数据库的字符分类 LC_CTYPE 是 {traits.locale}，中文地名无法检索", way_out=REBUILD
        )


@contextmanager
def _connected(database: str | URL | Connection) -> Iterator[Connection]:
    if isinstance(database, Connection):
        yield database
        return
    try:
        engine = create_engine(database, poolclass=NullPool)
    except ArgumentError as error:
        raise DatabaseUnavailable(
            "数据库地址无法识别",
            way_out="请按 postgresql+psycopg2://用户:口令@主机:端口/库名 填写 GIS_DATABASE_URL",
        ) from error
    try:
        with engine.begin() as connection:
            yield connection
    except OperationalError as error:
        raise DatabaseUnavailable(
            f"连不上数据库 {_shown(engine.url)}：{_first_line(error)}",
            way_out="请检查 GIS_DATABASE_URL 中的主机、端口、库名、用户和口令，并确认服务器已启动",
        ) from error


def _shown(url: URL) -> str:
    """An address without its password, wherever in it the password stands."""
    return url.set(query={}).render_as_string(hide_password=True)


def _server_major(connection: Connection) -> int:
    return int(connection.scalar(text("SHOW server_version_num")) or 0) // 10000


def _create_missing_extensions(connection: Connection) -> None:
    present = set(connection.scalars(text("SELECT extname FROM pg_extension")))
    for name in EXTENSIONS:
        if name not in present:
            _create_extension(connection, name)


def _create_extension(connection: Connection, name: str) -> None:
    command = f"CREATE EXTENSION IF NOT EXISTS {name}"
    try:
        with connection.begin_nested():
            connection.execute(text(command))
    except DBAPIError as error:
        raise DatabaseUnavailable(
            f"数据库缺少扩展 {name}，也无法自动创建：{_first_line(error)}",
            way_out=f"请管理员在服务器上安装 PostGIS 软件包，并在该库中执行：{command}",
        ) from error


def _read_traits(connection: Connection) -> Traits:
    row = connection.execute(
        text(
            "SELECT pg_encoding_to_char(encoding), datctype,"
            " (SELECT extversion FROM pg_extension WHERE extname = 'postgis'),"
            " cardinality(show_trgm('朝阳区'))"
            " FROM pg_database WHERE datname = current_database()"
        )
    ).one()
    encoding, locale, postgis, trigrams = row
    return Traits(encoding, locale, tuple(int(part) for part in re.findall(r"\d+", postgis)[:3]), trigrams)


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).strip().partition("\n")[0]


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(str(part) for part in version)
