"""Reading what changed between two tables: described groups of lines that say whence or whither."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gis_service.foundation.findings import Finding
from gis_service.procedures.intake.kinds.yearly.describing import Description
from gis_service.procedures.intake.rules.chronicle.findings import R_HIS_04, bad_line
from gis_service.procedures.intake.rules.chronicle.values import Act, Change, Place, Selector, Sign, Trust

_PUNCTUATION = str.maketrans("＞〉＜〈，；;？！．。＿＃\u3000", ">><<,,,?!.._# ")
_SIGNS = str.maketrans("＝＋－—–", "=+---")
_CHANGE = re.compile(
    r"(?P<sign>[-+=])\s*(?P<code>\d{6})\s+(?P<name>[^<>]+?)\s*(?:(?P<way>[<>])\s*(?P<aims>[^<>]*))?$"
)
_MARKS = {"!": Trust.reasoned, "?": Trust.doubtful}
_SAME_NAME = {"#": "_"}  # how the source wrote it before


@dataclass(slots=True)
class _Reader:
    """Goes down the lines; a description holds until the next one begins."""

    file: str
    changes: list[Change] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    description: Description | None = None
    acts: tuple[Act, ...] = ()
    left_over: str = ""

    def take(self, number: int, raw: str) -> None:
        place = Place(self.file, number)
        line = raw.strip()
        if line[:1] in {"#", "＃"}:
            self._describe(line, place)
        elif line:
            self._change(line, place)

    def _describe(self, line: str, place: Place) -> None:
        if self.description is None or self.acts:
            self.description, self.acts = Description(self.file), ()
        self.description.take(line.lstrip("#＃") if line[:2] not in {"##", "＃＃"} else line, place)

    def _change(self, line: str, place: Place) -> None:
        if self.description is not None and not self.acts:
            self.acts = self.description.acts()
        if not self.acts:
            self.findings.append(bad_line(place, "这项变更没有说明", rule=R_HIS_04))
        found = _CHANGE.match(re.sub(r"\s+#.*$", "", _plain(line)))
        if not found:
            self.findings.append(bad_line(place, f"“{line[:60]}”不是变更行"))
            return
        selectors = tuple(map(_selector, _parts(found["aims"])))
        if found["way"] and not all(selector.text for selector in selectors):
            self.findings.append(bad_line(place, f"“{line[:60]}”的“{found['way']}”后有空的选择符"))
        self._add(found, selectors, place)

    def _add(self, found: re.Match[str], selectors: tuple[Selector, ...], place: Place) -> None:
        sign, way = Sign(found["sign"]), found["way"]
        if (sign, way) in {(Sign.ends, "<"), (Sign.begins, ">")}:
            self.findings.append(bad_line(place, f"“{sign}”行不能用“{way}”"))
            return
        if sign is Sign.stays and not way:
            self.findings.append(bad_line(place, "“=”行没有写明来去"))
        named = tuple(selector for selector in selectors if selector.text)
        forward = way == ">" if way else sign is Sign.ends
        self.changes.append(Change(sign, found["code"], found["name"], forward, named, self.acts, place))


def read_diff(text: str, *, file: str) -> tuple[tuple[Change, ...], list[Finding]]:
    """The changes in the order of the file, and what is wrong with its lines."""
    reader = _Reader(file)
    for number, line in enumerate(text.splitlines(), start=1):
        reader.take(number, line)
    return tuple(reader.changes), reader.findings


def _plain(line: str) -> str:
    return line[:1].translate(_SIGNS) + line[1:].translate(_PUNCTUATION)


def _parts(aims: str | None) -> list[str]:
    return [] if aims is None else [part.strip() for part in aims.split(",")]


def _selector(text: str) -> Selector:
    bare = text.rstrip("?! ")
    marks = text[len(bare) :].replace(" ", "")
    trust = Trust.doubtful if "?" in marks else _MARKS.get(marks[:1], Trust.certain)
    return Selector(_SAME_NAME.get(bare, bare), trust)
