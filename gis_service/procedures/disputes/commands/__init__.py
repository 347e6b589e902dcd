"""Opening, leading, revising and deciding cases of hidden risks and disputes."""

from gis_service.procedures.disputes.commands.deciding import decide
from gis_service.procedures.disputes.commands.leading import mediate, move
from gis_service.procedures.disputes.commands.opening import open_case
from gis_service.procedures.disputes.commands.revising import revise

__all__ = ["decide", "mediate", "move", "open_case", "revise"]
