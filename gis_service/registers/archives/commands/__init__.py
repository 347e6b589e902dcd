"""Filing archives of lines, laying scans on the ground, keeping what was traced, appraising."""

from gis_service.registers.archives.commands.appraising import appraise_item
from gis_service.registers.archives.commands.correcting import CORRIGIBLE, correct_item
from gis_service.registers.archives.commands.filing import (
    About,
    Filed,
    NewFile,
    NewItem,
    attach_to_item,
    register_item,
)
from gis_service.registers.archives.commands.georeferencing import Control, Laid, georeference_scan
from gis_service.registers.archives.commands.tracing import Traced, record_vectors

__all__ = [
    "CORRIGIBLE",
    "About",
    "Control",
    "Filed",
    "Laid",
    "NewFile",
    "NewItem",
    "Traced",
    "appraise_item",
    "attach_to_item",
    "correct_item",
    "georeference_scan",
    "record_vectors",
    "register_item",
]
