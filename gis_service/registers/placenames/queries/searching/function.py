"""The function of the database that finds names: one round trip, plans that are kept, bands until full.

Kinds of match are asked for one after the other, the best first, until a page is full. Within a kind, the
keys of one band after the other are looked up, and of more bands at once the less they give. Every statement
keeps only those of its rows whose best match is of the kind in hand, and drops a name where another of the
same feature comes before it: so pages neither repeat nor lack a feature.
"""

from __future__ import annotations

from collections.abc import Sequence

from gis_service.registers.placenames.queries.searching.hits import HITS
from gis_service.registers.placenames.rules.searching.bands import (
    BUCKETS,
    FINE_FIRST,
    HEAVY,
    LENGTH_FIRST,
    LENGTHS,
    LEVELS,
    before_length,
    is_parted,
)
from gis_service.registers.placenames.rules.searching.explaining import KINDS, MatchKind

CAP = 2_000  # rows of one band, and of one lookup, that are ranked
NARROW = 5_000  # names within the limits asked for, up to which all of them are looked at
MOST_BANDS = 8  # of other keys than parts, looked up at once: after many that are empty comes one that is not
PATIENCE = 20_000  # rows that are looked through for some within the limits

_N = {kind: number for number, kind in enumerate(KINDS, start=1)}
_ORDER = "{0}.rank, {0}.folded, {0}.name_id"


def _tier(row: str) -> str:
    """The number of the best match of a row, NULL where it does not match."""
    toned = f"(tone_patterns = '{{}}' OR {row}.tones LIKE ANY (tone_patterns))"
    opened = f"(tone_patterns = '{{}}' OR {row}.tones LIKE ANY (open_patterns))"
    return f"""CASE
        WHEN {row}.base = q AND {row}.weight >= {HEAVY} AND {row}.rank < 1 << 20
            THEN {_N[MatchKind.unit_without_type]}
        WHEN {row}.folded = q THEN {_N[MatchKind.exact]}
        WHEN {row}.base = q THEN {_N[MatchKind.without_type]}
        WHEN left({row}.folded, size) = q THEN {_N[MatchKind.prefix]}
        WHEN position(q IN {row}.folded) > 0 THEN {_N[MatchKind.inner]}
        WHEN {row}.base = base_of_q THEN {_N[MatchKind.other_type]}
        WHEN {row}.folded LIKE ANY (slips) OR {row}.base LIKE ANY (slips) THEN
            CASE WHEN {row}.pinyin = ANY (sounds) OR {row}.base_pinyin = ANY (sounds)
                THEN {_N[MatchKind.slip_same_sound]} ELSE {_N[MatchKind.slip]} END
        WHEN {row}.pinyin = ANY (sounds) OR {row}.base_pinyin = ANY (sounds) THEN {_N[MatchKind.same_sound]}
        WHEN {row}.roman = roman_of_q THEN {_N[MatchKind.spelling]}
        WHEN {row}.pinyin = letters AND {toned} THEN {_N[MatchKind.pinyin]}
        WHEN {row}.base_pinyin = letters AND {opened} THEN {_N[MatchKind.pinyin]}
        WHEN {row}.pinyin >= mix AND {row}.pinyin < mix_end AND {row}.folded LIKE mix_pattern
            THEN {_N[MatchKind.mixed]}
        WHEN first_letters IN ({row}.initials, {row}.base_initials) THEN {_N[MatchKind.initials]}
        WHEN {row}.pinyin >= letters AND {row}.pinyin < letters_end AND {opened}
            THEN {_N[MatchKind.pinyin_prefix]}
        WHEN {row}.pinyin = ANY (near_letters) OR {row}.base_pinyin = ANY (near_letters)
            THEN {_N[MatchKind.pinyin_slip]}
    END"""


