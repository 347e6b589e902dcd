"""What judges a tree of divisions of one day, as the national place-name database hands it out."""

from gis_service.procedures.intake.rules.trees.comparing import R_TRE_01, R_TRE_02, Known, Node, Tree, compare

RULES = (R_TRE_01, R_TRE_02)

__all__ = ["RULES", "R_TRE_01", "R_TRE_02", "Known", "Node", "Tree", "compare"]
