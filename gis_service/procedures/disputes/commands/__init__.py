"""Opening and leading cases of hidden risks and disputes."""

from gis_service.procedures.disputes.commands.cases import decide, mediate, move, open_case

__all__ = ["decide", "mediate", "move", "open_case"]
