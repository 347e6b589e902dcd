"""The size budget: files and functions that one can read in a breath."""

from __future__ import annotations

import ast
from statistics import median

from tests.architecture.tree import complain, sources

LONGEST_FILE = 400
MEDIAN_FILE = 150
LONGEST_FUNCTION = 60
MEDIAN_FUNCTION = 10


def lengths_of_functions() -> dict[str, int]:
    return {
        f"{source.name}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for source in sources()
        for node in ast.walk(source.syntax)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_no_file_is_too_long_to_read() -> None:
    assert not [f"{s.name} {s.lines}" for s in sources() if s.lines > LONGEST_FILE]


def test_files_are_short_in_the_middle() -> None:
    """Counted without `__init__` files, which would flatter."""
    lengths = [source.lines for source in sources() if not source.name.endswith("__init__.py")]
    assert median(lengths) <= MEDIAN_FILE


def test_no_function_is_too_long_to_read() -> None:
    long = [
        f"{name} {length}" for name, length in lengths_of_functions().items() if length > LONGEST_FUNCTION
    ]
    assert not long, complain(long)


def test_functions_are_short_in_the_middle() -> None:
    assert median(lengths_of_functions().values()) <= MEDIAN_FUNCTION
