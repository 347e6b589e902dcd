"""How each operation of the service is asked about a record, and how its answer shows that it knows of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from hashlib import sha256
from typing import Any

from httpx import Response

from tests.access.scene import CONTENT, INSIDE, Subject
from tests.support.changes import ACT, CONVERSION, MERGE, a_pdf, a_proposal

DAY = "on=2020-06-04"


class About(Enum):
    """What an operation is asked about, which decides who may know of it."""

    nothing = auto()  # no record: whoever may do the act is answered
    record = auto()  # of a register or a product, as classified as it is
    case = auto()  # the file of a case
    office = auto()  # the city itself: within the jurisdiction or beyond it
    account = auto()  # somebody who serves the city
    entry = auto()  # of the journal
    holding = auto()  # what lies on file of a line: written by those of either side, read by more
    matter = auto()  # what is left to do of a line: for those of either side
    line = auto()  # on which something internal is entered: by those of either side


@dataclass(frozen=True, slots=True)
class Question:
    """A request, and for lists, what in the answer shows the record."""

    about: About
    method: str
    address: Callable[[Subject], str]
    body: Callable[[Subject], Any] | None = None
    content: bytes | None = None
    shows: Callable[[Subject], str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def request(self, subject: Subject) -> dict[str, Any]:
        """The arguments of the request to a client."""
        asked: dict[str, Any] = {"method": self.method, "url": self.address(subject)}
        if self.body is not None:
            asked["json"] = self.body(subject)
        if self.content is not None:
            asked["content"] = self.content
        return asked

    def tells(self, answer: Response, subject: Subject) -> bool:
        """Whether the answer of a list holds the record."""
        return self.shows is not None and self.shows(subject) in answer.text


def _one(about: About, address: str) -> Question:
    return Question(about, "GET", lambda subject: _filled(address, subject))


def _list(about: About, address: str, shows: str) -> Question:
    return Question(
        about,
        "GET",
        lambda subject: _filled(address, subject),
        shows=lambda subject: _filled(shows, subject),
    )


def _post(
    about: About, address: str, body: Mapping[str, Any] | None = None, method: str = "POST"
) -> Question:
    return Question(
        about,
        method,
        lambda subject: _filled(address, subject),
        None if body is None else lambda subject: {key: _filled(text, subject) for key, text in body.items()},
    )


def _filled(text: Any, subject: Subject) -> Any:
    """A text with `{unit}`, `{paper}` … filled in by the record."""
    if not isinstance(text, str):
        return text
    return text.format(**{name: getattr(subject, name) for name in Subject.__slots__})


CASE, ACCOUNT = "/changes/{case}", "/accounts/{account}"
REASON = {"reason": "试验所需"}
SIGN_IN = {"name": "nobody-here", "password": "no password of anybody"}
AGAIN = {"password": "no password of anybody"}

DISPUTE, CASES_STEP = "/disputes/{dispute}", {"taken_on": "2020-06-04", "words": "会商"}
A_DISPUTE = {
    "line": "2122",  # between U and V, public
    "place": "某村东",
    "parties": ["某村民小组"],
    "level": "一般",
    "found_on": "2020-06-04",
    "found_by": "某局",
    "measures": "某",
    "due_on": "2020-09-01",
    "responsible": "320000",
}
A_STEP = {
    "kind": "expert_argument",
    "begun_on": "2020-03-02",
    "organiser": "江苏省民政厅",
    "result": "同意",
}
FIGURES = {
    "standard": "镇",
    "province": "32",
    "on": "2020-03-02",
    "unit": "某镇",
    "figures": [{"indicator": "population", "value": 30000}],
}
EVALUATION = {
    "round": 1,
    "side": "自评",
    "evaluated_on": "2021-06-05",
    "evaluator": "某市民政局",
    "figures": [{"indicator": "population", "before": 1, "after": 2}],
}

# Of the city itself: a place that is listed under it.
RECORDS = {"on": "2020-06-04", "records": [{"name": "某村", "class": "22200", "division": INSIDE}]}

AGREEMENT = {"signed_on": "2021-01-01", "duties": ["互通情况"]}
MEETING = {"held_on": "2021-01-01", "place": "某镇", "attendants": ["某局"], "matters": ["界桩"]}


def _line_of(subject: Subject) -> dict[str, Any]:
    return {
        "line": str(subject.line),
        "signers": [subject.unit, subject.other],
        "instrument": subject.paper,
    }


QUESTIONS: dict[str, Question] = {
    "list_divisions": _list(About.record, f"/divisions?{DAY}", '"{unit}"'),
    "read_division": _one(About.record, f"/divisions/{{unit}}?{DAY}"),
    "read_geometry": _one(About.record, f"/divisions/{{unit}}/geometry?{DAY}"),
    "read_history": _one(About.record, "/divisions/{unit}/history"),
    "trace_division": _one(About.record, f"/divisions/{{unit}}/trace?{DAY}&to=2019-01-01"),
    "compare_divisions": _list(About.record, "/divisions/compare?from=2019-01-01&to=2020-06-04", '"{unit}"'),
    "crosswalk_table": Question(
        About.record,
        "POST",
        lambda _: "/divisions/crosswalk?from=2020-06-04&to=2020-06-05",
        lambda subject: {"code_column": "code", "rows": [{"code": subject.unit}]},
        shows=lambda subject: f'"to_code":"{subject.unit}"',
    ),
    "date_codes": Question(
        About.record,
        "POST",
        lambda _: "/divisions/dating",
        lambda subject: {
            "code_column": "code",
            "name_column": "name",
            "rows": [{"code": subject.unit, "name": "别名"}, {"code": "320000"}],
        },
        shows=lambda subject: f'"id":"{subject.unit_id}"',
    ),
    "find_by_name": Question(
        About.record,
        "GET",
        lambda subject: f"/divisions/named?name={'UVWXYZ'[int(subject.unit[-1]) - 1]}县",
        shows=lambda subject: f'"{subject.unit}"',
    ),
    "propose_free_codes": _one(About.record, f"/divisions/{{unit}}/free-codes?{DAY}&type=镇"),
    "read_place": _list(About.record, f"/divisions/at?{DAY}&lon={{lon}}&lat={{lat}}", '"{unit}"'),
    "read_relations": _one(About.record, f"/divisions/{{unit}}/relations?{DAY}&predicate=nearest"),
    "locate_points": Question(
        About.record,
        "POST",
        lambda _: f"/divisions/locate?{DAY}",
        lambda subject: {"points": [[subject.lon, subject.lat]]},
        shows=lambda subject: f'"{subject.unit}"',
    ),
    "relate_shape": Question(
        About.record,
        "POST",
        lambda _: f"/divisions/relations?{DAY}",
        lambda subject: {"geometry": {"type": "Point", "coordinates": [subject.lon, subject.lat]}},
        shows=lambda subject: f'"{subject.unit}"',
    ),
    "correspond_shape": Question(
        About.record,
        "POST",
        lambda _: f"/divisions/correspondence?{DAY}&to=2020-01-01",
        lambda subject: {"geometry": {"type": "Point", "coordinates": [subject.lon, subject.lat]}},
        shows=lambda subject: f'"{subject.unit}"',
    ),
    "search_place_names": _one(About.nothing, f"/placenames/search?{DAY}&q=南京"),
    "read_near_place_names": _list(
        About.record, f"/placenames/near?{DAY}&lon={{lon}}&lat={{lat}}", '"{unit}"'
    ),
    "geocode_address": Question(
        About.record,
        "GET",
        lambda subject: f"/placenames/geocode?{DAY}&address={'UVWXYZ'[int(subject.unit[-1]) - 1]}县",
        shows=lambda subject: f'"{subject.unit}"',
    ),
    "geocode_addresses": Question(
        About.record,
        "POST",
        lambda _: f"/placenames/geocode?{DAY}",
        lambda subject: {"addresses": [f"{'UVWXYZ'[int(subject.unit[-1]) - 1]}县"]},
        shows=lambda subject: f'"{subject.unit}"',
    ),
    "list_lines": _list(About.record, f"/boundary-lines?{DAY}", "{line}"),
    "read_border": _one(About.record, f"/boundary-lines/between?{DAY}&one={{unit}}&other={{other}}"),
    "read_line": _one(About.record, f"/boundary-lines/{{line}}?{DAY}"),
    "list_sections": _one(About.record, f"/boundary-lines/{{line}}/sections?{DAY}"),
    "list_claims": _one(About.record, f"/boundary-lines/{{line}}/claims?{DAY}"),
    "list_indicators": _one(About.record, f"/boundary-lines/{{line}}/indicators?{DAY}"),
    "list_uses": _one(About.record, f"/boundary-lines/{{line}}/uses?{DAY}"),
    "read_chainage": _one(About.record, f"/boundary-lines/{{line}}/chainage?{DAY}&m=0"),
    "list_markers": _list(About.record, f"/markers?{DAY}", "{marker}"),
    "read_marker": _one(About.record, f"/markers/{{marker}}?{DAY}"),
    "read_marker_file": _one(About.record, f"/markers/{{marker}}/files/{sha256(CONTENT).hexdigest()}?{DAY}"),
    "list_markers_of_line": _one(About.record, f"/boundary-lines/{{line}}/markers?{DAY}"),
    "list_place_names": _list(About.record, f"/placenames?{DAY}", '"{feature}"'),
    "read_place_name": _one(About.record, f"/placenames/{{feature}}?{DAY}"),
    "read_place_name_history": _one(About.record, "/placenames/{feature}/history"),
    "read_derived_names": _one(About.record, f"/placenames/{{feature}}/derived?{DAY}"),
    "list_classes": _one(About.nothing, "/placenames/classes"),
    "list_archives": _list(About.record, f"/archives?{DAY}", '"{paper}档案"'),
    "read_archive": _one(About.record, "/archives/{archive}"),
    "read_archive_file": _one(About.record, "/archives/{archive}/files/{image}"),
    "file_archive": _post(
        About.nothing,
        "/archives",
        {
            "instrument": "国函〔1900〕1号",
            "number": "KJ-1",
            "title": "协议书",
            "kind": "协议书",
            "dated_on": "2020-01-01",
            "issuer": "某局",
        },
    ),
    "add_archive_file": Question(
        About.holding,
        "POST",
        lambda subject: _filled("/archives/{archive}/files?name=副本.pdf&instrument={paper}", subject),
        content=CONTENT,
    ),
    "georeference_archive": _post(
        About.holding,
        "/archives/{archive}/files/{image}/georeference",
        {"instrument": "{paper}", "world": "0.0001\n0\n0\n-0.0001\n119\n32\n"},
    ),
    "appraise_archive": _post(
        About.holding, "/archives/{archive}/appraisals", {"instrument": "{paper}", "conclusion": "继续保存"}
    ),
    "correct_archive": _post(
        About.holding,
        "/archives/{archive}/corrections",
        {"instrument": "{paper}", "title": "更正", "reason": "题名有误植"},
    ),
    "preview_archive": _one(About.record, f"/archives/{{archive}}/preview?{DAY}&size=16"),
    "preview_archive_image": _one(
        About.record, f"/archives/{{archive}}/files/{{image}}/preview?{DAY}&lon={{lon}}&lat={{lat}}&size=16"
    ),
    "list_archives_of_line": _one(About.record, f"/boundary-lines/{{line}}/archives?{DAY}"),
    "list_tri_points_of_line": _one(About.record, f"/boundary-lines/{{line}}/tri-points?{DAY}"),
    "list_tri_points": _list(About.record, f"/tri-points?{DAY}", "{paper}三交点"),
    "read_nearest": _list(About.record, f"/nearest?{DAY}&lon={{lon}}&lat={{lat}}", '"{unit}"'),
    "list_forms": _one(About.record, f"/boundary-lines/{{line}}/forms?{DAY}"),
    "check": _one(About.record, f"/boundary-lines/{{line}}/check?{DAY}"),
    "check_against": _post(
        About.record, f"/boundary-lines/{{line}}/check?{DAY}", {"text": "从甲起，向东行1米，至乙止。"}
    ),
    "read_form": _one(About.record, f"/boundary-lines/{{line}}/forms/record.json?{DAY}"),
    "list_edges": _list(About.record, f"/edges?{DAY}&limit=1000", "{edge}"),
    "read_edge": _one(About.record, f"/edges/{{edge}}?{DAY}"),
    "list_instruments": _list(About.record, "/instruments", '"{paper}"'),
    "read_instrument": _one(About.record, "/instruments/{paper}"),
    "list_changes": _list(About.case, "/changes", '"{case}"'),
    "draft_change": Question(About.office, "POST", lambda _: "/changes", lambda _: a_proposal(CONVERSION)),
    "check_proposal": Question(About.office, "POST", lambda _: "/changes/check", lambda _: a_proposal(MERGE)),
    "read_change": _one(About.case, CASE),
    "check_change": _post(About.case, f"{CASE}/check"),
    "submit_change": _post(About.case, f"{CASE}/submission"),
    "endorse_change": _post(About.case, f"{CASE}/endorsement"),
    "approve_change": _post(About.case, f"{CASE}/approval", ACT),
    "reject_change": _post(About.case, f"{CASE}/rejection", REASON),
    "withdraw_change": _post(About.case, f"{CASE}/withdrawal", REASON),
    "enact_change": _post(About.case, f"{CASE}/enactment"),
    "enact_announced_change": _post(
        About.case, f"{CASE}/announced-enactment", {**ACT, "number": "公告〔2020〕1号"}
    ),
    "cancel_change": _post(
        About.case, f"{CASE}/cancellation", {**ACT, "number": "国函〔2021〕9号", **REASON}
    ),
    "extend_change": _post(About.case, f"{CASE}/extension", {"consent": "国函〔2021〕1号"}),
    "complete_change": _post(About.case, f"{CASE}/completion", {}),
    "record_duty_done": _post(About.case, f"{CASE}/duties/survey", {}),
    "add_material": Question(
        About.case,
        "POST",
        lambda subject: f"/changes/{subject.case}/materials?kind=risk_report&name=x.pdf",
        content=a_pdf("风险评估"),
    ),
    "read_material": _one(About.case, f"{CASE}/materials/{sha256(CONTENT).hexdigest()}"),
    "add_duty_document": Question(
        About.case,
        "POST",
        lambda subject: f"/changes/{subject.case}/duties/survey/documents?name=x.pdf",
        content=a_pdf("勘界成果"),
    ),
    "list_steps": _one(About.case, f"{CASE}/steps"),
    "add_step": _post(About.case, f"{CASE}/steps", A_STEP),
    "correct_step": _post(About.case, f"{CASE}/steps/1/correction", {**A_STEP, **REASON}),
    "list_consultations": _one(About.case, f"{CASE}/consultations"),
    "ask_department": _post(
        About.case, f"{CASE}/consultations", {"department": "planning", "asked_on": "2020-03-02"}
    ),
    "answer_of_department": _post(
        About.case,
        f"{CASE}/consultations/finance/answer",
        {"answered_on": "2020-03-12", "opinion": "同意"},
    ),
    "list_verdicts": _one(About.case, f"{CASE}/verdicts"),
    "attach_verdict": Question(
        About.case, "POST", lambda subject: f"/changes/{subject.case}/verdicts", lambda _: FIGURES
    ),
    "list_filings": _one(About.case, f"{CASE}/filings"),
    "record_filing": _post(
        About.case,
        f"{CASE}/filings",
        {"matter": "批准备案", "number": "1", "filed_on": "2020-06-08", "filed_with": "民政部"},
    ),
    "read_archive_list": _one(About.case, f"{CASE}/archive-list"),
    "list_evaluations": _one(About.case, f"{CASE}/evaluations"),
    "record_evaluation": Question(
        About.case, "POST", lambda subject: f"/changes/{subject.case}/evaluations", lambda _: EVALUATION
    ),
    "read_report": _one(About.case, f"{CASE}/evaluations/1/report"),
    "read_calendar": _list(About.case, "/changes/calendar?limit=1000", '"{case}"'),
    "read_icalendar": _list(About.case, "/changes/calendar.ics", "{case}"),
    "list_standards": _one(About.nothing, "/standards"),
    "judge_by_standard": Question(About.nothing, "POST", lambda _: "/standards/verdict", lambda _: FIGURES),
    "list_settlements": _list(About.matter, f"/settlements?{DAY}&limit=1000", '"{settlement}"'),
    "read_settlement": _one(About.matter, f"/settlements/{{settlement}}?{DAY}"),
    "finish_task": _post(
        About.matter, "/settlements/{settlement}/tasks/archive/completion", {"note": "完毕"}
    ),
    "waive_task": _post(About.matter, "/settlements/{settlement}/tasks/archive/waiver", REASON),
    "reopen_task": _post(About.matter, "/settlements/{settlement}/tasks/archive/reopening", REASON),
    "settle_line": _post(About.matter, "/settlements/{settlement}/settling", {"on": "2020-06-04"}),
    "extend_settlement": _post(
        About.matter,
        "/settlements/{settlement}/extension",
        {"instrument": "{paper}", "reason": "汛期不能测量"},
    ),
    "list_resurveys": _list(About.matter, f"/resurveys?{DAY}&limit=1000", '"{resurvey}"'),
    "read_resurvey": _one(About.matter, f"/resurveys/{{resurvey}}?{DAY}"),
    "open_resurvey": _post(
        About.matter,
        "/resurveys",
        {
            "line": "{line}",
            "cause": "road",
            "object_name": "某路",
            "instrument": "{paper}",
            "found_on": "2020-06-04",
        },
    ),
    "finish_resurvey": _post(
        About.matter,
        "/resurveys/{resurvey}/completion",
        {"instrument": "{paper}", "on": "2020-06-04", "outcome": "界线不动"},
    ),
    "withdraw_resurvey": _post(About.matter, "/resurveys/{resurvey}/withdrawal", REASON),
    "list_suggestions": _list(About.matter, f"/placenames/suggestions?{DAY}&limit=1000", '"{suggestion}"'),
    "list_own_suggestions": _one(About.nothing, f"/placenames/suggestions/own?{DAY}"),
    "read_suggestion": _one(About.matter, f"/placenames/suggestions/{{suggestion}}?{DAY}"),
    "suggest_correction": _post(
        About.record,
        "/placenames/suggestions",
        {"kind": "missing", "within": "{unit}", "text": "漏登一村", "proposed": {"name": "某村"}},
    ),
    "withdraw_suggestion": _post(
        About.matter, "/placenames/suggestions/{suggestion}/withdrawal", {"reason": "看错了"}
    ),
    "decide_suggestion": _post(
        About.matter,
        "/placenames/suggestions/{suggestion}/decision",
        {"decision": "reject", "reason": "经核实无误"},
    ),
    "file_settlement": _post(About.matter, "/settlements/{settlement}/filing", {"instrument": "{paper}"}),
    "list_disputes": _list(About.matter, f"/disputes?{DAY}&limit=1000", '"{dispute}"'),
    "read_dispute": _one(About.matter, f"{DISPUTE}?{DAY}"),
    "report_year": _list(About.matter, f"/disputes/report?{DAY}&year=2020", '"{line}"'),
    "rank_stretches": _list(About.matter, f"/disputes/risk?{DAY}", '"{dispute}"'),
    "list_due": _list(About.matter, f"/disputes/due?{DAY}", '"{dispute}"'),
    "draw_risk_map": _list(About.matter, f"/disputes/map?{DAY}", "{dispute}"),
    "open_dispute": _post(About.office, "/disputes", A_DISPUTE),
    "mediate_dispute": _post(About.matter, f"{DISPUTE}/mediations", CASES_STEP),
    "move_dispute": _post(About.matter, f"{DISPUTE}/moves", {"to": "报请裁决", **CASES_STEP}),
    "decide_dispute": _post(About.matter, f"{DISPUTE}/decision", {"instrument": "{paper}", **CASES_STEP}),
    "withdraw_dispute": _post(About.matter, f"{DISPUTE}/withdrawal", CASES_STEP),
    "revise_dispute": _post(About.matter, f"{DISPUTE}/revision", {"level": "重大", **CASES_STEP}),
    "list_peace_agreements": _list(About.matter, f"/peace/agreements?{DAY}&limit=1000", '"XY-{peace}"'),
    "read_peace_agreement": _one(About.matter, f"/peace/agreements/XY-{{peace}}?{DAY}"),
    "enter_peace_agreement": Question(
        About.line, "POST", lambda _: "/peace/agreements", lambda subject: AGREEMENT | _line_of(subject)
    ),
    "end_peace_agreement": _post(
        About.matter, "/peace/agreements/XY-{peace}/end", {"on": "2020-01-01", **REASON}
    ),
    "list_peace_due": _list(About.matter, f"/peace/due?{DAY}&limit=1000", '"XY-{peace}"'),
    "list_lines_without_agreement": _list(
        About.record, f"/peace/lines-without-agreement?{DAY}&unit={INSIDE}&limit=1000", '"{line}"'
    ),
    "list_joint_meetings": _list(About.matter, f"/peace/meetings?{DAY}&limit=1000", '"LX-{peace}"'),
    "read_joint_meeting": _one(About.matter, f"/peace/meetings/LX-{{peace}}?{DAY}"),
    "enter_joint_meeting": Question(
        About.line,
        "POST",
        lambda _: "/peace/meetings",
        lambda subject: MEETING | {"lines": [str(subject.line)], "convener": subject.unit},
    ),
    "finish_resolution": _post(
        About.matter,
        "/peace/meetings/LX-{peace}/resolutions/1/completion",
        {"on": "2020-06-04", "words": "已修复"},
    ),
    "list_contingency_plans": _list(About.matter, f"/peace/plans?{DAY}&limit=1000", '"YA-{peace}"'),
    "read_contingency_plan": _one(About.matter, f"/peace/plans/YA-{{peace}}?{DAY}"),
    "enter_contingency_plan": Question(
        About.line,
        "POST",
        lambda _: "/peace/plans",
        lambda subject: {
            "line": str(subject.line),
            "begins_on": "2021-01-01",
            "contacts": [{"unit": unit, "name": "某人"} for unit in (subject.unit, subject.other)],
            "steps": ["报告"],
        },
    ),
    "record_plan_exercise": _post(
        About.matter,
        "/peace/plans/YA-{peace}/exercises",
        {"on": "2020-06-04", "words": "推演", "result": "合格"},
    ),
    "list_peace_assessments": _list(About.matter, f"/peace/assessments?{DAY}&limit=1000", '"KH-{peace}"'),
    "read_peace_assessment": _one(About.matter, f"/peace/assessments/KH-{{peace}}?{DAY}"),
    "read_peace_sheet": _one(About.matter, f"/peace/assessments/KH-{{peace}}/sheet.json?{DAY}"),
    "propose_peace_assessment": _one(
        About.line, f"/peace/assessments/proposal?{DAY}&line={{line}}&side={{unit}}&year=2020"
    ),
    "keep_peace_assessment": Question(
        About.line,
        "POST",
        lambda _: "/peace/assessments",
        lambda subject: {"line": str(subject.line), "side": subject.unit, "year": 2021},
    ),
    "sign_peace_assessment": _post(About.matter, "/peace/assessments/KH-{peace}/signature"),
    "list_seats": _list(About.case, f"/seats?{DAY}&limit=1000", '"{unit}"'),
    "list_problems": _list(About.case, f"/seats/problems?{DAY}&limit=1000", '"{unit}"'),
    "observe_seat": _post(
        About.office,
        "/seats/observations",
        {"unit": INSIDE, "aspect": "实际办公地", "place": "某路", "known_on": "2020-06-04", "source": "踏勘"},
    ),
    "push_placenames": _post(About.office, "/placenames/batches", RECORDS),
    "check_placenames": _post(About.office, "/placenames/batches/check", RECORDS),
    "match_list": _post(About.nothing, "/placenames/matching", RECORDS),
    "queue_list": _post(About.office, "/placenames/reviews", RECORDS),
    "list_reviews": _list(About.matter, "/placenames/reviews?limit=1000", '"{review}"'),
    "read_review": _one(About.matter, "/placenames/reviews/{review}"),
    "decide_review": _post(
        About.matter, "/placenames/reviews/{review}/decision", {"decision": "rejected", **REASON}
    ),
    "undo_review": _post(About.matter, "/placenames/reviews/{review}/undoing"),
    "accept_reviews": _post(
        About.nothing, "/placenames/reviews/acceptance", {"source": "无此名单", "at_least": 1}
    ),
    "enter_reviews": _post(
        About.nothing, "/placenames/reviews/entering", {"source": "无此名单", "on": "2020-06-04"}
    ),
    "list_deliveries": _list(About.record, "/deliveries", "{delivery}"),
    "classify_instrument": _post(
        About.record, "/classification", {"number": "{paper}", "classification": "内部", **REASON}
    ),
    "list_entries": _list(About.entry, "/journal?command=trial", '"{paper}"'),
    "front_page": _one(About.nothing, "/"),
    "list_sheets": _list(About.record, "/sheets", "{sheet}"),
    "read_sheet": _one(About.record, "/sheets/{sheet}"),
    "read_edition": _one(About.record, "/sheets/{sheet}/editions/1.pdf"),
    "sign_in": _post(About.nothing, "/tokens", SIGN_IN),
    "refresh_tokens": _post(About.nothing, "/tokens/refresh", {"refresh_token": "gis_rt_unknown"}),
    "drop_tokens": _post(About.nothing, "/tokens/current", method="DELETE"),
    "open_session": _post(About.nothing, "/session", SIGN_IN),
    "read_session": _one(About.nothing, "/session"),
    "close_session": _post(About.nothing, "/session", method="DELETE"),
    "accept_invitation": _post(
        About.nothing, "/invitations/acceptance", {"token": "gis_in_unknown", "password": "x" * 20}
    ),
    "change_password": _post(About.nothing, "/account/password", {"present": "x" * 20, "wanted": "y" * 20}),
    "begin_second_factor": _post(About.nothing, "/account/second-factor", AGAIN),
    "confirm_second_factor": _post(About.nothing, "/account/second-factor/confirmation", {"code": "000000"}),
    "renew_recovery_codes": _post(About.nothing, "/account/recovery-codes", AGAIN),
    "list_own_tokens": _one(About.nothing, "/account/tokens"),
    "revoke_own_token": _post(About.nothing, "/account/tokens/{unit_id}", method="DELETE"),
    "list_accounts": _list(About.account, "/accounts", '"{account}"'),
    "open_account": _post(
        About.office,
        "/accounts",
        {
            "name": "new.clerk",
            "title": "N",
            "authority": "南通市档案馆",
            "within": INSIDE,
            "clearance": "公开",
        },
    ),
    "read_account": _one(About.account, ACCOUNT),
    "appoint": _post(About.account, f"{ACCOUNT}/appointments", {"role": "viewer", "within": INSIDE}),
    "dismiss": _post(About.account, f"{ACCOUNT}/dismissal", {"role": "viewer", "within": INSIDE}),
    "clear": _post(About.account, f"{ACCOUNT}/clearance", {"clearance": "公开", **REASON}),
    "close": _post(About.account, f"{ACCOUNT}/closure", REASON),
    "link": _post(
        About.account, f"{ACCOUNT}/outside-identity", {"issuer": "https://localhost/x", "subject": "1"}
    ),
    "invite": _post(About.account, f"{ACCOUNT}/invitation"),
    "unlock": _post(About.account, f"{ACCOUNT}/unlocking", REASON),
    "expire_password": _post(About.account, f"{ACCOUNT}/password-expiry", REASON),
    "remove_second_factor": _post(About.account, f"{ACCOUNT}/second-factor-removal", REASON),
    "issue_service_token": _post(About.account, f"{ACCOUNT}/service-tokens", {"name": "夜间", "days": 3}),
    "revoke_tokens": _post(About.account, f"{ACCOUNT}/tokens", method="DELETE"),
    "revoke_token": _post(About.account, f"{ACCOUNT}/tokens/{{unit_id}}", method="DELETE"),
    "sign_in_page": _one(About.nothing, "/sign-in"),
    "welcome_page": _one(About.nothing, "/welcome"),
    "account_page": _one(About.nothing, "/account"),
    "style": _one(About.nothing, "/account/page.css"),
    "script": _one(About.nothing, "/account/page.js"),
    "healthz": _one(About.nothing, "/healthz"),
    "readyz": _one(About.nothing, "/readyz"),
    "metrics": _one(About.nothing, "/metrics"),
    "manual": _one(About.nothing, "/docs"),
    "manual_style": _one(About.nothing, "/docs/manual.css"),
    "manual_script": _one(About.nothing, "/docs/manual.js"),
    "manual_typeface": _one(About.nothing, "/docs/typeface.ttf"),
    "problem_kind": _one(About.nothing, "/problems/not-found"),
}
