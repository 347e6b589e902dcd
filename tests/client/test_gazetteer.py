"""The notebook client against a service that runs: read, edit, compare, check, push, draw, suggest."""

from __future__ import annotations

import geopandas
import pandas as pd
import pytest
from shapely import Point

from gis_service.client import (
    Conflicting,
    Gazetteer,
    NotAllowed,
    NotSignedIn,
    ServiceAway,
    Unacceptable,
)
from gis_service.client.frames import COLUMNS, frame_of, records_of
from tests.client.conftest import ACT, FARMS, VILLAGES, Running

TODAY = "2025-12-01"


def test_names_come_as_a_frame_with_the_columns_of_the_flat_record(running: Running) -> None:
    frame = running.gazetteer().names(within="320116", class_="222")
    assert isinstance(frame, geopandas.GeoDataFrame)
    assert (frame.crs.to_epsg(), list(frame.columns)) == (4490, list(COLUMNS))
    assert list(frame["name"]) == list(VILLAGES)
    assert frame["division"].unique().tolist() == ["320116"]
    assert frame.geometry.iloc[0] == Point(119.001, 32.0)
    assert frame["aliases"].iloc[3] == ["老𠮷兆营"]
    boxed = running.gazetteer().names(within="320116", class_="222", box=(119.0015, 31, 119.0035, 33))
    assert list(boxed["name"]) == list(VILLAGES[1:3])


