"""Signing in at a company's own provider: OpenID Connect, the authorization code flow with PKCE.

`provider` speaks with it, `id_tokens` judges what it says, `identities` finds the account, `flow` puts them in order.
"""

from orderkit.engine.accounts.oidc.flow import (
    LONGEST,
    Attempt,
    Returned,
    begin,
    finish,
    forget_identities,
    sign_out_address,
)

__all__ = [
    "LONGEST",
    "Attempt",
    "Returned",
    "begin",
    "finish",
    "forget_identities",
    "sign_out_address",
]
