"""All rules about names over many records at once: pure, and fast enough for a county in seconds.

Records are flat: the keys of `GET /placenames`, as mappings, whatever they come from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from gis_service.foundation.findings import Finding, Severity
from gis_service.registers.placenames.rules.census import judge_fields
from gis_service.registers.placenames.rules.characters import judge_characters
from gis_service.registers.placenames.rules.classes import judge_class
from gis_service.registers.placenames.rules.codes import judge_code
from gis_service.registers.placenames.rules.generics import judge_split

_COUNTY = 6  # digits of the code of a county


class Judged(NamedTuple):
    """A finding, and the row it is about, counted from 0."""

    row: int
    finding: Finding


def judge_names(records: Iterable[Mapping[str, Any]], *, publishing: bool = False) -> list[Judged]:
    """What is wrong with records, row by row (R-CLS-01, R-COD-12, R-NAM-01, R-NAM-02, R-NAM-16, R-PUB-01).

    Fields that are missing warn, and block what is to be published. What has a `revision` stands already: its
    code need not agree with units any more; all else is judged as what is proposed is.
    """
    fields = Severity.blocking if publishing else Severity.warning
    return [Judged(row, finding) for row, record in enumerate(records) for finding in _judged(record, fields)]


def _judged(record: Mapping[str, Any], fields: Severity) -> Iterator[Finding]:
    name, class_code = str(record.get("name") or ""), str(record.get("class") or "")
    code = record.get("code")
    subject = f"{name}（{code}）" if code else name
    if class_code:
        yield from judge_class(class_code)
    if code:
        divisions = record.get("divisions") or ([record["division"]] if record.get("division") else [])
        stands = bool(record.get("revision"))
        yield from judge_code(subject, str(code), class_code=class_code, divisions=divisions, stands=stands)
    if name:
        yield from _characters(name)
        specific, generic = record.get("specific") or None, record.get("generic") or None
        yield from judge_split(subject, name, specific, generic, class_code)
    yield from judge_fields(subject, record, severity=fields)


@lru_cache(maxsize=1 << 16)
def _characters(name: str) -> tuple[Finding, ...]:
    return tuple(judge_characters(name))


def same_names(records: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str, str], int]:
    """Names that occur more than once in a county and main class, and how often (R-NAM-05).

    That is a fact and no fault: what stands stays distinct. Keys are county, main class and name.
    """
    counted = Counter(
        (str(record.get("division") or "")[:_COUNTY], str(record.get("class") or "")[:2], record["name"])
        for record in records
        if record.get("name")
    )
    return {key: times for key, times in counted.items() if times > 1}
