"""Keeping the names that are searched equal to the names on record."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Session

from gis_service.foundation.database import (
    copy_line,
    copy_rows,
    copy_text,
    lock_registers,
    table_of,
    written_array,
)
from gis_service.foundation.standing import full_sight
from gis_service.foundation.transaction import Transaction
from gis_service.registers.placenames.events import FeaturesChanged
from gis_service.registers.placenames.models import NameKind, NameStatus, SoughtName
from gis_service.registers.placenames.rules.searching import (
    division_key,
    forms_of,
    keys_of,
    rank_of,
    search_form,
    weight_of,
)

BATCH = 20_000  # features read, and rows written, at a time
COLUMNS = tuple(column.name for column in table_of(SoughtName).columns)

# Names that were turned down are no names. `level` is that of the unit a feature is, as it was last.
_NAMES = """
SELECT n.id, n.feature_id, n.kind, n.text, n.reading, n.roman,
    CAST(n.valid AS text) AS name_valid, upper_inf(n.valid) AS lasts,
    CAST(v.valid AS text) AS feature_valid, v.class_code, CAST(v.division_ids AS text[]),
    ARRAY(SELECT DISTINCT CAST(act AS text)
        FROM unnest(v.sources || n.begun_by || f.registered_by) AS act) AS sources,
    count(*) OVER (PARTITION BY n.feature_id) = 1 AS alone,
    unit.level, listed.code
FROM {features} f
JOIN place_name n ON n.feature_id = f.id AND n.status <> '{rejected}'
JOIN LATERAL (
    SELECT daterange(min(lower(w.valid)), max(coalesce(upper(w.valid), 'infinity'))) AS valid,
        (array_agg(w.class_code ORDER BY lower(w.valid) DESC))[1] AS class_code,
        (SELECT l.division_ids FROM feature_version l WHERE l.feature_id = f.id
            ORDER BY lower(l.valid) DESC LIMIT 1) AS division_ids,
        array_agg(w.begun_by) AS sources
    FROM feature_version w WHERE w.feature_id = f.id
) v ON v.class_code IS NOT NULL
LEFT JOIN LATERAL (
    SELECT d.level FROM division_version d WHERE d.division_id = f.division_id
    ORDER BY lower(d.valid) DESC LIMIT 1
) unit ON TRUE
LEFT JOIN LATERAL (
    SELECT d.code FROM division_version d WHERE d.division_id = v.division_ids[1]
    ORDER BY lower(d.valid) DESC LIMIT 1
) listed ON TRUE
"""
_OF_SOME = text(
    _NAMES.format(features="(SELECT * FROM feature WHERE id = ANY(:ids))", rejected=NameStatus.rejected.value)
).bindparams(bindparam("ids", type_=ARRAY(PG_UUID(as_uuid=True))))
_FORGET = text("DELETE FROM sought_name WHERE feature_id = ANY(:ids)").bindparams(
    bindparam("ids", type_=ARRAY(PG_UUID(as_uuid=True)))
)


def index_names(tx: Transaction, event: FeaturesChanged) -> None:
    """Let the names of these features be found as they now are."""
    ids = sorted(set(event.feature_ids))
    with full_sight(tx.session):
        for at in range(0, len(ids), BATCH):
            some = {"ids": ids[at : at + BATCH]}
            tx.session.execute(_FORGET, some)
            names = [tuple(row) for row in tx.session.execute(_OF_SOME, some)]
            copy_rows(tx.session, table_of(SoughtName), COLUMNS, map(sought_row, names))


def sought_row(name: Sequence[Any]) -> tuple[Any, ...]:
    """A row of `sought_name`, in the order of `COLUMNS`, from one of `_NAMES`; arrays as text."""
    id_, feature, kind, text_, reading, roman, name_valid, lasts, feature_valid = name[:9]
    class_code, division_ids, sources, alone, level, code = name[9:]
    forms = forms_of(text_, reading, (code or "")[:6])
    weight = weight_of(class_code, level)
    rank = rank_of(forms.folded, weight, is_standard=lasts and kind == NameKind.standard)
    keys = keys_of(forms, rank) + [division_key(unit) for unit in division_ids]
    spelled = search_form(roman) if roman else None
    told = {
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
        "division_ids": written_array(division_ids),
        "sources": written_array(sources),
        "keys": written_array(keys),
    }
    return tuple(told[column] for column in COLUMNS)


@dataclass(frozen=True, slots=True)
class Reindexed:
    """How many features and names were indexed anew."""

    features: int
    names: int


# The new table stands beside the old one until it is whole; who reads meanwhile reads the old one.
_BESIDE = (
    "CREATE TABLE sought_name_new (LIKE sought_name INCLUDING DEFAULTS)",
    "CREATE UNLOGGED TABLE sought_name_raw (LIKE sought_name)",
)
_IN_ORDER = (
    # in the order of ranks: of a frequent part that is cut off, the best stay
    "INSERT INTO sought_name_new SELECT * FROM sought_name_raw ORDER BY rank, folded, name_id",
    "DROP TABLE sought_name_raw",
)
_INDEXES = text("""
SELECT indexname, indexdef, EXISTS (SELECT FROM pg_constraint WHERE conname = indexname) AS is_key
FROM pg_indexes WHERE tablename = 'sought_name' AND schemaname = 'public'
""")
_POLICIES = text("""
SELECT polname, pg_get_expr(polqual, polrelid),
    ARRAY(SELECT CAST(CAST(r AS regrole) AS text) FROM unnest(polroles) AS r)
