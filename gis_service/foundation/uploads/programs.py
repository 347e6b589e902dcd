"""Programs by their first bytes, whatever they are called."""

from __future__ import annotations

_BEGINS = (
    b"\x7fELF",
    b"#!",
    b"\xca\xfe\xba\xbe",  # Java, and fat binaries of macOS
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    bytes.fromhex("4c0000000114020000000000c000000000000046"),  # a shortcut of Windows
)
_MARKUP = (b"<!doctype html", b"<html", b"<script", b"<svg", b"<?php", b"@echo off")
_BOM = b"\xef\xbb\xbf"


def is_program(content: bytes) -> bool:
    """Whether opening it would run it: binaries, scripts, and markup that browsers run."""
    is_windows = content.startswith(b"MZ") and b"\0" in content[:64]
    if is_windows or content.startswith(_BEGINS):
        return True
    return content[:512].removeprefix(_BOM).lstrip().lower().startswith(_MARKUP)
