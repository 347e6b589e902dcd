"""How cases are handed on: each module holds `NAME`, `MEDIA_TYPE`, `SUFFIX` and `draw(tables)`."""

from gis_service.procedures.disputes.formats import workbook
from gis_service.procedures.disputes.formats.workbook import Table

FORMATS = (workbook,)

__all__ = ["FORMATS", "Table"]
