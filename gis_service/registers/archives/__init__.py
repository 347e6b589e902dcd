"""The register of archives of lines (勘界档案): what is on file, on which line or marker, and in which files."""
