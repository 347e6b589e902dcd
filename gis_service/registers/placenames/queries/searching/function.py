"""The function of the database that finds names: one round trip, plans that are kept, bands until full.

Kinds of match are asked for one after the other, the best first, until a page is full. Within a kind, the
keys of one band after the other are looked up, and of more bands at once the less they give. Every statement
keeps only those of its rows whose best match is of the kind in hand, and drops a name where another of the
same feature comes before it: so pages neither repeat nor lack a feature.
"""

from __future__ import annotations

from collections.abc import Sequence

from gis_service.registers.placenames.queries.searching.hits import HITS
from gis_service.registers.placenames.queries.searching.matching import (
    NUMBER,
    ORDER,
    WITHIN_LIMITS,
    best_of_feature,
    tier_of,
)
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
from gis_service.registers.placenames.rules.searching.explaining import KINDS, UNLIKE, MatchKind

CAP = 2_000  # rows of one band that are ranked
SLIPS_CAP = CAP // 4  # of those that are like the question, but for one character
PROBE = CAP // 10  # rows of several bands looked up at once: where there are more, each is looked up alone
NARROW = 5_000  # names within the limits asked for, up to which all of them are looked at
MOST_BANDS = 8  # of other keys than parts, looked up at once: after many that are empty comes one that is not
PATIENCE = 20_000  # rows that are looked through for some within the limits

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
    " OR s.lacking && slip_keys[from_band * slip_width + 1:till * slip_width]"
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
    MatchKind.slip_same_sound: (
        "slip_width > 0 AND sounds <> '{}'",
        _LEVELS,
        {"TRUE": _sounding("sounds")},  # they are fewer than the slips
    ),
    MatchKind.slip: ("slip_width > 0", _LEVELS, {"TRUE": _SLIPS}),
    MatchKind.same_sound: (
        "sounds <> '{}'",
        f"CASE WHEN sounding_known THEN 1 ELSE {_LEVELS} END",
        {"TRUE": _sounding("sounds")},
    ),
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
    f"WHEN {NUMBER[kind]} THEN CASE WHEN {applies} THEN {bands} ELSE 0 END"
    for kind, (applies, bands, _) in _LOOKUPS.items()
)


def _looked_up(conditions: dict[str, str]) -> str:
    """The places of the rows that an index gives; of alternatives the first whose condition is true."""
    told = (
        f"IF {when} THEN rows := ARRAY(SELECT s.ctid FROM sought_name s WHERE {condition} LIMIT up_to);"
        for when, condition in conditions.items()
    )
    return " ELS".join(told) + " END IF;"


_LOOK_UP = "CASE tier " + "\n".join(
    f"            WHEN {NUMBER[kind]} THEN {_looked_up(conditions)}"
    for kind, (*_, conditions) in _LOOKUPS.items()
)

# One statement judges what several lookups give: it takes long to begin. Its plan is made once a connection.
# Rows are put in order first, and judged until there are enough: judging takes five times as long.
_JUDGE = f"""ARRAY(
                    SELECT c.ctid FROM (
                        SELECT s.ctid AS at, s.rank, s.folded, s.name_id FROM sought_name s
                        WHERE s.ctid = ANY (unjudged) ORDER BY {ORDER.format("s")}
                    ) i JOIN sought_name c ON c.ctid = i.at
                    WHERE {tier_of("c")} = tier AND {WITHIN_LIMITS}
                        AND (NOT resumed
                            OR (c.rank, c.folded, c.name_id) > (after_rank, after_folded, after_id))
                        AND {best_of_feature("tier")}
                    ORDER BY {ORDER.format("i")} LIMIT wanted - cardinality(found))"""


def _numbers(*kinds: MatchKind) -> str:
    return ", ".join(str(NUMBER[kind]) for kind in kinds)


_UNLIKE = _numbers(*UNLIKE)
# Whether names may be left to look at, of other days too, that are called as was asked.
_HELD = (
    f"held OR few IS NOT NULL OR tier <= {len(KINDS)}"
    " AND num_nonnulls(letters, roman_of_q, mix, first_letters) > 0"
)

