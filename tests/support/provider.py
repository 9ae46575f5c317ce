"""A strict OpenID provider to sign in at: it refuses what a careful one refuses, and lies only where a test lets it.

It is an ASGI application; `orderkit.connectors.http.fake.serving` runs it on a free port of this machine.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey

from orderkit.engine.runtime import Clock

Answer = tuple[int, dict[str, str], bytes]
CLIENT_ID, CLIENT_SECRET = "orderkit", "a secret of the client"
PATHS = {
    "authorization_endpoint": "/authorize",
    "token_endpoint": "/token",
    "jwks_uri": "/keys",
    "userinfo_endpoint": "/userinfo",
    "end_session_endpoint": "/leave",
}


@cache
def key(kid: str, algorithm: str = "RS256") -> Any:
    """A key of the provider; making an RSA key costs a moment, so each is made once."""
    parameters: Any = {"kid": kid, "use": "sig"}
    if algorithm == "EdDSA":
        return OKPKey.generate_key("Ed25519", parameters)
    if algorithm == "ES256":
        return ECKey.generate_key("P-256", parameters)
    return RSAKey.generate_key(2048, parameters)


@dataclass(slots=True)
class Grant:
    """What a code stands for until it is exchanged."""

    redirect: str
    challenge: str
    nonce: str
    is_used: bool = False


@dataclass
class Lies:
    """Where the provider does otherwise than it should."""

    claims: dict[str, Any] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    algorithm: str | None = None
    discovery: dict[str, Any] = field(default_factory=dict)
    delay_seconds: float = 0
    token: Callable[[dict[str, Any]], str] | None = None


class FakeProvider:
    """Signs `person` in without asking. `issuer` is set once it is served; `calls` counts what came by path.

    A client that `is_public` has no secret and names itself.
    """

    def __init__(self, clock: Clock, redirect: str) -> None:
        self.clock = clock
        self.redirect = redirect
        self.issuer = ""
        self.is_public = False
        self.person: dict[str, Any] = {}
        self.told_elsewhere: dict[str, Any] = {}
        self.kid, self.algorithm = "first", "RS256"
        self.lies = Lies()
        self.calls: Counter[str] = Counter()
        self.grants: dict[str, Grant] = {}
        self.access_tokens: set[str] = set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = bytearray()
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body", False):
                break
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        query = {name: values[0] for name, values in parse_qs(scope["query_string"].decode()).items()}
        sent = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        if self.lies.delay_seconds:
            await asyncio.sleep(self.lies.delay_seconds)
        status, more, content = self._answer(scope["method"], scope["path"], headers, query, sent)
        encoded = [(name.encode(), value.encode()) for name, value in more.items()]
        await send({"type": "http.response.start", "status": status, "headers": encoded})
        await send({"type": "http.response.body", "body": content})

    def _answer(
        self, method: str, path: str, headers: dict[str, str], query: dict[str, str], sent: dict[str, str]
    ) -> Answer:
        self.calls[path] += 1
        match method, path:
            case "GET", "/.well-known/openid-configuration":
                return _json(self._metadata())
            case "GET", "/keys":
                return _json(KeySet([key(self.kid, self.algorithm)]).as_dict(private=False))
            case "GET", "/authorize":
                return self._authorize(query)
            case "POST", "/token":
                return self._exchange(headers, sent)
            case "GET", "/userinfo":
                return self._userinfo(headers)
        return _json({"error": "not_found"}, 404)

    def _metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            **{name: self.issuer + path for name, path in PATHS.items()},
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "authorization_response_iss_parameter_supported": True,
            **self.lies.discovery,
        }

    def _authorize(self, query: dict[str, str]) -> Answer:
        if (query.get("client_id"), query.get("redirect_uri")) != (CLIENT_ID, self.redirect):
            return _json({"error": "unknown client or redirect"}, 400)
        asked = (query.get("response_type"), query.get("code_challenge_method"))
        is_whole = all(query.get(each) for each in ("state", "nonce", "code_challenge"))
        if asked != ("code", "S256") or not is_whole or "openid" not in query.get("scope", "").split():
            return _json({"error": "invalid_request"}, 400)
        code = secrets.token_urlsafe(16)
        self.grants[code] = Grant(query["redirect_uri"], query["code_challenge"], query["nonce"])
        back = urlencode({"code": code, "state": query["state"], "iss": self.issuer})
        return 302, {"location": f"{query['redirect_uri']}?{back}"}, b""

    def _exchange(self, headers: dict[str, str], sent: dict[str, str]) -> Answer:
        secret = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        wanted = (None, CLIENT_ID) if self.is_public else (f"Basic {secret}", None)
        if (headers.get("authorization"), sent.get("client_id")) != wanted:
            return _json({"error": "invalid_client"}, 401)
        grant = self.grants.get(sent.get("code", ""))
        verifier = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = _encoded(verifier)
        if (
            sent.get("grant_type") != "authorization_code"
            or grant is None
            or grant.is_used
            or (grant.redirect, grant.challenge) != (sent.get("redirect_uri"), challenge)
        ):
            return _json({"error": "invalid_grant"}, 400)
        grant.is_used = True
        access_token = secrets.token_urlsafe(16)
        self.access_tokens.add(access_token)
        return _json(
            {
                "access_token": access_token,
                "token_type": "Bearer",
                "expires_in": 300,
                "id_token": self._id_token(grant, access_token),
            }
        )

    def _id_token(self, grant: Grant, access_token: str) -> str:
        now = int(self.clock.now().timestamp())
        # Half of the hash that belongs to the signature; that of Ed25519 is SHA-512.
        whole = hashlib.new(
            "sha512" if self.algorithm == "EdDSA" else "sha256", access_token.encode()
        ).digest()
        half = whole[: len(whole) // 2]
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": grant.nonce,
            "at_hash": _encoded(half),
            **self.person,
            **self.lies.claims,
        }
        claims = {name: value for name, value in claims.items() if name not in self.lies.without}
        if self.lies.token is not None:
            return self.lies.token(claims)
        return self.signed(claims, self.kid, self.lies.algorithm or self.algorithm)

    def signed(self, claims: dict[str, Any], kid: str, algorithm: str) -> str:
        """Return a token: signed by the key, or as one who forges it would."""
        header = {"alg": algorithm, "kid": kid}
        if algorithm in {"none", "HS256"}:
            parts = [_encoded(json.dumps(each).encode()) for each in (header, claims)]
            # The public key, which everybody knows, taken for a secret that both sides share.
            public = key(kid).as_pem(private=False)
            signature = hmac.digest(public, ".".join(parts).encode(), "sha256")
            return ".".join([*parts, "" if algorithm == "none" else _encoded(signature)])
        return jwt.encode(header, claims, key(kid, self.algorithm), algorithms=[algorithm])

    def _userinfo(self, headers: dict[str, str]) -> Answer:
        if headers.get("authorization", "").removeprefix("Bearer ") not in self.access_tokens:
            return _json({"error": "invalid_token"}, 401)
        return _json({"sub": self.person["sub"], **self.told_elsewhere})


def query_of(address: str) -> dict[str, str]:
    """Return the query of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _json(value: object, status: int = 200) -> Answer:
    return status, {"content-type": "application/json"}, json.dumps(value).encode()
