"""Settling lines after a change of divisions: what is left to do of each, until it is settled and filed."""
