"""Seats of governments: as approved, as seen, and where the two differ."""
