"""What is shown. Everything here can be rebuilt from the registers."""
