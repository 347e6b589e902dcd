"""A service that runs on this machine, with some villages on record, as a notebook meets it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from uuid import UUID

import pytest
from shapely import Point
from sqlalchemy.orm import Session, sessionmaker

from gis_service.client import Gazetteer
from gis_service.foundation.access import Role
from gis_service.foundation.database import open_engine, session_factory
from gis_service.foundation.settings import Settings
from gis_service.foundation.transaction import transaction
from gis_service.reactions import react
from gis_service.registers.placenames.commands import NewFeature, NewName, NewShape, enter_features
from gis_service.registers.placenames.models import NameKind, ShapeRole
from gis_service.schema import upgrade
from tests.support.factories import BEGINNING, NOW, REGISTRAR, an_act, drawn
from tests.support.offices import somebody
from tests.support.web import UNRATED, behind_a_server, composed, stand, token_of

ACT = "国函〔2020〕1号"
UNITS = {"a": ("320116", "六合区"), "b": ("320115", "江宁区")}
FARMS = ("新集场", "马集场", "八百桥场")  # those that a test edits
VILLAGES = ("新集村", "马集村", "八百桥", "𠮷兆营", "大泉村")


@dataclass(frozen=True)
class Running:
    """Where it answers, and the tokens of an editor of the district and of somebody elsewhere."""

    url: str
    editor: str
    elsewhere: str
    sessions: sessionmaker[Session]

    def gazetteer(self, token: str | None = None) -> Gazetteer:
        """A notebook of the editor, or of whoever has the token."""
        return Gazetteer(self.url, token or self.editor, progress=False)


@pytest.fixture(scope="module")
def running(make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server of its own for the tests of a module."""
    engine = open_engine(make_database())
    upgrade(engine)
    sessions = session_factory(engine)
    home = tmp_path_factory.mktemp("home")
    app = composed(Settings(home, rates=UNRATED), engine)
    stand(app, sessions)
    _fill(sessions)
    editor = token_of(somebody(sessions, "编辑", "320116", Role.editor))
    elsewhere = token_of(somebody(sessions, "查阅", "320115", Role.viewer))
    with behind_a_server(app) as url:
        yield Running(url, editor, elsewhere, sessions)
    engine.dispose()


def _fill(sessions: sessionmaker[Session]) -> None:
    with transaction(sessions, actor=REGISTRAR, at=NOW, react=react) as tx:
        units = drawn(tx, "aabb", UNITS)
        features = [_village(name, at, units["a"], "22200") for at, name in enumerate(VILLAGES)]
        features += [_village(name, at, units["a"], "22400") for at, name in enumerate(FARMS)]
        enter_features(tx, features, on=BEGINNING, instrument_id=an_act(tx))


def _village(name: str, at: int, unit: UUID, class_code: str) -> NewFeature:
    shape = NewShape(ShapeRole.point, Point(119.001 + at / 1000, 32.0), method="实测", accuracy_m=5.0)
    names = (NewName(name), NewName(f"老{name}", NameKind.alias))
    village = NewFeature(names, class_code, (unit,), (shape,))
    return replace(village, is_synthetic=True)