_WITHIN_LIMITS = """
        (NOT in_force OR c.feature_valid @> on_day)
        AND (class_asked IS NULL OR left(c.class_code, length(class_asked)) = class_asked)
        AND (units IS NULL OR EXISTS (
            SELECT FROM feature_version v WHERE v.feature_id = c.feature_id AND v.division_ids && units
                AND (NOT in_force OR v.valid @> on_day)))
        AND (box IS NULL OR EXISTS (
            SELECT FROM feature_shape g WHERE g.feature_id = c.feature_id AND g.geom && box
                AND (NOT in_force OR g.valid @> on_day)
                AND (place IS NULL OR ST_DWithin(CAST(g.geom AS geography), place, metres))))"""


def _best(tier: str) -> str:
    """That no other name of the same feature comes first."""
    return f"""(c.alone OR NOT EXISTS (
            SELECT FROM sought_name o WHERE o.feature_id = c.feature_id AND o.name_id <> c.name_id
                AND ({_tier("o")}, o.rank, o.folded, o.name_id) < ({tier}, c.rank, c.folded, c.name_id)))"""


_LEVEL = "s.rank >= level_ranks[from_band + 1] AND s.rank < level_ranks[till + 1]"
_ON_FROM = "s.rank >= least_rank ORDER BY s.rank"  # equal in what is asked for, in the order of ranks


def _keyed(keys: str) -> str:
    return f"s.keys && {keys}[from_band + 1:till]"


def _level(condition: str) -> str:
    return f"({condition}) AND {_LEVEL}"


def _sounding(value: str) -> str:
    return _level(f"s.pinyin = ANY ({value}) OR s.base_pinyin = ANY ({value})")


_BEGINNING_SOUND = "s.pinyin >= letters AND s.pinyin < letters_end"
_SLIPS = _level(
    "s.folded = ANY (slip_equal) OR s.base = ANY (slip_equal)"
    " OR s.keys && slip_keys[from_band * slip_width + 1:till * slip_width]"
)
_LEVELS = str(LEVELS)

# For each kind of match: where it applies, how many bands it is looked up in, and by which conditions; of
# several the first that is true counts.
_LOOKUPS: dict[MatchKind, tuple[str, str, dict[str, str]]] = {
    MatchKind.unit_without_type: (
        "TRUE",
        "1",
        {"TRUE": f"s.base = q AND s.weight >= {HEAVY} AND {_ON_FROM}"},
    ),
    MatchKind.exact: ("TRUE", "1", {"TRUE": f"s.folded = q AND {_ON_FROM}"}),
    MatchKind.without_type: ("TRUE", "1", {"TRUE": f"s.base = q AND {_ON_FROM}"}),
    MatchKind.prefix: (
        "TRUE",
        f"CASE WHEN size > 2 THEN {LEVELS} ELSE cardinality(first_keys) END",
        {"size > 2": _level("s.folded >= q AND s.folded < q_end"), "TRUE": _keyed("first_keys")},
    ),
    MatchKind.inner: (
        "TRUE",
        "cardinality(inner_keys)",
        {"TRUE": _keyed("inner_keys")},
    ),
    MatchKind.other_type: ("base_of_q IS NOT NULL", "1", {"TRUE": f"s.base = base_of_q AND {_ON_FROM}"}),
    MatchKind.slip_same_sound: ("slip_width > 0 AND sounds <> '{}'", _LEVELS, {"TRUE": _SLIPS}),
    MatchKind.slip: ("slip_width > 0", f"CASE WHEN slips_known THEN 1 ELSE {_LEVELS} END", {"TRUE": _SLIPS}),
    MatchKind.same_sound: ("sounds <> '{}'", _LEVELS, {"TRUE": _sounding("sounds")}),
    MatchKind.spelling: ("roman_of_q IS NOT NULL", _LEVELS, {"TRUE": _level("s.roman = roman_of_q")}),
    MatchKind.pinyin: (
        "letters IS NOT NULL",
        _LEVELS,
        {"TRUE": _level("s.pinyin = letters OR s.base_pinyin = letters")},
    ),
    MatchKind.mixed: (
        "mix IS NOT NULL",
        _LEVELS,
        {"TRUE": _level("s.pinyin >= mix AND s.pinyin < mix_end AND s.folded LIKE mix_pattern")},
    ),
    MatchKind.initials: (
        "first_letters IS NOT NULL",
        _LEVELS,
        {"TRUE": _level("s.initials = first_letters OR s.base_initials = first_letters")},
    ),
    MatchKind.pinyin_prefix: (
        "letters IS NOT NULL",
        _LEVELS,
        {
            "from_band % 4 = 0": f"s.weight >= 60 AND {_BEGINNING_SOUND} AND {_LEVEL}",
            "TRUE": f"{_BEGINNING_SOUND} AND {_LEVEL}",
        },
    ),
    MatchKind.pinyin_slip: (
        "near_letters <> '{}'",
        _LEVELS,
        {"TRUE": _sounding("near_letters")},
    ),
}
_BANDS = "CASE tier " + " ".join(
    f"WHEN {_N[kind]} THEN CASE WHEN {applies} THEN {bands} ELSE 0 END"
    for kind, (applies, bands, _) in _LOOKUPS.items()
)


