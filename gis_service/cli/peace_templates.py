"""What a file for `peace` looks like, filled in with an example of each kind."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

from gis_service.cli.console import print_json

_SIDES = ["320413", "320481"]
_PAPER = "某县—某市平安边界协议书"


class Template(StrEnum):
    """What a file is for."""

    agreement = "agreement"
    meeting = "meeting"
    plan = "plan"
    changes = "changes"


EXAMPLES: dict[Template, dict[str, Any]] = {
    Template.agreement: {
        "line": "1381",
        "kind": "平安边界协议书",
        "signers": _SIDES,
        "signed_on": "2024-06-18",
        "years": 3,
        "duties": ["不越界耕种、开采、建设", "发现隐患及时互相通报"],
        "files": [{"name": "协议书.pdf", "sha256": "0" * 64}],
        "instrument": _PAPER,
        "acts": [
            {
                "number": _PAPER,
                "kind": "协议书",
                "title": "平安边界协议书",
                "issuer": "双方人民政府",
                "issued_on": "2024-06-18",
            }
        ],
    },
    Template.meeting: {
        "lines": ["1381"],
        "held_on": "2025-03-20",
        "place": "某镇",
        "convener": _SIDES[0],
        "attendants": ["双方民政局", "沿线乡镇"],
        "matters": ["界桩维护", "隐患排查"],
        "resolutions": [{"words": "修复界桩", "responsible": _SIDES[0], "due_on": "2025-06-30"}],
        "cases": [],
    },
    Template.plan: {
        "line": "1381",
        "begins_on": "2024-07-01",
        "contacts": [{"unit": side, "name": "某人", "post": "科长", "phone": "0519-0"} for side in _SIDES],
        "steps": ["一小时内双方互相通报", "两小时内到场", "二十四小时内报共同的上级"],
        "files": [{"name": "预案.pdf", "sha256": "0" * 64}],
    },
    Template.changes: {
        "points": {"drill": {"points": 8, "reason": "另组织桌面推演，未及登记"}},
        "vetoes": {"mass_incident": {"held": False, "reason": "经核实不在此界线"}},
        "correction": "",
    },
}


def add_to(app: typer.Typer) -> None:
    """Add the command to those of `peace`."""
    app.command("template")(template_command)


def template_command(
    of: Annotated[
        Template, typer.Argument(help="agreement 协议，meeting 会议，plan 预案，changes 考核的改动")
    ],
) -> None:
    """输出登记内容的示例（JSON），改写后交 agree、meet、enter-plan、assess。"""
    print_json(EXAMPLES[of])
