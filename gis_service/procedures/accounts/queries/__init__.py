"""Questions about accounts and their credentials."""

from gis_service.procedures.accounts.queries.accounts import (
    WHOLE_COUNTRY,
    account_told,
    accounts_page,
    any_account,
    own_account_told,
    place_held,
    place_named,
)
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
    "WHOLE_COUNTRY",
    "account_told",
    "accounts_page",
    "any_account",
    "codes_left",
    "has_second_factor",
    "holds",
    "own_account_told",
    "password_of",
    "place_held",
    "place_named",
    "token_of",
    "token_shown",
    "tokens_in_force",
]
