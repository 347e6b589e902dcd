"""Which databases are refused: real ones with a bad locale, without rights, or not there at all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import URL, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from gis_service.foundation.cluster import check_database, temporary_cluster
from gis_service.foundation.cluster.fitness import Traits, refuse_old_server, refuse_unfit
from gis_service.foundation.errors import DatabaseUnavailable

GOOD = Traits(encoding="UTF8", locale="C.UTF-8", postgis=(3, 3, 2), chinese_trigrams=4)


def test_a_good_database_is_taken() -> None:
    refuse_old_server(15)
    refuse_unfit(GOOD)


def test_postgresql_14_is_refused() -> None:
    with pytest.raises(DatabaseUnavailable, match="PostgreSQL 14，要求 15"):
        refuse_old_server(14)


def test_postgis_3_2_is_refused() -> None:
    with pytest.raises(DatabaseUnavailable, match=r"PostGIS 版本是 3\.2\.1，要求 3\.3"):
        refuse_unfit(Traits(GOOD.encoding, GOOD.locale, (3, 2, 1), 4))


@pytest.fixture(scope="module")
def cluster() -> Iterator[URL]:
    with temporary_cluster() as url:
        yield make_url(url)


@pytest.fixture
def administrator(cluster: URL) -> URL:
    return cluster.set(username="postgres")


def run(url: URL, *commands: str) -> None:
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for command in commands:
            connection.execute(text(command))


@pytest.fixture
def empty_database(cluster: URL, administrator: URL) -> Iterator[URL]:
    """A database of the register role without any extension, as an administrator might hand it over."""
    run(administrator, "CREATE DATABASE handed_over TEMPLATE template0 OWNER gis_service")
    yield cluster.set(database="handed_over")
    run(administrator, "DROP DATABASE handed_over")


@pytest.mark.database
def test_the_private_database_is_taken(cluster: URL) -> None:
    check_database(cluster)
    check_database(cluster.render_as_string())


@pytest.mark.database
def test_a_locale_that_blinds_the_search_for_chinese_names_is_refused(
    administrator: URL,
) -> None:
    run(administrator, "CREATE DATABASE blind TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")
    with pytest.raises(DatabaseUnavailable, match="LC_CTYPE 是 C，中文地名无法检索") as refusal:
        check_database(administrator.set(database="blind"))
    assert "LC_CTYPE 'C.UTF-8'" in refusal.value.way_out
    run(administrator, "DROP DATABASE blind")


@pytest.mark.database
def test_another_encoding_is_refused(administrator: URL) -> None:
    commands = "CREATE DATABASE old TEMPLATE template0 ENCODING 'EUC_CN' LC_COLLATE 'C' LC_CTYPE 'C'"
    run(administrator, commands)
    with pytest.raises(DatabaseUnavailable, match="编码是 EUC_CN"):
        check_database(administrator.set(database="old"))
    run(administrator, "DROP DATABASE old")


@pytest.mark.database
def test_missing_extensions_are_created_where_permitted(empty_database: URL, administrator: URL) -> None:
    check_database(administrator.set(database=empty_database.database))
    check_database(empty_database)


@pytest.mark.database
def test_where_they_may_not_be_created_the_administrator_is_told_the_command(empty_database: URL) -> None:
    with pytest.raises(DatabaseUnavailable, match="缺少扩展 postgis") as refusal:
        check_database(empty_database)
    assert "CREATE EXTENSION IF NOT EXISTS postgis" in refusal.value.way_out


@pytest.mark.database
def test_on_a_given_connection_nothing_is_committed(empty_database: URL, administrator: URL) -> None:
    engine = create_engine(administrator.set(database=empty_database.database), poolclass=NullPool)
    with engine.connect() as connection:
        check_database(connection)
        connection.rollback()
        count = connection.scalar(text("SELECT count(*) FROM pg_extension WHERE extname = 'postgis'"))
        assert count == 0


@pytest.mark.database
def test_an_unreachable_server_is_named_without_its_password() -> None:
    with pytest.raises(DatabaseUnavailable, match="连不上数据库") as refusal:
        check_database("postgresql+psycopg2://someone:geheim@127.0.0.1:1/somewhere")
    assert "127.0.0.1" in str(refusal.value)
    assert "geheim" not in str(refusal.value)


@pytest.mark.parametrize("address", ["", "var/postgres", "postgresql+nothing://x/y"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(DatabaseUnavailable, match="地址无法识别"):
        check_database(address)
