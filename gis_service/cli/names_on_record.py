"""What the register knows of where a name lies and how it is read there; without a database, nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from gis_service.cli.office import reading, say
from gis_service.foundation.access import Act
from gis_service.foundation.cluster import ClusterState, cluster_status
from gis_service.foundation.errors import DatabaseUnavailable, InvalidInput, NotFound
from gis_service.foundation.settings import read_settings
from gis_service.foundation.standing import day_in_beijing
from gis_service.registers.divisions.queries import standing_or_retired
from gis_service.registers.placenames.queries import StoredName, names_on_record
from gis_service.registers.placenames.rules.romanization import Stored

_DIGITS = (2, 4, 6, 9, 12)


@dataclass(frozen=True, slots=True)
class Place:
    """Where names lie: a code or the beginning of one, the unit, and what is stored of names in it."""

    code: str = ""
    unit: str | None = None
    names: Mapping[str, frozenset[StoredName]] = field(default_factory=dict)

    def stored(self, name: str) -> Stored:
        """What is on record of a name, where one thing only is."""
        found = self.names.get(name, frozenset())
        if len(found) != 1:
            return Stored()
        [each] = found
        words = tuple(part for part in (each.specific, each.generic) if part)
        syllables = tuple(each.reading.split()) if each.reading else ()
        return Stored(each.roman or "", syllables, words if "".join(words) == name else ())


def place_named(code: str, names: Sequence[str]) -> Place:
    """The unit of a code with what is stored of the names in it; only the code where no database is there.

    Raises:
        InvalidInput: not the code of a unit, nor the beginning of one.
    """
    if not code:
        return Place()
    if not (code.isascii() and code.isdigit() and len(code) in _DIGITS):
        raise InvalidInput(
            f"“{code[:40]}”不是行政区划代码", way_out="请写 2、4、6、9 或 12 位数字，如 320116"
        )
    if not _has_database():
        say(f"没有数据库，只按代码 {code} 查读音表")
        return Place(code)
    try:
        with reading(Act.read_registers) as session:
            return _on_record(session, code, names, on=day_in_beijing(datetime.now(UTC)))
    except DatabaseUnavailable:
        say(f"连不上数据库，只按代码 {code} 查读音表")
        return Place(code)


def _has_database() -> bool:
    settings = read_settings()
    return bool(settings.database_url) or cluster_status(settings.home).state is not ClusterState.absent


def _on_record(session: Session, code: str, names: Sequence[str], *, on: date) -> Place:
    try:
        unit, day = standing_or_retired(session, code.ljust(6, "0"), on=on)
    except NotFound:
        say(f"登记簿中没有代码 {code}，只按代码查读音表")
        return Place(code)
    if day != on:
        say(f"代码 {code}（{unit.name}）用到 {day} 为止")
    known = names_on_record(session, names, within=unit.division_id, on=day)
    for name in (name for name, found in known.items() if len(found) > 1):
        say(f"{unit.name}有几个“{name}”，登记的读音或拼写不同，未采用")
    return Place(code, unit.name, known)
