"""Names as they are searched: one standard character for each traditional, variant or compatibility one."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache

from gis_service.registers.placenames.rules.characters.tables import standard_characters, variant_characters

_SAME_SIGHT = (range(0x2F00, 0x2FE0), range(0xF900, 0xFB00), range(0xFF01, 0xFF5F), range(0x2F800, 0x2FA20))


def folded(text: str) -> str:
    """`text` for search: equal for 瀋陽, 沈阳 and 沈陽; as long as before, character by character.

    Characters of 通用规范汉字表 stay (里, 乾, 於), and so do those whose standard character only the name can
    tell, those without one, and private ones. Compatibility ideographs, Kangxi radicals and full-width forms
    become what they look like. Folding twice changes nothing. It is never shown or stored in place of a name.
    """
    return text.translate(_folding())


@cache
def _folding() -> Mapping[int, str]:
    only = {char: each.standard[0] for char, each in variant_characters().items() if len(each.standard) == 1}
    alike = {chr(code): plain_form(chr(code)) for block in _SAME_SIGHT for code in block}
    return {
        ord(char): only.get(plain, plain)
        for char, plain in (*alike.items(), *((char, char) for char in only))
        if char not in standard_characters()
    }


def plain_form(char: str) -> str:
    """The character a compatibility ideograph, Kangxi radical or full-width form looks like, or itself."""
    plain = unicodedata.normalize("NFKC", char)
    return plain if len(plain) == 1 else char