def _looked_up(conditions: dict[str, str]) -> str:
    """The places of the rows that an index gives; of alternatives the first whose condition is true."""
    told = (
        f"IF {when} THEN rows := ARRAY(SELECT s.ctid FROM sought_name s WHERE {condition} LIMIT most);"
        for when, condition in conditions.items()
    )
    return " ELS".join(told) + " END IF;"


_LOOK_UP = "CASE tier " + "\n".join(
    f"            WHEN {_N[kind]} THEN {_looked_up(conditions)}"
    for kind, (*_, conditions) in _LOOKUPS.items()
)

# One statement judges what several lookups give: it takes long to begin. Its plan is made once a connection.
_JUDGE = f"""ARRAY(
                    SELECT c.name_id FROM sought_name c
                    WHERE c.ctid = ANY (unjudged) AND {_tier("c")} = tier AND {_WITHIN_LIMITS}
                        AND (NOT resumed
                            OR (c.rank, c.folded, c.name_id) > (after_rank, after_folded, after_id))
                        AND {_best("tier")}
                    ORDER BY {_ORDER.format("c")} LIMIT wanted - cardinality(ids))"""

# Kinds of which thousands of names may match: they are looked up beginning with one band.
_MANIFOLD = ", ".join(
    str(_N[kind]) for kind in (MatchKind.slip_same_sound, MatchKind.slip, MatchKind.initials)
)
_STEPS = f"""
    tier := greatest(after_tier, 1);
    WHILE tier <= {len(KINDS)} AND cardinality(ids) < wanted LOOP
        resumed := after_tier = tier;
        least_rank := CASE WHEN resumed THEN after_rank ELSE 0 END;
        bands := CASE WHEN tier = ANY (left_out) THEN 0 ELSE {_BANDS} END END;
        from_band := CASE WHEN NOT resumed OR bands <= 1 THEN 0 WHEN bands = {LEVELS} THEN after_level
            WHEN bands = {LENGTHS} THEN after_length ELSE after_fine END;
        IF tier = {_N[MatchKind.pinyin_prefix]} THEN
            from_band := from_band - from_band % 2;
        END IF;
        widest := CASE WHEN tier = {_N[MatchKind.inner]} THEN inner_widest
            WHEN tier = {_N[MatchKind.prefix]} AND size <= 2 THEN first_widest ELSE {MOST_BANDS} END;
        many := CASE WHEN tier = {_N[MatchKind.pinyin_prefix]} THEN 2
            WHEN bands <= {LENGTHS} AND tier NOT IN ({_MANIFOLD}) THEN widest ELSE 1 END;
        WHILE from_band < bands AND cardinality(ids) < wanted LOOP
            till := least(from_band + many, bands);
            IF slips_known AND tier = {_N[MatchKind.slip]} THEN
                rows := slip_rows;
            ELSE
            {_LOOK_UP}
            END CASE;
            END IF;
            IF cardinality(rows) = most AND many > 1 AND tier <> {_N[MatchKind.pinyin_prefix]} THEN
                many := 1;  -- of so many the best may be cut off
                CONTINUE;
            END IF;
            from_band := till;
            unjudged := unjudged || rows;
            capped := capped OR cardinality(rows) >= most;
            IF unjudged <> '{{}}' AND (from_band >= bands OR cardinality(unjudged) >= wanted) THEN
                more := {_JUDGE};
                ids := ids || more;
                tiers := tiers || array_fill(tier, ARRAY[cardinality(more)]);
                unjudged := '{{}}';
            END IF;
            IF tier = {_N[MatchKind.slip_same_sound]} THEN  -- the others are looked up alike
                slip_rows := slip_rows || rows;
                slips_known := from_band >= bands;
            END IF;
            IF tier <> {_N[MatchKind.pinyin_prefix]} THEN
                many := CASE WHEN cardinality(rows) >= {CAP // 40} THEN 1
                    ELSE least(many * 2, widest) END;
            END IF;
        END LOOP;
        tier := tier + 1;
    END LOOP;"""

