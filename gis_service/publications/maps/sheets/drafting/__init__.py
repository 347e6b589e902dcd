"""The craft all sheet types share: projection, scale, grids, names, symbols, marginalia."""
