"""Making the forms of a line at the keyboard."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

from gis_service.foundation.database import session_factory
from gis_service.foundation.transaction import transaction
from tests.cli.conftest import Desk
from tests.publications.forms.conftest import a_line
from tests.support.factories import NOW, REGISTRAR


def test_forms_of_a_line_are_made_alike_each_time(desk: Desk, tmp_path: Path) -> None:
    engine = desk.engine()
    with transaction(session_factory(engine), actor=REGISTRAR, at=NOW) as tx:
        a_line(tx)
    engine.dispose()
    told = desk.json("boundaries", "forms", "0204", "--out", tmp_path / "one", "--on", "2020-06-05")
    assert (told["line"]["name"], told["synthetic"], told["markers"]) == ("玄武—秦淮线", True, 4)
    assert len(told["files"]) == 30
    for file in told["files"]:
        assert sha256(Path(file["file"]).read_bytes()).hexdigest() == file["sha256"]
    again = desk.json("boundaries", "forms", "0204", "--out", tmp_path / "two", "--on", "2020-06-05")
    assert [file["sha256"] for file in again["files"]] == [file["sha256"] for file in told["files"]]
    chosen = ("--form", "course", "--form", "record", "--format", "json")
    desk.run("boundaries", "forms", "0204", "--out", tmp_path / "few", "--on", "2020-06-05", *chosen)
    assert sorted(path.name for path in (tmp_path / "few").iterdir()) == [
        "0204玄武—秦淮线-线路登记表.json",
        "0204玄武—秦淮线-边界线走向说明.json",
    ]
    content = json.loads((tmp_path / "few" / "0204玄武—秦淮线-线路登记表.json").read_bytes())
    assert content["line"]["code"] == "0204"


def test_a_line_that_is_not_there_is_refused(desk: Desk, tmp_path: Path) -> None:
    desk.run("boundaries", "forms", "9999", "--out", tmp_path, code=1)
    desk.run("boundaries", "forms", "nothing", "--out", tmp_path, code=2)
    desk.run("boundaries", "forms", "9999", "--out", tmp_path, "--form", "other", code=2)
