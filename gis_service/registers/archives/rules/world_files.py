"""World files (.tfw, .jgw, .pgw): six numbers that lay a picture on the ground; its system is told beside."""

from __future__ import annotations

from typing import Any

from gis_service.foundation.errors import InvalidInput

_NUMBERS = 6
_MESH = 5  # places from side to side that are carried over: enough to follow the bend of a projection
_LARGEST_DEGREES = 360.0


def read_world(text: str) -> tuple[float, float, float, float, float, float]:
    """The numbers of a world file as written: A, D, B, E, C, F, one on each line.

    Raises:
        InvalidInput: not six numbers, or numbers that fold the picture.
    """
    try:
        a, d, b, e, c, f = (float(word) for word in text.split())
    except ValueError as error:
        raise InvalidInput(
            f"坐标文件应有 {_NUMBERS} 行，每行一个数", way_out="请提供 .tfw、.jgw 或 .pgw 的原文"
        ) from error
    if a * e - b * d == 0.0:
        raise InvalidInput("坐标文件的像素大小为零", way_out="请核对坐标文件的第 1 至 4 行")
    return a, d, b, e, c, f


def world_rows(text: str, width: int, height: int) -> list[dict[str, Any]]:
    """Control points that say what a world file says of a picture of this size, as a table would hold them.

    A world file places the middle of the first pixel; control points count from the corner of it.

    Raises:
        InvalidInput: see `read_world`.
    """
    a, d, b, e, c, f = read_world(text)
    is_degrees = abs(c) <= _LARGEST_DEGREES and abs(f) <= _LARGEST_DEGREES
    across, down = ("经度", "纬度") if is_degrees else ("Y", "X")
    rows = []
    for step in range(_MESH * _MESH):
        column, row = (step % _MESH) * width / (_MESH - 1), (step // _MESH) * height / (_MESH - 1)
        east = a * (column - 0.5) + b * (row - 0.5) + c
        north = d * (column - 0.5) + e * (row - 0.5) + f
        rows.append({"点号": f"W{step + 1}", "列": column, "行": row, across: east, down: north})
    return rows