_NARROW = f"""
    IF units IS NOT NULL THEN
        few := ARRAY(SELECT s.name_id FROM sought_name s WHERE s.keys && unit_keys LIMIT {NARROW + 1});
    END IF;
    IF box IS NOT NULL AND coalesce(cardinality(few), {NARROW} + 1) > {NARROW} THEN
        few := ARRAY(SELECT s.name_id FROM (
            SELECT g.feature_id FROM feature_shape g WHERE g.geom && box LIMIT {NARROW + 1}
        ) near JOIN sought_name s ON s.feature_id = near.feature_id LIMIT {NARROW + 1});
    END IF;
    IF cardinality(few) <= {NARROW} THEN
        SELECT coalesce(array_agg(h.name_id ORDER BY h.t, {_ORDER.format("h")}), '{{}}'),
            coalesce(array_agg(h.t ORDER BY h.t, {_ORDER.format("h")}), '{{}}')
        INTO ids, tiers FROM (
            SELECT c.*, {_tier("c")} AS t FROM sought_name c WHERE c.name_id = ANY (few)
                AND {_tier("c")} IS NOT NULL AND {_WITHIN_LIMITS}
                AND ({_tier("c")}, c.rank, c.folded, c.name_id)
                    > (after_tier, after_rank, after_folded, after_id)
                AND {_best(_tier("c"))}
            ORDER BY t, {_ORDER.format("c")} LIMIT wanted
        ) h;
        after_tier := {len(KINDS) + 1};
    ELSIF units IS NOT NULL OR box IS NOT NULL OR class_asked IS NOT NULL THEN
        most := {PATIENCE};
    END IF;"""

_OF_LENGTH = f"(after_rank >> 8 & 15) - {min(BUCKETS)}"
_BY_FIRST = (
    "CASE after_rank >> 8 & 15 "
    + " ".join(
        f"WHEN {size} THEN {before_length(size)} + (after_rank & 31) * {n} / 32"
        for size, n in BUCKETS.items()
    )
    + " END"
)


def _band(first: Sequence[int], *, by_first: bool) -> str:
    """The band of `after_rank`, as `band_of` tells it."""

    def within(level: int) -> str:
        return "0" if level % 4 == 0 else _BY_FIRST if by_first and is_parted(level) else _OF_LENGTH

    told = " ".join(f"WHEN {level} THEN {first[level]} + {within(level)}" for level in range(LEVELS))
    return f"CASE after_level {told} END"


_LENGTH_BAND, _FINE_BAND = _band(LENGTH_FIRST, by_first=False), _band(FINE_FIRST, by_first=True)

