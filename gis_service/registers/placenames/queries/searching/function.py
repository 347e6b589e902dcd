"""The function of the database that finds names: one round trip, plans that are kept, bands until full.

Kinds of match are asked for one after the other, the best first, until a page is full. Within a kind, the
keys of one band after the other are looked up, and of more bands at once the less they give. Every statement
keeps only those of its rows whose best match is of the kind in hand, and drops a name where another of the
same feature comes before it: so pages neither repeat nor lack a feature.
"""

from __future__ import annotations

from gis_service.registers.placenames.rules.searching.explaining import KINDS, MatchKind
from gis_service.registers.placenames.rules.searching.keys import BUCKETS, FINE, LEVELS

CAP = 2_000  # rows of one band, and of one lookup, that are ranked
NARROW = 5_000  # names within the limits asked for, up to which all of them are looked at
PATIENCE = 20_000  # rows that are looked through for some within the limits

_N = {kind: number for number, kind in enumerate(KINDS, start=1)}
_ORDER = "{0}.rank, {0}.folded, {0}.name_id"
_COLUMNS = (
    "name_id, feature_id, rank, folded, base, pinyin, base_pinyin, tones, initials, base_initials, roman,"
    " class_code, division_ids, feature_valid, alone"
)


def _tier(row: str) -> str:
    """The number of the best match of a row, NULL where it does not match."""
    toned = f"(tone_patterns = '{{}}' OR {row}.tones LIKE ANY (tone_patterns))"
    opened = f"(tone_patterns = '{{}}' OR {row}.tones LIKE ANY (open_patterns))"
    return f"""CASE
        WHEN {row}.folded = q THEN {_N[MatchKind.exact]}
        WHEN {row}.base = q THEN {_N[MatchKind.without_type]}
        WHEN left({row}.folded, size) = q THEN {_N[MatchKind.prefix]}
        WHEN position(q IN {row}.folded) > 0 THEN {_N[MatchKind.inner]}
        WHEN {row}.base = base_of_q THEN {_N[MatchKind.other_type]}
        WHEN {row}.folded LIKE ANY (slips) OR {row}.base LIKE ANY (slips) THEN
            CASE WHEN sound IN ({row}.pinyin, {row}.base_pinyin)
                THEN {_N[MatchKind.slip_same_sound]} ELSE {_N[MatchKind.slip]} END
        WHEN sound IN ({row}.pinyin, {row}.base_pinyin) THEN {_N[MatchKind.same_sound]}
        WHEN {row}.roman = roman_of_q THEN {_N[MatchKind.spelling]}
        WHEN {row}.pinyin = letters AND {toned} THEN {_N[MatchKind.pinyin]}
        WHEN {row}.base_pinyin = letters AND {opened} THEN {_N[MatchKind.pinyin]}
        WHEN mix IN ({row}.pinyin, {row}.base_pinyin) AND {row}.folded LIKE mix_pattern
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


def _lookup(condition: str, order: str = "") -> str:
    """Rows by an index; `more` are those that are hits of the tier in hand, `seen` how many there were."""
    return f"""
        WITH c AS MATERIALIZED (
            SELECT {_COLUMNS} FROM sought_name s WHERE {condition} {order} LIMIT most
        )
        SELECT ARRAY(SELECT c.name_id FROM c
            WHERE {_tier("c")} = tier AND {_WITHIN_LIMITS}
                AND (NOT resumed OR (c.rank, c.folded, c.name_id) > (after_rank, after_folded, after_id))
                AND {_best("tier")}
            ORDER BY {_ORDER.format("c")} LIMIT wanted - cardinality(ids)
        ), (SELECT count(*) FROM c) INTO more, seen;
        ids := ids || more;
        capped := capped OR seen = most;"""


def _step(kind: MatchKind, applies: str, lookups: str) -> str:
    """One kind of match, where it applies and the page is not full."""
    return f"""
    tier := {_N[kind]};
    IF after_tier <= tier AND cardinality(ids) < wanted AND {applies} THEN
        resumed := after_tier = tier;
        {lookups}
        tiers := tiers || array_fill(tier, ARRAY[cardinality(ids) - cardinality(tiers)]);
    END IF;"""


def _bands(count: str, first: str, lookup: str) -> str:
    """Band after band from `first`, more at once the less they give."""
    return f"""
        from_band := CASE WHEN resumed THEN {first} ELSE 0 END;
        many := 1;
        WHILE from_band < {count} AND cardinality(ids) < wanted LOOP
            till := least(from_band + many, {count});
            {lookup}
            from_band := till;
            many := CASE WHEN seen < {CAP // 40} THEN many * 2 ELSE 1 END;
        END LOOP;"""


_LEVEL = "s.rank >= level_ranks[from_band + 1] AND s.rank < level_ranks[till + 1]"


def _levels(condition: str) -> str:
    """The steps of weight one after the other, the heaviest first."""
    return _bands(str(LEVELS), "after_level", _lookup(f"({condition}) AND {_LEVEL}"))


def _keyed(*keys: str) -> str:
    held = " AND ".join(f"s.keys && {each}[from_band + 1:till]" for each in keys)
    fine = _bands(f"cardinality({keys[0]})", "CASE WHEN size = 1 THEN after_band ELSE after_level END", "{}")
    return fine.replace("{}", _lookup(held))


_EXACT = _lookup("s.folded = q", "ORDER BY s.rank")
_WITHOUT_TYPE = _lookup("s.base = q", "ORDER BY s.rank")
_PREFIX = f"""IF size > 2 THEN
        {_levels("s.folded >= q AND s.folded < q_end")}
        ELSE {_keyed("first_keys")}
        END IF;"""
_INNER = f"""IF inner_also = '{{}}' THEN {_keyed("inner_keys")} ELSE {_keyed("inner_keys", "inner_also")} END IF;"""
_OTHER_TYPE = _lookup("s.base = base_of_q", "ORDER BY s.rank")
_SLIPS = _levels(
    "s.folded = ANY (slip_equal) OR s.base = ANY (slip_equal)"
    " OR s.keys && slip_keys[from_band * slip_width + 1:till * slip_width]"
)
_PREFIX_OF_PINYIN = f"""
        from_band := CASE WHEN resumed THEN after_level - after_level % 2 ELSE 0 END;
        WHILE from_band < {LEVELS} AND cardinality(ids) < wanted LOOP
            till := from_band + 2;
            IF from_band % 4 = 0 THEN {_lookup(f"s.weight >= 60 AND s.pinyin >= letters AND s.pinyin < letters_end AND {_LEVEL}")}
            ELSE {_lookup(f"s.pinyin >= letters AND s.pinyin < letters_end AND {_LEVEL}")}
            END IF;
            from_band := till;
        END LOOP;"""


def _sounding(value: str) -> str:
    return _levels(f"s.pinyin = {value} OR s.base_pinyin = {value}")


_STEPS = "".join(
    (
        _step(MatchKind.exact, "TRUE", _EXACT),
        _step(MatchKind.without_type, "TRUE", _WITHOUT_TYPE),
        _step(MatchKind.prefix, "TRUE", _PREFIX),
        _step(MatchKind.inner, "TRUE", _INNER),
        _step(MatchKind.other_type, "base_of_q IS NOT NULL", _OTHER_TYPE),
        _step(MatchKind.slip_same_sound, "slip_width > 0 AND sound IS NOT NULL", _SLIPS),
        _step(MatchKind.slip, "slip_width > 0", _SLIPS),
        _step(MatchKind.same_sound, "sound IS NOT NULL", _sounding("sound")),
        _step(MatchKind.spelling, "roman_of_q IS NOT NULL", _levels("s.roman = roman_of_q")),
        _step(MatchKind.pinyin, "letters IS NOT NULL", _sounding("letters")),
        _step(MatchKind.mixed, "mix IS NOT NULL", _sounding("mix")),
        _step(
            MatchKind.initials,
            "first_letters IS NOT NULL",
            _levels("s.initials = first_letters OR s.base_initials = first_letters"),
        ),
        _step(MatchKind.pinyin_prefix, "letters IS NOT NULL", _PREFIX_OF_PINYIN),
        _step(
            MatchKind.pinyin_slip,
            "near_letters <> '{}'",
            _levels("s.pinyin = ANY (near_letters) OR s.base_pinyin = ANY (near_letters)"),
        ),
    )
)

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

# OFFSET 0 keeps the planner from the indexes that hold all that stands on a day.
_HITS = """
    SELECT coalesce(jsonb_agg(jsonb_build_object(
        'tier', h.tier, 'name_id', s.name_id, 'id', s.feature_id, 'matched_on', s.text, 'kind', s.kind,
        'in_use', s.name_valid @> on_day, 'exists', s.feature_valid @> on_day, 'weight', s.weight,
        'is_standard', s.rank < 1 << 20,
        'name', coalesce(named.text, s.text), 'class', coalesce(v.class_code, s.class_code),
        'division', d.code, 'division_name', d.name, 'lon', g.lon, 'lat', g.lat,
        'from', lower(s.feature_valid), 'to', upper(s.feature_valid),
        'kept', (SELECT array_agg(DISTINCT i.classification) FROM instrument i
            WHERE i.id = ANY (s.sources) AND i.classification <> '公开')
    ) ORDER BY h.at), '[]') INTO hits
    FROM unnest(ids[:page], tiers[:page]) WITH ORDINALITY AS h(name_id, tier, at)
    JOIN sought_name s ON s.name_id = h.name_id
    LEFT JOIN LATERAL (
        SELECT known.class_code, known.division_ids FROM (
            SELECT f.class_code, f.division_ids, f.valid FROM feature_version f
            WHERE f.feature_id = s.feature_id OFFSET 0
        ) known WHERE known.valid @> on_day LIMIT 1
    ) v ON TRUE
    LEFT JOIN LATERAL (
        SELECT known.text FROM (
            SELECT n.text, n.kind, n.valid FROM place_name n WHERE n.feature_id = s.feature_id OFFSET 0
        ) known WHERE known.kind = '标准名称' AND known.valid @> on_day LIMIT 1
    ) named ON TRUE
    LEFT JOIN LATERAL (
        SELECT ST_X(p.point) AS lon, ST_Y(p.point) AS lat FROM (
            SELECT CASE WHEN known.role = '点' THEN known.geom ELSE ST_PointOnSurface(known.geom) END AS point
            FROM (SELECT f.role, f.geom, f.valid FROM feature_shape f
                WHERE f.feature_id = s.feature_id OFFSET 0) known
            WHERE known.valid @> on_day ORDER BY known.role <> '点' LIMIT 1
        ) p
    ) g ON TRUE
    LEFT JOIN LATERAL (
        SELECT known.code, known.name FROM (
            SELECT u.code, u.name, u.valid FROM division_version u
            WHERE u.division_id
                = (CASE WHEN v.division_ids IS NULL THEN s.division_ids ELSE v.division_ids END)[1] OFFSET 0
        ) known WHERE known.valid @> on_day LIMIT 1
    ) d ON TRUE;"""

_BAND = f"""after_level / 4 * {FINE // 2} + CASE WHEN after_level % 4 = 0 THEN 0 ELSE
            1 + (after_level % 4 - 1) * {sum(BUCKETS.values())} + CASE after_rank >> 8 & 15
            {" ".join(f"WHEN {size} THEN {sum(n for s, n in BUCKETS.items() if s < size)} + (after_rank & 15) * {n} / 16" for size, n in BUCKETS.items())}
            END END"""

SOUGHT_PLACES = rf"""
CREATE FUNCTION sought_places(asked jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET jit = off AS $$
DECLARE
    q text COLLATE "C" := asked->>'q';
    q_end text COLLATE "C" := q || U&'\+10FFFF';
    size int := length(q);
    base_of_q text COLLATE "C" := asked->>'base';
    first_keys int[] := asked->>'first_keys';
    inner_keys int[] := asked->>'inner_keys';
    inner_also int[] := asked->>'inner_also';
    slip_keys int[] := asked->>'slip_keys';
    slip_width int := asked->>'slip_width';
    slip_equal text[] COLLATE "C" := ARRAY(SELECT jsonb_array_elements_text(asked->'slip_equal'));
    slips text[] COLLATE "C" := ARRAY(SELECT jsonb_array_elements_text(asked->'slip_patterns'));
    sound text COLLATE "C" := asked->>'sound';
    roman_of_q text COLLATE "C" := asked->>'roman';
    letters text COLLATE "C" := asked->>'pinyin';
    letters_end text COLLATE "C" := letters || '~';
    tone_patterns text[] COLLATE "C" := ARRAY(SELECT jsonb_array_elements_text(asked->'tones'));
    open_patterns text[] COLLATE "C" := ARRAY(SELECT jsonb_array_elements_text(asked->'tones_open'));
    mix text COLLATE "C" := asked->>'mixed';
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
    after_band int := 0;
    most int := {CAP};
    few uuid[];
    ids uuid[] := '{{}}';
    tiers int[] := '{{}}';
    more uuid[];
    seen int := 0;
    capped boolean := FALSE;
    resumed boolean := FALSE;
    tier int;
    from_band int;
    many int;
    till int;
    hits jsonb;
BEGIN
    IF after_tier > 0 THEN
        SELECT s.rank, s.folded INTO after_rank, after_folded FROM sought_name s WHERE s.name_id = after_id;
        IF after_folded IS NULL THEN
            RETURN NULL;
        END IF;
        after_level := (SELECT count(*) FROM unnest(level_ranks) AS bound WHERE bound <= after_rank) - 1;
        after_band := {_BAND};
    END IF;
    {_NARROW}
    {_STEPS}
    {_HITS}
    RETURN jsonb_build_object('hits', hits, 'more', cardinality(ids) > page, 'capped', capped);
END $$
"""
