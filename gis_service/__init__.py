"""Registers of divisions, boundaries and place names, and the lawful procedures that change them.

Four tiers, one rule: imports point down only.

    registers      what is true, at any date
    procedures     how it may change: cases that end in a decision (the only writers of registers)
    publications   what is shown: always rebuildable from the registers
    foundation     what all of them stand on
"""
