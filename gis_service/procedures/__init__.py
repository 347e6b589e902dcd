"""How the registers may change: cases that end in a decision. The only writers of registers."""
