"""What a PDF page shows, read back from its content streams, in millimetres from the top left corner."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pikepdf
import pypdfium2

MM_PER_POINT = 25.4 / 72
_BUILDING = {"m", "l", "c", "v", "y", "re"}
_ENDING = {"S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "n"}


@dataclass
class Drawn:
    """Painted paths of a page (n × 2 arrays) with stroke width in mm (0: filled only), and image count."""

    paths: list[tuple[float, np.ndarray]] = field(default_factory=list)
    images: int = 0

    def add(self, operator: str, path: list[tuple[float, float]], width: float, matrix: np.ndarray) -> None:
        if path and operator != "n":
            self.paths.append((_stroke(operator, width, matrix), _to_mm(path, matrix)))

    def points(self) -> np.ndarray:
        return np.vstack([path for _, path in self.paths])


def read_page(pdf: bytes, number: int = 0) -> Drawn:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        page = document.pages[number]
        height = float(page.mediabox[3])
        drawn = Drawn()
        flip = np.array([[1, 0, 0], [0, -1, 0], [0, height, 1]], dtype=float)
        _walk(page, page.obj.get("/Resources"), flip, drawn)
    return drawn


def page_sizes_mm(pdf: bytes) -> list[tuple[float, float]]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [
            (float(page.mediabox[2]) * MM_PER_POINT, float(page.mediabox[3]) * MM_PER_POINT)
            for page in document.pages
        ]


def texts(pdf: bytes) -> str:
    """The text of all pages without white space, as a search would see it."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = [document[number].get_textpage() for number in range(len(document))]
        found = "".join(page.get_text_range() for page in pages)
        for page in pages:
            page.close()
    finally:
        document.close()
    return "".join(found.split())


def fonts(pdf: bytes) -> list[Any]:
    """Font descriptors of all fonts the file names."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [
            {"name": str(item.FontName), "embedded": any(key in item for key in ("/FontFile2", "/FontFile3"))}
            for item in document.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"
        ]


@dataclass
class _Pen:
    """The part of the graphics state that matters here, with its stack."""

    matrix: np.ndarray
    width: float = 1.0
    stack: list[tuple[np.ndarray, float]] = field(default_factory=list)

    def obey(self, operator: str, operands: Any) -> None:
        match operator:
            case "q":
                self.stack.append((self.matrix, self.width))
            case "Q":
                self.matrix, self.width = self.stack.pop()
            case "cm":
                self.matrix = _matrix(operands) @ self.matrix
            case "w":
                self.width = float(operands[0])


def _walk(content: Any, resources: Any, matrix: np.ndarray, drawn: Drawn) -> None:
    pen = _Pen(matrix)
    path: list[tuple[float, float]] = []
    for operands, operator in pikepdf.parse_content_stream(content):
        name = str(operator)
        if name == "Do":
            _paint(resources.XObject[str(operands[0])], pen.matrix, drawn)
        elif name in _BUILDING:
            path.extend(_points(name, [float(value) for value in operands]))
        elif name in _ENDING:
            drawn.add(name, path, pen.width, pen.matrix)
            path = []
        else:
            pen.obey(name, operands)


def _paint(item: Any, matrix: np.ndarray, drawn: Drawn) -> None:
    if item.Subtype == "/Image":
        drawn.images += 1
        return
    inner = _matrix(item.get("/Matrix", [1, 0, 0, 1, 0, 0])) @ matrix
    _walk(item, item.get("/Resources"), inner, drawn)


def _points(name: str, values: list[float]) -> Iterator[tuple[float, float]]:
    if name == "re":
        x, y, width, height = values
        yield from ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
    else:
        yield values[-2], values[-1]


def _stroke(name: str, width: float, matrix: np.ndarray) -> float:
    if name in {"f", "F", "f*"}:
        return 0.0
    return width * float(np.hypot(matrix[0, 0], matrix[0, 1])) * MM_PER_POINT


def _matrix(values: Any) -> np.ndarray:
    a, b, c, d, e, f = (float(value) for value in values)
    return np.array([[a, b, 0], [c, d, 0], [e, f, 1]])


def _to_mm(path: list[tuple[float, float]], matrix: np.ndarray) -> np.ndarray:
    homogeneous = np.column_stack([np.array(path), np.ones(len(path))])
    return np.asarray((homogeneous @ matrix)[:, :2] * MM_PER_POINT)
