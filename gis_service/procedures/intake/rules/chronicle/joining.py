"""What the register holds of the time of a history, by province; and where the two say different things."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.intake.rules.chronicle.findings import R_HIS_05
from gis_service.procedures.intake.rules.chronicle.values import Table

_LISTED = 20


@dataclass(frozen=True, slots=True)
class Held:
    """A version in the register; `first` of its division, begun `by_dataset` and by no act."""

    division: UUID
    code: str
    name: str
    level: str
    superior: UUID | None
    start: date
    end: date | None
    begun_by: UUID
    by_dataset: bool
    first: bool
    ended_by: UUID | None = None
    ended_edtf: str | None = None
    without_successor: bool = False

    def holds(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class Linked:
    """A link in the register; one that is not `sure` gives way to what is known better."""

    predecessor: UUID
    successor: UUID
    on: date
    sure: bool


class Register:
    """All the register holds. `told_until` is the last day that a history entered before tells of."""

    def __init__(
        self, held: Sequence[Held] = (), links: Iterable[Linked] = (), told_until: date = date.min
    ) -> None:
        self.held = held
        self.links = tuple(links)
        self.told_until = told_until
        self._by_province: dict[str, list[Held]] = defaultdict(list)
        for each in held:
            self._by_province[each.code[:2]].append(each)

    def on(self, province: str, day: date) -> dict[str, Held]:
        """Who holds the codes of a province on a day."""
        return {each.code: each for each in self._by_province.get(province, ()) if each.holds(day)}

    def names(self, province: str, day: date) -> dict[str, str]:
        """The same, by name."""
        return {code: each.name for code, each in self.on(province, day).items()}

    def stirs(self, province: str, after: date, to: date) -> bool:
        """Whether anything of a province begins or ends after one day, up to another."""
        of = self._by_province.get(province, ())
        return any(after < each.start <= to or (each.end and after < each.end <= to) for each in of)

    def begins_on(self, province: str, day: date) -> bool:
        """Whether all there is of a province begins on that day, or after it, and something does."""
        starts = [each.start for each in self._by_province.get(province, ())]
        return bool(starts) and min(starts) == day

    def last_stir(self, province: str, day: date) -> date:
        """The last day up to a day on which anything of a province began."""
        starts = (each.start for each in self._by_province.get(province, ()) if each.start <= day)
        return max(starts, default=date.min)


def differences(table: Table, province: str, registered: dict[str, str]) -> list[Finding]:
    """Every name that differs, and the codes that only one of the two has."""
    units = table.only({province}).units
    findings = [
        _differs(code, f"{table.day} {code} 在登记簿为“{registered[code]}”，代码表为“{name}”")
        for code, name in units.items()
        if registered.get(code, name) != name
    ]
    missing, extra = sorted(units.keys() - registered.keys()), sorted(registered.keys() - units.keys())
    findings += _listed(province, missing, units.__getitem__, f"{table.day} 登记簿没有代码表中的")
    findings += _listed(province, extra, registered.__getitem__, f"{table.day} 代码表没有登记簿中的")
    return findings


def _listed(province: str, codes: list[str], name: Callable[[str], str], what: str) -> list[Finding]:
    if not codes:
        return []
    listed = "、".join(f"{code} {name(code)}" for code in codes[:_LISTED])
    more = f"等 {len(codes)} 个" if len(codes) > _LISTED else ""
    return [_differs(f"{province}0000", f"{what} {listed}{more}")]


def _differs(subject: str, message: str) -> Finding:
    way_out = (
        "相接之日两者须一致：请核对后改正代码表，或先更正登记簿；"
        "中间缺年的，请补上其间的代码表和变更表，或加 --infer 推断；只装其余各省，加 --partial"
    )
    return R_HIS_05.finding(Severity.blocking, subject, message, suggestion=way_out)


def contradicts(subject: str, message: str, way_out: str = "请核对原文，或先更正登记簿") -> Finding:
    """A blocking finding about one unit that the register knows otherwise."""
    return R_HIS_05.finding(Severity.blocking, subject, message, suggestion=way_out)
