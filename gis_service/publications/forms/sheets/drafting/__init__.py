"""What the forms have in common: figures as they are written, sketches, marks and notes."""
