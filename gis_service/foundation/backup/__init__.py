"""Backups of a whole installation: made while it serves, checked, and put back.

Decision 0012 says what a backup holds, and why the database is copied in one of two forms.
"""

from gis_service.foundation.backup.database import server_at, server_of
from gis_service.foundation.backup.making import Made, Sources, make_backup
from gis_service.foundation.backup.manifest import Form, Manifest, check, read_manifest
from gis_service.foundation.backup.restoring import LATEST, Wanted, move_aside, put_back, refuse_unfit
from gis_service.foundation.backup.shelf import Shelf

__all__ = [
    "LATEST",
    "Form",
    "Made",
    "Manifest",
    "Shelf",
    "Sources",
    "Wanted",
    "check",
    "make_backup",
    "move_aside",
    "put_back",
    "read_manifest",
    "refuse_unfit",
    "server_at",
    "server_of",
]
