"""HTTP to a provider: every answer bounded in size, all calls of one sign-in bounded in time, no redirects."""

import json
import time
from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import urlencode

import httpx

LONGEST_SECONDS = 10.0
LARGEST_ANSWER = 1024 * 1024


class ClientAuth(Protocol):
    """How a client says who it is, as Authlib puts it into a request."""

    def prepare(
        self, method: str, uri: str, headers: dict[str, str], body: str
    ) -> tuple[str, dict[str, str], str]:
        """Return the request with what proves who the client is."""


class Fetcher:
    """Calls one provider. What takes longer than is left of its time is given up."""

    def __init__(self, seconds: float = LONGEST_SECONDS) -> None:
        self._until = time.monotonic() + seconds

    def json_of(self, url: str, *, bearer: str | None = None) -> Mapping[str, Any]:
        """Return the JSON object at an address. Raises httpx.HTTPError, ValueError, TypeError."""
        headers = {} if bearer is None else {"Authorization": f"Bearer {bearer}"}
        response = self._send("GET", url, headers=headers)
        if response.status_code != httpx.codes.OK:
            raise httpx.HTTPStatusError(
                f"status {response.status_code}", request=response.request, response=response
            )
        found = json.loads(response.content)
        if not isinstance(found, dict):
            raise TypeError("not a JSON object")
        return found

    def post(
        self, url: str, *, data: Mapping[str, str], headers: Mapping[str, str], auth: ClientAuth
    ) -> httpx.Response:
        """Send a form: this is what Authlib's client calls of its session."""
        # Authlib's own headers are shared by all requests, and what proves the client is written into them.
        address, sent, body = auth.prepare("POST", url, dict(headers), urlencode(data))
        return self._send("POST", address, headers=sent, content=body.encode())

    def _send(
        self, method: str, url: str, *, headers: Mapping[str, str], content: bytes | None = None
    ) -> httpx.Response:
        left = self._until - time.monotonic()
        if left <= 0:
            raise httpx.ReadTimeout("no time is left")
        # Connecting and waiting each have their own time-out, and together no more than is left.
        with (
            httpx.Client(trust_env=False, follow_redirects=False, timeout=left / 2) as client,
            client.stream(
                method,
                url,
                headers={"Accept": "application/json", "User-Agent": "orderkit", **headers},
                content=content,
            ) as response,
        ):
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    raise httpx.ReadError(f"the answer is longer than {LARGEST_ANSWER} bytes")
                if time.monotonic() > self._until:
                    raise httpx.ReadTimeout("the answer took too long")
            return httpx.Response(response.status_code, content=bytes(body), request=response.request)