FROM pg_policy WHERE polrelid = CAST('sought_name' AS regclass)
""")
_RANGE = text("SELECT id FROM feature WHERE id > :after ORDER BY id OFFSET :batch - 1 LIMIT 1")
_FIRST = UUID(int=0)
_LAST = UUID(int=(1 << 128) - 1)


def rebuild(
    session: Session, *, processes: int = 1, tell: Callable[[int], None] = lambda _names: None
) -> Reindexed:
    """Make all that is searched anew, as the owner of the tables; the caller commits.

    Writers of the registers wait until it is done, readers do not.
    """
    lock_registers(session)
    for statement in _BESIDE:
        session.execute(text(statement))
    names = _fill(session, processes, tell)
    for statement in (
        "SET LOCAL maintenance_work_mem = '1GB'",
        "SET LOCAL work_mem = '512MB'",
        *_IN_ORDER,
        *_as_before(session),
    ):
        session.execute(text(statement))
    features = session.scalar(text("SELECT count(DISTINCT feature_id) FROM sought_name")) or 0
    return Reindexed(features, names)


def _as_before(session: Session) -> Iterator[str]:
    """Indexes, walls and rights of the table, for the one that takes its place; then it does."""
    indexes = session.execute(_INDEXES).all()
    for name, definition, _ in indexes:
        made = definition.replace(f"INDEX {name} ON", f"INDEX {name}_new ON")
        yield made.replace("public.sought_name ", "public.sought_name_new ")
    yield "ALTER TABLE sought_name_new ENABLE ROW LEVEL SECURITY"
    for name, condition, roles in session.execute(_POLICIES).all():
        known = ", ".join(roles)
        yield f"CREATE POLICY {name} ON sought_name_new TO {known} USING ({condition}) WITH CHECK (true)"
        yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON sought_name_new TO {known}"
    yield "ANALYZE sought_name_new"
    yield "DROP TABLE sought_name"
    yield "ALTER TABLE sought_name_new RENAME TO sought_name"
    for name, _, is_key in indexes:
        yield f"ALTER INDEX {name}_new RENAME TO {name}"
        if is_key:
            yield f"ALTER TABLE sought_name ADD CONSTRAINT {name} PRIMARY KEY USING INDEX {name}"


def _fill(session: Session, processes: int, tell: Callable[[int], None]) -> int:
    """Rows are worked out by other processes while this one reads and writes."""
    count = 0
    with get_context("spawn").Pool(processes) as pool:
        waiting: deque[Any] = deque()
        for batch in _batches(session):
            waiting.append(pool.apply_async(_lines, (batch,)))
            if len(waiting) > 2 * processes:
                count += _copied(session, waiting.popleft().get())
                tell(count)
        for made in waiting:
            count += _copied(session, made.get())
            tell(count)
    return count


def _copied(session: Session, made: tuple[int, str]) -> int:
    count, lines = made
    copy_text(session, f"COPY sought_name_raw ({', '.join(COLUMNS)}) FROM STDIN", lines)
    return count


def _batches(session: Session) -> Iterator[list[tuple[Any, ...]]]:
    statement = text(
        _NAMES.format(
            features="(SELECT * FROM feature WHERE id > :after AND id <= :till)",
            rejected=NameStatus.rejected.value,
        )
    )
    after = _FIRST
    while after != _LAST:
        till = session.scalar(_RANGE, {"after": after, "batch": BATCH}) or _LAST
        yield [tuple(row) for row in session.execute(statement, {"after": after, "till": till})]
        after = till


def _lines(names: list[tuple[Any, ...]]) -> tuple[int, str]:
    """Rows as COPY reads them; made in another process."""
    return len(names), "".join(copy_line(sought_row(name)) for name in names)
