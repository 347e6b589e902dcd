"""Boundary markers, points and tri-points: where they stand, in what state, on which lines."""
