"""Corrections of place names (地名更正建议): anyone suggests, editors decide, who asked is told."""
