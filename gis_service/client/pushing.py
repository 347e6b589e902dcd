"""Batches of records: checked or written whole, and what came of it as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from gis_service.client.asking import Asking, Conflicting, Unacceptable

MOST = 100_000  # records a batch may have
_BATCHES = "/placenames/batches"
_FINDINGS = ("severity", "rule", "subject", "column", "message", "suggestion")
_CONFLICTS = ("id", "name", "seen", "revision")
_SEVERITIES = {"blocking": "不合格", "warning": "提醒", "info": "说明"}


@dataclass(frozen=True, slots=True)
class Batch:
    """Records to hand in from a day on, each with the label of the row it stands in."""

    records: Sequence[Mapping[str, Any]]
    labels: Sequence[Any]
    instrument: str | Mapping[str, Any] | None
    on: str
    change: str | None = None

    def check(self, asking: Asking) -> dict[str, Any]:
        """What would come of it. Nothing is written."""
        told: dict[str, Any] = asking.post(f"{_BATCHES}/check", self._body())
        return told

    def write(self, asking: Asking, *, dry_run: bool) -> dict[str, Any]:
        """What came of it; in a dry run it is undone."""
        told: dict[str, Any] = asking.post(_BATCHES, self._body(), dry_run="true" if dry_run else "false")
        return told

    def _body(self) -> dict[str, Any]:
        if len(self.records) > MOST:
            raise Unacceptable(f"一次至多 {MOST:,} 条，共 {len(self.records):,} 条", "请分几次提交")
        body = {"on": self.on, "records": list(self.records), "source": "笔记本"}
        return body | {
            name: value
            for name, value in {"instrument": self.instrument, "change": self.change}.items()
            if value is not None
        }


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push came to. Either everything was `written`, or nothing: then the tables say why.

    `conflicts` are rows that others edited since they were read, `findings` what the rules say.
    """

    written: bool
    dry_run: bool
    rows: int
    entered: int
    changed: int
    unchanged: int
    ended: int
    findings: pd.DataFrame
    conflicts: pd.DataFrame

    @property
    def summary(self) -> str:
        """In a sentence."""
        if len(self.conflicts):
            return f"什么也没有写入：{len(self.conflicts)} 条已由他人改动，请重新读取、核对后再提交"
        if not self.written and not self.dry_run:
            blocking = (self.findings["severity"] == _SEVERITIES["blocking"]).sum()
            return f"什么也没有写入：{blocking} 处不合格，见 findings"
        counts = f"新登 {self.entered}，改动 {self.changed}，注销 {self.ended}，未变 {self.unchanged}"
        return f"演练，未写入：{counts}" if self.dry_run else f"已写入：{counts}"

    def __repr__(self) -> str:
        return f"<Pushed {self.summary}>"

    def _repr_html_(self) -> str:
        shown = [f"<p><b>{escape(self.summary)}</b></p>"]
        shown += [each.to_html() for each in (self.conflicts, self.findings) if len(each)]
        return "".join(shown)


def push(asking: Asking, batch: Batch, *, dry_run: bool) -> Pushed:
    """Write a batch, or tell in tables why nothing was written.

    Raises:
        Refused: and its kinds, where a check finds nothing that would explain it.
    """
    if not batch.records:
        return _pushed(dict.fromkeys(("rows", "entered", "changed", "unchanged", "ended"), 0), batch, dry_run)
    try:
        return _pushed(batch.write(asking, dry_run=dry_run), batch, dry_run)
    except (Conflicting, Unacceptable):
        told = batch.check(asking)
        if not (told["conflicts"] or told["blocking"]):
            raise
        return _pushed(
            told | dict.fromkeys(("entered", "changed", "ended"), 0), batch, dry_run, written=False
        )


def _pushed(told: Mapping[str, Any], batch: Batch, dry_run: bool, *, written: bool = True) -> Pushed:
    counts = {name: told[name] for name in ("rows", "entered", "changed", "unchanged", "ended")}
    return Pushed(
        written=written and not dry_run,
        dry_run=dry_run,
        **counts,
        findings=findings_table(told, batch.labels),
        conflicts=_table(told.get("conflicts", ()), _CONFLICTS, batch.labels),
    )


def findings_table(told: Mapping[str, Any], labels: Sequence[Any]) -> pd.DataFrame:
    """Findings with the labels of their rows; those about all have none."""
    table = _table(told.get("findings", ()), _FINDINGS, labels)
    table["severity"] = table["severity"].map(lambda each: _SEVERITIES.get(each, each))
    return table


def repeated(records: Sequence[Mapping[str, Any]], labels: Sequence[Any]) -> pd.DataFrame:
    """Rows that name a feature, or a code, that stands in a row before."""
    told, at = [], []
    for key, word in (("id", "地理实体"), ("code", "地名代码")):
        values = pd.Series([each.get(key) for each in records], dtype=object)
        for row in values[values.notna() & values.duplicated()].index:
            message = f"同一{word}在表中另有一行：{values[row]}"
            told.append(("不合格", "表内重复", records[row].get("name"), key, message, "请只留一行"))
            at.append(labels[row])
    return pd.DataFrame(
        told, columns=list(_FINDINGS), index=pd.Index(at, name="行", dtype=object), dtype=object
    )


def _table(found: Sequence[Mapping[str, Any]], columns: Sequence[str], labels: Sequence[Any]) -> pd.DataFrame:
    rows = [each["row"] for each in found]
    index = pd.Index([labels[row - 1] if row else None for row in rows], name="行", dtype=object)
    return pd.DataFrame(list(found), columns=list(columns), dtype=object).set_index(index)
