"""The source tree as the architecture tests see it: every file with its text, its syntax and its module."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import ModuleType

import gis_service
from gis_service.foundation.findings import Rule

PACKAGE = Path(gis_service.__path__[0])
ROOT = PACKAGE.parent
TIERS_WITH_SLICES = ("registers", "procedures", "publications")


@dataclass(frozen=True)
class Source:
    """One Python file; `name` is its path below the repository, in POSIX form."""

    name: str
    text: str
    syntax: ast.Module

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """The whole syntax tree, node by node."""
        return tuple(ast.walk(self.syntax))

    @property
    def lines(self) -> int:
        return len(self.text.splitlines())

    def strings(self) -> Iterator[ast.Constant]:
        """String constants that are no docstrings, parts of f-strings included."""
        documentation = set(map(id, _docstrings(self.nodes)))
        constants = (node for node in self.nodes if isinstance(node, ast.Constant))
        yield from (
            node for node in constants if isinstance(node.value, str) and id(node) not in documentation
        )


def _docstrings(nodes: Iterable[ast.AST]) -> Iterator[ast.Constant]:
    for node in nodes:
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield first.value


def read(path: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    return Source(path.relative_to(ROOT).as_posix(), text, ast.parse(text))


@cache
def sources() -> tuple[Source, ...]:
    """Every Python file of the package."""
    return tuple(read(path) for path in sorted(PACKAGE.rglob("*.py")))


@cache
def modules() -> tuple[ModuleType, ...]:
    """Every module of the package, imported."""
    names = [found.name for found in pkgutil.walk_packages([str(PACKAGE)], "gis_service.")]
    return tuple(importlib.import_module(name) for name in names if not name.endswith("__main__"))


def slices() -> list[Path]:
    """The folder of every slice."""
    return sorted(
        folder
        for tier in TIERS_WITH_SLICES
        for folder in (PACKAGE / tier).iterdir()
        if (folder / "__init__.py").is_file()
    )


def slice_of(module: str) -> tuple[str, ...]:
    """Tier and slice of a module's dotted name: `("procedures", "intake")`."""
    return tuple(module.split(".")[1:3])


def rules_where_made() -> dict[str, Rule]:
    """Every `Rule` by the dotted name it is first bound to at the top of a module."""
    found: dict[str, Rule] = {}
    for source in sources():
        dotted = source.name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for node in source.syntax.body:
            target = _made_rule(node)
            if target:
                found[f"{dotted}.{target}"] = getattr(importlib.import_module(dotted), target)
    return found


def _made_rule(node: ast.stmt) -> str:
    """The name a statement binds to a new `Rule(...)`; empty if it does no such thing."""
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        name, value = node.target.id, node.value
    elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        name, value = node.targets[0].id, node.value
    else:
        return ""
    called = value.func if isinstance(value, ast.Call) else None
    return name if isinstance(called, ast.Name) and called.id == "Rule" else ""


def complain(problems: list[str]) -> str:
    """An assertion message with one problem a line."""
    return "\n" + "\n".join(problems)
