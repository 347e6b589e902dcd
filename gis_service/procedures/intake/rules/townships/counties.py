"""The county-level units that units below them hang on: those of the register, and those taken for known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from uuid import uuid4

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.intake.rules.chronicle.days import Effect
from gis_service.procedures.intake.rules.chronicle.joining import Held
from gis_service.procedures.intake.rules.chronicle.meeting_later import Later
from gis_service.procedures.intake.rules.chronicle.replaying import Life, Version
from gis_service.procedures.intake.rules.chronicle.values import NO_ACT
from gis_service.procedures.intake.rules.townships.rows import R_TWN_02
from gis_service.registers.divisions.rules import DivisionLevel, codes_above, type_of

_LISTED = 10


class Counties:
    """Who holds a county code on a day. Those in `listed` are entered where the register has them not."""

    def __init__(self, held: Iterable[Held] = (), listed: Mapping[str, str] | None = None) -> None:
        self.lives: list[Life] = []
        self.earlier = Later()
        self._listed = listed or {}
        self._held: dict[str, list[Held]] = defaultdict(list)
        for each in held:
            self._held[each.code].append(each)

    def holding(self, code: str, day: date) -> Held | None:
        """Who holds the first six digits of a code on a day."""
        county = code[:6]
        found = self._on(county, day)
        return found or self._entered(county, day)

    def _on(self, code: str, day: date) -> Held | None:
        return next((each for each in self._held.get(code, ()) if each.holds(day)), None)

    def _entered(self, code: str, day: date) -> Held | None:
        """One that the list of superiors names, from the beginning of the year on."""
        name, start = self._listed.get(code), date(day.year, 1, 1)
        above = next((held for each in codes_above(code) if (held := self._on(each, start))), None)
        coming = self._next(code, day)
        if name is None or above is None or (coming is not None and not _same(coming, name)):
            return None
        life = Life(uuid4(), [_version(code, name, above, start)])
        self.lives.append(life)
        if coming is not None:
            self.earlier.same[life.id] = coming.division
            self.earlier.leading_up.add(life.id)
        unit = coming.division if coming is not None else life.id
        end = coming.start if coming is not None else None
        level = DivisionLevel.county.value
        entered = Held(unit, code, name, level, above.division, start, end, above.begun_by, True, True)
        self._held[code].append(entered)
        return entered

    def _next(self, code: str, day: date) -> Held | None:
        coming = [each for each in self._held.get(code, ()) if each.start > day]
        return min(coming, key=lambda each: each.start, default=None)

    def later(self, code: str, day: date) -> str:
        """Since when the register knows a county that it does not know on a day, in words."""
        coming = self._next(code[:6], day)
        return f"，{coming.start} 起才有“{coming.name}”" if coming is not None else ""

    def told(self) -> Iterator[Finding]:
        """Which units were taken for known."""
        if self.lives:
            listed = "、".join(
                f"{life.versions[0].code} {life.versions[0].name}" for life in self.lives[:_LISTED]
            )
            more = f"等 {len(self.lives)} 个" if len(self.lives) > _LISTED else ""
            message = f"按 --superiors 所列登记县级单位，起始日期不详：{listed}{more}"
            yield R_TWN_02.finding(Severity.warning, "上级单位", message, suggestion="请据县级沿革核定")


def _same(coming: Held, name: str) -> bool:
    return coming.name == name and coming.first and coming.by_dataset


def _version(code: str, name: str, above: Held, start: date) -> Version:
    begun = Effect(start, f"../{start}", NO_ACT)
    return Version(code, name, DivisionLevel.county, type_of(code, name), above.division, begun)
