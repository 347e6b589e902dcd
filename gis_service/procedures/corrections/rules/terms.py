"""By when a suggestion is answered."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from gis_service.foundation.findings import Rule

R_COR_01 = Rule(
    "R-COR-01",
    "对地名的更正建议，应在期限内答复并说明理由",
    "地名管理条例 第五条；期限为本机构约定，法律没有规定日数",
    status="M",
    version="2026-1",
)


@dataclass(frozen=True, slots=True)
class Term:
    """How long editors have, and where the number comes from."""

    days: int
    legal_basis: str

    def due(self, asked_on: date) -> date:
        """The last day for an answer."""
        return asked_on + timedelta(days=self.days)


@cache
def term() -> Term:
    """The number in force."""
    told = tomllib.loads(files(__package__).joinpath("corrections.toml").read_text(encoding="utf-8"))
    return Term(told["days"], told["legal_basis"])
