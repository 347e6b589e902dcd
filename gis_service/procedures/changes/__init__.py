"""Cases that change divisions: draft, decide, enact."""
