"""Questions about accounts and their credentials."""

from gis_service.procedures.accounts.queries.credentials import (
    codes_left,
    has_second_factor,
    holds,
    password_of,
    token_of,
    token_shown,
    tokens_in_force,
)

__all__ = [
    "codes_left",
    "has_second_factor",
    "holds",
    "password_of",
    "token_of",
    "token_shown",
    "tokens_in_force",
]
