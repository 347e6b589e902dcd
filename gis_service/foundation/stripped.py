"""Texts that are taken without the space around them, and what a JSON schema then says of their length.

The least length counts what is left, the greatest what was sent: so a schema can tell both.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator
from pydantic_core import PydanticKnownError

_SPACE = r"\t\n\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_CONTROL = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f"


def tell_stripped(schema: dict[str, Any]) -> None:
    """JSON schema itself counts the space around a text too, so the least length becomes a pattern."""
    for field in schema.get("properties", {}).values():
        if field.get("type") == "string" and field.get("minLength") and "pattern" not in field:
            field["pattern"] = pattern_of_at_least(field["minLength"])


def pattern_of_at_least(characters: int) -> str:
    """Texts of so many characters or more, none of them a control, not counting the space around them."""
    inner = f"[^{_CONTROL}]{{{max(characters - 2, 0)},}}"
    end = f"[^{_CONTROL}{_SPACE}]"
    long_enough = f"{end}{inner}{end}" if characters > 1 else f"{end}({inner}{end})?"
    return f"^[{_SPACE}]*{long_enough}[{_SPACE}]*$"


class Stripped(BaseModel):
    """What people send, strictly: no unknown fields, texts without the space around them."""

    model_config = ConfigDict(
        extra="forbid", str_strip_whitespace=True, json_schema_extra=tell_stripped, populate_by_name=True
    )

    @field_validator("*", mode="before")
    @classmethod
    def _no_longer_than_allowed(cls, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, str) and info.field_name is not None:
            for bound in cls.model_fields[info.field_name].metadata:
                most = getattr(bound, "max_length", None)
                if most is not None and len(value) > most:
                    raise PydanticKnownError("string_too_long", {"max_length": most})
        return value
