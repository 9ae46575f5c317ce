"""What is configured for an HTTP system, and what its operations take."""

from typing import Annotated

from pydantic import Field, JsonValue, SecretStr, field_validator, model_validator

from orderkit.model.options import OptionModel

QueryValue = str | int | bool | None
Query = dict[str, QueryValue]


class BasicAuth(OptionModel):
    """User and password, sent as RFC 7617 says."""

    username: str
    password: SecretStr


class Auth(OptionModel):
    """`{bearer: "${TOKEN}"}` or `{basic: {username:, password:}}`."""

    bearer: SecretStr | None = None
    basic: BasicAuth | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> "Auth":
        if (self.bearer is None) == (self.basic is None):
            raise ValueError("give either `bearer` or `basic`")
        return self


class Settings(OptionModel):
    """Where the system is. Header values count as secrets.

    `allow_private_network` permits addresses of this machine and of private networks; link-local
    and cloud metadata addresses are refused in any case.
    """

    base_url: str
    headers: dict[str, SecretStr] = Field(default_factory=dict)
    auth: Auth | None = None
    allow_private_network: bool = False

    @field_validator("base_url")
    @classmethod
    def _is_http(cls, value: str) -> str:
        # At compile time the text may still be `${NAME}`; what it stands for is looked at in the call.
        if not value.startswith(("http://", "https://", "${")):
            raise ValueError("must begin with http:// or https://")
        return value


class Arguments(OptionModel):
    """One request: `path` is added to the base URL."""

    path: Annotated[str, Field(max_length=2000)] = ""
    query: Query = Field(default_factory=dict)
    headers: dict[str, str] = Field(default_factory=dict)
    body: JsonValue = None


class ReadArguments(OptionModel):
    """One request that has no body."""

    path: Annotated[str, Field(max_length=2000)] = ""
    query: Query = Field(default_factory=dict)
    headers: dict[str, str] = Field(default_factory=dict)
