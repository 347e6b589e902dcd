"""What is on file: items with what they are about and their files, images along a line, what is missing."""

from gis_service.registers.archives.queries.coverage import Coverage, ImageOnLine, coverage_of
from gis_service.registers.archives.queries.inventory import Inventory, inventory_of
from gis_service.registers.archives.queries.items import (
    Wanted,
    file_of,
    item_named,
    items_page,
)
from gis_service.registers.archives.queries.kept import stored_files
from gis_service.registers.archives.queries.telling import ToldItem, details_of, told_of

__all__ = [
    "Coverage",
    "ImageOnLine",
    "Inventory",
    "ToldItem",
    "Wanted",
    "coverage_of",
    "details_of",
    "file_of",
    "inventory_of",
    "item_named",
    "items_page",
    "stored_files",
    "told_of",
]
