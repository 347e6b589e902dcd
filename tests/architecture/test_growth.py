"""Growth is one file plus one line: what lies in a growth folder is in the tuple of its package."""

from __future__ import annotations

import ast
import importlib
import itertools
from collections.abc import Iterable, Iterator
from functools import cache, partial
from pathlib import Path
from types import ModuleType
from typing import Any

import grimp
import pytest

from gis_service.foundation.findings import Rule
from tests.architecture.tree import PACKAGE, complain, read, rules_where_made, slice_of, slices

TUPLES = {"kinds": "KINDS", "formats": "FORMATS", "sheets": "SHEET_TYPES", "rules": "RULES"}
BANNED = {"utils", "util", "helpers", "helper", "common", "base", "manager", "core", "misc", "tools", "stuff"}


@cache
def imports() -> grimp.ImportGraph:
    """Who imports whom inside the package."""
    return grimp.build_graph(PACKAGE.name, cache_dir=None)


def growth_packages(*names: str) -> list[str]:
    """Dotted names of the growth folders of all slices."""
    return [
        ".".join((PACKAGE.name, *folder.relative_to(PACKAGE).parts, name))
        for folder in slices()
        for name in names
        if (folder / name / "__init__.py").is_file()
    ]


def members(package: str) -> list[str]:
    """The files and folders directly in a growth package, as dotted names."""
    folder = PACKAGE.parent.joinpath(*package.split("."))
    files = [path.stem for path in folder.glob("*.py") if path.name != "__init__.py"]
    folders = [path.parent.name for path in folder.glob("*/__init__.py")]
    return [f"{package}.{name}" for name in sorted(files + folders)]


def registered(package: str) -> tuple[Any, ...]:
    """What the tuple of a growth package lists."""
    name = TUPLES[package.rpartition(".")[2]]
    listed = getattr(importlib.import_module(package), name)
    assert isinstance(listed, tuple), f"{package}.{name} must be a tuple: ordered, and fixed at import"
    return listed


def homes(entry: Any) -> set[str]:
    """Modules an entry of a tuple comes from: itself, where its class or its functions are written."""
    if isinstance(entry, ModuleType):
        return {entry.__name__}
    if isinstance(entry, Rule):
        return {name.rpartition(".")[0] for name, rule in rules_where_made().items() if rule is entry}
    if isinstance(entry, partial):
        return homes(entry.func)
    found = {entry.__module__} if hasattr(entry, "__module__") else set()
    for value in parts(entry):
        found |= homes(value)
    return found


def parts(entry: Any) -> Iterator[Any]:
    """What an entry is made of, where it is a plain value: the fields of a Check or a Format, of a tuple."""
    if isinstance(entry, tuple | list):
        yield from entry
    elif hasattr(entry, "__dataclass_fields__"):
        yield from (getattr(entry, name) for name in entry.__dataclass_fields__)


def serves(package: str, starters: Iterable[str]) -> set[str]:
    """Members of a package that the starters need, directly or through others."""
    graph = imports()
    own = members(package)
    reached = {
        member
        for member in own
        if any(start == member or start.startswith(f"{member}.") for start in starters)
    }
    while True:
        needed = {
            member
            for member, user in itertools.product(own, reached)
            if member not in reached
            and graph.direct_import_exists(importer=user, imported=member, as_packages=True)
        }
        if not needed:
            return reached
        reached |= needed


@pytest.mark.parametrize("package", growth_packages(*TUPLES))
def test_every_file_is_registered_or_serves_one_that_is(package: str) -> None:
    listed = set(itertools.chain.from_iterable(homes(entry) for entry in registered(package)))
    forgotten = set(members(package)) - serves(package, listed) - _offered(package)
    assert not forgotten, complain(sorted(forgotten))


def _offered(package: str) -> set[str]:
    """Members of a package of rules whose functions the package hands on by name in `__all__`."""
    if not package.endswith(".rules"):
        return set()
    module = importlib.import_module(package)
    values = (getattr(module, name) for name in getattr(module, "__all__", ()))
    found = {getattr(value, "__module__", "") for value in values}
    return {member for member in members(package) if member in found or member in _users_in_slice(package)}


def _users_in_slice(package: str) -> set[str]:
    """Members of a package of rules that other modules of the slice import by themselves."""
    graph = imports()
    return {
        member
        for member in members(package)
        for user in graph.find_modules_that_directly_import(member)
        if slice_of(user) == slice_of(package) and not f"{user}.".startswith(f"{package}.")
    }


@pytest.mark.parametrize("package", growth_packages("kinds", "formats", "sheets"))
def test_nothing_that_looks_like_a_registered_file_is_left_out(package: str) -> None:
    """A file that offers everything all registered ones offer is one of them."""
    listed = set(itertools.chain.from_iterable(homes(entry) for entry in registered(package)))
    offers = {member: public_names(member) for member in members(package)}
    shared = set.intersection(*(names for member, names in offers.items() if member in listed))
    assert shared, f"what {package} registers has nothing in common"
    forgotten = [member for member, names in offers.items() if shared <= names and member not in listed]
    assert not forgotten, complain(forgotten)


def public_names(module: str) -> set[str]:
    """Names that a module defines itself at its top, private ones aside."""
    path = PACKAGE.parent.joinpath(*module.split("."))
    body = read(path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).syntax.body
    names = {node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    for node in body:
        if isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
    return {name for name in names if not name.startswith("_")}


def test_every_rule_stands_in_a_tuple_of_its_slice() -> None:
    listed: dict[tuple[str, ...], list[Rule]] = {}
    for folder in slices():
        for path in sorted(folder.rglob("__init__.py")):
            module = importlib.import_module(
                ".".join((PACKAGE.name, *path.parent.relative_to(PACKAGE).parts))
            )
            listed.setdefault(slice_of(module.__name__), []).extend(flattened(getattr(module, "RULES", ())))
    forgotten = [
        name
        for name, rule in rules_where_made().items()
        if slice_of(name) in listed and not any(rule is known for known in listed[slice_of(name)])
    ]
    assert not forgotten, complain(forgotten)


def flattened(entry: Any) -> Iterator[Rule]:
    if isinstance(entry, Rule):
        yield entry
    else:
        for part in parts(entry):
            yield from flattened(part)


def test_rule_ids_are_given_once() -> None:
    rules = rules_where_made()
    assert len(rules) > 30
    names_by_id: dict[str, list[str]] = {}
    for name, rule in rules.items():
        names_by_id.setdefault(rule.id, []).append(name)
    twice = {id_: names for id_, names in names_by_id.items() if len(names) > 1}
    assert not twice


def test_every_rule_says_what_it_is_and_where_it_comes_from() -> None:
    poor = [
        name
        for name, rule in rules_where_made().items()
        if not (rule.id.startswith("R-") and rule.title and rule.legal_basis and rule.version)
        or rule.status not in {"V", "P", "D", "M"}
    ]
    assert not poor, complain(poor)


def test_no_file_is_named_after_nothing() -> None:
    """A name that would fit any code says nothing."""
    found: list[Path] = [path for path in PACKAGE.rglob("*") if path.stem.strip("_") in BANNED]
    assert not found
