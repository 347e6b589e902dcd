"""Which encoding the texts of a dBASE table are in, with proof on the texts themselves.

What the table or its .cpg file declares is a claim; GBK tables declared as UTF-8 or Latin-1 are common, and
so is no declaration at all. The claim is held against the bytes.
"""

from __future__ import annotations

import codecs
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.intake.formats.limits import limit
from gis_service.procedures.intake.formats.reading import R_INT_02, blocked

_UTF_8, _GB18030 = "UTF-8", "GB18030"
_CHINESE_LANGUAGE_DRIVERS = {0x4D: _GB18030, 0x7A: _GB18030}
_GB_FAMILY = {"gbk", "gb2312", "gb18030", "cp936", "936", "ms936", "hz", "ansi936"}
_GENERICS = "省市县区旗州盟乡镇村道社木"
_CHOOSE = "请核对名称是否正确；不对时用 --encoding 指明，如 --encoding GB18030"


@dataclass(frozen=True, slots=True)
class Encoding:
    """A Python codec and, in Chinese, how it was found."""

    codec: str
    basis: str


@dataclass(frozen=True, slots=True)
class _Proof:
    """How texts look when decoded: shares of all non-ASCII characters, and of all texts."""

    codec: str
    han_share: float
    generic_share: float
    cut_share: float  # of texts whose last character is cut off

    @property
    def is_chinese(self) -> bool:
        return self.han_share >= limit("encoding", "least_han_share")

    @property
    def basis(self) -> str:
        return f"常用汉字占 {self.han_share:.0%}，以政区通名结尾的占 {self.generic_share:.0%}"


def _plausibility(proof: _Proof) -> tuple[float, bool, float, bool]:
    """A codec that leaves fewer characters cut off explains the bytes better than any share of Han."""
    return -proof.cut_share, proof.is_chinese, proof.generic_share, proof.codec == _UTF_8


def find_encoding(
    path: Path, dbf: Path, cpg: Path | None, override: str | None
) -> tuple[Encoding | None, list[Finding]]:
    """The encoding to read with; None when the bytes fit none that is known here."""
    if override is not None:
        return _overridden(path, override)
    try:
        texts, driver = sample(dbf)
    except (struct.error, IndexError, ValueError):
        return None, [blocked(path, "属性文件（.dbf）已损坏", "请重新导出或重新传送")]
    claim = _claimed(cpg, driver)
    if not texts:
        return Encoding(claim or _UTF_8, "属性文字全部是 ASCII 字符"), []
    proofs = [proof for codec in (_UTF_8, _GB18030) if (proof := prove(texts, codec)) is not None]
    if not proofs:
        return _unproven(path, claim)
    best = max(proofs, key=_plausibility)
    return Encoding(best.codec, best.basis), _told(path, claim, best)


def _overridden(path: Path, override: str) -> tuple[Encoding | None, list[Finding]]:
    try:
        codec = codecs.lookup(override).name
    except LookupError:
        message = f"没有名为“{override}”的编码"
        return None, [blocked(path, message, "请写 UTF-8 或 GB18030", rule=R_INT_02)]
    return Encoding("GB18030" if codec in _GB_FAMILY else override, "由提交人指定"), []


def _claimed(cpg: Path | None, driver: int) -> str | None:
    """The declared encoding: UTF-8, GB18030 for all of its family, or as written; None for no claim."""
    if cpg is not None:
        text = cpg.read_bytes()[:64].decode("ascii", errors="replace").strip()
        plain = text.lower().replace("-", "").replace("_", "").replace(" ", "")
        if plain in {"utf8", "65001"}:
            return _UTF_8
        if plain in _GB_FAMILY:
            return _GB18030
        if plain:
            return text
    return _CHINESE_LANGUAGE_DRIVERS.get(driver)


def _told(path: Path, claim: str | None, best: _Proof) -> list[Finding]:
    if claim == best.codec:
        return []
    if claim is None:
        message = f"没有声明编码，按 {best.codec} 读取（{best.basis}）"
        severity = Severity.info if best.is_chinese and best.generic_share > 0 else Severity.warning
    else:
        message = f"声明的编码为 {claim}，实为 {best.codec}（{best.basis}），按后者读取"
        severity = Severity.warning
    return [blocked(path, message, _CHOOSE, rule=R_INT_02, severity=severity)]


def _unproven(path: Path, claim: str | None) -> tuple[Encoding | None, list[Finding]]:
    message = f"属性文字既不是 UTF-8 也不是 GB18030（声明为 {claim or '无'}），或编码混杂"
    way_out = "请用 --encoding 指明编码，或以 UTF-8 重新导出"
    return None, [blocked(path, message, way_out, rule=R_INT_02)]


def prove(texts: Sequence[bytes], codec: str) -> _Proof | None:
    """How Chinese the texts look in a codec; None when a text cannot be decoded.

    A last character that is cut off by the width of its field does not speak against the codec.
    """
    decoders = [codecs.getincrementaldecoder(codec)() for _ in texts]
    try:
        decoded = [decoder.decode(text) for decoder, text in zip(decoders, texts, strict=True)]
    except UnicodeDecodeError:
        return None
    cut = sum(decoder.getstate()[0] != b"" for decoder in decoders)
    beyond = [character for text in decoded for character in text if ord(character) > 0x7F]
    han = sum("\u4e00" <= character <= "\u9fff" for character in beyond)
    ending = sum(text[-1:] in _GENERICS for text in decoded)
    return _Proof(codec, han / max(len(beyond), 1), ending / len(decoded), cut / len(decoded))


def sample(dbf: Path) -> tuple[list[bytes], int]:
    """Texts with bytes beyond ASCII from a dBASE table, and its language driver byte.

    Raises:
        ValueError, IndexError, struct.error: the header does not describe the file.
    """
    content = dbf.read_bytes()
    count, header_length, record_length = struct.unpack_from("<IHH", content, 4)
    driver = content[29]
    most = int(limit("encoding", "sample_values"))
    texts: list[bytes] = []
    spans = _text_spans(content[32:header_length])
    if header_length < 33 or record_length < 1 or header_length + count * record_length > len(content) + 1:
        raise ValueError("the header does not describe the file")
    for start in range(header_length, header_length + count * record_length, record_length):
        if len(texts) >= most:
            break
        values = (content[start + first : start + last].rstrip(b" \x00") for first, last in spans)
        texts += [value for value in values if not value.isascii()]
    return texts, driver


def _text_spans(fields: bytes) -> list[tuple[int, int]]:
    """Where in a record the text fields lie: descriptors of 32 bytes, type at 11, length at 16."""
    spans, start = [], 1
    for offset in range(0, len(fields) - 31, 32):
        if fields[offset] == 0x0D:
            break
        length = fields[offset + 16]
        if fields[offset + 11 : offset + 12] == b"C":
            spans.append((start, start + length))
        start += length
    return spans
