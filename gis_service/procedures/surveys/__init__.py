"""Surveys of boundary lines: what agreements, surveys and filings say goes into the registers by this."""
