"""Authorities (机关) and who acts for them: who holds which role in which jurisdiction, and since when."""
