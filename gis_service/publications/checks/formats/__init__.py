"""How a desk check is handed on: a page with a map, a workbook."""
