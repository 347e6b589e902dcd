"""Bring data in: check a delivery, report findings, load it under its source.."""
