"""Reading the description above a group of changes: acts with number, day, source and wording."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gis_service.procedures.intake.rules.chronicle.known_days import UNKNOWN, KnownDay, read_day
from gis_service.procedures.intake.rules.chronicle.values import Act, Place

_KEY = re.compile(r"^\s*(?P<key>文\s*号|日\s*期|来\s*源)\s*[:：]\s*(?P<value>.*)$")
_NUMBER = re.compile(r"^\S{1,20}[〔［\[（(]\d{2,4}[〕］\])）]\S{0,6}\d+\s*号$")


@dataclass(slots=True)
class _Draft:
    title: str
    place: Place
    keys: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def act(self) -> Act:
        text = "\n".join(self.lines).strip()
        number = self.keys.get("文号") or (self.title if _NUMBER.match(self.title) else None)
        return Act(self.title, number, self._day(text), self.keys.get("来源") or None, text, self.place)

    def _day(self, text: str) -> KnownDay:
        """As stated; where nothing is stated and the group only tells what happened, as it tells it."""
        stated = read_day(self.keys.get("日期", ""))
        if stated is None and not self.title:
            stated = read_day(text)
        return stated or UNKNOWN


@dataclass(slots=True)
class Description:
    """Grows line by line; `##` begins an act."""

    file: str
    drafts: list[_Draft] = field(default_factory=list)

    def take(self, line: str, place: Place) -> None:
        """Take in the next line, without its `#`, or with the `##` of a title."""
        if line[:2] in {"##", "＃＃"}:
            self.drafts.append(_Draft(line.lstrip("#＃").strip(), place))
            return
        if not self.drafts:
            self.drafts.append(_Draft("", place))
        found = _KEY.match(line)
        if found and not self.drafts[-1].lines:
            self.drafts[-1].keys[re.sub(r"\s", "", found["key"])] = found["value"].strip()
        elif line.strip() or self.drafts[-1].lines:
            self.drafts[-1].lines.append(line.strip())

    def acts(self) -> tuple[Act, ...]:
        """The acts described; a description without words is none."""
        written = [draft for draft in self.drafts if draft.title or draft.keys or draft.lines]
        return tuple(draft.act() for draft in written)
