"""What was written in a file or on a command line, checked: every wrong field is named."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import ValidationError

from gis_service.foundation.errors import InvalidInput
from gis_service.foundation.stripped import Stripped
from gis_service.foundation.web.wording import findings_of

Wanted = TypeVar("Wanted", bound=Stripped)


def checked(model: type[Wanted], data: Any) -> Wanted:
    """Check what was written on a command line; every wrong field is named.

    Raises:
        InvalidInput: fields are missing or wrong.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        wrong = [each | {"loc": ("body", *each["loc"])} for each in error.errors(include_url=False)]
        told = "；".join(f"{_called(model, each.subject)}：{each.message}" for each in findings_of(wrong))
        raise InvalidInput(f"登记内容有误：{told}", way_out="请按各项说明改正") from error


def _called(model: type[Stripped], field: str) -> str:
    known = model.model_fields.get(field)
    return f"{field}（{known.description}）" if known and known.description else field
