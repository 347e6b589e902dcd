"""Numbers in names of streets and heights: figures where they number, letters where they name (6, 7)."""

from __future__ import annotations

import re

from gis_service.registers.placenames.rules.romanization.tables import words

_HUNDRED, _TEN = "百", "十"
_NUMBER = re.compile(r"[〇零一二三四五六七八九十百]+$")


def value(text: str) -> int | None:
    """What a Chinese number says, up to 999, or digit by digit (一二〇三); None where it is no number."""
    digits = words()["numerals"]["digits"]
    if not text:
        return None
    if all(character in digits for character in text):
        return int("".join(str(digits[character]) for character in text))
    return _counted(text, digits)


def _counted(text: str, digits: dict[str, int]) -> int | None:
    found = re.fullmatch(
        r"(?:([一二三四五六七八九])百)?[零〇]?(?:([一二三四五六七八九]?)(十))?([一二三四五六七八九]?)", text
    )
    if found is None:
        return None
    hundreds, tens, ten, ones = found.groups()
    return (
        100 * digits.get(hundreds or "", 0)
        + (10 * digits.get(tens or "", 1) if ten else 0)
        + digits.get(ones or "", 0)
    )


def trailing(stem: str) -> tuple[str, str, int] | None:
    """A stem that ends in a number: what stands before it, the number as written, and its value.

    Words such as 八一 or 五四 name; 东四 in 东四十二条 is a name and its own number stays with it.
    """
    table = words()["roads"]
    if stem in table["commemorated"]:
        return None
    for kept in table["kept_numerals"]:
        if stem.startswith(kept) and (number := value(stem[len(kept) :])) is not None:
            return kept, stem[len(kept) :], number
    found = _NUMBER.search(stem)
    if found is None or stem in table["kept_numerals"] or stem.endswith(tuple(table["commemorated"])):
        return None
    number = value(found[0])
    return (stem[: found.start()], found[0], number) if number is not None else None
