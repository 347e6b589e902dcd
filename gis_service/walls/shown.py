"""By what each row of each table is shown: a condition in SQL."""

from __future__ import annotations

_STANDS_BY = "{column} NOT IN (SELECT hidden_instruments())"
_BETWEEN_SHOWN = " AND ".join(
    (
        _STANDS_BY,
        "{one} NOT IN (SELECT hidden_divisions())",
        "{other} NOT IN (SELECT hidden_divisions())",
    )
)
_OF_A_CASE = "case_id IN (SELECT id FROM change_case)"
_OF_A_SETTLEMENT = "settlement_id IN (SELECT id FROM settlement)"
_OF_AN_ITEM = _STANDS_BY.format(column="instrument_id") + " AND item_id IN (SELECT id FROM archive_item)"
_ABOUT_SHOWN = " AND ".join(
    (
        _OF_AN_ITEM,
        "(line_id IS NULL OR line_id IN (SELECT id FROM boundary_line))",
        "(marker_id IS NULL OR marker_id IN (SELECT id FROM marker))",
        "(tri_point_id IS NULL OR tri_point_id IN (SELECT id FROM tri_point))",
    )
)
_KEPT_CLOSE = (
    "classification = '公开' OR (cleared_for(classification) AND {id} IN (SELECT sheets_in_reach()))"
)

# Of those who act for an authority within reach; never what tells of things the reader may not know.
_OF_HIS_OWN = """
((SELECT current_setting('gis.journal', true)) = 'everywhere'
    OR account_id IN (SELECT accounts_in_reach(current_setting('gis.journal', true))))
AND (instrument_id IS NULL OR instrument_id NOT IN (SELECT hidden_instruments()))
AND subject NOT IN (SELECT hidden_subjects())
AND NOT coalesce(detail->'subjects' ?| ARRAY(SELECT hidden_subjects()), false)
""".strip()

# Facts of lines, markers and named features that hold for a period.
_DATED = (
    "line_record",
    "edge_survey",
    "claimed_line",
    "indicator",
    "cross_line_use",
    "marker_version",
    "marker_line",
    "marker_side",
    "marker_position",
    "bearing_object",
    "boundary_point",
    "tri_point",
    "feature_version",
    "feature_shape",
    "feature_relation",
    "place_name",
)

# Of lines a side of which lies within reach, as far as the reader is cleared.
_OF_EITHER_SIDE = """
cleared_for(classification) AND ((SELECT current_setting('gis.classified', true)) = 'everywhere'
    OR first_id IN (SELECT divisions_in_reach(current_setting('gis.classified', true)))
    OR second_id IN (SELECT divisions_in_reach(current_setting('gis.classified', true))))
""".strip()

# Which rows of a table are shown. Facts are as classified as the instrument they stand by.
SHOWN: dict[str, str] = {
    "instrument": "classification = '公开' OR id NOT IN (SELECT hidden_instruments())",
    "instrument_file": _STANDS_BY.format(column="instrument_id"),
    "division_version": _STANDS_BY.format(column="begun_by"),
    "seat_record": "division_id NOT IN (SELECT hidden_divisions())",
    "lineage": _BETWEEN_SHOWN.format(column="instrument_id", one="predecessor_id", other="successor_id"),
    "superseded_version": _STANDS_BY.format(column="begun_by"),
    "superseded_link": _BETWEEN_SHOWN.format(
        column="instrument_id", one="predecessor_id", other="successor_id"
    ),
    "face": _STANDS_BY.format(column="source_id"),
    "edge": _STANDS_BY.format(column="source_id"),
    "membership": _STANDS_BY.format(column="begun_by"),
    "extent": "NOT (sources && ARRAY(SELECT hidden_instruments()))",
    "boundary_line": _BETWEEN_SHOWN.format(column="begun_by", one="first_id", other="second_id"),
    **{table: _STANDS_BY.format(column="begun_by") for table in _DATED},
    "edge_descent": _STANDS_BY.format(column="instrument_id"),
    "marker": _STANDS_BY.format(column="registered_by"),
    "marker_observation": _STANDS_BY.format(column="instrument_id"),
    "marker_paper": _STANDS_BY.format(column="instrument_id"),
    "marker_file": _STANDS_BY.format(column="instrument_id"),
    "feature": _STANDS_BY.format(column="registered_by"),
    "sought_name": "NOT (sources && ARRAY(SELECT hidden_instruments()))",
    "name_event": _STANDS_BY.format(column="instrument_id"),
    "archive_item": _STANDS_BY.format(column="instrument_id"),
    "archive_subject": _ABOUT_SHOWN,
    "archive_file": _OF_AN_ITEM,
    "georeference": _OF_AN_ITEM,
    "archive_image": _OF_AN_ITEM,
    "traced_vector": _OF_AN_ITEM,
    "archive_appraisal": _OF_AN_ITEM,
    "archive_correction": _OF_AN_ITEM,
    "loaded_delivery": _STANDS_BY.format(column="instrument_id"),
    "name_review": _STANDS_BY.format(column="instrument_id"),
    "change_case": "id IN (SELECT cases_in_reach())",
    "change_party": _OF_A_CASE,
    "change_endorsement": _OF_A_CASE,
    "change_material": _OF_A_CASE,
    "change_follow_up": _OF_A_CASE,
    "change_step": _OF_A_CASE,
    "change_consultation": _OF_A_CASE,
    "change_standard_verdict": _OF_A_CASE,
    "change_evaluation": _OF_A_CASE,
    "change_filing": _OF_A_CASE,
    "settlement": _BETWEEN_SHOWN.format(column="instrument_id", one="first_id", other="second_id"),
    "resurvey": _BETWEEN_SHOWN.format(column="instrument_id", one="first_id", other="second_id"),
    "settlement_entry": _OF_A_SETTLEMENT,
    "dispute_case": _OF_EITHER_SIDE,
    "dispute_step": "case_id IN (SELECT id FROM dispute_case)",
    "peace_agreement": _OF_EITHER_SIDE,
    "joint_meeting": "id IN (SELECT meeting_id FROM joint_meeting_line)",
    "joint_meeting_line": _OF_EITHER_SIDE,
    "meeting_resolution": "meeting_id IN (SELECT id FROM joint_meeting)",
    "contingency_plan": _OF_EITHER_SIDE,
    "plan_exercise": "plan_id IN (SELECT id FROM contingency_plan)",
    "peace_assessment": _OF_EITHER_SIDE,
    "name_suggestion": (
        "(division_id IS NULL OR division_id NOT IN (SELECT hidden_divisions()))"
        " AND (feature_id IS NULL OR feature_id IN (SELECT id FROM feature))"
    ),
    "sheet": _KEPT_CLOSE.format(id="id"),
    "edition": _KEPT_CLOSE.format(id="sheet_id"),
    "edition_file": "edition_id IN (SELECT id FROM edition)",
    "journal_entry": _OF_HIS_OWN,
}
