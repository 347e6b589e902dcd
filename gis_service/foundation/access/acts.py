"""Who may do what: one table, asked by the service, the commands and the workers alike.

A row grants an act to roles. Where `within_jurisdiction` is set, a role counts only within the division it
was granted for. Deciding acts ask for a second factor of people who signed in with a password.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from gis_service.foundation.access.roles import Role


class Act(StrEnum):
    """Something that somebody does with the service."""

    ask_the_service = "service.ask"
    read_registers = "registers.read"
    ask_at_length = "registers.ask_at_length"
    read_products = "products.read"
    sign_in = "accounts.sign_in"
    keep_own_account = "accounts.keep_own"
    read_classified = "classified.read"
    read_deliveries = "deliveries.read"
    read_cases = "changes.read"
    rehearse_change = "changes.rehearse"
    draft_change = "changes.draft"
    submit_change = "changes.submit"
    endorse_change = "changes.endorse"
    decide_change = "changes.decide"
    enact_change = "changes.enact"
    follow_up_change = "changes.follow_up"
    record_conduct = "changes.record"
    evaluate_change = "changes.evaluate"
    read_seats = "seats.read"
    observe_seat = "seats.observe"
    survey_lines = "boundaries.survey"
    keep_markers = "markers.keep"
    read_settlements = "settlements.read"
    settle_lines = "settlements.settle"
    keep_archives = "archives.keep"
    keep_placenames = "placenames.keep"
    read_disputes = "disputes.read"
    keep_disputes = "disputes.keep"
    decide_disputes = "disputes.decide"
    read_peace = "peace.read"
    keep_peace = "peace.keep"
    assess_peace = "peace.assess"
    suggest_corrections = "placenames.suggest"
    read_suggestions = "placenames.read_suggestions"
    decide_suggestions = "placenames.decide_suggestions"
    load_delivery = "deliveries.load"
    draw_sheets = "products.draw"
    read_accounts = "accounts.read"
    manage_accounts = "accounts.manage"
    classify_records = "classified.decide"
    read_journal = "journal.read"
    operate = "service.operate"


@dataclass(frozen=True, slots=True)
class Permission:
    """A row: which roles may do it, and under what conditions. `title` is what officials read."""

    act: Act
    title: str
    roles: frozenset[Role] = frozenset()
    is_public: bool = False
    is_for_all_accounts: bool = False
    within_jurisdiction: bool = True
    second_factor: bool = False


_EVERYONE = frozenset(Role)
_VIEWER, _SURVEYOR, _EDITOR, _NAMING = Role.viewer, Role.surveyor, Role.editor, Role.naming_officer
_BOUNDARY, _REGISTRAR = Role.boundary_officer, Role.registrar
_ADMINISTRATOR, _AUDITOR = Role.administrator, Role.auditor


def _public(act: Act, title: str) -> Permission:
    return Permission(act, title, _EVERYONE, is_public=True, within_jurisdiction=False)


def _within(act: Act, title: str, *roles: Role, second_factor: bool = False) -> Permission:
    return Permission(act, title, frozenset(roles), second_factor=second_factor)


TABLE: tuple[Permission, ...] = (
    _public(Act.ask_the_service, "查看运行状况和接口说明"),
    _public(Act.read_registers, "查询登记簿中已公开的事项"),
    _public(Act.ask_at_length, "提交名单、表格，成批查询登记簿"),
    _public(Act.read_products, "查看已公开的图幅"),
    _public(Act.sign_in, "登录"),
    Permission(Act.keep_own_account, "管理自己的账户", is_for_all_accounts=True, within_jurisdiction=False),
    _within(Act.read_classified, "查看公开级以上的事项", *_EVERYONE),
    _within(
        Act.read_deliveries, "查看来件", _SURVEYOR, _EDITOR, _BOUNDARY, _REGISTRAR, _ADMINISTRATOR, _AUDITOR
    ),
    _within(Act.read_cases, "查看变更案卷", _VIEWER, _NAMING, _BOUNDARY, _REGISTRAR, _AUDITOR),
    _within(Act.rehearse_change, "演练变更方案", _BOUNDARY, _REGISTRAR),
    _within(Act.draft_change, "立案、收入材料", _REGISTRAR),
    _within(Act.submit_change, "报请、撤回", _REGISTRAR),
    _within(Act.endorse_change, "会签", _REGISTRAR),
    _within(Act.decide_change, "登记批准、未获批准、延期", _REGISTRAR, second_factor=True),
    _within(Act.enact_change, "实施变更", _REGISTRAR, second_factor=True),
    _within(Act.follow_up_change, "办结后续事项", _BOUNDARY, _REGISTRAR),
    _within(Act.record_conduct, "登记程序、部门意见和设立标准的对照", _REGISTRAR),
    _within(Act.evaluate_change, "登记变更效果评估", _REGISTRAR),
    _within(Act.read_seats, "查看驻地和驻地迁移遗留问题", _VIEWER, _NAMING, _BOUNDARY, _REGISTRAR, _AUDITOR),
    _within(Act.observe_seat, "登记驻地和实际办公地", _SURVEYOR, _NAMING, _BOUNDARY, _REGISTRAR),
    _within(
        Act.survey_lines,
        "登记界线的协议、勘定情况、主张线、指示物和跨界使用",
        _SURVEYOR,
        _BOUNDARY,
        _REGISTRAR,
    ),
    _within(Act.keep_markers, "登记界桩的状况、位置、管理和附件", _SURVEYOR, _BOUNDARY, _REGISTRAR),
    _within(
        Act.read_settlements,
        "查看变更后的勘界事项和修测",
        _VIEWER,
        _SURVEYOR,
        _BOUNDARY,
        _REGISTRAR,
        _AUDITOR,
    ),
    _within(Act.settle_lines, "办理变更后的勘界事项和修测", _BOUNDARY, _REGISTRAR),
    _within(Act.keep_archives, "收入勘界档案，校正扫描图，登记影像和矢量", _SURVEYOR, _BOUNDARY, _REGISTRAR),
    _within(Act.keep_placenames, "登记、更正地名", _EDITOR, _NAMING, _REGISTRAR),
    _within(Act.read_disputes, "查看界线隐患和纠纷", _VIEWER, _SURVEYOR, _BOUNDARY, _REGISTRAR, _AUDITOR),
    _within(Act.keep_disputes, "登记界线隐患和纠纷及其化解", _BOUNDARY, _REGISTRAR),
    _within(Act.decide_disputes, "登记界线争议的裁决", _BOUNDARY, _REGISTRAR, second_factor=True),
    _within(
        Act.read_peace,
        "查看平安边界的协议、联席会议、应急预案和考核",
        _VIEWER,
        _SURVEYOR,
        _BOUNDARY,
        _REGISTRAR,
        _AUDITOR,
    ),
    _within(Act.keep_peace, "登记平安边界的协议、联席会议和应急预案", _BOUNDARY, _REGISTRAR),
    _within(Act.assess_peace, "考核平安边界", _BOUNDARY, _REGISTRAR),
    Permission(
        Act.suggest_corrections,
        "提出地名更正建议，查询自己的建议",
        is_for_all_accounts=True,
        within_jurisdiction=False,
    ),
    _within(Act.read_suggestions, "查看辖区内的地名更正建议", *_EVERYONE),
    _within(Act.decide_suggestions, "答复地名更正建议", _EDITOR, _NAMING, _REGISTRAR),
    _within(Act.load_delivery, "装入来件", _EDITOR, _BOUNDARY, _REGISTRAR),
    _within(Act.draw_sheets, "绘制图幅", _EDITOR, _BOUNDARY, _REGISTRAR),
    _within(Act.read_accounts, "查看账户", _ADMINISTRATOR, _AUDITOR),
    _within(Act.manage_accounts, "管理账户和角色", _ADMINISTRATOR, second_factor=True),
    _within(Act.classify_records, "定密、变更密级、解密", _REGISTRAR, second_factor=True),
    _within(Act.read_journal, "查看和核验登记日志", _AUDITOR),
    _within(Act.operate, "运行、备份和恢复", _ADMINISTRATOR),
)

_BY_ACT: Mapping[Act, Permission] = {permission.act: permission for permission in TABLE}


def permission_for(act: Act) -> Permission:
    """The row of an act."""
    return _BY_ACT[act]
