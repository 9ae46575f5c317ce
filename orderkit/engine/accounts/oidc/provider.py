"""One provider: what it says of itself, its keys, where people are sent, and what a code is exchanged for."""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import httpx

from orderkit.engine.accounts.oidc import saying
from orderkit.engine.accounts.oidc.fetching import Fetcher
from orderkit.model.signing_in import IdentityProvider

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

KEPT_FOR = timedelta(hours=1)
_DISCOVERY = "/.well-known/openid-configuration"
# Authlib may raise its own, ours or those of the machine: what went wrong is the same for whoever signs in.
_FAILED = (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, KeyError, TypeError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What the provider says of itself; `names_itself` is whether it adds its name to what it sends back."""

    authorization: str
    token: str
    keys: str
    userinfo: str | None
    end_session: str | None
    client_auth: str
    names_itself: bool


class Provider:
    """Speaks with the provider of the project. What it says of itself and its keys are kept for an hour."""

    def __init__(
        self, settings: IdentityProvider, secret: Callable[[], str | None], now: Callable[[], datetime]
    ) -> None:
        self.settings = settings
        self._secret = secret
        self._now = now
        self._lock = threading.Lock()
        self._metadata: tuple[datetime, Metadata] | None = None
        self._keys: tuple[datetime, KeySet] | None = None

    @property
    def known(self) -> Metadata | None:
        """What the provider has said of itself, as far as it was asked."""
        return None if self._metadata is None else self._metadata[1]

    def metadata(self, fetcher: Fetcher) -> Metadata:
        """Return what the provider says of itself. Raises ConnectorFailed."""
        kept = self._metadata
        if kept is not None and kept[0] + KEPT_FOR > self._now():
            return kept[1]
        try:
            said = fetcher.json_of(self.settings.issuer.rstrip("/") + _DISCOVERY)
            found = self._read(said)
        except _FAILED as error:
            raise saying.unreachable(self.settings, error) from error
        self._metadata = (self._now(), found)
        return found

    def keys(self, fetcher: Fetcher, *, anew: bool = False) -> "KeySet":
        """Return the keys that it signs with; `anew` asks even when they are kept. Raises ConnectorFailed."""
        from joserfc.errors import JoseError  # noqa: PLC0415 - only where there is a provider
        from joserfc.jwk import KeySet  # noqa: PLC0415

        with self._lock:
            kept = self._keys
        if kept is not None and not anew and kept[0] + KEPT_FOR > self._now():
            return kept[1]
        try:
            said: Any = fetcher.json_of(self.metadata(fetcher).keys)
            found = KeySet.import_key_set(said)
        except (JoseError, *_FAILED) as error:
            raise saying.unreachable(self.settings, error) from error
        with self._lock:
            self._keys = (self._now(), found)
        return found

    def address(
        self, fetcher: Fetcher, *, redirect: str, state: str, nonce: str, verifier: str, locale: str
    ) -> str:
        """Return where a browser is sent. Raises ConnectorFailed."""
        authorization = self.metadata(fetcher).authorization
        address, _ = self._client(fetcher, redirect).create_authorization_url(
            authorization, state=state, code_verifier=verifier, nonce=nonce, ui_locales=locale
        )
        return str(address)

    def exchange(self, fetcher: Fetcher, *, redirect: str, code: str, verifier: str) -> Mapping[str, Any]:
        """Return the tokens for a code. Raises Denied for one that does not hold; ConnectorFailed."""
        from authlib.common.errors import AuthlibBaseError  # noqa: PLC0415 - only where there is a provider

        url = self.metadata(fetcher).token
        client = self._client(fetcher, redirect)
        try:
            tokens: Mapping[str, Any] = client.fetch_token(
                url, grant_type="authorization_code", code=code, code_verifier=verifier
            )
        except AuthlibBaseError as error:
            if error.error == "invalid_grant":
                raise saying.start_again(self.settings) from error
            raise saying.misconfigured(self.settings, str(error.error)) from error
        except _FAILED as error:
            raise saying.unreachable(self.settings, error) from error
        return tokens

    def userinfo(self, fetcher: Fetcher, access_token: str, subject: str) -> Mapping[str, Any]:
        """Return what else it says of somebody; nothing where it has no such address. Raises ConnectorFailed, Denied."""
        url = self.metadata(fetcher).userinfo
        if url is None:
            return {}
        try:
            said = fetcher.json_of(url, bearer=access_token)
        except _FAILED as error:
            raise saying.unreachable(self.settings, error) from error
        # Who answers for somebody else's token is not to be listened to.
        if said.get("sub") != subject:
            raise saying.not_believed(self.settings)
        return said

    def sign_out_address(self) -> str | None:
        """Return where people end their session at the provider too, if it has told of such an address."""
        if self.known is None or self.known.end_session is None:
            return None
        mark = "&" if "?" in self.known.end_session else "?"
        return f"{self.known.end_session}{mark}{urlencode({'client_id': self.settings.client_id})}"

    def _client(self, fetcher: Fetcher, redirect: str) -> Any:
        from authlib.oauth2.client import OAuth2Client  # noqa: PLC0415 - only where there is a provider

        known = self.known
        assert known is not None, "the provider was asked before"
        return OAuth2Client(
            fetcher,
            client_id=self.settings.client_id,
            client_secret=self._secret(),
            token_endpoint_auth_method=known.client_auth,
            scope=" ".join(self.settings.scopes),
            redirect_uri=redirect,
            code_challenge_method="S256",
        )

    def _read(self, said: Mapping[str, Any]) -> Metadata:
        if said["issuer"] != self.settings.issuer:
            raise ValueError("it calls itself by another name than `issuer`")
        return Metadata(
            authorization=self._endpoint(said["authorization_endpoint"]),
            token=self._endpoint(said["token_endpoint"]),
            keys=self._endpoint(said["jwks_uri"]),
            userinfo=self._optional(said, "userinfo_endpoint"),
            end_session=self._optional(said, "end_session_endpoint"),
            client_auth=self._client_auth(said.get("token_endpoint_auth_methods_supported")),
            names_itself=said.get("authorization_response_iss_parameter_supported") is True,
        )

    def _client_auth(self, supported: object) -> str:
        if self.settings.client_secret is None:
            return "none"
        ways = supported if isinstance(supported, list) else ["client_secret_basic"]
        is_posted = "client_secret_basic" not in ways and "client_secret_post" in ways
        return "client_secret_post" if is_posted else "client_secret_basic"

    def _optional(self, said: Mapping[str, Any], name: str) -> str | None:
        return None if said.get(name) is None else self._endpoint(said[name])

    def _endpoint(self, given: object) -> str:
        """Return an address if codes and tokens may be sent there: over HTTPS, or on this machine as `issuer` is."""
        parts = urlsplit(given if isinstance(given, str) else "")
        own = urlsplit(self.settings.issuer)
        is_local = own.scheme == "http" and (parts.scheme, parts.hostname) == ("http", own.hostname)
        if not parts.hostname or not (parts.scheme == "https" or is_local):
            raise ValueError(f"an address is not HTTPS: {json.dumps(given)[:100]}")
        return str(given)