# Kinds of which thousands of names may match: but for units, standard ones are looked up band by band.
_MANIFOLD = _numbers(MatchKind.slip, MatchKind.initials)
# Kinds of which a lookup is dear by itself: it asks for a range or for hundreds of forms.
_MANY_FORMS = _numbers(MatchKind.pinyin_prefix, MatchKind.pinyin_slip)
_STEPS = f"""
    tier := greatest(after_tier, 1);
    WHILE tier <= {len(KINDS)} AND cardinality(found) < wanted LOOP
        resumed := after_tier = tier;
        least_rank := CASE WHEN resumed THEN after_rank ELSE 0 END;
        bands := CASE WHEN tier = ANY (left_out) THEN 0 ELSE {_BANDS} END END;
        from_band := CASE WHEN NOT resumed OR bands <= 1 THEN 0 WHEN bands = {LEVELS} THEN after_level
            WHEN bands = {LENGTHS} THEN after_length ELSE after_fine END;
        IF tier = {NUMBER[MatchKind.pinyin_prefix]} THEN
            from_band := from_band - from_band % 2;
        END IF;
        widest := CASE WHEN tier = {NUMBER[MatchKind.inner]} THEN inner_widest
            WHEN tier = {NUMBER[MatchKind.prefix]} AND size <= 2 THEN first_widest ELSE {MOST_BANDS} END;
        many := CASE WHEN bands <= 1 THEN 1
            WHEN tier IN ({NUMBER[MatchKind.pinyin_prefix]}, {_MANIFOLD}) THEN 2
            WHEN bands <= {LENGTHS} THEN widest ELSE 1 END;
        alone_from := 2;
        alone_below := CASE WHEN tier IN ({_MANIFOLD}) THEN {LEVELS // 2} ELSE 0 END;
        WHILE from_band < bands AND cardinality(found) < wanted LOOP
            IF from_band >= alone_from AND from_band < alone_below THEN
                many := 1;
            END IF;
            till := least(from_band + many, bands);
            up_to := CASE WHEN tier IN ({_MANY_FORMS}) THEN most
                WHEN many > 1 THEN most / {CAP // PROBE}
                WHEN tier = {NUMBER[MatchKind.slip]} THEN most / {CAP // SLIPS_CAP} ELSE most END;
            IF sounding_known AND tier = {NUMBER[MatchKind.same_sound]} THEN
                rows := sounding;
            ELSE
            {_LOOK_UP}
            END CASE;
            END IF;
            IF cardinality(rows) = up_to AND many > 1 AND tier <> {NUMBER[MatchKind.pinyin_prefix]} THEN
                alone_from := from_band;  -- of so many the best may be cut off
                alone_below := till;
                CONTINUE;
            END IF;
            from_band := till;
            unjudged := unjudged || rows;
            capped := capped OR cardinality(rows) >= up_to;
            held := held OR (rows <> '{{}}' AND tier NOT IN ({_UNLIKE}));
            IF unjudged <> '{{}}' AND (from_band >= bands OR cardinality(unjudged) >= wanted) THEN
                IF NOT unjudged <@ found THEN
                    more := {_JUDGE};
                    found := found || more;
                    tiers := tiers || array_fill(tier, ARRAY[cardinality(more)]);
                END IF;
                unjudged := '{{}}';
            END IF;
            IF tier = {NUMBER[MatchKind.slip_same_sound]} THEN  -- all others of the sound are among them
                sounding := sounding || rows;
                sounding_known := from_band >= bands AND NOT resumed;
            END IF;
            IF tier <> {NUMBER[MatchKind.pinyin_prefix]} THEN
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
        SELECT coalesce(array_agg(h.at ORDER BY h.t, {ORDER.format("h")}), '{{}}'),
            coalesce(array_agg(h.t ORDER BY h.t, {ORDER.format("h")}), '{{}}')
        INTO found, tiers FROM (
            SELECT c.ctid AS at, c.rank, c.folded, c.name_id, {tier_of("c")} AS t FROM sought_name c
            WHERE c.name_id = ANY (few)
                AND {tier_of("c")} IS NOT NULL AND {WITHIN_LIMITS}
                AND ({tier_of("c")}, c.rank, c.folded, c.name_id)
                    > (after_tier, after_rank, after_folded, after_id)
                AND {best_of_feature(tier_of("c"))}
            ORDER BY t, {ORDER.format("c")} LIMIT wanted
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
    found tid[] := '{{}}';
    tiers int[] := '{{}}';
    rows tid[] := '{{}}';
    unjudged tid[] := '{{}}';
    sounding tid[] := '{{}}';
    sounding_known boolean := FALSE;
    more tid[];
    bands int;
    least_rank int;
    capped boolean := FALSE;
    held boolean := FALSE;
    resumed boolean := FALSE;
    tier int;
    from_band int;
    many int;
    up_to int;
    widest int;
    alone_from int;
    alone_below int;
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
    RETURN json_build_object('hits', hits, 'more', cardinality(found) > page, 'capped', capped,
        'held', {_HELD});
END $$
"""
