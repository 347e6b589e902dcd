"""What a row of names is to a question, in the words of the function that finds names."""

from __future__ import annotations

from gis_service.registers.placenames.rules.searching.bands import HEAVY
from gis_service.registers.placenames.rules.searching.explaining import KINDS, MatchKind

NUMBER = {kind: number for number, kind in enumerate(KINDS, start=1)}
ORDER = "{0}.rank, {0}.folded, {0}.name_id"


def tier_of(row: str) -> str:
    """The number of the best match of a row, NULL where it does not match."""
    toned = f"(tone_patterns = '{{}}' OR {row}.tones LIKE ANY (tone_patterns))"
    opened = f"(tone_patterns = '{{}}' OR {row}.tones LIKE ANY (open_patterns))"
    return f"""CASE
        WHEN {row}.base = q AND {row}.weight >= {HEAVY} AND {row}.rank < 1 << 20
            THEN {NUMBER[MatchKind.unit_without_type]}
        WHEN {row}.folded = q THEN {NUMBER[MatchKind.exact]}
        WHEN {row}.base = q THEN {NUMBER[MatchKind.without_type]}
        WHEN left({row}.folded, size) = q THEN {NUMBER[MatchKind.prefix]}
        WHEN position(q IN {row}.folded) > 0 THEN {NUMBER[MatchKind.inner]}
        WHEN {row}.base = base_of_q THEN {NUMBER[MatchKind.other_type]}
        WHEN {row}.folded LIKE ANY (slips) OR {row}.base LIKE ANY (slips) THEN
            CASE WHEN {row}.pinyin = ANY (sounds) OR {row}.base_pinyin = ANY (sounds)
                THEN {NUMBER[MatchKind.slip_same_sound]} ELSE {NUMBER[MatchKind.slip]} END
        WHEN {row}.pinyin = ANY (sounds) OR {row}.base_pinyin = ANY (sounds)
            THEN {NUMBER[MatchKind.same_sound]}
        WHEN {row}.roman = roman_of_q THEN {NUMBER[MatchKind.spelling]}
        WHEN {row}.pinyin = letters AND {toned} THEN {NUMBER[MatchKind.pinyin]}
        WHEN {row}.base_pinyin = letters AND {opened} THEN {NUMBER[MatchKind.pinyin]}
        WHEN {row}.pinyin >= mix AND {row}.pinyin < mix_end AND {row}.folded LIKE mix_pattern
            THEN {NUMBER[MatchKind.mixed]}
        WHEN first_letters IN ({row}.initials, {row}.base_initials) THEN {NUMBER[MatchKind.initials]}
        WHEN {row}.pinyin >= letters AND {row}.pinyin < letters_end AND {opened}
            THEN {NUMBER[MatchKind.pinyin_prefix]}
        WHEN {row}.pinyin = ANY (near_letters) OR {row}.base_pinyin = ANY (near_letters)
            THEN {NUMBER[MatchKind.pinyin_slip]}
    END"""


WITHIN_LIMITS = """
        (NOT in_force OR c.feature_valid @> on_day)
        AND (class_asked IS NULL OR left(c.class_code, length(class_asked)) = class_asked)
        AND (units IS NULL OR EXISTS (
            SELECT FROM feature_version v WHERE v.feature_id = c.feature_id AND v.division_ids && units
                AND (NOT in_force OR v.valid @> on_day)))
        AND (box IS NULL OR EXISTS (
            SELECT FROM feature_shape g WHERE g.feature_id = c.feature_id AND g.geom && box
                AND (NOT in_force OR g.valid @> on_day)
                AND (place IS NULL OR ST_DWithin(CAST(g.geom AS geography), place, metres))))"""


def best_of_feature(tier: str) -> str:
    """That no other name of the same feature comes first."""
    return f"""(c.alone OR NOT EXISTS (
            SELECT FROM sought_name o WHERE o.feature_id = c.feature_id AND o.name_id <> c.name_id
                AND ({tier_of("o")}, o.rank, o.folded, o.name_id) < ({tier}, c.rank, c.folded, c.name_id)))"""
