"""Believes a proxy about the client's address and scheme, but only a proxy that the settings name."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from orderkit.web.request.passage import passage_of


class TrustedProxies:
    """Sets the client and the scheme of a request from `X-Forwarded-For` and `X-Forwarded-Proto`."""

    def __init__(
        self, app: ASGIApp, *, networks: Sequence[IPv4Network | IPv6Network], is_https: bool | None
    ) -> None:
        self.app = app
        self.networks = tuple(networks)
        self.is_https = is_https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == "http":
            passage = passage_of(scope)
            client = scope["client"][0] if scope.get("client") else ""
            headers = Headers(scope=scope)
            if self._trusts(client):
                client = self._client_of(",".join(headers.getlist("x-forwarded-for"))) or client
                forwarded = headers.get("x-forwarded-proto", "").strip().lower()
                if forwarded in {"http", "https"}:
                    scope["scheme"] = forwarded
            if self.is_https is not None:
                scope["scheme"] = "https" if self.is_https else "http"
            passage.client = client
            passage.is_https = scope["scheme"] == "https"
        await self.app(scope, receive, send)

    def _client_of(self, chain: str) -> str | None:
        """Return the nearest address that is no proxy of ours; what stands before it can be forged."""
        for address in reversed([each.strip() for each in chain.split(",") if each.strip()]):
            if not self._trusts(address):
                return address
        return None

    def _trusts(self, address: str) -> bool:
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self.networks)
