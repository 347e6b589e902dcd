"""The register of archives of lines (勘界档案): what is on file, of which line or marker."""
