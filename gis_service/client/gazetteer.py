"""The register of place names as one object: read, search, check, compare, push, draw, suggest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import geopandas
import pandas as pd

from gis_service.client.asking import Asking, Unacceptable
from gis_service.client.differing import changes, table_of, to_send
from gis_service.client.features import collected
from gis_service.client.frames import CRS, frame_of, records_of
from gis_service.client.mapping import Drawn, drawn
from gis_service.client.progress import Bar
from gis_service.client.pushing import Batch, Pushed, findings_table, push, repeated

PAGE = 1000
SLICE = 5000  # rows that are checked at once
_HITS = (
    *("id", "name", "matched_on", "match_kind", "why_zh", "score", "class", "division", "division_name"),
    *("lon", "lat", "in_use", "exists"),
)
Day = date | str
Box = tuple[float, float, float, float]  # west, south, east, north in degrees


class Gazetteer:
    """Place names of a service at `url`. `token` says who asks; without one, only public things are answered.

    Frames are GeoDataFrames in CGCS2000 (lon/lat in degrees) with the columns of the flat record.
    What was read is remembered, so that `diff` and `push` know what was edited and as of which revision.
    """

    def __init__(self, url: str, token: str | None = None, *, progress: bool = True) -> None:
        self._asking = Asking(url, token)
        self._progress = progress
        self._seen: dict[str, Mapping[str, Any]] = {}

    def __repr__(self) -> str:
        return f"Gazetteer({self._asking.url!r})"

    def names(
        self,
        within: str | None = None,
        class_: str | None = None,
        on: Day | None = None,
        box: Box | None = None,
        validity: str | None = None,
    ) -> Any:
        """Place names on a day (today without one) as a GeoDataFrame, page by page.

        `within` is the code of a unit, with all below it; `class_` a class or its prefix; `validity` is
        现今 (the default), 历史 or 全部. `box` is west, south, east, north in degrees, and cut here.

        Raises:
            Refused: and its kinds.
        """
        asked = {"within": within, "class": class_, "on": _text(on), "validity": validity, "limit": PAGE}
        records: list[dict[str, Any]] = []
        with Bar("读取地名", shown=self._progress) as bar:
            for page in self._asking.pages("/placenames", **asked):
                records.extend(page["items"])
                bar.reach(len(records))
        if box is not None:
            records = [each for each in records if _inside(each, box)]
        return self._remembered(records)

    def search(
        self,
        q: str,
        within: str | None = None,
        class_: str | None = None,
        on: Day | None = None,
        box: Box | None = None,
        limit: int = 20,
    ) -> Any:
        """What is found for characters, old names, pinyin or initials, the best first, and why."""
        bbox = ",".join(map(str, box)) if box else None
        asked = {"q": q, "within": within, "class": class_, "on": _text(on), "bbox": bbox, "limit": limit}
        found = self._asking.get("/placenames/search", **asked)
        hits = pd.DataFrame(found["hits"], columns=list(_HITS), dtype=object)
        places = geopandas.points_from_xy(hits["lon"].astype(float), hits["lat"].astype(float))
        return geopandas.GeoDataFrame(hits, geometry=places, crs=CRS)

    def name(self, id: str, on: Day | None = None) -> dict[str, Any]:
        """One feature on a day, with every name it has."""
        told: dict[str, Any] = self._asking.get(f"/placenames/{id}", on=_text(on))
        return told

    def history(self, id: str) -> pd.DataFrame:
        """Every name a feature ever had, from the oldest, with period, status and the acts behind it."""
        told = self._asking.get(f"/placenames/{id}/history")
        columns = (
            "kind",
            "text",
            "roman",
            "status",
            "valid_from",
            "valid_to",
            "begun_by",
            "ended_by",
            "note",
        )
        return pd.DataFrame(told["names"], columns=list(columns))

    def classes(self) -> pd.DataFrame:
        """The classes of features, by their prefix codes."""
        return pd.DataFrame(self._asking.get("/placenames/classes")["items"])

    def features(self, path: str, **asked: Any) -> Any:
        """Any list of the service that knows GeoJSON, as a GeoDataFrame: `features("/divisions", on=…)`."""
        wanted = {name.rstrip("_"): _text(value) for name, value in asked.items()}
        return collected(self._asking, path, wanted, shown=self._progress)

    def table(self, path: str, **asked: Any) -> pd.DataFrame:
        """Any list of the service as a table: `table("/boundary-lines", on=…)`."""
        wanted = {name.rstrip("_"): _text(value) for name, value in asked.items()}
        return pd.DataFrame([each for page in self._asking.pages(path, **wanted) for each in page["items"]])

    def get(self, path: str, **asked: Any) -> Any:
        """What any address of the service answers."""
        return self._asking.get(path, **{name.rstrip("_"): _text(value) for name, value in asked.items()})

    def diff(self, frame: pd.DataFrame) -> pd.DataFrame:
        """What was edited since it was read: one row a cell, with what stood there before and after."""
        records = records_of(frame)
        return table_of(list(changes(records, self._before(records))), list(frame.index))

    def check(self, frame: pd.DataFrame, on: Day | None = None, change: str | None = None) -> pd.DataFrame:
        """What the rules of the service find: one row a finding, under the label of its row.

        Every row is judged, whether it was edited or not, so many at once that the bar moves; features that
        stand in two rows are found in the whole of the frame. Nothing is written.
        """
        records = [
            {name: value for name, value in each.items() if value is not None} for each in records_of(frame)
        ]
        found, labels = [], list(frame.index)
        with Bar("核对", len(records), shown=self._progress) as bar:
            for start in range(0, len(records), SLICE):
                piece = slice(start, start + SLICE)
                batch = Batch(records[piece], labels[piece], None, _day(on), change or "correct")
                found.append(findings_table(batch.check(self._asking), batch.labels))
                bar.reach(min(start + SLICE, len(records)))
        return pd.concat([*found, repeated(records, labels)])

    def push(
        self,
        frame: pd.DataFrame,
        instrument: str | Mapping[str, Any],
        on: Day | None = None,
        change: str | None = None,
        dry_run: bool = False,
    ) -> Pushed:
        """Write what was edited under an instrument, all or nothing; look at `written` and `conflicts`.

        `instrument` is the number of an act on record, or the act itself. `change` says what other names
        mean: `rename` 更名 from that day on, or `correct` 更正; a column `change` says it row by row.

        Raises:
            Refused: and its kinds; for rows that others edited meanwhile, `conflicts` tells them instead.
        """
        records = records_of(frame)
        found = list(changes(records, self._before(records)))
        emptied = [
            f"{each.record.get('name')}（{column}）"
            for each in found
            for column in each.columns
            if each.before and each.record.get(column) is None
        ]
        if emptied:
            raise Unacceptable(
                f"有 {len(emptied)} 格被清空：{'、'.join(emptied[:5])}", "空格不会写入，请填回原值"
            )
        batch = Batch(
            [to_send(each) for each in found],
            [frame.index[each.row] for each in found],
            instrument,
            _day(on),
            change,
        )
        with Bar(f"提交 {len(found):,} 条", shown=self._progress):
            done = push(self._asking, batch, dry_run=dry_run)
        if done.written:
            for each in found:
                self._seen.pop(str(each.record.get("id")), None)
        return done

    def map(self, frame: Any, outline: Any = None, colour_by: str | None = None) -> Drawn:
        """A map of a frame that fetches nothing from elsewhere; `outline` lies below it."""
        return drawn(frame, outline, colour_by)

    def suggest(
        self,
        kind: str,
        text: str,
        id: str | None = None,
        within: str | None = None,
        evidence: str = "",
        contact: str = "",
        **proposed: Any,
    ) -> dict[str, Any]:
        """Suggest a correction: `kind` is name, spelling, position, class, missing, gone or other.

        `proposed` are name, roman, reading, class_, division, lon, lat. The answer has the number, and a
        `receipt` for those without an account.
        """
        values = {name.rstrip("_"): value for name, value in proposed.items()}
        sent = {"kind": kind, "feature": id, "within": within, "text": text, "proposed": values}
        told = self._asking.post("/placenames/suggestions", sent | {"evidence": evidence, "contact": contact})
        return {**told["suggestion"], "receipt": told["receipt"]}

    def suggestions(self) -> pd.DataFrame:
        """What he suggested with his own account, and what became of it."""
        return self.table("/placenames/suggestions/own")

    def _remembered(self, records: Sequence[Mapping[str, Any]]) -> Any:
        frame = frame_of(records)
        told = {str(record["id"]): kept for record, kept in zip(records, records_of(frame), strict=True)}
        self._seen.update(told)
        return frame

    def _before(self, records: Sequence[Mapping[str, Any]]) -> Mapping[str, Mapping[str, Any]]:
        """What was read of these, read now where it was not yet."""
        wanted = {str(each["id"]) for each in records if each.get("id")}
        for unknown in sorted(wanted - self._seen.keys()):
            self._remembered([self.name(unknown)])
        return self._seen


def _inside(record: Mapping[str, Any], box: Box) -> bool:
    west, south, east, north = box
    lon, lat = record["lon"], record["lat"]
    return lon is not None and west <= lon <= east and south <= lat <= north


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _day(on: Day | None) -> str:
    """A day as the service writes it; without one, today in Beijing."""
    beijing = datetime.now(UTC) + timedelta(hours=8)
    return str(_text(on or beijing.date()))
