"""How people sign in to a project: its rules for passwords, second factors and sessions, and a provider of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from orderkit.model.labels import Label, label

HOUR_SECONDS = 3600
DAY_SECONDS = 24 * HOUR_SECONDS


class LinkBy(StrEnum):
    """By what an account that was here before is found at the first sign-in through a provider."""

    EMAIL = "email"
    LOGIN = "login"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityProvider:
    """Where people of the company prove who they are (OpenID Connect).

    `client_secret` is `${NAME}`, or None for a client without one. `login`, `name`, `email` and `groups`
    name claims. `roles` are those of each group; without `link_by` nobody who was here before is found.
    """

    issuer: str
    client_id: str
    client_secret: str | None = None
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    login: str = "preferred_username"
    name: str = "name"
    email: str = "email"
    groups: str = "groups"
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    link_by: LinkBy | None = None
    create: bool = False
    second_factor: bool = False
    only: bool = False
    label: Label = field(default_factory=lambda: label(zh="单点登录", en="single sign-on"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """The rules. `second_factor` are the roles whose people need one; `everyone` is all.

    `password_history` is how many earlier passwords may not come back; None in `password_expires_seconds`
    is never. `leaked_passwords` is a file of passwords that are known to everybody, under the project's folder.
    """

    password_length: int = 8
    password_history: int = 0
    password_expires_seconds: int | None = None
    second_factor: tuple[str, ...] = ()
    idle_seconds: int = 8 * HOUR_SECONDS
    longest_seconds: int = 24 * HOUR_SECONDS
    token_longest_seconds: int = 365 * DAY_SECONDS
    leaked_passwords: str | None = None
    oidc: IdentityProvider | None = None

    @property
    def takes_passwords(self) -> bool:
        """Whether people may sign in with a password; otherwise with the provider alone."""
        return self.oidc is None or not self.oidc.only


STANDARD = SignIn()
