"""Tokens that people and programs carry. Only a digest is ever stored."""

import hashlib
import secrets

API_PREFIX = "ok_"


def new_token(prefix: str = "") -> str:
    """Return a fresh token with 256 random bits."""
    return prefix + secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """Return what is stored of a token. It has too many random bits to need a slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()
