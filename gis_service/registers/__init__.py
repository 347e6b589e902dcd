"""What is true, at any date. Over HTTP the registers are read only."""
