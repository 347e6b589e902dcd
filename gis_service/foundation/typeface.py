"""Metrics and coverage of the one typeface all products are lettered in (Noto Sans SC, OFL).

A character the typeface lacks would print as an empty box without any warning; it is written as its code
point instead.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from fontTools.ttLib import TTFont

from gis_service.foundation.findings import Finding, Rule, Severity

FAMILY = "Noto Sans SC"
CAP_HEIGHT_EM = 0.733
_INVISIBLE = "\n\t "

NAME_CAN_BE_PRINTED = Rule(
    id="R-MAP-70", title="图上和表册上的文字须能用随附字体完整印出", legal_basis="GB 18030-2022", status="D"
)


@lru_cache(maxsize=1)
def font_file() -> Path:
    """Where the typeface lies: inside the installed package that carries it."""
    spec = find_spec("zhplot")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("package zhplot, which carries the typeface, is not installed")
    return Path(spec.origin).parent / "fonts" / "NotoSansSC-Regular.ttf"


def opened_font() -> TTFont:
    """The typeface, read whole, so that no file stays open behind its lazily read tables."""
    return TTFont(io.BytesIO(font_file().read_bytes()), lazy=True, recalcTimestamp=False)


@lru_cache(maxsize=1)
def _font() -> tuple[dict[int, str], dict[str, tuple[int, int]], int]:
    font = opened_font()
    return dict(font.getBestCmap()), dict(font["hmtx"].metrics), int(font["head"].unitsPerEm)


def missing_characters(text: str) -> list[str]:
    """Characters of `text` the typeface has no glyph for, each once, in order."""
    covered = _font()[0]
    return [char for char in dict.fromkeys(text) if ord(char) not in covered and char not in _INVISIBLE]


def printable(text: str) -> str:
    """`text` with every character the typeface lacks written as its code point: 〔U+20BB7〕."""
    lacking = set(missing_characters(text))
    return "".join(f"〔U+{ord(char):04X}〕" if char in lacking else char for char in text)


def coverage_findings(texts: Iterable[tuple[str, str]]) -> list[Finding]:
    """One warning for each (where it stands, text) that holds characters the typeface lacks."""
    return [
        _uncovered(subject, text, lacking) for subject, text in texts if (lacking := missing_characters(text))
    ]


def _uncovered(subject: str, text: str, lacking: Sequence[str]) -> Finding:
    told = "、".join(f"“{char}”（U+{ord(char):04X}）" for char in lacking)
    return NAME_CAN_BE_PRINTED.finding(
        Severity.warning,
        subject,
        f"“{text}”含字体缺字{told}，印出时以码位代替",
        suggestion="请提供含该字的字体，或核对用字",
    )


def width_em(text: str) -> float:
    """Advance width of one line of printable text in units of its size."""
    covered, metrics, units = _font()
    return sum(metrics[covered.get(ord(char), ".notdef")][0] for char in text) / units