def test_all_pages_are_fetched(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gis_service.client.gazetteer.PAGE", 2)
    assert len(running.gazetteer().names(class_="222")) == len(VILLAGES)


def test_what_was_edited_is_compared_rehearsed_and_pushed(running: Running) -> None:
    mine = running.gazetteer()
    frame = mine.names(class_="224")
    assert mine.diff(frame).empty
    frame.loc[0, "name"] = "辛集场"
    frame.at[1, "aliases"] = "老马集、马家集"
    frame.loc[2, "geometry"] = Point(119.0033, 32.0001)
    new = {"name": "小营场", "class": "22400", "division": "320116", "lon": 119.006, "lat": 32.0}
    frame = pd.concat([frame, geopandas.GeoDataFrame([new])], ignore_index=True)
    told = mine.diff(frame)
    assert list(told.loc[0, ["column", "before", "after"]]) == ["name", "新集场", "辛集场"]
    assert set(told.loc[3, "column"]) == {"name", "class", "division", "lon", "lat"}
    rehearsed = mine.push(frame, ACT, on=TODAY, change="correct", dry_run=True)
    assert (rehearsed.written, rehearsed.changed, rehearsed.entered) == (False, 3, 1)
    assert "演练" in rehearsed.summary
    assert "新集场" in list(mine.names(class_="224")["name"])
    done = mine.push(frame, ACT, on=TODAY, change="correct")
    assert (done.written, done.changed, done.entered, len(done.conflicts)) == (True, 3, 1, 0)
    after = mine.names(class_="224", on=TODAY).set_index("name")
    assert set(after.index) == {"辛集场", *FARMS[1:], "小营场"}
    assert after.loc["马集场", "aliases"] == ["老马集", "马家集"]
    assert after.loc["八百桥场"].geometry == Point(119.0033, 32.0001)
    assert mine.history(after.loc["辛集场", "id"])["text"].tolist() == ["辛集场", "老新集场"]
    assert mine.push(mine.names(class_="224"), ACT).rows == 0


def test_what_others_edited_meanwhile_comes_back_as_a_table(running: Running) -> None:
    mine, theirs = running.gazetteer(), running.gazetteer()
    frame, other = mine.names(class_="222"), theirs.names(class_="222")
    other.loc[3, "roman"] = "Jízhàoyíng"
    assert theirs.push(other, ACT, on="2025-12-02").written
    frame.loc[3, "roman"] = "Jízhàoyǐng"
    frame.loc[4, "roman"] = "Dàquáncūn"
    done = mine.push(frame, ACT, on="2025-12-03")
    assert not done.written
    assert done.conflicts.loc[3, ["name", "seen", "revision"]].tolist() == ["𠮷兆营", 1, 2]
    assert "已由他人改动" in repr(done)
    assert mine.names(class_="222").loc[4, "roman"] != "Dàquáncūn"


def test_a_check_finds_what_the_service_finds(running: Running) -> None:
    mine = running.gazetteer()
    frame = mine.names(class_="222").set_index("code", drop=False).reset_index(drop=True)
    assert "不合格" not in set(mine.check(frame)["severity"])
    frame.loc[1, "class"] = "99999"
    frame.loc[2, "name"] = "八百\u200b桥"
    found = mine.check(frame)
    assert {"R-CLS-01"} <= set(found.loc[[1], "rule"])
    assert {"R-NAM-16"} <= set(found.loc[[2], "rule"])
    twice = pd.concat([frame, frame.head(1)], ignore_index=True)
    assert mine.check(twice).loc[[len(frame)], "rule"].tolist()[-1] == "表内重复"
    refused = mine.push(frame, ACT, on=TODAY, change="correct")
    assert not refused.written
    assert "不合格" in refused.summary
    frame.loc[1, "class"] = None
    with pytest.raises(Unacceptable, match="清空"):
        mine.push(frame, ACT)


def test_maps_fetch_nothing(running: Running) -> None:
    mine = running.gazetteer()
    page = mine.map(mine.names(class_="222"), colour_by="status").get_root().render()
    assert "\\u65b0\\u96c6" in page or "新集村" in page
    assert {address[:15] for address in page.split("http://")[1:]} <= {"www.w3.org/2000"}
    assert "https://" not in page
    frame = mine.names(class_="222")
    frame.loc[0, "status"] = "{{ 7 * 7 }}</script>"
    page = mine.map(frame, colour_by="status").get_root().render()
    assert "&#123;&#123; 7 * 7 }}&lt;/script&gt;" in page
    assert "srcdoc" in mine.map(mine.names(class_="999"))._repr_html_()


def test_refusals_say_what_to_do(running: Running) -> None:
    with pytest.raises(ServiceAway, match="核对地址和网络"):
        Gazetteer("http://127.0.0.1:9", progress=False).names()
    with pytest.raises(NotSignedIn, match="令牌"):
        Gazetteer(running.url, "wrong", progress=False).names()
    with pytest.raises(NotSignedIn, match="令牌"):
        Gazetteer(running.url, "…")
    mine = running.gazetteer()
    frame = mine.names(class_="222")
    frame.loc[0, "roman"] = "Xīnjí"
    abroad = running.gazetteer(running.elsewhere)
    abroad._seen.update(mine._seen)
    with pytest.raises(NotAllowed, match="没有权限"):
        abroad.push(frame, ACT)
    with pytest.raises(Unacceptable, match="class"):
        mine.names(class_="村")
    assert "令牌" not in repr(mine)


def test_suggestions_come_back_with_their_answer(running: Running) -> None:
    mine = running.gazetteer(running.elsewhere)
    feature = mine.names(class_="222").iloc[0]
    told = mine.suggest("spelling", "牌坊上的拼写不同", id=feature["id"], roman="Xīn Jí Cūn")
    assert (told["state_name"], told["receipt"]) == ("待处理", None)
    assert told["number"] in mine.suggestions()["number"].tolist()
    with pytest.raises(Conflicting, match="within"):
        mine.suggest("missing", "这里漏登了一村")


def test_rows_are_compared_by_the_thousand(running: Running) -> None:
    record = records_of(running.gazetteer().names(class_="222").head(1))[0]
    frame = frame_of([record | {"id": f"{at:032x}"} for at in range(1000)])
    mine = running.gazetteer()
    mine._seen.update({str(each["id"]): each for each in records_of(frame)})
    frame.loc[5, "roman"] = "X"
    assert mine.diff(frame).index.tolist() == [5]


def test_what_stands_otherwise_is_a_conflict_of_its_own_kind(running: Running) -> None:
    mine = running.gazetteer(running.elsewhere)
    feature = mine.names(class_="222").iloc[1]["id"]
    number = mine.suggest("other", "名称另有写法", id=feature)["number"]
    theirs = running.gazetteer()
    with pytest.raises(Conflicting, match="不是您提出的"):
        theirs._asking.post(f"/placenames/suggestions/{number}/withdrawal", {"reason": "不妥"})
