"""Angles as surveyors write them: degrees, minutes and seconds in all usual spellings, or decimal degrees.

What cannot be an angle (60 seconds, 61 minutes) is refused with the way out, never carried over in silence.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from gis_service.foundation.errors import InvalidInput


class Axis(StrEnum):
    """Which coordinate an angle is."""

    longitude = "经度"
    latitude = "纬度"

    @property
    def limit(self) -> int:
        """The largest angle there is, in degrees."""
        return 180 if self is Axis.longitude else 90


@dataclass(frozen=True, slots=True)
class Angle:
    """Decimal degrees, east and north positive. `axis` where the spelling tells it.

    `resolution` is the value of one unit in the last written place, in degrees.
    """

    degrees: float
    axis: Axis | None = None
    resolution: float = 0.0


_MARKS = str.maketrans(
    {
        **dict.fromkeys("º˚度", "°"),
        **dict.fromkeys("’‘'´`＇分", "′"),
        **dict.fromkeys('”“"＂秒', "″"),
        **dict.fromkeys("−–—－", "-"),
        **dict.fromkeys("：", ":"),
    }
)
_HEMISPHERES = {
    "东经": (Axis.longitude, 1),
    "西经": (Axis.longitude, -1),
    "北纬": (Axis.latitude, 1),
    "南纬": (Axis.latitude, -1),
    "E": (Axis.longitude, 1),
    "W": (Axis.longitude, -1),
    "N": (Axis.latitude, 1),
    "S": (Axis.latitude, -1),
}
_WORD = "东经|西经|北纬|南纬|[EWNS]"
_NUMBER = r"\d+(?:\.\d*)?"
_HEMISPHERE = re.compile(rf"(?P<before>{_WORD})?\s*(?P<body>[^EWNS东西南北]*?)\s*(?P<after>{_WORD})?")
_MARKED = re.compile(rf"({_NUMBER})\s*°\s*(?:({_NUMBER})\s*′\s*)?(?:({_NUMBER})\s*″)?")
_SEPARATED = re.compile(rf"(\d+)\s*[-: ]\s*(\d+)(?:\s*[-: ]\s*({_NUMBER}))?")
_DECIMAL = re.compile(r"\d{1,3}(?:\.\d*)?")
_PACKED = re.compile(r"(\d{2,3})(\d{2})(\d{2}(?:\.\d*)?)")
_PACKED_DECIMAL = re.compile(r"(\d{1,3})\.(\d{2})(\d{2})(\d*)")

_SPELLINGS = "请写成 118°46′30.5″、118-46-30.5 或十进制度 118.775139"


def read_angle(text: str, *, axis: Axis | None = None, packed_decimal: bool = False) -> Angle:
    """An angle in any usual spelling; `packed_decimal` reads 118.463050 as 118°46′30.50″, only when told.

    Raises:
        InvalidInput: no angle, 60 or more minutes or seconds, out of range, or of the other axis.
    """
    word = _normal(text)
    sign, body, told = _without_hemisphere(word, text)
    parts = _parts(body, text, packed_decimal=packed_decimal)
    _require_below_sixty(parts, text)
    wanted = axis or told
    if axis is not None and told is not None and axis is not told:
        raise InvalidInput(f"“{text}”写的是{told}，应为{axis}", way_out="经度与纬度疑似颠倒，请对调")
    value = sum(part / 60**power for power, part in enumerate(parts))
    if wanted is not None and value > wanted.limit:
        raise InvalidInput(f"“{text}”超出{wanted}的取值范围 {wanted.limit}°", way_out=_SPELLINGS)
    return Angle(float(sign * value), wanted, _resolution(parts))


def _normal(text: str) -> str:
    word = unicodedata.normalize("NFKC", text.strip().translate(_MARKS))
    return word.upper().replace("′′", "″").rstrip("。;,")


def _without_hemisphere(word: str, text: str) -> tuple[int, str, Axis | None]:
    found = _HEMISPHERE.fullmatch(word)
    if found is None or (found["before"] and found["after"]):
        raise InvalidInput(f"“{text}”不是经纬度", way_out=_SPELLINGS)
    body, mark = found["body"], found["before"] or found["after"]
    sign = -1 if body.startswith("-") else 1
    axis, half = _HEMISPHERES[mark] if mark else (None, 1)
    return sign * half, body.lstrip("+-").strip(), axis


def _parts(body: str, text: str, *, packed_decimal: bool) -> list[Decimal]:
    """Degrees, and minutes and seconds where they are written."""
    if packed_decimal and (found := _PACKED_DECIMAL.fullmatch(body)):
        degrees, minutes, whole, rest = found.groups()
        return [Decimal(degrees), Decimal(minutes), Decimal(f"{whole}.{rest}" if rest else whole)]
    for form in (_DECIMAL, _MARKED, _SEPARATED, _PACKED):
        if found := form.fullmatch(body):
            written = found.groups() or (body,)
            return _filled(list(written))
    raise InvalidInput(f"“{text}”不是经纬度", way_out=_SPELLINGS)


def _filled(written: list[str | None]) -> list[Decimal]:
    """A seconds mark without minutes still counts as seconds."""
    while written and written[-1] is None:
        written.pop()
    return [Decimal(part or 0) for part in written]


def _require_below_sixty(parts: list[Decimal], text: str) -> None:
    for part, word in zip(parts[1:], "分秒", strict=False):
        if part >= 60:
            carried = format_dms(float(sum(part / 60**power for power, part in enumerate(parts))), decimals=2)
            raise InvalidInput(
                f"“{text}”的{word}为 {part}，应小于 60", way_out=f"请核对原件；若应进位则为 {carried}"
            )
    if any(part % 1 for part in parts[:-1]):
        raise InvalidInput(f"“{text}”只有最后一位可以带小数", way_out=_SPELLINGS)


def _resolution(parts: list[Decimal]) -> float:
    exponent = parts[-1].as_tuple().exponent
    return float(Decimal(1).scaleb(int(exponent)) / 60 ** (len(parts) - 1))


def format_dms(degrees: float, axis: Axis | None = None, *, decimals: int = 2) -> str:
    """118°46′30.50″, and E, W, N or S behind it where the axis is told; 59.999… is carried over."""
    units = 10**decimals
    whole = round(abs(Decimal(repr(float(degrees)))) * 3600 * units)
    seconds, fraction = divmod(int(whole), units)
    tail = f".{fraction:0{decimals}d}" if decimals else ""
    text = f"{seconds // 3600}°{seconds // 60 % 60:02d}′{seconds % 60:02d}{tail}″"
    if axis is None:
        return f"-{text}" if degrees < 0 and whole else text
    return text + ("WE" if axis is Axis.longitude else "SN")[degrees >= 0]
