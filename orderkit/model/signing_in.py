"""How people sign in to a project: its rules for passwords, second factors and sessions."""

from dataclasses import dataclass

HOUR_SECONDS = 3600
DAY_SECONDS = 24 * HOUR_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """The rules. `second_factor` are the roles whose people need one; `everyone` is all.

    `password_history` is how many earlier passwords may not come back; None in `password_expires_seconds`
    is never.
    """

    password_length: int = 8
    password_history: int = 0
    password_expires_seconds: int | None = None
    second_factor: tuple[str, ...] = ()
    idle_seconds: int = 8 * HOUR_SECONDS
    longest_seconds: int = 24 * HOUR_SECONDS
    token_longest_seconds: int = 365 * DAY_SECONDS


STANDARD = SignIn()
