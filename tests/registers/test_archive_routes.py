"""Reading archives over HTTP: lists, one item, its files as they were filed, an image with the line on it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import select

from gis_service.foundation.files import FileStore
from gis_service.foundation.settings import Settings
from gis_service.foundation.transaction import Transaction
from gis_service.foundation.web.installation import install
from gis_service.registers.archives.commands import About, NewFile, NewItem, register_item
from gis_service.registers.archives.commands.keeping import Keeping
from gis_service.registers.archives.models import ArchiveKind
from gis_service.registers.boundaries.models import BoundaryLine
from tests.registers.test_marker_commands import UNITS
from tests.support.archives import a_geotiff
from tests.support.changes import a_pdf
from tests.support.factories import BEGINNING, an_act, drawn

ON = f"on={BEGINNING}"
PAPER = NewFile("协议书.pdf", a_pdf("协议书"))
PICTURE = NewFile("航片.tif", a_geotiff(119.015, 32.0))
RED, GREY, WHITE = (214, 0, 0), (90, 90, 90), (255, 255, 255)


@pytest.fixture
def store(client: TestClient, tmp_path: Path) -> FileStore:
    settings = Settings(home=tmp_path)
    install(client.app, settings)
    return FileStore(settings.files_dir)


@pytest.fixture
def filed(tx: Transaction, store: FileStore) -> dict[str, UUID]:
    """An agreement and an image, both about the line between the first two of three districts."""
    ids = drawn(tx, "AABB AABB CCBB", UNITS)
    sides = {ids["A"], ids["B"]}
    lines = tx.session.scalars(select(BoundaryLine))
    line = next(each.id for each in lines if {each.first_id, each.second_id} == sides)
    how = Keeping(an_act(tx, "协议〔2021〕1号"), store, BEGINNING)
    made = {"line": line}
    for number, kind, file in (
        ("KJ-1", ArchiveKind.agreement, PAPER),
        ("YX-1", ArchiveKind.image, PICTURE),
    ):
        new = NewItem(number, f"甲乙线{kind}", kind, BEGINNING, "某省民政厅")
        made[number] = register_item(tx, new, About(frozenset({line})), [file], how).item.id
    tx.session.commit()
    return made


def test_the_newest_image_of_an_item_is_seen_whole(client: TestClient, filed: dict[str, UUID]) -> None:
    answer = client.get(f"/archives/{filed['YX-1']}/preview?{ON}&size=64")
    assert answer.status_code == 200, answer.text
    seen = np.asarray(Image.open(BytesIO(answer.content)))
    assert (seen.shape, tuple(seen[32, 16])) == ((64, 64, 3), GREY)
    assert client.get(f"/archives/{filed['KJ-1']}/preview?{ON}").status_code == 404


def test_items_are_listed_and_told(client: TestClient, filed: dict[str, UUID]) -> None:
    first = client.get(f"/archives?{ON}&limit=1").json()
    rest = client.get(first["next"]).json()
    assert [each["number"] for each in first["items"] + rest["items"]] == ["KJ-1", "YX-1"]
    assert rest["next"] is None
    for asked in ("kind=影像", "text=YX", "group=勘界成果&text=影像", "line=0204&kind=影像"):
        assert [each["number"] for each in client.get(f"/archives?{ON}&{asked}").json()["items"]] == ["YX-1"]
    assert client.get(f"/archives?{ON}&marker={filed['line']}").json()["items"] == []
    told = client.get(f"/archives/{filed['YX-1']}").json()
    assert (told["lines"][0]["name"], told["images"][0]["crs"]) == ("甲区—乙区线", "EPSG:4490")
    of_line = client.get(f"/boundary-lines/0204/archives?{ON}").json()
    assert of_line["kinds"] == {"协议书": 1, "影像": 1}
    assert {each["class"] for each in of_line["findings"]} >= {"协议书附图", "界桩登记表", "批复"}
    assert "协议书" not in {each["class"] for each in of_line["findings"]}
    assert of_line["gaps"][-1]["from_m"] == pytest.approx(of_line["images"][0]["stretches"][0]["to_m"])


def test_a_file_comes_back_as_it_was_filed(client: TestClient, filed: dict[str, UUID]) -> None:
    answer = client.get(f"/archives/{filed['KJ-1']}/files/{PAPER.sha256}")
    assert (answer.content, answer.headers["etag"]) == (PAPER.content, f'"{PAPER.sha256}"')
    assert answer.headers["content-disposition"].startswith("attachment")
    assert client.get(f"/archives/{filed['KJ-1']}/files/{PICTURE.sha256}").status_code == 404


def test_the_line_is_drawn_on_the_image(client: TestClient, filed: dict[str, UUID]) -> None:
    image = f"/archives/{filed['YX-1']}/files/{PICTURE.sha256}/preview"
    answer = client.get(f"{image}?{ON}&lon=119.02&lat=31.995&metres=500&size=100")
    assert answer.headers["content-type"] == "image/png"
    rows, columns = _where(answer.content, RED)
    assert 190 <= len(rows) <= 300  # two or three pixels in each of a hundred rows
    assert set(rows) == set(range(100))
    assert (columns.min() >= 48, columns.max() <= 52) == (True, True)
    assert len(_where(answer.content, GREY)[0]) > 9000
    aside = client.get(f"{image}?{ON}&lon=119.0165&lat=31.995&metres=200&size=100").content
    assert len(_where(aside, RED)[0]) == 0
    away = client.get(f"{image}?{ON}&lon=119.5&lat=31.5&metres=200&size=100").content
    assert len(_where(away, WHITE)[0]) == 10_000
    before = client.get(f"{image}?on=2019-12-31&lon=119.02&lat=31.995&metres=500&size=100").content
    assert len(_where(before, RED)[0]) == 0


def test_what_cannot_be_shown_says_why(client: TestClient, filed: dict[str, UUID], store: FileStore) -> None:
    window = f"preview?{ON}&lon=119.02&lat=31.995"
    paper = client.get(f"/archives/{filed['KJ-1']}/files/{PAPER.sha256}/{window}")
    assert (paper.status_code, "不是带坐标的影像" in paper.text) == (422, True)
    store.path_of(PICTURE.sha256).unlink()
    for part in (PICTURE.sha256, f"{PICTURE.sha256}/{window}"):
        gone = client.get(f"/archives/{filed['YX-1']}/files/{part}")
        assert (gone.status_code, PICTURE.sha256 in gone.text, "请核对文件目录" in gone.text) == (
            404,
            True,
            True,
        )


def _where(png: bytes, colour: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray]:
    pixels = np.asarray(Image.open(BytesIO(png)))
    rows, columns = (pixels == colour).all(axis=2).nonzero()
    return rows, columns
