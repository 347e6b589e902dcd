"""What a kind of delivery without geometry hands over, and what it may be told."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from gis_service.foundation.findings import Finding, Severity
from gis_service.procedures.intake.rules.chronicle import R_HIS_01

_ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True, slots=True)
class ListOptions:
    """`on` is the day of what knows no day itself; `infer` lets successions be guessed where none is told.

    `superiors` is a table of county-level units that a list below them may take for known.
    """

    on: date
    infer: bool = False
    partial: bool = False
    superiors: Path | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """What was read; the content is None when a blocking finding says why."""

    content: Any
    findings: tuple[Finding, ...]
    partial: bool = False


class Texts:
    """Reads text files, and takes the digest of all of them."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self.findings: list[Finding] = []

    def take(self, file: Path) -> bytes:
        """The content of a file of another sort."""
        content = file.read_bytes()
        self._digest.update(file.name.encode() + b"\0" + content)
        return content

    def of(self, file: Path) -> str:
        """The text of a file; a finding, and no text, where it is none."""
        content = self.take(file)
        for encoding in _ENCODINGS:
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
        message = f"{file.name}：不是 UTF-8 也不是 GB 18030 文本"
        self.findings.append(
            R_HIS_01.finding(Severity.blocking, file.name, message, suggestion="请转换编码后重新提交")
        )
        return ""

    @property
    def sha256(self) -> str:
        """The digest of all files read so far, in their order."""
        return self._digest.hexdigest()
