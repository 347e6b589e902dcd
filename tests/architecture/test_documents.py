"""Documents that cannot go stale: what they show runs, what they name exists, what they link to is there."""

from __future__ import annotations

import importlib.util
import re
import shlex
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from urllib.parse import parse_qs, urlsplit

import pytest
import typer
from typer.core import TyperCommand, TyperGroup
from typer.testing import CliRunner

from gis_service.cli import app
from gis_service.foundation.database import Base
from gis_service.foundation.settings import Settings
from gis_service.main import create_app
from tests.architecture.tree import PACKAGE, ROOT, complain, modules, sources

READMES = ("README.md", "README.zh-CN.md")
DOCUMENTS = sorted(
    path
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "data").rglob("*.md"))
    if path.is_file()
)
ANSWERED_WITHOUT_A_DATABASE = ("gis-service changes template",)


@dataclass(frozen=True)
class Fence:
    """A block of code in a document."""

    document: str
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.document}:{self.text.splitlines()[0][:40]}"


def fences(path: Path) -> list[Fence]:
    found = re.findall(r"^```(\w*)\n(.*?)^```$", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [Fence(path.relative_to(ROOT).as_posix(), language, text) for language, text in found]


def commands(path: Path) -> list[str]:
    """What a reader is told to type: lines of `console` fences that begin with `$`."""
    blocks = [fence for fence in fences(path) if fence.language == "console"]
    return [line[2:] for block in blocks for line in block.text.splitlines() if line.startswith("$ ")]


ALL_COMMANDS = sorted({command for path in DOCUMENTS for command in commands(path)})
ALL_PYTHON = [fence for path in DOCUMENTS for fence in fences(path) if fence.language == "python"]


def test_the_readme_shows_commands_and_code() -> None:
    for name in READMES:
        assert {"make demo", "make test"} <= set(commands(ROOT / name))
        assert [fence for fence in ALL_PYTHON if fence.document == name]


def test_every_fence_says_what_it_holds() -> None:
    """`console` is typed, `python` is run; anything else must say that it is neither."""
    known = {"console", "python", "text", "toml", "json", "sql"}
    mute = [str(fence) for path in DOCUMENTS for fence in fences(path) if fence.language not in known]
    assert not mute, complain(mute)


@pytest.mark.parametrize("fence", ALL_PYTHON, ids=str)
def test_shown_python_runs(fence: Fence, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(fence.text, fence.document, "exec"), {})
    assert capsys.readouterr().out


@pytest.mark.parametrize("command", ALL_COMMANDS)
def test_shown_commands_can_be_typed(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Verbs of make exist; arguments and options of `gis-service` are parsed; addresses are served."""
    monkeypatch.chdir(ROOT)
    program, *arguments = shlex.split(command)
    assert program in CHECKS, f"no way to check {program}"
    CHECKS[program](arguments)


def check_make(arguments: list[str]) -> None:
    verbs = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(arguments) <= set(verbs)


def check_gis_service(arguments: list[str]) -> None:
    root = typer.main.get_command(app)
    assert isinstance(root, TyperGroup)
    command, rest = found(root, arguments)
    assert isinstance(command, TyperCommand)
    command.make_context(command.name, rest)


def found(group: TyperGroup, arguments: list[str]) -> tuple[object, list[str]]:
    """The command that arguments lead to, and what is left for it to parse; nothing is run."""
    context = group.make_context(group.name, list(arguments))
    _, command, rest = group.resolve_command(context, list(arguments))
    return found(command, rest) if isinstance(command, TyperGroup) else (command, rest)


@pytest.mark.parametrize(
    "command",
    [
        "make nothing",
        "gis-service",
        "gis-service changes",
        "gis-service changes enactt data/changes/guohan-2020-79-nantong.toml",
        "gis-service changes enact",
        "gis-service divisions list --onn 2020-06-05",
        "gis-service divisions list --level parish",
        "curl 'http://127.0.0.1:8000/divisionz'",
        "curl 'http://127.0.0.1:8000/divisions?onn=2020-06-05'",
        "curl 'http://example.org/divisions'",
    ],
)
def test_a_command_that_cannot_be_typed_is_seen(command: str) -> None:
    program, *arguments = shlex.split(command)
    with pytest.raises((AssertionError, ValueError, typer.TyperException)):
        CHECKS[program](arguments)


def check_curl(arguments: list[str]) -> None:
    address = urlsplit(arguments[-1])
    assert address.hostname == "127.0.0.1"
    fitting = [path for path in api() if _fits(path, address.path)]
    assert fitting, f"{address.path} is no address of the service"
    asked = api()[min(fitting, key=lambda path: path.count("{"))]["get"]  # /divisions/at is no unit
    parameters = {
        parameter["name"] for parameter in asked.get("parameters", []) if parameter["in"] == "query"
    }
    assert set(parse_qs(address.query)) <= parameters


@cache
def api() -> dict[str, dict[str, dict[str, list[dict[str, str]]]]]:
    """The paths of the service's own contract."""
    paths: dict[str, dict[str, dict[str, list[dict[str, str]]]]] = create_app(Settings(ROOT)).openapi()[
        "paths"
    ]
    return paths


def _fits(path: str, address: str) -> bool:
    return re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), address) is not None


