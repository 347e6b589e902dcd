"""The register of place names (地名): how names are written, read and judged."""
