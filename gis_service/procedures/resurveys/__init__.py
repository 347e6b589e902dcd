"""Resurveys of lines (修测) after a river or road moved, or an indicator changed: opened, done, filed."""
