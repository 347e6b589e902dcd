"""What a desk check asks of the registers, and the check itself."""

from gis_service.publications.checks.queries.against import Asked
from gis_service.publications.checks.queries.checking import check_line, lines_within

__all__ = ["Asked", "check_line", "lines_within"]
