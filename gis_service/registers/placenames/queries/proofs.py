"""Proving the register of place names, for all days at once: periods are compared whole, not day by day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis_service.foundation.database import written_array
from gis_service.foundation.findings import Finding
from gis_service.registers.placenames.queries.searching.rows import (
    COLUMNS,
    SOME,
    members,
    names_of,
    sought_row,
)
from gis_service.registers.placenames.rules.proofs import (
    R_REG_09,
    R_REG_10,
    R_REG_11,
    R_REG_12,
    R_REG_13,
    broken,
    told,
)

MOST = 1000  # findings of a kind that are named; it is enough to know that there are so many
_LIVES = "SELECT feature_id, range_agg(valid) AS life FROM feature_version GROUP BY feature_id"

_OUTSIDE = {
    table: text(f"""
WITH lives AS ({_LIVES})
SELECT t.feature_id, t.valid FROM {table} t LEFT JOIN lives ON lives.feature_id = t.feature_id
WHERE NOT coalesce(t.valid <@ lives.life, false) LIMIT {MOST}""")
    for table in ("place_name", "feature_shape", "feature_relation")
}

_UNITS = text(f"""
WITH listed AS (SELECT DISTINCT unit, valid FROM feature_version, unnest(division_ids) AS unit),
held AS (SELECT division_id, range_agg(valid) AS life FROM division_version GROUP BY division_id)
SELECT listed.unit, listed.valid FROM listed LEFT JOIN held ON held.division_id = listed.unit
WHERE NOT coalesce(listed.valid <@ held.life, false) LIMIT {MOST}""")

_NAMED_OTHERWISE = text(f"""
SELECT v.code, v.name, v.valid FROM division_version v JOIN feature f ON f.division_id = v.division_id
WHERE NOT EXISTS (
    SELECT FROM place_name n WHERE n.feature_id = f.id AND n.kind = '标准名称' AND n.text = v.name
    AND n.valid @> v.valid
) LIMIT {MOST}""")

_WITHOUT_FEATURE = text("""
SELECT count(DISTINCT v.division_id) FROM division_version v
WHERE NOT EXISTS (SELECT FROM feature f WHERE f.division_id = v.division_id)""")

_WITHOUT_NAME = text(f"""
WITH lives AS ({_LIVES}), named AS (
    SELECT feature_id, range_agg(valid) AS life FROM place_name WHERE kind = '标准名称' GROUP BY feature_id
)
SELECT count(*) FROM lives LEFT JOIN named ON named.feature_id = lives.feature_id
WHERE NOT coalesce(lives.life <@ named.life, false)""")

_NOT_AS_SOUGHT = text("""
SELECT count(*) FROM place_name n FULL JOIN sought_name s ON s.name_id = n.id
WHERE n.id IS NULL OR CASE WHEN s.name_id IS NULL THEN n.status <> '不予采用'
    ELSE (s.feature_id, s.text, s.kind, s.name_valid)
        IS DISTINCT FROM (n.feature_id, n.text, n.kind, n.valid) END""")

_SAMPLE = 500  # names that are worked out anew: forms and keys change for all alike, when rules or tables do
_SOME_SOUGHT = text("""
SELECT CAST(feature_id AS text) FROM sought_name TABLESAMPLE BERNOULLI (
    (SELECT least(100, 100.0 * :sample / greatest(count(*), 1)) FROM sought_name)) LIMIT :sample""")
_FORMS = ("rank", "folded", "base", "pinyin", "base_pinyin", "tones", "initials", "base_initials", "roman")
_AS_MADE = text(f"""
SELECT CAST(name_id AS text) AS name_id, keys, lacking, {", ".join(_FORMS)}
FROM sought_name WHERE {SOME.format(id="feature_id")}""")

_WORDS = {"place_name": "名称", "feature_shape": "图形", "feature_relation": "关系"}


def prove_names(session: Session) -> list[Finding]:
    """Everything that must hold of place names, on any day."""
    return [*_inside_life(session), *_in_units(session), *_of_units(session)]


def wanting_names(session: Session) -> list[Finding]:
    """What is no fault of the register and still wants somebody: counts, as warnings."""
    found = []
    if without := session.scalar(_WITHOUT_FEATURE):
        found.append(told(R_REG_11, "行政区划", f"{without} 个行政区划尚无地名条目"))
    if without := session.scalar(_WITHOUT_NAME):
        message = f"{without} 个地理实体在册期间有时没有标准名称"
        found.append(told(R_REG_12, "地理实体", message, "请逐个核定或更名"))
    if other := session.scalar(_NOT_AS_SOUGHT):
        message = f"{other} 个名称查不到，或按旧的名称查到"
        found.append(told(R_REG_13, "地名检索", message, "请运行 gis-service names reindex"))
    elif other := _made_otherwise(session):
        message = f"抽查的名称中有 {other} 个的检索形式与现行规则不符，可能查不到"
        found.append(told(R_REG_13, "地名检索", message, "请运行 gis-service names reindex"))
    return found


def _made_otherwise(session: Session) -> int:
    """How many names of a sample are searched by other forms and keys than this program works out."""
    some = {"ids": written_array(session.scalars(_SOME_SOUGHT, {"sample": _SAMPLE}))}
    made = {row["name_id"]: dict(row) for row in session.execute(_AS_MADE, some).mappings()}
    names = names_of(session, SOME, some)
    would_be = (dict(zip(COLUMNS, sought_row(name), strict=True)) for name in names)
    return sum(not _is_alike(made.get(row["name_id"]), row) for row in would_be)


def _is_alike(made: Mapping[str, Any] | None, row: Mapping[str, Any]) -> bool:
    return (
        made is not None
        and all(made[form] == row[form] for form in _FORMS)
        and all(set(made[each]) == set(map(int, members(row[each]))) for each in ("keys", "lacking"))
    )


def _inside_life(session: Session) -> Iterator[Finding]:
    for table, outside in _OUTSIDE.items():
        for feature, valid in session.execute(outside):
            message = f"地理实体 {feature} 的{_WORDS[table]}（{valid}）超出其在册期限"
            yield broken(R_REG_09, str(feature), message)


def _in_units(session: Session) -> Iterator[Finding]:
    for unit, valid in session.execute(_UNITS):
        yield broken(R_REG_10, str(unit), f"有地理实体在 {valid} 列于单位 {unit}，该单位不全在册")


def _of_units(session: Session) -> Iterator[Finding]:
    for code, name, valid in session.execute(_NAMED_OTHERWISE):
        yield broken(R_REG_11, code, f"{name}（{code}）{valid} 的地名与区划登记簿不一致")
