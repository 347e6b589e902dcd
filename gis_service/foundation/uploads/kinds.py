"""The kinds of files that are taken, as data: `kinds.toml` beside this module."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Literal

Form = Literal["signature", "package", "compound", "archive", "text", "json", "xml"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file by its suffix: `begins` are first bytes, of which one must fit; `holds` names parts.

    A part that begins with a dot is any of that suffix; the part of XML is its root.
    """

    suffix: str
    title: str
    reason: str
    form: Form
    begins: tuple[bytes, ...] = ()
    holds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """What an archive may come to when it is unpacked."""

    members: int
    unpacked_mb: int
    ratio: int
    depth: int
    inner_mb: int


def _table() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("kinds.toml").read_text(encoding="utf-8"))


def _kind(row: Mapping[str, Any]) -> Kind:
    begins = tuple(bytes.fromhex(each) for each in row.get("begins", ()))
    holds = tuple(row.get("holds", ()))
    return Kind(row["suffix"], row["title"], row["reason"], row["form"], begins, holds)


_TABLE = _table()
KINDS: Mapping[str, Kind] = {row["suffix"]: _kind(row) for row in _TABLE["kind"]}
LIMITS = ArchiveLimits(**_TABLE["limits"])
REFUSED_SUFFIXES: frozenset[str] = frozenset(_TABLE["refused"]["suffixes"])
