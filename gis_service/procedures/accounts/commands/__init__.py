"""The only writers of credentials, and of the register of authorities."""

from gis_service.procedures.accounts.commands.administering import (
    appoint,
    clear,
    close,
    dismiss,
    link,
    managed,
    open_with_roles,
)
from gis_service.procedures.accounts.commands.identifying import identify, identify_with
from gis_service.procedures.accounts.commands.passwords import (
    Change,
    accept,
    change,
    expire_password,
    invite,
    invite_to,
    unlock,
)
from gis_service.procedures.accounts.commands.proving import Proof, Proven, Refusal, prove
from gis_service.procedures.accounts.commands.tokens import (
    Issued,
    Pair,
    Service,
    acts_named,
    issue_pair,
    issue_service_token,
    renew,
    revoke_all,
    revoke_family,
    revoke_one,
)

__all__ = [
    "Change",
    "Issued",
    "Pair",
    "Proof",
    "Proven",
    "Refusal",
    "Service",
    "accept",
    "acts_named",
    "appoint",
    "change",
    "clear",
    "close",
    "dismiss",
    "expire_password",
    "identify",
    "identify_with",
    "invite",
    "invite_to",
    "issue_pair",
    "issue_service_token",
    "link",
    "managed",
    "open_with_roles",
    "prove",
    "renew",
    "revoke_all",
    "revoke_family",
    "revoke_one",
    "unlock",
]
