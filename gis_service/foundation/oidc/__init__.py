"""Sign-in by OpenID Connect, seen from a resource server: who a token of the named provider speaks of.

Tokens are issued elsewhere. Here they are verified; whose account the claims speak of, others know.
"""

from gis_service.foundation.oidc.claims import Claims
from gis_service.foundation.oidc.verifying import Verifier, looks_like_jwt
from gis_service.foundation.settings import Provider

__all__ = ["Claims", "Provider", "Verifier", "looks_like_jwt"]
