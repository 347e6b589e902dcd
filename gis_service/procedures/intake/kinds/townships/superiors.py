"""The county-level units that a list of changes below them takes for known: a table of codes and names."""

from __future__ import annotations

from pathlib import Path

from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.findings import Finding
from gis_service.procedures.intake.kinds.listed import Texts
from gis_service.procedures.intake.kinds.townships.tabular import SUFFIXES, rows_of
from gis_service.procedures.intake.kinds.yearly.tables import read_table

_COUNTY = 6


def read_superiors(path: Path | None, texts: Texts) -> tuple[dict[str, str], list[Finding]]:
    """Code → name; a table as of a year's end, or the first two columns of a CSV file or workbook.

    Raises:
        InvalidInput: no such file.
    """
    if path is None:
        return {}, []
    if not path.is_file():
        raise InvalidInput(f"没有文件 {path}", way_out="--superiors 请写县级代码表的路径")
    if path.suffix.lower() in SUFFIXES:
        pairs = [(cells[0].strip(), cells[1].strip()) for cells in rows_of(path, texts) if len(cells) > 1]
        text = "\n".join(f"{code} {name}" for code, name in pairs if code[:_COUNTY].isdigit())
    else:
        text = texts.of(path)
    table, findings = read_table(text, year=1, file=path.name)
    return dict(table.units), findings
