"""The units that records name, by code or by name, on a day; and those their positions lie in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property
from uuid import UUID

import numpy as np
import shapely
from sqlalchemy.orm import Session

from gis_service.foundation.findings import Finding, Severity
from gis_service.foundation.offset_grids import wgs84_of_bd09, wgs84_of_gcj02
from gis_service.procedures.intake.rules.offsets import R_MAP_04
from gis_service.procedures.intake.rules.placenames import PlaceRecord, Tally
from gis_service.procedures.intake.rules.placenames.catalogue import R_PLN_04
from gis_service.procedures.intake.rules.placenames.words import head_of, limit
from gis_service.registers.boundaries.queries.locating import locate
from gis_service.registers.divisions.queries import divisions_on, ids_by_code, last_known

_BACK = {"GCJ-02": wgs84_of_gcj02, "BD-09": wgs84_of_bd09}
_COUNTY_DIGITS, _TOWN_DIGITS = 6, 9


class Units:
    """Finds units on a day, each asked for once."""

    def __init__(self, session: Session, tally: Tally, *, on: date) -> None:
        self.session, self.tally, self.on = session, tally, on
        self.codes: dict[UUID, str] = {}
        self._known: dict[str, UUID | None] = {}
        self._outside: list[tuple[float, float, str]] = []

    def of(self, records: Sequence[PlaceRecord]) -> list[tuple[UUID, ...]]:
        """The units of each record; empty where it names none, or none that is known (told)."""
        self._look_up({code for record in records for each in record.divisions for code in _spellings(each)})
        holders = self._holders(records)
        return [self._of_record(record, held) for record, held in zip(records, holders, strict=True)]

    def adopt(self, other: Units) -> None:
        """Know what another knows, and learn together with it."""
        self.codes, self._known = other.codes, other._known
        if "_named" in other.__dict__:
            self.__dict__["_named"] = other._named

    def code_of(self, units: Sequence[UUID]) -> str:
        """The code of the unit a record is listed under."""
        return self.codes.get(units[0], "") if units else ""

    def _look_up(self, codes: Iterable[str]) -> None:
        wanted = set(codes) - self._known.keys()
        found = ids_by_code(self.session, wanted, on=self.on) if wanted else {}
        self._known |= dict.fromkeys(wanted) | found
        self.codes |= {unit: code for code, unit in found.items()}

    def _of_record(self, record: PlaceRecord, held: tuple[str, ...]) -> tuple[UUID, ...]:
        units = [self._unit(record, told) for told in record.divisions]
        found = tuple(dict.fromkeys(unit for unit in units if unit is not None))
        if record.divisions and len(found) < len(record.divisions) and None in units:
            return ()
        return self._with_position(record, found, held)

    def _unit(self, record: PlaceRecord, told: str) -> UUID | None:
        """The unit a text means, or the one above it where a township is not on record."""
        spellings = _spellings(told)
        for place, code in enumerate(spellings):
            unit = self._known.get(code)
            if unit is not None:
                if place:
                    message = f"{self.on} 没有代码为 {spellings[0]} 的单位，列于 {code} 之下"
                    way_out = "请先装入乡级单位，或按新代码修改"
                    self.tally.tell(
                        R_PLN_04,
                        record.row,
                        record.subject,
                        message,
                        way_out,
                        head_of("division"),
                        "列于上级之下",
                    )
                return unit
        if not spellings and (unit := self._named.get(told)) is not None:
            return unit
        self._refuse(record, f"{self.on} 没有代码或名称为“{told[:40]}”的单位")
        return None

    def _refuse(self, record: PlaceRecord, message: str) -> None:
        way_out = "请核对代码和日期（--on）；单位尚未登记的请先装入"
        column = head_of("division")
        self.tally.refuse(R_PLN_04, record.row, record.subject, message, way_out, column, "单位不在登记簿")

    @cached_property
    def _named(self) -> dict[str, UUID]:
        """Units by their names with some or all of those above, where only one has it."""
        versions = divisions_on(self.session, on=self.on)
        by_id = {version.division_id: version for version in versions}
        found: dict[str, set[UUID]] = defaultdict(set)
        for version in versions:
            name, above = version.name, version.superior_id
            found[name].add(version.division_id)
            while above is not None and above in by_id:
                name = by_id[above].name + name
                found[name].add(version.division_id)
                above = by_id[above].superior_id
        self.codes |= {version.division_id: version.code for version in versions}
        return {name: next(iter(units)) for name, units in found.items() if len(units) == 1}

    def _holders(self, records: Sequence[PlaceRecord]) -> list[tuple[str, ...]]:
        """The codes of the lowest units that each position lies in; empty where there is none, or no area."""
        placed = [index for index, record in enumerate(records) if record.geometry is not None]
        held: list[tuple[str, ...]] = [()] * len(records)
        if not placed:
            return held
        points = shapely.point_on_surface([records[index].geometry for index in placed])
        units = locate(self.session, [(point.x, point.y) for point in points], on=self.on)
        self._learn({unit for several in units for unit in several})
        for index, several in zip(placed, units, strict=True):
            held[index] = tuple(sorted(self.codes[unit] for unit in several if unit in self.codes))
        return held

    def _learn(self, units: Iterable[UUID]) -> None:
        new = [unit for unit in units if unit not in self.codes]
        for unit, version in last_known(self.session, new).items() if new else ():
            self.codes[unit] = version.code
            self._known[version.code] = unit

    def _with_position(
        self, record: PlaceRecord, found: tuple[UUID, ...], held: tuple[str, ...]
    ) -> tuple[UUID, ...]:
        """Listed as told; where only a province or nothing is told, under the unit its position lies in."""
        if not held:
            return found
        told = self.code_of(found)
        if not told:
            if found or record.divisions:
                return found
            return tuple(unit for code in held if (unit := self._known.get(code)) is not None)
        if told.endswith("00") and len(told) == _COUNTY_DIGITS:
            prefix = told.removesuffix("00").removesuffix("00")
            lower = next((code for code in held if code.startswith(prefix)), None)
            if lower is not None:
                return (*filter(None, (self._known.get(lower),)), *found[1:])
        self._judge_position(record, told, held)
        return found

    def _judge_position(self, record: PlaceRecord, told: str, held: tuple[str, ...]) -> None:
        least = told[:_COUNTY_DIGITS].removesuffix("00").removesuffix("00")
        if any(code.startswith(least) for code in held):
            return
        (x, y), *_ = shapely.get_coordinates(shapely.point_on_surface(record.geometry)).tolist()
        if len(self._outside) < limit("offset_most_points"):
            self._outside.append((x, y, least))
        message = f"位置在 {held[0]} 内，不在所注的 {told} 内"
        self.tally.warn(
            R_PLN_04,
            record.row,
            record.subject,
            message,
            "请核对位置和所在行政区",
            "位置",
            "位置不在所注单位内",
        )

    def judge_offset(self) -> None:
        """Whether what lies outside its unit lies inside once the offset of a web map is taken off."""
        if len(self._outside) < limit("offset_least_points"):
            return
        given = np.array([(x, y) for x, y, _ in self._outside])
        for name, back in _BACK.items():
            units = locate(self.session, [(float(x), float(y)) for x, y in back(given)], on=self.on)
            self._learn({unit for several in units for unit in several})
            inside = sum(
                any(self.codes.get(unit, "").startswith(least) for unit in several)
                for several, (_, _, least) in zip(units, self._outside, strict=True)
            )
            if inside >= limit("offset_back_inside_share") * len(given):
                self.tally.extend([self._offset(name, inside)])
                return

    def _offset(self, name: str, inside: int) -> Finding:
        count = len(self._outside)
        message = (
            f"{self.tally.source}：疑似 {name} 加偏坐标：{count} 处位置不在所注单位内，"
            f"去掉 {name} 的偏移后有 {inside} 处在内"
        )
        way_out = "请向提供方索取 CGCS2000 成果；确为原始测量成果时请附坐标系说明"
        return R_MAP_04.finding(Severity.warning, "坐标系", message, suggestion=way_out, class_=name)


def _spellings(told: str) -> tuple[str, ...]:
    """The codes a text of digits may mean, the nearest first; none where it is no code."""
    code = told.strip()
    if not (code.isascii() and code.isdigit()):
        return ()
    if len(code) < _COUNTY_DIGITS:
        return (code.ljust(_COUNTY_DIGITS, "0"),)
    code = code[:_TOWN_DIGITS]
    county = code[:_COUNTY_DIGITS]
    above = (county, f"{county[:4]}00") if _is_zone(county) else (county,)
    return above if len(code) == _COUNTY_DIGITS or code.endswith("000") else (code, *above)


def _is_zone(county: str) -> bool:
    """Whether a code is one of statisticians alone, as those of development zones are."""
    return limit("zone_first") <= int(county[4:]) <= limit("zone_last")
