"""Codes that change every half minute (RFC 6238), as authenticator apps on phones show them."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote

STEP_SECONDS = 30
DIGITS = 6
# Clocks of phones differ a little: the code before and the code after count as well.
STEPS_ASIDE = 1


def new_secret() -> str:
    """Return a fresh secret of 160 random bits, in the letters that apps take (base 32)."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code_at(secret: str, step: int) -> str:
    """Return the code of one step of the clock."""
    key = base64.b32decode(secret)
    # SHA-1 is what every app understands; as a key of HMAC it is not broken.
    digest = hmac.new(key, step.to_bytes(8, "big"), hashlib.sha1).digest()
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def step_of(moment: datetime) -> int:
    """Return the step of the clock at a moment."""
    return int(moment.timestamp()) // STEP_SECONDS


def matching_step(secret: str, code: str, moment: datetime) -> int | None:
    """Return the step whose code this is, near this moment; all are compared, whichever fits."""
    now = step_of(moment)
    near = range(now - STEPS_ASIDE, now + STEPS_ASIDE + 1)
    fitting = [step for step in near if hmac.compare_digest(code_at(secret, step).encode(), code.encode())]
    return fitting[-1] if fitting else None


def address_of(secret: str, *, login: str, issuer: str) -> str:
    """Return what the QR code says, from which an app takes everything."""
    name = quote(f"{issuer}:{login}", safe="")
    return f"otpauth://totp/{name}?secret={secret}&issuer={quote(issuer, safe='')}"
