"""Whether an ID token is to be believed: signature, issuer, audience, times, and that it answers this very attempt."""

import warnings
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

# Signatures of keys that only the provider has: never `none`, never a secret that both sides know.
ALGORITHMS = ("RS256", "ES256", "PS256", "EdDSA")
LEEWAY_SECONDS = 60
LONGEST_SUBJECT = 255

# What Authlib and joserfc raise beside their own errors for bytes that mean nothing.
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError)


class NotBelieved(Exception):
    """An ID token is refused; the text says which part of it, for the log and never for the browser."""


def believed_claims(
    text: object,
    keys_of: Callable[[bool], "KeySet"],
    *,
    issuer: str,
    client_id: str,
    nonce: str,
    access_token: object,
    begun: datetime,
    now: datetime,
) -> Mapping[str, Any]:
    """Return what an ID token says. `keys_of` answers the provider's keys, asking it anew when told so.

    Raises: NotBelieved; what `keys_of` raises.
    """
    # Here, so that an app without a provider does not load them.
    from authlib.oidc.core import CodeIDToken  # noqa: PLC0415
    from joserfc.errors import JoseError  # noqa: PLC0415

    if not isinstance(text, str):
        raise NotBelieved("id_token")
    header, claims = _signed(text, keys_of)
    options = {"iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": client_id}}
    parameters = {"nonce": nonce, "client_id": client_id, "access_token": access_token}
    try:
        token = CodeIDToken(claims, header, options, parameters)
        token.validate(now=int(now.timestamp()), leeway=LEEWAY_SECONDS)
    except (JoseError, *UNREADABLE) as error:
        raise NotBelieved(str(error)) from error
    # The standard lets a token name others beside us whom we trust; we know of nobody.
    if claims["aud"] not in (client_id, [client_id]):
        raise NotBelieved("aud")
    if claims["iat"] < begun.timestamp() - LEEWAY_SECONDS:
        raise NotBelieved("iat")
    if not (0 < len(claims["sub"]) <= LONGEST_SUBJECT and claims["sub"].isprintable()):
        raise NotBelieved("sub")
    return claims


def _signed(text: str, keys_of: Callable[[bool], "KeySet"]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return header and claims of a token whose signature is the provider's; unknown keys are asked for once."""
    from joserfc import jwt  # noqa: PLC0415
    from joserfc.errors import InvalidKeyIdError, JoseError  # noqa: PLC0415
    from joserfc.jws import JWSRegistry  # noqa: PLC0415

    # RFC 9864 gave EdDSA another name, while providers go on with this one: it is as strong as before.
    warnings.filterwarnings("ignore", message="EdDSA is deprecated")
    registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    try:
        try:
            token = jwt.decode(text, keys_of(False), registry=registry)
        except InvalidKeyIdError:
            token = jwt.decode(text, keys_of(True), registry=registry)
    except (JoseError, *UNREADABLE) as error:
        raise NotBelieved(f"signature: {error}") from error
    if not isinstance(token.claims, dict):
        raise NotBelieved("claims")
    return token.header, token.claims
