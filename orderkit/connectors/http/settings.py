"""What is configured for an HTTP system, and what its operations take."""

from typing import Annotated

from pydantic import Field, JsonValue, SecretStr, field_validator, model_validator

from orderkit.model.options import About, OptionModel

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

    base_url: Annotated[str, About("接口地址", "where the system is", '"https://finance.example/api"')]
    headers: Annotated[
        dict[str, SecretStr], About("每次请求的标头", "headers of every request", '{X-Tenant: "${TENANT}"}')
    ] = Field(default_factory=dict)
    auth: Annotated[
        Auth | None,
        About("身份：bearer 或 basic", "who calls: `bearer` or `basic`", '{bearer: "${FINANCE_TOKEN}"}'),
    ] = None
    allow_private_network: Annotated[
        bool, About("允许内网地址", "permits addresses of private networks", "true")
    ] = False

    @field_validator("base_url")
    @classmethod
    def _is_http(cls, value: str) -> str:
        # At compile time the text may still be `${NAME}`; what it stands for is looked at in the call.
        if not value.startswith(("http://", "https://", "${")):
            raise ValueError("must begin with http:// or https://")
        return value


class ReadArguments(OptionModel):
    """One request: `path` is added to the base URL."""

    path: Annotated[
        str, Field(max_length=2000), About("接在地址之后的路径", "added to the base URL", "/vouchers")
    ] = ""
    query: Annotated[Query, About("查询参数", "parameters of the query", "{page: 1}")] = Field(
        default_factory=dict
    )
    headers: Annotated[
        dict[str, str], About("本次请求的标头", "headers of this request", "{X-Kind: receipt}")
    ] = Field(default_factory=dict)


class Arguments(ReadArguments):
    """One request that may have a body."""

    body: Annotated[
        JsonValue, About("JSON 正文", "the JSON that is sent", '{no: "{number}", amount: =amount}')
    ] = None
