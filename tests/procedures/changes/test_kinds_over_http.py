"""Changes of every kind pass through several people's hands, over HTTP and by files on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from gis_service.cli.drawings import read_change
from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.findings import RuleViolated
from gis_service.foundation.settings import Settings
from gis_service.foundation.web.installation import install
from gis_service.procedures.changes.kinds import KINDS
from tests.procedures.changes.test_kinds import a_box
from tests.support.changes import ACT, DAY, a_proposal, draw_city, file_materials, opened
from tests.support.offices import somebody
from tests.support.web import client_on

Sessions = sessionmaker[Session]
PROVINCE = {**ACT, "number": "政复〔2020〕1号", "issuer": "32省人民政府"}
REVOKED = {**ACT, "number": "国函〔2021〕9号", "issued_on": "2021-01-01", "reason": "批复已被撤销"}
NEW = {"code": "320615", "name": "新城区", "type": "市辖区", "superior": "320600", "seat": "某街道"}
PASSING: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "establish": ({"from": ["320611"], "into": NEW, "area": a_box(2, 0, 2, 1)}, dict(ACT)),
    "abolish": ({"from": ["320611"], "to": "320602"}, dict(ACT)),
    "absorb": ({"from": ["320611"], "to": "320602"}, dict(ACT)),
    "split": (
        {"from": ["320611"], "to": "320611", "into": {**NEW, "area": a_box(2, 0, 2, 1)}},
        dict(ACT),
    ),
    "superior": ({"from": ["320684"], "superior": "320500", "code": "320585"}, dict(ACT)),
    "transfer": (
        {"from": ["320611"], "to": "320612", "area": a_box(2, 0, 2, 1)},
        PROVINCE | {"filing": "备案〔2020〕1号"},
    ),
    "rename": ({"from": ["320611"], "name": "港口区"}, dict(ACT)),
    "recode": ({"from": ["320611"], "code": "320616"}, PROVINCE),
    "seat": ({"from": ["320611"], "seat": "某街道"}, PROVINCE | {"filing": "备案〔2020〕1号"}),
    "correct": ({"from": ["320611"], "name": "港匣区", "begun": {"on": "2020-02-01"}}, PROVINCE),
}


def test_every_kind_is_tried() -> None:
    assert {kind.id for kind in KINDS} == {*PASSING, "merge", "conversion"}


@pytest.mark.parametrize("kind", PASSING)
def test_a_lawful_case_passes_through_three_hands_and_can_be_revoked(
    sessions: Sessions, kind: str, tmp_path: Path
) -> None:
    draw_city(sessions)
    people = [somebody(sessions, name, "320000") for name in ("甲", "乙", "丙")]
    drafting, deciding, enacting = (client_on(sessions, person) for person in people)
    install(drafting.app, Settings(home=tmp_path))
    operation, act = PASSING[kind]
    scale = {"scale": "partial", "scale_reason": "只涉及一个村"}
    number = opened(drafting, a_proposal({"kind": kind, **operation}, **scale))
    file_materials(drafting, number)
    foretold = drafting.post(f"/changes/{number}/check").json()
    assert not foretold["blocking"], foretold
    for client, move, body in (
        (drafting, "submission", None),
        (deciding, "approval", act),
        (enacting, "enactment", None),
    ):
        answer = client.post(f"/changes/{number}/{move}", json=body)
        assert answer.status_code == 200, answer.text
    enacted = enacting.get(f"/changes/{number}").json()
    assert enacted["state"] == "enacted"
    assert enacted["outcome"]["codes"] == foretold["outcome"]["codes"]
    revoked = REVOKED | {"issuer": act["issuer"]}
    assert drafting.post(f"/changes/{number}/cancellation", json=revoked).status_code == 403
    answer = enacting.post(f"/changes/{number}/cancellation", json=revoked)
    assert answer.status_code == 200, answer.text
    assert answer.json()["state_name"] == "已撤销"
    assert deciding.get("/divisions/320611", params={"on": DAY}).json()["name"] == "港闸区"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_the_example_of_a_kind_can_be_read(kind: Any, tmp_path: Path) -> None:
    file = tmp_path / "change.toml"
    head = f'title = "例"\neffective_on = {DAY}\n[[operations]]\nkind = "{kind.id}"\n'
    file.write_text(head + kind.example, encoding="utf-8")
    [operation] = read_change(file).operations
    assert operation.kind == kind.id


def a_change_file(folder: Path, drawing: dict[str, Any], **members: Any) -> Path:
    feature = {"type": "Feature", "properties": {}, "geometry": drawing}
    collection = {"type": "FeatureCollection", "features": [feature], **members}
    (folder / "part.geojson").write_text(json.dumps(collection), encoding="utf-8")
    file = folder / "change.toml"
    file.write_text(
        f'title = "例"\neffective_on = {DAY}\n[[operations]]\nkind = "transfer"\n'
        'from = ["320611"]\nto = "320612"\nfile = "part.geojson"\n',
        encoding="utf-8",
    )
    return file


def test_a_drawn_part_is_read_from_a_file_beside_the_change(tmp_path: Path) -> None:
    [operation] = read_change(a_change_file(tmp_path, a_box(2, 0, 2, 1))).operations
    assert operation.area is not None
    assert operation.area.shape.bounds == pytest.approx((119.02, 31.99, 119.04, 32.0))
    told = operation.as_json()
    assert told["area"]["type"] == "Polygon"
    assert "line" not in told


def test_a_part_in_an_offset_system_or_of_points_is_refused(tmp_path: Path) -> None:
    offset = {"crs": {"type": "name", "properties": {"name": "GCJ-02"}}}
    with pytest.raises((RuleViolated, InvalidInput)):
        read_change(a_change_file(tmp_path, a_box(2, 0, 2, 1), **offset))
    with pytest.raises((RuleViolated, InvalidInput)):
        read_change(a_change_file(tmp_path, {"type": "Point", "coordinates": [119.0, 32.0]}))
