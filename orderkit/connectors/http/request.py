"""One request, one answer: JSON out, JSON in, never a redirect, never more than a bounded body."""

import json
import time
from collections.abc import Mapping
from urllib.parse import quote

import httpx

from orderkit.connectors.connector_type import Call
from orderkit.connectors.http.addresses import Target, resolve
from orderkit.connectors.http.redaction import shown, shown_url
from orderkit.connectors.http.settings import Arguments, QueryValue, ReadArguments, Settings
from orderkit.model import labels
from orderkit.model.errors import ConnectorFailed

MAX_ANSWER_BYTES = 4 * 1024 * 1024
_KEPT = " !#$&'()*+,/:;<=>?@[]^`{|}"
_METHODS = {"get": "GET", "post": "POST", "put": "PUT", "patch": "PATCH", "delete": "DELETE"}


class Request:
    """A request that has been built and can be sent once."""

    def __init__(self, settings: Settings, arguments: Arguments | ReadArguments, call: Call) -> None:
        self.method = _METHODS[call.operation]
        self.timeout_seconds = call.timeout_seconds
        body = arguments.body if isinstance(arguments, Arguments) else None
        self.content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        url = _joined(settings.base_url, arguments.path)
        self.url = url.copy_merge_params({key: _text(value) for key, value in arguments.query.items()})
        self.account = f"{self.method} {shown_url(self.url)} key={call.key} {shown(self.content)}".rstrip()
        self.target: Target = resolve(self.url, allow_private_network=settings.allow_private_network)
        self.headers = {
            "Accept": "application/json",
            "User-Agent": "orderkit",
            **{name: value.get_secret_value() for name, value in settings.headers.items()},
            **arguments.headers,
            "Host": self.target.host_header,
            # Headers are ASCII; a key may hold any text, such as a Chinese invoice number.
            "Idempotency-Key": quote(call.key, safe=_KEPT),
        }
        if self.content:
            self.headers["Content-Type"] = "application/json"
        self.auth: httpx.Auth | None = None
        if settings.auth is not None and settings.auth.bearer is not None:
            self.headers["Authorization"] = f"Bearer {settings.auth.bearer.get_secret_value()}"
        elif settings.auth is not None and settings.auth.basic is not None:
            basic = settings.auth.basic
            self.auth = httpx.BasicAuth(basic.username, basic.password.get_secret_value())

    def send(self) -> tuple[int, Mapping[str, str], bytes]:
        """Return status, headers and body. The request goes to a checked address under its own name."""
        try:
            return self._send()
        except (httpx.LocalProtocolError, httpx.DecodingError, ValueError) as error:
            raise self._failed(
                "请求无法发送", "the request cannot be sent", error, is_permanent=True
            ) from error
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise self._failed("连接不上对方", "no connection", error) from error
        except httpx.TransportError as error:
            is_write = self.method != "GET"
            raise self._failed("对方没有答完", "no complete answer", error, is_unknown=is_write) from error

    def _send(self) -> tuple[int, Mapping[str, str], bytes]:
        *others, last = self.target.urls
        for url in others:
            try:
                return self._send_to(url)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return self._send_to(last)

    def _send_to(self, url: httpx.URL) -> tuple[int, Mapping[str, str], bytes]:
        deadline = time.monotonic() + self.timeout_seconds
        with (
            httpx.Client(trust_env=False, follow_redirects=False, timeout=self.timeout_seconds) as client,
            client.stream(
                self.method,
                url,
                headers=self.headers,
                content=self.content or None,
                auth=self.auth,
                extensions={"sni_hostname": self.target.host},
            ) as response,
        ):
            return response.status_code, response.headers, self._read(response, deadline)

    def _read(self, response: httpx.Response, deadline: float) -> bytes:
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > MAX_ANSWER_BYTES:
                raise httpx.ReadError(f"the answer is longer than {MAX_ANSWER_BYTES} bytes")
            if time.monotonic() > deadline:
                raise httpx.ReadTimeout("the answer took too long")
        return bytes(body)

    def _failed(
        self, zh: str, en: str, error: Exception, *, is_unknown: bool = False, is_permanent: bool = False
    ) -> ConnectorFailed:
        # The library's own text may hold the whole URL; its class says enough.
        reason = type(error).__name__
        return ConnectorFailed(
            labels.label(zh=f"{zh}（{reason}）", en=f"{en} ({reason})"),
            is_permanent=is_permanent,
            is_outcome_unknown=is_unknown,
            summary=f"{self.account} → {reason}",
        )


def _joined(base_url: str, path: str) -> httpx.URL:
    try:
        joined = httpx.URL(f"{base_url.rstrip('/')}/{path.lstrip('/')}" if path else base_url)
        base = httpx.URL(base_url)
    except httpx.InvalidURL as error:
        raise ConnectorFailed(
            labels.label(zh="接口地址不是有效的网址", en="the URL is not valid"), is_permanent=True
        ) from error
    if (joined.scheme, joined.netloc) != (base.scheme, base.netloc):
        raise ConnectorFailed(
            labels.label(zh="路径不能改变主机", en="the path may not lead to another host"), is_permanent=True
        )
    return joined


def _text(value: QueryValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
