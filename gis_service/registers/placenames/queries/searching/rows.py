"""The rows of names that are searched, worked out from the names on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Row, TextClause, text
from sqlalchemy.orm import Session

from gis_service.foundation.database import set_by_set, table_of, written_array
from gis_service.registers.placenames.models import NameKind, NameStatus, SoughtName
from gis_service.registers.placenames.rules.searching import (
    all_lacking,
    division_key,
    forms_of,
    keys_of,
    rank_of,
    search_form,
    weight_of,
)

SOME = "{id} = ANY(CAST(:ids AS uuid[]))"  # the condition that a feature is one of `ids`
COLUMNS = tuple(column.name for column in table_of(SoughtName).columns)
_in_order = itemgetter(*COLUMNS)


def names_of(session: Session, condition: str, bound: Mapping[str, Any]) -> Sequence[Row[Any]]:
    """All names of some features, which `condition` tells of the column `{id}`, as `sought_row` takes them.

    Names that were turned down are no names. `level` is that of the unit a feature is, as it was last.
    """
    with set_by_set(session):
        return session.execute(_statement(condition), bound).all()


@cache
def _statement(condition: str) -> TextClause:
    return text(f"""
SELECT CAST(n.id AS text), CAST(n.feature_id AS text), n.kind, n.text, n.reading, n.roman,
    CAST(n.valid AS text), upper_inf(n.valid), CAST(v.valid AS text), v.class_code, v.division_ids,
    CAST(v.acts || n.begun_by || f.registered_by AS text),
    count(*) OVER (PARTITION BY n.feature_id) = 1, unit.level, listed.code
FROM place_name n JOIN feature f ON f.id = n.feature_id AND {condition.format(id="f.id")}
JOIN (
    SELECT w.feature_id, daterange(min(lower(w.valid)), max(coalesce(upper(w.valid), 'infinity'))) AS valid,
        (array_agg(w.class_code ORDER BY lower(w.valid) DESC))[1] AS class_code,
        (array_agg(CAST(w.division_ids AS text) ORDER BY lower(w.valid) DESC))[1] AS division_ids,
        (array_agg(w.division_ids[1] ORDER BY lower(w.valid) DESC))[1] AS division_id,
        array_agg(w.begun_by) AS acts
    FROM feature_version w WHERE {condition.format(id="w.feature_id")} GROUP BY w.feature_id
) v ON v.feature_id = n.feature_id
LEFT JOIN LATERAL (
    SELECT d.level FROM division_version d WHERE d.division_id = f.division_id
    ORDER BY lower(d.valid) DESC LIMIT 1
) unit ON TRUE
LEFT JOIN LATERAL (
    SELECT d.code FROM division_version d WHERE d.division_id = v.division_id
    ORDER BY lower(d.valid) DESC LIMIT 1
) listed ON TRUE
WHERE n.status <> '{NameStatus.rejected.value}' AND {condition.format(id="n.feature_id")}
""")


def sought_row(name: Sequence[Any]) -> tuple[Any, ...]:
    """A row of `sought_name`, in the order of `COLUMNS`, from one of `names_of`; arrays as text."""
    id_, feature, kind, text_, reading, roman, name_valid, lasts, feature_valid = name[:9]
    class_code, division_ids, acts, alone, level, code = name[9:]
    forms = forms_of(text_, reading, (code or "")[:6])
    weight = weight_of(class_code, level)
    rank = rank_of(forms.folded, weight, is_standard=lasts and kind == NameKind.standard)
    keys = keys_of(forms, rank) + [division_key(unit) for unit in members(division_ids)]
    spelled = search_form(roman) if roman else None
    row: tuple[Any, ...] = _in_order(
        {
            "name_id": id_,
            "feature_id": feature,
            "name_valid": name_valid,
            "feature_valid": feature_valid.replace("infinity", ""),
            "rank": rank,
            "weight": weight,
            "alone": alone,
            "kind": kind,
            "text": text_,
            "folded": forms.folded,
            "base": forms.base,
            "pinyin": forms.pinyin,
            "base_pinyin": forms.base_pinyin,
            "tones": forms.tones,
            "initials": forms.initials,
            "base_initials": forms.base_initials,
            "roman": spelled if spelled != forms.pinyin else None,
            "class_code": class_code,
            "division_ids": division_ids,
            "sources": written_array(sorted({*members(acts)})),
            "keys": written_array(keys),
            "lacking": written_array(all_lacking(forms, rank)),
        }
    )
    return row


def members(array: str) -> list[str]:
    """The members of an array of numbers or UUIDs as PostgreSQL writes it."""
    return array[1:-1].split(",") if array != "{}" else []
