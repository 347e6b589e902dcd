"""What a survey office prints of a boundary line (表册): generated from the registers, never typed."""
