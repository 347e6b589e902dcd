"""Boundaries: each stretch stored once as an edge between two faces; polygons and lines are derived."""
