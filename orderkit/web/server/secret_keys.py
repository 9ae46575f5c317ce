"""Signing what goes to a browser and comes back, with keys that can be rotated.

`ORDERKIT_SECRET_KEY` holds one key or several, separated by commas: the first signs, all of them
verify. Sessions and links need no key; they are random and only their digest is stored.
"""

import base64
import hashlib
import hmac
import os
import secrets
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from orderkit.model.errors import OrderkitError
from orderkit.model.labels import label

VARIABLE = "ORDERKIT_SECRET_KEY"
SHORTEST_KEY = 16


class WeakSecretKey(OrderkitError):
    """A secret key is too short to protect anything."""


class SecretKeys:
    """The keys in force. They never appear in a log: the repr hides them."""

    def __init__(self, keys: Sequence[str]) -> None:
        for key in keys:
            if len(key) < SHORTEST_KEY:
                raise WeakSecretKey(
                    label(
                        zh=f"{VARIABLE} 中的密钥太短，至少要 {SHORTEST_KEY} 个字符；可用 openssl rand -hex 32 生成",
                        en=f"A key in {VARIABLE} is too short: it needs {SHORTEST_KEY} characters; make one with openssl rand -hex 32",
                    )
                )
        if not keys:
            raise ValueError("no secret key")
        self._keys = tuple(hashlib.sha256(key.encode()).digest() for key in keys)

    def __repr__(self) -> str:
        return f"<{len(self._keys)} secret keys>"

    def sign(self, text: str, *, purpose: str) -> str:
        """Return the text with a signature that holds for this purpose only."""
        return f"{text}.{_signature(self._keys[0], text, purpose)}"

    def verified(self, signed: str, *, purpose: str) -> str | None:
        """Return the text that was signed, or None when no key in force has signed it."""
        text, dot, signature = signed.rpartition(".")
        if not dot:
            return None
        expected = (_signature(key, text, purpose) for key in self._keys)
        # All keys are tried, so that the time tells nothing about which one matched.
        matches = [hmac.compare_digest(each.encode(), signature.encode()) for each in expected]
        return text if any(matches) else None

    def sealed(self, text: str, *, purpose: str) -> str:
        """Return the text so that nobody without a key can read or change it."""
        return _cipher(self._keys, purpose).encrypt(text.encode()).decode()

    def opened(self, sealed: str, *, purpose: str) -> str | None:
        """Return the text that was sealed, or None when no key in force has sealed it."""
        try:
            return _cipher(self._keys, purpose).decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None

    def derived(self, purpose: str) -> tuple[bytes, ...]:
        """Return a key for this purpose from each key in force; the first is to be used, all to be believed."""
        return tuple(
            hmac.new(key, f"derive\0{purpose}".encode(), hashlib.sha256).digest() for key in self._keys
        )


def _cipher(keys: Sequence[bytes], purpose: str) -> MultiFernet:
    own = [hmac.new(key, f"seal\0{purpose}".encode(), hashlib.sha256).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in own])


def secret_keys(environment: Mapping[str, str], folder: Path | None) -> SecretKeys:
    """Return the keys of the environment, or else one made once and kept in `folder`.

    Raises: WeakSecretKey for a key that is too short.
    """
    given = [key.strip() for key in environment.get(VARIABLE, "").split(",") if key.strip()]
    if given:
        return SecretKeys(given)
    if folder is None:
        return SecretKeys([secrets.token_hex(32)])
    kept = folder / "secret_key"
    if not kept.exists():
        _make(kept)
    return SecretKeys([kept.read_text(encoding="ascii").strip()])


def _make(kept: Path) -> None:
    """Write a fresh key, whole or not at all: of two servers that start at once both use the first one's."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".secret-key-", dir=kept.parent)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")
    try:
        kept.hardlink_to(name)
    except FileExistsError:
        pass
    finally:
        Path(name).unlink()


def _signature(key: bytes, text: str, purpose: str) -> str:
    digest = hmac.new(key, f"{purpose}\0{text}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:24]).decode().rstrip("=")
