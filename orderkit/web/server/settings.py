"""How this server runs: what the environment and the command line decide, read once at the start.

What the app does is decided by the project; nothing here changes a rule of it.
"""

from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from orderkit.web.server.secret_keys import SecretKeys, secret_keys

MEGABYTE = 1024 * 1024


def _networks(value: object) -> object:
    if isinstance(value, str):
        return tuple(ip_network(each.strip(), strict=False) for each in value.split(",") if each.strip())
    return value


class Settings(BaseModel):
    """Settings of a server. `threads` bounds how many requests reach the database at once.

    `patience_seconds` is how long a body may take however small it is; a larger one may take longer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    secret_keys: SecretKeys
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], BeforeValidator(_networks)] = ()
    is_https: bool | None = None
    is_development: bool = False
    threads: int = Field(default=8, ge=1, le=128)
    largest_body: int = Field(default=4 * MEGABYTE, ge=1024)
    largest_upload: int = Field(default=256 * MEGABYTE, ge=1024)
    patience_seconds: float = Field(default=30, gt=0)

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str], folder: Path | None, *, is_development: bool = False
    ) -> "Settings":
        """Read `ORDERKIT_…`: SECRET_KEY, TRUSTED_PROXIES (networks), HTTPS (1 or 0), THREADS, MAX_UPLOAD_MB.

        Raises: WeakSecretKey; pydantic's ValidationError for a value that cannot be read.
        """
        given: dict[str, object] = {
            "secret_keys": secret_keys(environment, folder),
            "is_development": is_development,
        }
        for variable, name in (
            ("ORDERKIT_TRUSTED_PROXIES", "trusted_proxies"),
            ("ORDERKIT_HTTPS", "is_https"),
            ("ORDERKIT_THREADS", "threads"),
        ):
            if environment.get(variable):
                given[name] = environment[variable]
        if environment.get("ORDERKIT_MAX_UPLOAD_MB"):
            given["largest_upload"] = int(environment["ORDERKIT_MAX_UPLOAD_MB"]) * MEGABYTE
        return cls.model_validate(given)
