"""Administrative divisions: identity, versions in time, lineage."""
