"""Boundary maps: a plan first, its fingerprint, then a drawn edition."""
