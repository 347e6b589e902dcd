"""Hidden risks (隐患) and disputes (纠纷) on boundary lines: from what was found to what was decided."""
