"""Processes that are killed in the midst of their work, and the question what is left of it."""
