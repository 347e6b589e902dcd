"""What the code of this house never does. Each rule names the one place where it may."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGE, ROOT, Source, complain, read, sources

CHINESE = re.compile(r"[\u3400-\u9fff]")
CLOCKS = {"today", "now", "utcnow", "localtime", "time_ns"}
SQL_CLOCKS = re.compile(
    r"\bnow\(\)|\b(current|local)_?(date|time|timestamp)\b|clock_timestamp", re.IGNORECASE
)
EDGES = ("gis_service/cli/", "gis_service/client/", "gis_service/main.py")
LOGGING = {"debug", "info", "warning", "error", "critical", "exception", "log"}
CLIENTS = {
    "aiohttp",
    "ftplib",
    "http.client",
    "httpx",
    "httpx2",
    "requests",
    "smtplib",
    "socket",
    "telnetlib",
    "urllib.request",
    "urllib3",
    "xmlrpc.client",
}
ASKING = {
    "gis_service/client/asking.py",  # the notebook client, which asks the service and nobody else
    # loopback only: whether a port is free, and whether the service or its cluster answers there
    "gis_service/cli/background.py",
    "gis_service/foundation/cluster/machine.py",
    # the keys of the identity provider, at addresses the operator named in the settings; no user can name one
    "gis_service/foundation/oidc/fetching.py",
}
REFUSALS = {
    "NotFound",
    "Conflict",
    "InvalidInput",
    "IllegalMove",
    "RuleViolated",
    "DatabaseUnavailable",
    "NotSignedIn",
    "IdentityProviderUnavailable",
    "ServiceError",
}


def sins(source: Source) -> Iterator[tuple[str, int]]:
    """Every breach in a file: what, and in which line."""
    for check in CHECKS:
        for node in check(source):
            yield check.__name__, node.lineno


def called_attributes(source: Source) -> Iterator[tuple[ast.Call, str]]:
    for node in source.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node, node.func.attr


def called_names(source: Source) -> Iterator[tuple[ast.Call, str]]:
    for node in source.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node, node.func.id


def clock_is_read_at_the_edges_only(source: Source) -> Iterator[ast.expr]:
    if source.name.startswith(EDGES):
        return
    for node, name in called_attributes(source):
        if name in CLOCKS:
            yield node
    for text in source.strings():
        if SQL_CLOCKS.search(str(text.value)):
            yield text


def only_the_transaction_commits(source: Source) -> Iterator[ast.expr]:
    if source.name.startswith(("gis_service/foundation/transaction.py", "gis_service/foundation/web")):
        return
    for node, name in called_attributes(source):
        if name == "commit":
            yield node


def coordinate_systems_are_named_in_one_place(source: Source) -> Iterator[ast.expr]:
    """The codes may stand in Chinese advice, as people have to type them."""
    if source.name in {"gis_service/foundation/crs.py", "gis_service/client/frames.py"}:
        return  # the client stands alone, and has one place of its own
    for node in source.nodes:
        if isinstance(node, ast.Constant) and node.value in {4490, 4326}:
            yield node
    for text in source.strings():
        if re.search("4490|4326", str(text.value)) and not CHINESE.search(_whole_line(source, text)):
            yield text


def _whole_line(source: Source, node: ast.expr) -> str:
    return "\n".join(source.text.splitlines()[node.lineno - 1 : node.end_lineno])


def geometry_columns_come_from_the_factory(source: Source) -> Iterator[ast.expr]:
    if source.name.startswith("gis_service/foundation/"):
        return
    for node, name in called_names(source):
        if name in {"Geometry", "Geography"}:
            yield node


def borders_are_never_simplified_one_by_one(source: Source) -> Iterator[ast.expr]:
    for node, name in called_attributes(source):
        if name == "simplify" or name.startswith("ST_Simplify"):
            yield node
    for text in source.strings():
        if "st_simplify" in str(text.value).lower():
            yield text


def environment_is_read_in_settings_only(source: Source) -> Iterator[ast.expr]:
    if source.name == "gis_service/foundation/settings.py":
        return
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "environb", "getenv"}:
            yield node
        if isinstance(node, ast.Call) and any(keyword.arg == "envvar" for keyword in node.keywords):
            yield node


def no_catch_of_everything(source: Source) -> Iterator[ast.ExceptHandler]:
    for node in source.nodes:
        if isinstance(node, ast.ExceptHandler):
            caught = ast.unparse(node.type) if node.type else "BaseException"
            if re.search(r"\b(Base)?Exception\b", caught):
                yield node


def nothing_is_opened_at_import(source: Source) -> Iterator[ast.expr]:
    openers = {
        "open_engine",
        "create_engine",
        "read_settings",
        "session_factory",
        "create_app",
        "sessionmaker",
    }
    for statement in source.syntax.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign | ast.Expr) and statement.value:
            for node in ast.walk(statement.value):
                if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in openers:
                    yield node


def refusals_speak_chinese(source: Source) -> Iterator[ast.expr]:
    """Of messages written out in place; those composed elsewhere are out of sight here."""
    for node, name in called_names(source):
        message = node.args[0] if name in REFUSALS and node.args else None
        if isinstance(message, ast.Constant | ast.JoinedStr) and not _says_chinese(message):
            yield node


def _says_chinese(message: ast.Constant | ast.JoinedStr) -> bool:
    """Whether a literal text holds Chinese, or nothing but values."""
    parts = message.values if isinstance(message, ast.JoinedStr) else [message]
    words = "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))
    return bool(CHINESE.search(words)) or not re.search("[A-Za-z]", words)


def no_path_of_one_machine(source: Source) -> Iterator[ast.expr]:
    for text in source.strings():
        if re.match(r"/(tmp|home|root|work|Users)(/|$)", str(text.value)):
            yield text


def logs_tell_no_values(source: Source) -> Iterator[ast.expr]:
    """A constant message; what varies stands in `extra`, where the formatter can see what it is."""
    for node, name in called_attributes(source):
        assert isinstance(node.func, ast.Attribute)
        if name in LOGGING and ast.unparse(node.func.value) in {"log", "logger", "logging"}:
            is_constant = len(node.args) == 1 and isinstance(node.args[0], ast.Constant)
            if not is_constant:
                yield node


def addresses_are_asked_in_one_place(source: Source) -> Iterator[ast.stmt]:
    """Nothing fetches what a user names; the network is asked whether our service answers, and for keys."""
    if source.name in ASKING:
        return
    for node in source.nodes:
        if isinstance(node, ast.Import) and {alias.name for alias in node.names} & CLIENTS:
            yield node
        if isinstance(node, ast.ImportFrom) and _client_in(node):
            yield node


def _client_in(node: ast.ImportFrom) -> bool:
    whole = {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
    return any(name == client or name.startswith(f"{client}.") for name in whole for client in CLIENTS)


Check = Callable[[Source], Iterator[ast.AST]]

CHECKS: tuple[Check, ...] = (
    clock_is_read_at_the_edges_only,
    only_the_transaction_commits,
    coordinate_systems_are_named_in_one_place,
    geometry_columns_come_from_the_factory,
    borders_are_never_simplified_one_by_one,
    environment_is_read_in_settings_only,
    no_catch_of_everything,
    nothing_is_opened_at_import,
    refusals_speak_chinese,
    no_path_of_one_machine,
    logs_tell_no_values,
    addresses_are_asked_in_one_place,
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_package_keeps_the_house_rule(check: Check) -> None:
    found = [f"{source.name}:{node.lineno}" for source in sources() for node in check(source)]
    assert not found, complain(found)


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("date.today()", "clock_is_read_at_the_edges_only"),
        ("datetime.now(UTC)", "clock_is_read_at_the_edges_only"),
        ('text("SELECT now()")', "clock_is_read_at_the_edges_only"),
        ('text("… WHERE day = CURRENT_DATE")', "clock_is_read_at_the_edges_only"),
        ("session.commit()", "only_the_transaction_commits"),
        ("srid = 4490", "coordinate_systems_are_named_in_one_place"),
        ('text("ST_SetSRID(p, 4490)")', "coordinate_systems_are_named_in_one_place"),
        ('f"SRID=4326;{wkt}"', "coordinate_systems_are_named_in_one_place"),
        ('Geometry("POINT")', "geometry_columns_come_from_the_factory"),
        ("area.simplify(0.1)", "borders_are_never_simplified_one_by_one"),
        ('text("ST_SimplifyPreserveTopology(geom, 1)")', "borders_are_never_simplified_one_by_one"),
        ("func.ST_SimplifyVW(geom, 1)", "borders_are_never_simplified_one_by_one"),
        ('os.environ["GIS_HOME"]', "environment_is_read_in_settings_only"),
        ('typer.Option(envvar="GIS_HOME")', "environment_is_read_in_settings_only"),
        ("try: f()\nexcept Exception: g()", "no_catch_of_everything"),
        ("try: f()\nexcept (OSError, BaseException): g()", "no_catch_of_everything"),
        ("try: f()\nexcept: g()", "no_catch_of_everything"),
        ("engine = open_engine(url)", "nothing_is_opened_at_import"),
        ('raise NotFound("no such unit")', "refusals_speak_chinese"),
        ('open("/tmp/x")', "no_path_of_one_machine"),
        ('log.info(f"asked for {name}")', "logs_tell_no_values"),
        ('log.warning("asked for %s", name)', "logs_tell_no_values"),
        ("from urllib.request import urlopen", "addresses_are_asked_in_one_place"),
        ("from urllib import request", "addresses_are_asked_in_one_place"),
        ("import httpx", "addresses_are_asked_in_one_place"),
        ("import http.client", "addresses_are_asked_in_one_place"),
        ("import socket", "addresses_are_asked_in_one_place"),
    ],
)
def test_a_breach_of_a_house_rule_is_seen(line: str, rule: str) -> None:
    source = Source("gis_service/registers/divisions/queries.py", line, ast.parse(line))
    assert rule in {name for name, _ in sins(source)}


def test_nothing_is_loaded_from_foreign_hosts() -> None:
    """No page, sheet or module names a host of its own accord.

    Allowed: XML namespaces of w3.org, which nobody fetches; this machine; and `homepage` in the manifests of
    reference tables, which says where a table came from.
    """
    allowed = {"www.w3.org", "127.0.0.1", "localhost", "[::1]"}
    found = []
    for path in sorted(PACKAGE.rglob("*")):
        if path.is_file() and path.suffix in {".py", ".toml", ".html", ".css", ".js", ".typ", ".sql", ".csv"}:
            for number, line in enumerate(_code_lines(path), start=1):
                hosts = re.findall(r"(?:https?:|[\"'(=])//([\w.\-\[\]:]+)", line)
                strangers = [host for host in hosts if host.rpartition(":")[0] or host not in allowed]
                strangers = [host for host in strangers if host.rpartition(":")[0] not in allowed]
                if strangers and not (path.suffix == ".toml" and line.startswith("homepage = ")):
                    found.append(f"{path.relative_to(ROOT)}:{number} {strangers}")
    assert not found, complain(found)


def _code_lines(path: Path) -> list[str]:
    """Lines of a file; of Python only its string constants, so that comments and docstrings may cite."""
    if path.suffix != ".py":
        return path.read_text(encoding="utf-8").splitlines()
    lines = [""] * (len(path.read_text(encoding="utf-8").splitlines()) + 1)
    for text in read(path).strings():
        lines[text.lineno - 1] += str(text.value)
    return lines


def test_the_linter_finds_nothing() -> None:
    ruff = Path(sys.executable).with_name("ruff")
    command = [
        str(ruff),
        "check",
        "--no-cache",
        "--output-format=concise",
        "gis_service",
        "migrations",
        "tests",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_test_is_skipped_and_no_database_is_feigned() -> None:
    found = []
    words = {"skip", "skipif", "xfail", "importorskip"}
    for path in sorted((ROOT / "tests").rglob("*.py")):
        for node in ast.walk(read(path).syntax):
            if isinstance(node, ast.Attribute) and node.attr in words:
                found.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.attr}")
            if isinstance(node, ast.ImportFrom | ast.Import) and "mock" in ast.unparse(node):
                found.append(f"{path.relative_to(ROOT)}:{node.lineno} mock")
    assert not found, complain(found)
