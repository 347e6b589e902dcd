"""The record of what was written and read: each entry chained to the one before, none ever altered.

Decision 0010 says what the chain proves, against whom, and what it cannot prove.
"""

from gis_service.foundation.journal.chain import Breach, Break
from gis_service.foundation.journal.models import JournalEntry, JournalHead
from gis_service.foundation.journal.proof import Proof, lines, prove, snapshot
from gis_service.foundation.journal.writing import append

__all__ = [
    "Breach",
    "Break",
    "JournalEntry",
    "JournalHead",
    "Proof",
    "append",
    "lines",
    "prove",
    "snapshot",
]
