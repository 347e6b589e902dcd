"""A register of which a part is kept close, and readers of every kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID, uuid4

from gis_service.foundation.access import Actor, Classification, Grant, Role
from gis_service.foundation.transaction import Transaction
from gis_service.registers.instruments.commands import register_instrument
from gis_service.registers.instruments.models import InstrumentKind
from gis_service.registers.instruments.schemas import InstrumentIn
from tests.support.factories import BEGINNING, registered
from tests.support.grid import areas

DRAWING = """
AABG
CCDG
EEFG
"""
OPEN = {
    "A": ("320102", "甲区"),
    "B": ("320104", "乙区"),
    "D": ("340103", "丁区"),
    "E": ("320106", "戊区"),
    "F": ("340104", "己区"),
    "G": ("340207", "庚区"),
}
CLOSE = {"C": ("320205", "影子区")}
PAPER = "影子数据集"
SECRETS = ("影子", "320205", "320200")  # the city begins with the paper that is kept close


def a_paper(
    tx: Transaction, kept_within: UUID | None, classification: Classification = Classification.internal
) -> UUID:
    """A dataset that is kept close."""
    paper = InstrumentIn(
        number=PAPER,
        kind=InstrumentKind.dataset,
        title="影子数据",
        issuer="影子测绘队",
        issued_on=BEGINNING,
        statement="影子声明：不得外传",
        classification=classification,
    )
    return register_instrument(tx, paper, kept_within=[kept_within] if kept_within else []).id


def mixed(tx: Transaction, classification: Classification = Classification.internal) -> dict[str, UUID]:
    """Five public units, and among them one that stands by a paper kept close within 320000."""
    shapes = areas(DRAWING)
    ids = registered(tx, _with(OPEN, shapes))
    paper = a_paper(tx, ids["320000"], classification)
    return ids | registered(tx, _with(CLOSE, shapes), source=paper) | {"paper": paper}


def _with(
    units: Mapping[str, tuple[str, str]], shapes: Mapping[str, object]
) -> dict[str, tuple[str, str, object]]:
    return {letter: (code, name, shapes[letter]) for letter, (code, name) in units.items()}


def a_reader(
    within: UUID | None,
    clearance: Classification = Classification.internal,
    role: Role = Role.viewer,
    *,
    name: str = "张查阅",
) -> Actor:
    """Somebody who holds a role within a division, with a second factor."""
    actor = Actor(name, "某机关", uuid4(), (Grant(role, within),), clearance)
    return replace(actor, second_factor=True)