SOUGHT_PLACES = rf"""
CREATE FUNCTION sought_places(asked jsonb) RETURNS json
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET jit = off AS $$
DECLARE
    q text COLLATE "C" := asked->>'q';
    q_end text COLLATE "C" := q || U&'\+10FFFF';
    size int := length(q);
    base_of_q text COLLATE "C" := asked->>'base';
    first_keys int[] := asked->>'first_keys';
    inner_keys int[] := asked->>'inner_keys';
    first_widest int := asked->>'first_widest';
    inner_widest int := asked->>'inner_widest';
    left_out int[] := coalesce(asked->>'left_out', '{{}}');
    slip_keys int[] := asked->>'slip_keys';
    slip_width int := asked->>'slip_width';
    slip_equal text[] COLLATE "C" := ARRAY(SELECT jsonb_array_elements_text(asked->'slip_equal'));
    slips text[] COLLATE "C" := ARRAY(SELECT jsonb_array_elements_text(asked->'slip_patterns'));
    sounds text[] COLLATE "C" := ARRAY(SELECT jsonb_array_elements_text(asked->'sounds'));
    roman_of_q text COLLATE "C" := asked->>'roman';
    letters text COLLATE "C" := asked->>'pinyin';
    letters_end text COLLATE "C" := letters || '~';
    tone_patterns text[] COLLATE "C" := ARRAY(SELECT jsonb_array_elements_text(asked->'tones'));
    open_patterns text[] COLLATE "C" := ARRAY(SELECT jsonb_array_elements_text(asked->'tones_open'));
    mix text COLLATE "C" := asked->>'mixed';
    mix_end text COLLATE "C" := mix || '~';
    mix_pattern text COLLATE "C" := asked->>'mixed_pattern';
    first_letters text COLLATE "C" := asked->>'initials';
    near_letters text[] COLLATE "C" := ARRAY(SELECT jsonb_array_elements_text(asked->'corrected'));
    level_ranks int[] := asked->>'level_ranks';
    on_day date := asked->>'on';
    in_force boolean := asked->>'in_force';
    class_asked text := asked->>'class';
    units uuid[] := asked->>'units';
    unit_keys int[] := asked->>'unit_keys';
    box geometry := ST_GeomFromEWKT(asked->>'box');
    place geography := CAST(ST_GeomFromEWKT(asked->>'place') AS geography);
    metres float := asked->>'metres';
    page int := asked->>'limit';
    wanted int := page + 1;
    after_tier int := coalesce(CAST(asked->>'after_tier' AS int), 0);
    after_id uuid := coalesce(CAST(asked->>'after_id' AS uuid), '00000000-0000-0000-0000-000000000000');
    after_rank int := 0;
    after_folded text COLLATE "C" := '';
    after_level int := 0;
    after_length int := 0;
    after_fine int := 0;
    most int := {CAP};
    few uuid[];
    ids uuid[] := '{{}}';
    tiers int[] := '{{}}';
    rows tid[] := '{{}}';
    unjudged tid[] := '{{}}';
    slip_rows tid[] := '{{}}';
    slips_known boolean := FALSE;
    more uuid[];
    bands int;
    least_rank int;
    capped boolean := FALSE;
    resumed boolean := FALSE;
    tier int;
    from_band int;
    many int;
    widest int;
    till int;
    hits json;
BEGIN
    IF after_tier > 0 THEN
        SELECT s.rank, s.folded INTO after_rank, after_folded FROM sought_name s WHERE s.name_id = after_id;
        IF after_folded IS NULL THEN
            RETURN NULL;
        END IF;
        after_level := (SELECT count(*) FROM unnest(level_ranks) AS bound WHERE bound <= after_rank) - 1;
        after_length := {_LENGTH_BAND};
        after_fine := {_FINE_BAND};
    END IF;
    {_NARROW}
    {_STEPS}
    {HITS}
    RETURN json_build_object('hits', hits, 'more', cardinality(ids) > page, 'capped', capped);
END $$
"""
