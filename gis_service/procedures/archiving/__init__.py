"""Filing archives of lines over HTTP: what the register keeps, handed in by those of either side."""
