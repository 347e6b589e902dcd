"""What a running service tells of itself: lines on standard error, made for machines, without anybody's data.

The message of our own loggers is a constant, and what varies stands in `extra`. Of an error the log tells its
type and places, never its words, which hold values of records. Loggers of others are not trusted to do so.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO

from pythonjsonlogger.json import JsonFormatter

from gis_service.foundation.settings import Settings

OURS = "gis_service"
_SERVER = "uvicorn"
_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}
_PASSWORD = re.compile(r"(\w://[^\s:/@]*):[^\s/]*@")
_FRAME = re.compile(r'File "(.+?)", line (\d+), in (\S+)')

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def configure(settings: Settings, stream: TextIO | None = None) -> None:
    """Let all loggers speak in one form, ours at the level of the settings; may be done again."""
    handler = _Handler(stream or sys.stderr)
    handler.setFormatter(_Lines() if settings.log_format == "json" else _Words())
    root = logging.getLogger()
    root.handlers = [*(each for each in root.handlers if not isinstance(each, _Handler)), handler]
    root.setLevel(logging.WARNING)
    for name in (OURS, _SERVER):
        logging.getLogger(name).setLevel(settings.log_level)


class _Handler(logging.StreamHandler[Any]):
    """The one that `configure` has set."""

    def emit(self, record: logging.LogRecord) -> None:
        super().emit(_fit_to_tell(record))


class _Lines(JsonFormatter):
    """One JSON object a line."""

    def __init__(self) -> None:
        names = {"levelname": "level", "name": "logger"}
        shown = "{levelname}{name}{message}"
        super().__init__(shown, style="{", rename_fields=names, timestamp="time", json_ensure_ascii=False)

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802
        return stack_of(ei[1])


class _Words(logging.Formatter):
    """One line for people at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told = " ".join(f"{name}={value}" for name, value in _extra(record).items())
        stack = f" {stack_of(record.exc_info[1])}" if record.exc_info else ""
        return f"{at} {record.levelname} {record.name} {record.getMessage()} {told}{stack}".rstrip()


def stack_of(error: BaseException | None) -> str:
    """The types of an error and its causes, each with the places it passed; no messages."""
    return " ← ".join(_one_stack(each) for each in _causes(error))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _one_stack(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__qualname__} at " + " > ".join(
        f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames
    )


def _fit_to_tell(record: logging.LogRecord) -> logging.LogRecord:
    """A copy of a record that holds nothing which should not be told."""
    ours = record.name.partition(".")[0] == OURS
    trusted = ours or record.name.startswith(_SERVER)
    fit = logging.makeLogRecord(vars(record) if ours else _without_extra(record))
    fit.msg = _PASSWORD.sub(r"\1:***@", _in_places(record.getMessage() if trusted else str(record.msg)))
    fit.args = None
    fit.exc_text = fit.stack_info = None
    return fit


def _without_extra(record: logging.LogRecord) -> dict[str, Any]:
    return {name: value for name, value in vars(record).items() if name in _USUAL}


def _extra(record: logging.LogRecord) -> dict[str, Any]:
    return {name: value for name, value in vars(record).items() if name not in _USUAL}


def _in_places(text: str) -> str:
    """A message that is the print of a traceback becomes its type and places, as in `stack_of`."""
    if not text.startswith("Traceback "):
        return text
    last = next((line for line in reversed(text.splitlines()) if line and not line.startswith(" ")), "")
    places = " > ".join(f"{file}:{line} {name}" for file, line, name in _FRAME.findall(text))
    return f"{last.partition(':')[0]} at {places}"
