"""How a risk map is handed on: each module holds `NAME`, `MEDIA_TYPE`, `SUFFIX` and `draw(picture)`."""

from gis_service.publications.risks.formats import page

FORMATS = (page,)
