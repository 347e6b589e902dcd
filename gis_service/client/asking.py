"""Asking the service, and saying in Chinese what went wrong and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from weakref import finalize

import httpx

_TIMEOUT = httpx.Timeout(900.0, connect=10.0)  # the service itself gives up before


class Refused(Exception):
    """The service did not do what was asked. `status` is that of HTTP, `findings` what it found."""

    head = "服务拒绝了请求"

    def __init__(self, detail: str, way_out: str = "", *, status: int = 0, findings: Any = ()) -> None:
        super().__init__("；".join(part for part in (f"{self.head}：{detail}", way_out) if part))
        self.detail, self.way_out, self.status = detail, way_out, status
        self.findings: list[dict[str, Any]] = list(findings)


class ServiceAway(Refused):
    """Nobody answers at the address."""

    head = "连不上服务"


class NotSignedIn(Refused):
    """No token, or one that does not hold (401)."""

    head = "未登录或令牌无效"


class NotAllowed(Refused):
    """The roles of the token do not allow it, here or at all (403)."""

    head = "没有权限"


class Unknown(Refused):
    """There is no such thing that he may know of (404)."""

    head = "没有找到"


class Conflicting(Refused):
    """It does not agree with how the register stands now (409)."""

    head = "与登记簿的现状不符"


class Unacceptable(Refused):
    """What was sent cannot be taken (422)."""

    head = "内容不合要求"


_KINDS: Mapping[int, type[Refused]] = {
    401: NotSignedIn,
    403: NotAllowed,
    404: Unknown,
    409: Conflicting,
    422: Unacceptable,
}
_WAYS_OUT: Mapping[int, str] = {
    401: "请在 Gazetteer(url, token=…) 中给出有效的令牌",
    403: "请用有此权限、辖区包含所涉政区的账户的令牌",
    429: "请稍后重试",
    503: "请稍后重试，或询问管理员",
}


class Asking:
    """A connection to the service; a token is sent with every request and shown nowhere."""

    def __init__(self, url: str, token: str | None = None) -> None:
        headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        self.url = url.rstrip("/")
        try:
            self._http = httpx.Client(base_url=self.url, headers=headers, timeout=_TIMEOUT)
        except UnicodeEncodeError as error:
            raise NotSignedIn("令牌中有不能用的字符", "请照原样给出令牌") from error
        except (httpx.InvalidURL, ValueError) as error:
            raise ServiceAway(f"地址 {url} 不能用", "请写如 http://127.0.0.1:8000") from error
        finalize(self, self._http.close)

    def get(self, path: str, /, **asked: Any) -> Any:
        """What a path answers; parameters that are None are left out.

        Raises:
            Refused: and its kinds, by what the service said.
        """
        wanted = {name: value for name, value in asked.items() if value is not None}
        return self._answer("GET", path, params=wanted)

    def post(
        self,
        path: str,
        body: Mapping[str, Any],
        /,
        *,
        headers: Mapping[str, str] | None = None,
        **asked: Any,
    ) -> Any:
        """What a path answers to a body; raises as `get`."""
        return self._answer("POST", path, json=body, params=asked, headers=headers)

    def pages(self, path: str, /, **asked: Any) -> Iterator[dict[str, Any]]:
        """Page after page, as long as one names the next."""
        page = self.get(path, **asked)
        yield page
        while following := page.get("next"):
            page = self._answer("GET", _path_of(following))
            yield page

    def _answer(self, method: str, path: str, **more: Any) -> Any:
        try:
            answer = self._http.request(method, path, **more)
        except httpx.TimeoutException as error:
            raise ServiceAway(f"{self.url} 长时间没有答复", "请稍后重试，或缩小范围") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ServiceAway(f"{self.url} 没有应答", "请核对地址和网络，并确认服务已启动") from error
        if answer.is_success:
            return answer.json()
        raise _refusal(answer)


def _path_of(address: str) -> str:
    """The path of a page that the service names, whatever host it believes itself at."""
    url = httpx.URL(address)
    return url.raw_path.decode()


def _refusal(answer: httpx.Response) -> Refused:
    try:
        told = answer.json()
    except ValueError:
        told = {}
    status = answer.status_code
    detail = str(told.get("detail") or f"答复 {status}")
    way_out = str(told.get("way_out") or _WAYS_OUT.get(status, ""))
    kind = _KINDS.get(status, Refused)
    return kind(detail, way_out, status=status, findings=told.get("findings") or ())