CHECKS = {"make": check_make, "gis-service": check_gis_service, "curl": check_curl}


@pytest.mark.parametrize("command", ANSWERED_WITHOUT_A_DATABASE)
def test_shown_commands_that_need_no_database_answer(command: str) -> None:
    assert command in ALL_COMMANDS
    done = CliRunner().invoke(app, shlex.split(command)[1:])
    assert done.exit_code == 0, done.output
    assert done.output.strip()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    prose = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = [target.partition("#")[0] for target in re.findall(r"\]\(([^)]+)\)", prose)]
    inside = [target for target in targets if target and not target.startswith("https://")]
    dead = [target for target in inside if not (path.parent / target).exists()]
    assert not dead, complain(dead)


@pytest.mark.parametrize("name", READMES)
def test_every_setting_is_documented(name: str) -> None:
    settings = {
        found for source in sources() for text in source.strings() for found in settings_in(str(text.value))
    }
    assert {"GIS_HOME", "GIS_DATABASE_URL", "GIS_PORT"} <= settings
    table = (ROOT / name).read_text(encoding="utf-8")
    missing = [setting for setting in settings if f"| `{setting}` |" not in table]
    assert not missing, complain(missing)
    stray = [setting for setting in re.findall(r"\| `(GIS_\w+)` \|", table) if setting not in settings]
    assert not stray, complain(stray)


def settings_in(text: str) -> list[str]:
    return re.findall(r"\bGIS_[A-Z_]+[A-Z]\b", text)


@pytest.mark.parametrize("name", READMES)
def test_the_glossary_names_what_exists(name: str) -> None:
    known = {name for module in modules() for name in vars(module)}
    rows = re.findall(r"^\| (.*?) \| .*? \| .*? \|$", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
    named = {code for row in rows for code in re.findall(r"`([A-Z][a-z]\w+)`", row)}
    assert len(named) > 15
    assert not named - known


@pytest.mark.parametrize("name", READMES)
def test_every_table_of_the_registers_is_in_the_glossary(name: str) -> None:
    glossary = (ROOT / name).read_text(encoding="utf-8")
    classes = {mapper.class_.__name__ for mapper in Base.registry.mappers}
    side = {
        "InstrumentFile",
        "EditionFile",
        "JournalHead",
        "LoadedDelivery",
    }  # parts of what the glossary names
    missing = [word for word in classes - side if f"`{word}`" not in glossary]
    assert not missing, complain(missing)


def test_both_readmes_show_the_same() -> None:
    english, chinese = (ROOT / name for name in READMES)
    assert commands(english) == commands(chinese)
    assert [f.text for f in fences(english) if f.language == "python"] == [
        f.text for f in fences(chinese) if f.language == "python"
    ]
    headings = [
        re.findall(r"^#+ ", path.read_text(encoding="utf-8"), re.MULTILINE) for path in (english, chinese)
    ]
    assert headings[0] == headings[1]
    codes = [
        re.findall(r"^\| (`[^|]*) \|", path.read_text(encoding="utf-8"), re.MULTILINE)
        for path in (english, chinese)
    ]
    assert [re.findall(r"`[^`]+`", row) for row in codes[0]] == [
        re.findall(r"`[^`]+`", row) for row in codes[1]
    ]


def test_the_page_of_rules_is_what_the_code_says() -> None:
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == generator().page()


def test_the_page_of_permissions_is_what_the_code_says() -> None:
    assert (ROOT / "docs" / "permissions.md").read_text(encoding="utf-8") == generator().permissions()


def test_the_page_of_rules_lists_every_rule() -> None:
    page = generator().page()
    assert len(generator().rules()) > 30
    assert not [rule.id for rule in generator().rules() if f"| {rule.id} | {rule.title} |" not in page]


def generator() -> ModuleType:
    """`docs/generate.py`, which is a script and no part of the package."""
    spec = importlib.util.spec_from_file_location("generate_docs", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_decisions_are_numbered_and_say_what_was_decided() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [int(page.name[:4]) for page in pages]
    assert len(set(numbers)) == len(numbers)
    assert {1, 2, 3, 4} <= set(numbers)
    for page, number in zip(pages, numbers, strict=True):
        text = page.read_text(encoding="utf-8")
        assert re.match(rf"# 0*{number}\b", text), page.name
        assert re.search(r"decision", text, re.IGNORECASE), page.name


def test_decisions_that_the_code_cites_exist() -> None:
    cited = {
        number.zfill(4)
        for source in sources()
        for number in re.findall(r"[Dd]ecision (\d{1,4})\b", source.text)
    }
    existing = {page.name[:4] for page in (ROOT / "docs" / "decisions").glob("*.md")}
    assert not cited - existing


def test_nothing_in_documents_or_code_tells_of_one_machine() -> None:
    places = re.compile(r"(?<![\w/.])/(?:work|tmp|root|home)/")
    files = [*DOCUMENTS, *PACKAGE.rglob("*.py"), *(ROOT / "migrations").rglob("*.py")]
    assert not [path.name for path in files if places.search(path.read_text(encoding="utf-8"))]
