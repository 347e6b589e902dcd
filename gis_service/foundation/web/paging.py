"""Pages by key: a page begins where the last one ended, so a deep page costs what the first does."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Generic, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Query, Request
from pydantic import BaseModel, BeforeValidator, Field

from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.web.announcing import announce
from gis_service.foundation.web.parameters import parsed_by

Item = TypeVar("Item")

DEFAULT_LIMIT = 100
MOST = 1000
UUID_WRITTEN = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

_NEXT = "下一页的地址（同时写在 Link 头）；为空表示已是最后一页"
_NEXT_EXAMPLES = ["/divisions?on=2020-06-05&level=county&limit=100&after=320312"]


class Listing(BaseModel, Generic[Item]):
    """One page of a list."""

    items: list[Item] = Field(description="本页各项，按键升序")
    next: str | None = Field(description=_NEXT, examples=_NEXT_EXAMPLES)


class ListingOnDate(BaseModel, Generic[Item]):
    """One page of a list as it stood on a day."""

    on: date = Field(description="本答复所依据的日期", examples=["2020-06-05"])
    items: list[Item] = Field(description="本页各项，按键升序")
    next: str | None = Field(description=_NEXT, examples=_NEXT_EXAMPLES)


@dataclass(frozen=True, slots=True)
class Page:
    """Which page is asked for. Ask the database for `one_more` rows, then `cut`."""

    request: Request
    after: str | None
    limit: int

    @property
    def after_id(self) -> UUID | None:
        """The key, where keys are UUIDs."""
        return None if self.after is None else UUID(self.after)

    @property
    def one_more(self) -> int:
        """How many rows to fetch, so that it shows whether there is a further page."""
        return self.limit + 1

    def cut(self, rows: Sequence[Item], key: Callable[[Item], str]) -> tuple[Sequence[Item], str | None]:
        """This page's rows, and the address of the next page, which is announced as a Link header too."""
        if len(rows) <= self.limit:
            return rows, None
        shown = rows[: self.limit]
        return shown, self.leads_to(key(shown[-1]))

    def leads_to(self, after: str | None) -> str | None:
        """The address of the page after a key, announced as a Link header too; None where there is none."""
        if after is None:
            return None
        link = self._link(after)
        announce(self.request, "Link", f'<{link}>; rel="next"')
        return link

    def _link(self, after: str) -> str:
        """Relative to the service, so that it holds behind any proxy; it pins the day that was used."""
        asked = dict(self.request.query_params) | {"after": after}
        day = getattr(self.request.state, "on", None)
        if day is not None:
            asked["on"] = day.isoformat()
        return f"{self.request.scope.get('root_path', '')}{self.request.url.path}?{urlencode(asked)}"


def keyed(pattern: str, **more: str) -> BeforeValidator:
    """Let `after` be a key of this form, and nothing else."""
    form = re.compile(pattern)

    def read_key(text: str) -> str:
        if form.fullmatch(text):
            return text
        raise InvalidInput("参数 after 无法识别", way_out="请原样使用上一页 next 中的地址")

    return parsed_by(read_key, written={"type": "string", "pattern": pattern, **more})


After = Query(description="从此键之后开始；取自上一页的 next，无需自行拼写")
Limit = Annotated[int, Query(ge=1, le=MOST, description=f"每页至多几项，1 至 {MOST}")]
AfterText = Annotated[str | None, keyed(r"^[^\x00-\x1f\x7f]{1,200}$"), After]
AfterId = Annotated[str | None, keyed(f"^{UUID_WRITTEN}$", format="uuid"), After]


async def _page_by_text(request: Request, after: AfterText = None, limit: Limit = DEFAULT_LIMIT) -> Page:
    return Page(request, after, limit)


async def _page_by_id(request: Request, after: AfterId = None, limit: Limit = DEFAULT_LIMIT) -> Page:
    return Page(request, after, limit)


PageByText = Annotated[Page, Depends(_page_by_text)]
PageById = Annotated[Page, Depends(_page_by_id)]
