"""What judges names, passwords, codes and guessing; pure values, with numbers in `limits.toml`."""

from gis_service.procedures.accounts.rules.codes import (
    accepted_step,
    address_of,
    is_recovery_code,
    new_recovery_code,
    new_secret,
    recovery_digest,
)
from gis_service.procedures.accounts.rules.limits import lasting, limit
from gis_service.procedures.accounts.rules.lockout import Strikes
from gis_service.procedures.accounts.rules.names import NAME, require_name
from gis_service.procedures.accounts.rules.passwords import (
    R_ACC_01,
    R_ACC_02,
    R_ACC_03,
    R_ACC_04,
    judge_password,
    normalised,
    same_again,
)
from gis_service.procedures.accounts.rules.tokens import (
    KIND_WORDS,
    PREFIXES,
    Kind,
    csrf_of,
    digest_of,
    holds_until,
    new_token,
    whole_span,
)

RULES = (R_ACC_01, R_ACC_02, R_ACC_03, R_ACC_04)

__all__ = [
    "KIND_WORDS",
    "NAME",
    "PREFIXES",
    "RULES",
    "Kind",
    "Strikes",
    "accepted_step",
    "address_of",
    "csrf_of",
    "digest_of",
    "holds_until",
    "is_recovery_code",
    "judge_password",
    "lasting",
    "limit",
    "new_recovery_code",
    "new_secret",
    "new_token",
    "normalised",
    "recovery_digest",
    "require_name",
    "same_again",
    "whole_span",
]
