"""What is written to be entered: a JSON file, overlaid by options."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.findings import Finding, Severity


def merged(file: Path | None, given: dict[str, Any]) -> dict[str, Any]:
    """What a file says, overlaid by what was written as options.

    Raises:
        InvalidInput: the file cannot be read, or is no JSON object.
    """
    said = _read(file) if file is not None else {}
    return said | {name: value for name, value in given.items() if value is not None}


def _read(file: Path) -> dict[str, Any]:
    try:
        said = orjson.loads(file.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise InvalidInput(f"{file} 不能读取，或不是 JSON", way_out="请核对路径和内容") from error
    if not isinstance(said, dict):
        raise InvalidInput(f"{file} 应是一个 JSON 对象", way_out="请写成 {…}")
    return said


def parted(text: str, separator: str, form: str) -> tuple[str, str]:
    """The two parts of what was written as one word.

    Raises:
        InvalidInput: it has no such parts; `form` tells how they are written.
    """
    one, found, other = text.partition(separator)
    if not (found and one.strip() and other.strip()):
        raise InvalidInput(f"“{text[:80]}”的写法不对", way_out=f"请写如 {form}")
    return one.strip(), other.strip()


def finding_of(told: dict[str, Any]) -> Finding:
    """A finding as it was told in JSON."""
    words = {"class_" if name == "class" else name: value for name, value in told.items()}
    return Finding(**{**words, "severity": Severity(told["severity"])})
