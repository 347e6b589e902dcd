"""Codes as tables bring them, made codes again: what spreadsheets and habits did to their digits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from gis_service.registers.divisions.rules import is_code

_FLOAT = re.compile(r"(\d+)\.0+", re.ASCII)
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?\d{1,2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Healed:
    """A code that was written otherwise; `rows` is how often."""

    written: str
    code: str
    rows: int


def heal_codes(written: pd.Series) -> tuple[pd.Series, list[Healed]]:
    """Codes as text of 6, 9 or 12 digits, and what had to be mended; what is beyond it stays as it is."""
    texts = written.fillna("").astype(str)
    counts = texts.value_counts()
    healed = {text: heal_code(text) for text in counts.index}
    told = [Healed(text, code, int(counts[text])) for text, code in sorted(healed.items()) if text != code]
    return texts.map(healed), told


def heal_code(text: str) -> str:
    """One code: 320602.0, 3.20602E5, full-width digits, 3206 and 320602000000 are what they were meant as."""
    plain = unicodedata.normalize("NFKC", text).strip().strip("'\"‘’“”` ")
    number = _FLOAT.fullmatch(plain)
    if number:
        plain = number[1]
    elif _SCIENTIFIC.fullmatch(plain) and float(plain).is_integer():
        plain = str(int(float(plain)))
    return _shortened(_lengthened(plain))


def _lengthened(text: str) -> str:
    """Provinces and prefectures are often written without their zeros."""
    return text.ljust(6, "0") if len(text) in {2, 4} and text.isascii() and text.isdigit() else text


def _shortened(text: str) -> str:
    """Statisticians write twelve digits for every level; segments of nothing but zeros name no unit."""
    if not is_code(text):
        return text
    while len(text) > 6 and text.endswith("000"):
        text = text[:-3]
    return text


def codes_in(codes: Iterable[str]) -> list[str]:
    """Those that are codes, each once, in their order."""
    return [code for code in dict.fromkeys(codes) if is_code(code)]
