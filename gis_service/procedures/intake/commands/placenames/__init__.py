"""Lists of place names: opened, judged, matched with the register, entered, and what is in doubt decided."""
