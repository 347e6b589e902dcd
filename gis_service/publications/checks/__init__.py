"""Desk checks (内业检查): all that is wrong with a line, with place and way out, before anyone drives out."""
