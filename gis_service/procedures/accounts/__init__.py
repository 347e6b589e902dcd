"""How people and programs prove who they are, and how their accounts are administered.

Who exists and who holds which role is the register of authorities; this slice is its only writer.
"""
