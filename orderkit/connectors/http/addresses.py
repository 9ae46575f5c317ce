"""Which addresses a configured URL may lead to.

The name is resolved once and the request goes to that very address, so a name cannot point to a
public address while it is checked and to a private one when it is called.
"""

import ipaddress
import socket
from dataclasses import dataclass

import httpx

from orderkit.model.errors import ConnectorFailed
from orderkit.model.labels import label

# Metadata services that do not live on link-local addresses: Alibaba Cloud, AWS over IPv6, Oracle.
_METADATA = frozenset(
    ipaddress.ip_address(address) for address in ("100.100.100.200", "fd00:ec2::254", "192.0.0.192")
)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes: `urls` name the checked addresses, `host` is what the certificate must say."""

    urls: tuple[httpx.URL, ...]
    host: str
    host_header: str


def resolve(url: httpx.URL, *, allow_private_network: bool) -> Target:
    """Return the addresses behind `url`. Raises ConnectorFailed when it is unknown or not allowed."""
    if url.scheme not in {"http", "https"} or not url.host:
        raise ConnectorFailed(
            label(
                zh="接口地址必须以 http:// 或 https:// 开头",
                en="the base URL must begin with http:// or https://",
            ),
            is_permanent=True,
        )
    port = url.port or (443 if url.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(url.host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise ConnectorFailed(
            label(zh=f"找不到主机 {url.host}", en=f"the host {url.host} cannot be found")
        ) from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if not _is_allowed(address, allow_private_network=allow_private_network):
            raise ConnectorFailed(
                label(
                    zh=f"{url.host} 指向不允许访问的内网地址；确需访问请在连接设置中写 allow_private_network: true",
                    en=f"{url.host} leads to an address that may not be called; "
                    "if it is a system of your own network, set allow_private_network: true",
                ),
                is_permanent=True,
            )
    urls = tuple(url.copy_with(host=address) for address in addresses)
    return Target(urls, url.host, url.netloc.decode("ascii"))


def _is_allowed(text: str, *, allow_private_network: bool) -> bool:
    address = ipaddress.ip_address(text.split("%", 1)[0])
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address.sixtofour or address
    if address in _METADATA or address.is_link_local or address.is_multicast or address.is_unspecified:
        return False
    if address.is_global:
        return True
    return allow_private_network and (address.is_private or address.is_loopback)
